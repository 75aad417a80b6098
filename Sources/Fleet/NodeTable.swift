internal import Documents
internal import SupportBundle

/// `NODES.txt`: one line a node, for people.
enum NodeTable {
    static let path = "NODES.txt"

    static func text(_ view: FleetView) -> [UInt8] {
        var rows = [["NODE", "STATE", "ROLES", "CLOCK", "MESSAGE ID", "FAILURES", "SYSTEM"]]
        for node in view.nodes {
            let manifest = node.head.manifest
            rows.append([
                node.name, state(node), roles(node), clock(node),
                node.findings.sightingCount > 0 ? "seen \(node.findings.sightingCount) ×" : "-",
                node.isMessageProcessor ? "\(node.failures)" : "-", manifest.node?.os ?? manifest.mode.rawValue,
            ])
        }
        for node in view.absent {
            rows.append([
                node.name, node.state, (node.entry?.groups ?? []).joined(separator: "+"), "-", "-", "-",
                node.reason ?? "",
            ])
        }
        let clean = rows.map { row in row.map { TerminalText.harmless($0.isEmpty ? "-" : $0, maxColumns: 120) } }
        let widths = clean[0].indices.map { column in clean.map { TerminalText.columns($0[column]) }.max() ?? 0 }
        let lines = clean.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - TerminalText.columns(cell))
            }.joined(separator: "  ")
        }
        let head =
            "Nodes of this case. CLOCK is how far a node's clock is ahead; timeline.jsonl is corrected by it, the nodes'\n"
            + "own files are as they were. FAILURES counts records and handshakes of the Message Processor that fail.\n\n"
        return Array((head + lines.joined(separator: "\n") + "\n").utf8)
    }

    /// By its files; where none tells, the groups of the inventory.
    private static func roles(_ node: NodeView) -> String {
        let roles = node.roles.map(\.rawValue)
        return (roles.isEmpty ? node.head.entry?.groups ?? [] : roles).joined(separator: "+")
    }

    static func state(_ node: NodeView) -> String {
        node.findings.damaged.isEmpty ? (node.head.manifest.interrupted ? "interrupted" : "merged") : "partly damaged"
    }

    private static func clock(_ node: NodeView) -> String {
        guard let offset = node.head.clockOffset else { return "not measured" }
        let spread = node.head.entry?.clockUncertainty.map { " ± \($0)" } ?? ""
        return "\(offset >= 0 ? "+" : "")\(offset)\(spread) ms"
    }
}
