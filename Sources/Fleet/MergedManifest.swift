internal import Collect
internal import Crypto
internal import FoundationEssentials
internal import Platform
internal import Redact
internal import SupportBundle

/// Puts the manifest of a case together from those of its nodes.
struct MergedManifest {
    let options: MergeOptions
    let view: FleetView
    let redactor: Redactor
    let clock: RunClock
    /// What masking has made of items, by path in the case bundle.
    let masked: [String: MaskedFile]
    /// Of the case bundle.
    let fileName: String

    func manifest(name: String, verdicts: [Verdict]) -> Manifest {
        let lead = view.nodes[view.request.lead].head.manifest
        let all = view.nodes.map(\.head.manifest)
        let caller = CallingUser.current()
        var redaction = lead.redaction
        redaction.level = all.allSatisfy { $0.redaction.level == "strict" } ? "strict" : "secrets"
        redaction.learnedSecrets = all.reduce(0) { $0 + $1.redaction.learnedSecrets }
        redaction.notApplied = all.reduce(0) { $0 + $1.redaction.notApplied }
        var manifest = Manifest(
            tool: .init(version: options.version),
            bundle: .init(id: identifier(name), name: name, createdAt: TimeText.iso8601(clock.milliseconds)),
            mode: lead.mode, playbook: lead.playbook,
            ranAs: .init(user: redactor.shown(user: caller.name), root: caller.isRoot),
            argv: options.arguments.map { redactor.redact($0) }, request: view.request.request, redaction: redaction,
            diagnosis: verdicts, limits: lead.limits, interrupted: all.contains(where: \.interrupted))
        manifest.limits.threads = options.threads
        manifest.case = options.caseID.map { .init(id: redactor.redact($0)) } ?? all.lazy.compactMap(\.case).first
        manifest.product = lead.product ?? all.lazy.compactMap(\.product).first
        manifest.failure = failure(lead)
        manifest.nodes = nodes()
        manifest.items = items()
        manifest.redaction.findings = manifest.items.reduce(into: [:]) { $0.merge($1.redactions) { $0 + $1 } }
        manifest.tried = tried(all)
        manifest.mustCollect = mustCollect()
        manifest.complete = manifest.mustCollect.allSatisfy { !$0.required || $0.state == .collected }
        let suspicions = view.nodes.flatMap { node in
            node.head.manifest.leakScan.suspicions.map { "nodes/\(node.name)/\($0)" }
        }
        let isScanned = all.allSatisfy { $0.leakScan.state != .notRun }
        manifest.leakScan = .init(
            state: suspicions.isEmpty ? (isScanned ? .clean : .notRun) : .suspicions,
            suspicions: Array(suspicions.prefix(1000)))
        return manifest
    }

