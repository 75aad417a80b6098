internal import Collect
internal import Diagnose
internal import SupportBundle
internal import SystemPackage

/// Puts together what one diagnosis over all nodes rests on: the logs and captures of the nodes that saw the request or
/// fail, and each setting once, whatever number of nodes have it.
struct EvidenceReading {
    let view: FleetView
    let identities: [AgeIdentity]

    /// Nodes of which logs and captures are read.
    private static let mostNodes = 8
    /// Bytes of all settings together.
    private static let settingBytes = 8 << 20
    private static let settingLimit = 2 << 20
    private static let settingKinds: Set<ItemKind> = [
        .apiProxy, .trace, .keystoreCertificates, .truststoreCertificates, .acceptedIssuers, .references,
        .targetServers, .errorMessage,
    ]

    static func emptyInput(_ request: CaseRequest) -> DiagnosisInput {
        let facts = request.request
        return DiagnosisInput(
            playbook: "", keyAlias: facts.keyAlias, serverPort: facts.port > 0 ? facts.port : nil,
            backendIPs: [facts.backendIp].compactMap(\.self))
    }

    /// What the verdicts rest on, and what the report draws. What can't be read is left out: every byte was looked at
    /// before.
    func read() -> (input: DiagnosisInput, pictures: PictureBuilder) {
        let facts = view.request.request
        var input = DiagnosisInput(
            playbook: view.playbook.id, keyAlias: facts.keyAlias, serverPort: facts.port > 0 ? facts.port : nil,
            backendIPs: [facts.backendIp].compactMap(\.self))
        let offsets = view.nodes.compactMap { node in node.head.clockOffset.map { (node.name, $0) } }
        var pictures = PictureBuilder(
            request: facts, clockOffsets: Dictionary(offsets, uniquingKeysWith: { first, _ in first }))
        let chosen = chosenNodes
        var seen: Set<String> = []
        var room = Self.settingBytes
        // The chosen nodes' settings are cited first.
        for node in chosen + view.nodes.filter({ node in !chosen.contains { $0.name == node.name } }) {
            let isChosen = chosen.contains { $0.name == node.name }
            guard let reader = try? BundleReader(path: FilePath(node.head.file), identities: identities) else {
                continue
            }
            for item in node.head.manifest.items {
                guard let file = node.findings.files[item.path] else { continue }
                if Self.isLog(item) || PictureBuilder.isLog(item) || item.capture != nil {
                    if isChosen { add(item, of: node, reader, to: &input, &pictures) }
                } else if Self.settingKinds.contains(item.kind), file.digest.bytes <= min(room, Self.settingLimit),
                    seen.insert(file.digest.sha256).inserted,
                    let bytes = try? reader.read(item.path, limit: Self.settingLimit)
                {
                    room -= bytes.count
                    if PictureBuilder.isTrace(item) { pictures.take(trace: bytes, path: node.path(item.path)) }
                    input.take(kind: item.kind, path: node.path(item.path), bytes: bytes)
                }
            }
        }
        pictures.finishLog()
        return (input, pictures)
    }

    static func isLog(_ item: Manifest.Item) -> Bool {
        item.kind == .messageProcessorLog || item.kind == .errorMessage && item.path.hasSuffix(".log")
    }

    /// Those that saw the request, then those that fail most.
    private var chosenNodes: [NodeView] {
        func rank(_ node: NodeView) -> (Int, Int) {
            (node.sightings(.messageProcessor).isEmpty ? 0 : 1, node.findings.failureSigns.count)
        }
        let ranked = view.nodes.filter { rank($0) > (0, 0) }.sorted { a, b in
            let (left, right) = (rank(b), rank(a))
            return (left.0, left.1, a.name) < (right.0, right.1, b.name)
        }
        return Array(ranked.prefix(Self.mostNodes))
    }

    private func add(
        _ item: Manifest.Item, of node: NodeView, _ reader: BundleReader, to input: inout DiagnosisInput,
        _ pictures: inout PictureBuilder
    ) {
        let path = node.path(item.path)
        if item.capture != nil {
            let tracker = ConversationTracker()
            guard (try? reader.copy(item.path) { tracker.append($0[...]) }) != nil else { return }
            tracker.finish()
            input.add(capture: tracker, path: path)
        } else {
            var log = LogReading()
            let isDrawn = PictureBuilder.isLog(item)
            var shown = item
            shown.path = path
            if isDrawn { pictures.begin(log: shown) }
            do throws(BundleError) {
                try reader.copy(item.path) { piece in
                    log.append(piece)
                    if isDrawn { pictures.take(log: piece[...]) }
                }
            } catch {
                return
            }
            guard Self.isLog(item) else { return }
            log.finish()
            input.add(log: log, kind: item.kind, path: path)
        }
    }
}
