internal import SupportBundle
internal import SystemPackage

/// Where nodes that should be alike are not: files of configuration and certificates, versions, clocks.
struct NodeComparison: Sendable {
    /// One thing that is not the same everywhere.
    struct Difference: Sendable {
        var kind: ItemKind
        /// Below the nodes' folders; empty for what only manifests tell.
        var path: String
        var title: String
        /// The nodes of each variant, the most frequent one first.
        var variants: [[String]]
        /// What differs, from the files of the first two variants.
        var lines: [String] = []
    }

    private static let kinds: Set<ItemKind> = [
        .configuration, .keystoreCertificates, .truststoreCertificates, .references, .targetServers, .virtualHosts,
        .deployments,
    ]
    private static let most = 40
    private static let readLimit = 256 << 10

    var differences: [Difference] = []

    init(_ nodes: [NodeView], identities: [AgeIdentity]) {
        var seen: [String: (kind: ItemKind, nodes: [String: [String]])] = [:]
        for node in nodes {
            for item in node.head.manifest.items where Self.kinds.contains(item.kind) {
                guard let file = node.findings.files[item.path] else { continue }
                seen[item.path, default: (item.kind, [:])].nodes[file.digest.sha256, default: []].append(node.name)
            }
        }
        let differing = seen.filter { $0.value.nodes.count > 1 }.sorted { $0.key < $1.key }
        for (path, found) in differing.prefix(Self.most) {
            var difference = Difference(
                kind: found.kind, path: path, title: path, variants: Self.ordered(Array(found.nodes.values)))
            difference.lines = Self.lines(difference, nodes, identities)
            // Order and blanks alone are no difference.
            if difference.lines.isEmpty, found.kind == .configuration { continue }
            differences.append(difference)
        }
        addManifestFacts(nodes)
    }

    private mutating func addManifestFacts(_ nodes: [NodeView]) {
        let facts: [(String, (Manifest) -> String?)] = [
            ("version of Edge", { $0.product?.version }), ("operating system", { $0.node?.os }),
            ("time zone", { $0.node?.timezone }),
        ]
        for (title, fact) in facts {
            var groups: [String: [String]] = [:]
            for node in nodes {
                if let value = fact(node.head.manifest), !value.isEmpty { groups[value, default: []].append(node.name) }
            }
            guard groups.count > 1 else { continue }
            let variants = Self.ordered(Array(groups.values))
            let lines = variants.prefix(4).map { names in
                let value = groups.first { $0.value == names }?.key ?? ""
                return "\(value): \(namesText(names))"
            }
            differences.append(.init(kind: .node, path: "", title: title, variants: variants, lines: lines))
        }
    }

    private static func ordered(_ groups: [[String]]) -> [[String]] {
        groups.sorted { ($1.count, $0.first ?? "") < ($0.count, $1.first ?? "") }
    }

    /// Lines that only one of the two most frequent variants has.
    private static func lines(_ difference: Difference, _ nodes: [NodeView], _ identities: [AgeIdentity]) -> [String] {
        let sides = difference.variants.prefix(2).compactMap { names -> (String, [String])? in
            guard let name = names.first, let node = nodes.first(where: { $0.name == name }),
                let reader = try? BundleReader(path: FilePath(node.head.file), identities: identities),
                let bytes = try? reader.read(difference.path, limit: readLimit)
            else { return nil }
            return (name, significant(String(decoding: bytes, as: UTF8.self)))
        }
        guard sides.count == 2 else { return [] }
        var result: [String] = []
        for (index, side) in sides.enumerated() {
            let other = Set(sides[1 - index].1)
            for line in side.1.filter({ !other.contains($0) }).prefix(4) {
                result.append("\(side.0): \(line.prefix(200))")
            }
        }
        return result
    }

    private static func significant(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { line in
            var line = line
            while let first = line.first, first.isWhitespace { line.removeFirst() }
            while let last = line.last, last.isWhitespace || last == "," { line.removeLast() }
            return String(line)
        }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }
}