    /// Derived where time stands still.
    private func identifier(_ name: String) -> String {
        guard let fixed = clock.fixed else { return UUID().uuidString.lowercased() }
        var bytes = Array(SHA256.hash(data: Array("merge \(name) \(fixed)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(hexText(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    private func failure(_ lead: Manifest) -> Manifest.Failure? {
        guard var failure = lead.failure else { return nil }
        failure.count = view.nodes.reduce(0) { sum, node in
            let other = node.head.manifest.failure
            return sum + (other?.signature == failure.signature ? other?.count ?? 0 : 0)
        }
        return failure
    }

    private func nodes() -> [Manifest.Node] {
        let merged = view.nodes.map { node in
            let own = node.head.manifest.node
            var row = Manifest.Node(
                hostname: own?.hostname ?? node.name, os: own?.os ?? "", kernel: own?.kernel ?? "",
                timezone: own?.timezone ?? "", clockOffsetMs: node.head.clockOffset)
            row.name = node.name
            row.state = NodeTable.state(node)
            row.roles = node.roles.map(\.rawValue)
            row.bundle = node.head.manifest.bundle.name
            row.sawMessageId = view.request.messageID.isEmpty ? nil : node.findings.sightingCount > 0
            row.failures = node.isMessageProcessor ? node.failures : nil
            let damage = node.findings.damaged.sorted { $0.key < $1.key }.prefix(5).map { "\($0.key): \($0.value)" }
            row.reason = damage.isEmpty ? nil : damage.joined(separator: "; ")
            return row
        }
        return merged
            + view.absent.map { node in
                var row = Manifest.Node(hostname: node.name, os: "", kernel: "", timezone: "")
                row.name = node.name
                row.state = node.state
                row.reason = node.reason
                row.roles = []
                return row
            }
    }

    /// The rows of all nodes, in the order of their paths.
    private func items() -> [Manifest.Item] {
        var rows: [Manifest.Item] = []
        for node in view.nodes {
            for var item in node.head.manifest.items {
                if let why = node.findings.damaged[item.path] {
                    (item.state, item.reason) = (.missing, why)
                    (item.bytes, item.sha256) = (0, "")
                }
                item.path = node.path(item.path)
                if let change = masked[item.path] { change.apply(to: &item) }
                rows.append(item)
            }
        }
        return rows.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private func tried(_ all: [Manifest]) -> [Manifest.TriedStep] {
        var steps: [Manifest.TriedStep] = []
        for step in all.flatMap(\.tried) where !steps.contains(step) { steps.append(step) }
        return Array(steps.prefix(200))
    }

    /// The list of the lead's playbook, each with the best that any node has of it.
    private func mustCollect() -> [Manifest.MustCollect] {
        let order: [Manifest.State] = [.collected, .partial, .skipped, .missing]
        func rank(_ state: Manifest.State) -> Int { order.firstIndex(of: state) ?? 3 }
        var best: [ItemKind: Manifest.MustCollect] = [:]
        for node in view.nodes {
            let there = Set(
                node.head.manifest.items.filter { node.findings.damaged[$0.path] == nil && $0.state != .missing }
                    .map(\.kind))
            for var entry in node.head.manifest.mustCollect {
                if entry.state == .collected || entry.state == .partial, !there.contains(entry.item) {
                    (entry.state, entry.reason) = (.missing, "it is damaged in the bundle of \(node.name)")
                }
                if best[entry.item].map({ rank(entry.state) < rank($0.state) }) ?? true { best[entry.item] = entry }
            }
        }
        return view.nodes[view.request.lead].head.manifest.mustCollect.map { entry in
            var found = best[entry.item] ?? entry
            found.required = entry.required
            if found.state != .collected { found.reason = entry.reason }
            found.hint = (found.state == .collected ? nil : entry.hint).map(addressed)
            return found
        }
    }

    /// A hint that names the node's bundle, which nobody may have any more, with the case bundle in its place.
    private func addressed(_ hint: String) -> String {
        let command = "apigee-collect add "
        guard let range = hint.firstRange(of: command) else { return hint }
        let rest = hint[range.upperBound...]
        let end: String.Index
        if rest.hasPrefix("'") {
            end = rest.dropFirst().firstIndex(of: "'").map { rest.index(after: $0) } ?? rest.endIndex
        } else {
            end = rest.firstIndex(of: " ") ?? rest.endIndex
        }
        let isPlain = fileName.allSatisfy { $0.isLetter || $0.isNumber || "-._/".contains($0) }
        let name = isPlain ? fileName : "'" + fileName.replacing("'", with: "'\\''") + "'"
        return hint[..<range.upperBound] + name + rest[end...]
    }
}

/// A manifest in JSON, row by row: the rows of 2,000 nodes are too many to be encoded at once.
enum ManifestStream {
    /// The same bytes as ``Manifest/encoded()``.
    static func write(
        _ manifest: Manifest, to sink: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) {
        var frame = manifest
        frame.items = []
        let bytes = try frame.encoded()
        // Strings hold no line feeds, so only the top level has this at the start of a line.
        let mark = Array("\n  \"items\" : [".utf8)
        guard let place = bytes.firstRange(of: mark), !manifest.items.isEmpty,
            let close = bytes[place.upperBound...].firstIndex(of: UInt8(ascii: "]"))
        else { return try sink(bytes) }
        try sink(Array(bytes[..<place.upperBound]))
        for (number, item) in manifest.items.enumerated() {
            try sink(Array((number == 0 ? "\n    " : ",\n    ").utf8) + (try indented(item)))
        }
        try sink(Array("\n  ]".utf8) + bytes[(close + 1)...])
    }

    private static func indented(_ item: Manifest.Item) throws(BundleError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? Array(encoder.encode(item)) else {
            throw BundleError(.misuse, Manifest.path, "it could not be encoded")
        }
        var result: [UInt8] = []
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if number > 0 { result += line.isEmpty ? [0x0A] : Array("\n    ".utf8) }
            result += line
        }
        return result
    }
}
