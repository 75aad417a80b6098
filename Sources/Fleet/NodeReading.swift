internal import Collect
internal import Crypto
internal import Diagnose
internal import FoundationEssentials
internal import Logs
internal import Redact
internal import SupportBundle
internal import SystemPackage

/// What one node's bundle holds, read once from its start to its end, with every check sum looked at.
struct NodeFindings: Sendable {
    struct File: Sendable {
        var digest: FileDigest
        /// Where its members can be copied from; nil: it has to be packed again.
        var span: PackedSpan?
        /// Whether it is text, in which words may be masked.
        var isText: Bool
    }

    /// A line of a log that holds the message id of the case.
    struct Sighting: Sendable {
        var kind: ItemKind
        var role: Manifest.Place.Role?
        /// In the case bundle.
        var path: String
        var line: Int
        var text: String
        /// By the node's clock, milliseconds since 1970.
        var time: Int?
    }

    /// By path below the node's folder.
    var files: [String: File] = [:]
    /// Items that are left out, and why.
    var damaged: [String: String] = [:]
    var sightings: [Sighting] = []
    var sightingCount = 0
    /// Failed handshakes of captures.
    var failedConnections: [(path: String, frame: Int, time: String, server: String)] = []
    var markers = MarkerCollector()
    /// How many records and handshakes tell of a failure, and the first of them.
    var failureSigns: (count: Int, first: Verdict.Evidence?) = (0, nil)
}

/// Reads one node's bundle.
struct NodeReading {
    let head: NodeHead
    let needle: Needle
    /// Makes an empty input for the case.
    let emptyInput: DiagnosisInput
    let identities: [AgeIdentity]

    private static let most = 40
    private static let logKinds: Set<ItemKind> = [
        .errorMessage, .messageProcessorLog, .routerLog, .managementServerLog,
    ]

    func read() throws(BundleError) -> NodeFindings {
        var findings = NodeFindings()
        var evidence = emptyInput
        let reader = try BundleReader(path: FilePath(head.file), identities: identities)
        guard let sums = try reader.checkSums() else {
            throw BundleError(.archive, head.file, "its SHA256SUMS is missing or in another form")
        }
        let items = Dictionary(head.manifest.items.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        try NodeFiles.visit(reader) { path, copy throws(BundleError) in
            guard NodeFiles.isKept(path) else { return }
            let item = items[path]
            if path.hasPrefix("items/"), item == nil {
                findings.damaged[path] = "it is not in the node's manifest"
                return
            }
            var consumer = Consumer(item: item, path: "nodes/\(head.name)/\(path)", needle: wants(item) ? needle : nil)
            do throws(BundleError) {
                let (digest, span) = try copy { piece throws(BundleError) in consumer.take(piece) }
                guard sums[path] == digest.sha256, item == nil || item?.sha256 == digest.sha256 else {
                    findings.damaged[path] = "its check sum is wrong"
                    return
                }
                consumer.finish()
                findings.files[path] = .init(digest: digest, span: span, isText: consumer.isText)
                settle(consumer, &findings, &evidence)
            } catch {
                findings.damaged[path] = error.reason
            }
        }
        findings.failureSigns = evidence.failureSigns
        for item in head.manifest.items where !item.path.isEmpty && findings.files[item.path] == nil {
            let isThere = item.state == .collected || item.state == .partial
            if isThere, findings.damaged[item.path] == nil {
                findings.damaged[item.path] = "the node's manifest lists it, but it is not there"
            }
        }
        return findings
    }

    private func wants(_ item: Manifest.Item?) -> Bool {
        guard let item, item.source.type != .user else { return false }
        return Self.logKinds.contains(item.kind)
    }

    /// Keeps of a file that is whole what the case needs of it.
    private func settle(_ consumer: Consumer, _ findings: inout NodeFindings, _ evidence: inout DiagnosisInput) {
        findings.markers.merge(consumer.markers)
        guard let item = consumer.item else { return }
        if let search = consumer.search {
            findings.sightingCount += search.count
            let role = item.collectedOn?.role ?? Self.role(item.kind)
            for hit in search.hits.prefix(max(0, Self.most - findings.sightings.count)) {
                findings.sightings.append(
                    .init(
                        kind: item.kind, role: role, path: consumer.path, line: hit.line, text: hit.text,
                        time: EventTime.leading(hit.text, zone: EventTime.zone(of: head.manifest))))
            }
        }
        if let tracker = consumer.tracker {
            evidence.add(capture: tracker, path: consumer.path)
            tracker.forEachConnection { connection in
                guard connection.outcome == .failed, findings.failedConnections.count < Self.most else { return }
                findings.failedConnections.append(
                    (
                        consumer.path, connection.firstFrame, connection.startedAt,
                        "\(connection.server.ip):\(connection.server.port)"
                    ))
            }
        } else if let log = consumer.log {
            evidence.add(log: log, kind: item.kind, path: consumer.path)
        }
    }

    static func role(_ kind: ItemKind) -> Manifest.Place.Role? {
        switch kind {
        case .routerLog: .router
        case .messageProcessorLog: .messageProcessor
        case .managementServerLog: .managementServer
        default: nil
        }
    }

    /// Takes one file piece by piece.
    private struct Consumer {
        let item: Manifest.Item?
        let path: String
        var search: LineSearch?
        var tracker: ConversationTracker?
        var log: LogReading?
        var markers = MarkerCollector()
        private(set) var isText = true
        private var isFirst = true

        init(item: Manifest.Item?, path: String, needle: Needle?) {
            self.item = item
            self.path = path
            guard let item else { return }
            if let needle { search = LineSearch(needle, keeping: NodeReading.most) }
            if item.capture != nil {
                tracker = ConversationTracker()
            } else if item.kind == .messageProcessorLog || item.kind == .errorMessage && path.hasSuffix(".log") {
                log = LogReading()
            }
        }

        mutating func take(_ piece: [UInt8]) {
            if isFirst {
                isText = !piece.prefix(8192).contains(0) && tracker == nil
                isFirst = false
            }
            if isText { markers.append(piece) }
            search?.append(piece)
            tracker?.append(piece[...])
            log?.append(piece)
        }

        mutating func finish() {
            markers.finish()
            search?.finish()
            tracker?.finish()
            log?.finish()
        }
    }
}

/// The files of a node's bundle, one after another.
enum NodeFiles {
    typealias Copy = (([UInt8]) throws(BundleError) -> Void) throws(BundleError) -> (
        digest: FileDigest, span: PackedSpan?
    )

    /// What the case bundle keeps of a node: its manifest, its items, its log. Pages and check sums are made anew.
    static func isKept(_ path: String) -> Bool {
        path == Manifest.path || path.hasPrefix("items/") || path.hasPrefix("log/")
    }

    /// Visits them; `body` may read each, or not.
    static func visit(
        _ reader: BundleReader, _ body: (String, Copy) throws(BundleError) -> Void
    ) throws(BundleError) {
        if try reader.hasIndex() {
            for entry in try reader.entries() where !entry.isFolder {
                try body(entry.path) { sink throws(BundleError) in try reader.copyWithSpan(entry.path, to: sink) }
            }
            return
        }
        try reader.forEach { entry, content throws(BundleError) in
            try body(entry.path) { sink throws(BundleError) in
                var hash = SHA256()
                var count = 0
                while let piece = try content.next() {
                    hash.update(data: piece)
                    count += piece.count
                    try sink(piece)
                }
                return (FileDigest(bytes: count, sha256: hexText(hash.finalize())), nil)
            }
            return true
        }
    }
}

/// Lower-case hex.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
