public import Collect
internal import Diagnose
internal import Documents
internal import Glibc
public import Platform
internal import Redact
public import SupportBundle
internal import SystemPackage

/// One case bundle out of the bundles of several nodes.
///
/// The bundles are read three times and never held: once to check every byte and to see what they tell, once more
/// where words may have to be masked, and once to copy their members as they are.
public struct Merge: Sendable {
    /// What was written.
    public struct Result: Sendable {
        public var manifest: Manifest
        public var path: String
        public var bytes: Int
        public var files: [String]
        public var joinCommand: String?
        /// Whether nothing is missing: no node, no required item.
        public var isComplete: Bool
        /// Files with words that other nodes know for secrets.
        public var maskedFiles: Int
    }

    private let options: MergeOptions
    private let pages: Pages
    private let observe: @Sendable (String) -> Void
    private let clock = RunClock()
    private let redactor: Redactor

    /// - Parameters:
    ///   - pages: write START-HERE.txt and report.html.
    ///   - observe: gets told what is done, in words.
    public init(
        _ options: MergeOptions, pages: Pages, observe: @escaping @Sendable (String) -> Void
    ) throws(CollectError) {
        self.options = options
        self.pages = pages
        self.observe = observe
        do throws(RedactionError) {
            let key = options.pseudonymKey.map { secret in secret.withBytes { $0 } } ?? PseudonymKey.random()
            redactor = try Redactor(rules: .builtIn(), key: key)
        } catch {
            throw CollectError(.failed, "merge", error.description, hint: error.hint)
        }
    }

    /// - Throws: ``CollectError`` `.failed` when there is no bundle that can be merged, or the case bundle can't be written.
    /// - Parameter interrupts: a signal removes the work folder and ends the process; the bundle has no name before it is
    ///   whole.
    public func run(interrupts: Interrupts? = nil) async throws(CollectError) -> Result {
        let work = try MergeOutput(options: options).workFolder()
        interrupts?.onFirst { kind in
            MergeOutput.clear(work)
            _exit(kind.exitCode)
        }
        defer { try? work.remove() }
        var roll = NodeRoll(options: options)
        for index in roll.absent.indices { roll.absent[index].reason = roll.absent[index].reason.map(redactor.redact) }
        guard !roll.heads.isEmpty else {
            let first = roll.absent.first.map { "\($0.name): \($0.reason ?? $0.state)" }
            throw CollectError(
                .failed, "merge", "none of the bundles can be read" + (first.map { "; \($0)" } ?? ""),
                hint: "look at one of them with: apigee-collect verify BUNDLE")
        }
        for node in roll.absent {
            observe("\(node.name) is not in it: \(node.state)\(node.reason.map { ", \($0)" } ?? "")")
        }
        let view = try await read(roll, CaseRequest(roll.heads, wanted: options.messageID))
        let mask = try candidateMask(view)
        let masked = try await masked(view, mask, work)
        do throws(BundleError) {
            return try await Blocking.runThrowing { [self] () throws(BundleError) in
                try write(view, masked: masked, mask: mask, work: work)
            }
        } catch {
            throw CollectError(.failed, "case bundle", error.description, hint: error.hint)
        }
    }

    // MARK: Reading

    private func read(_ roll: NodeRoll, _ request: CaseRequest) async throws(CollectError) -> FleetView {
        let needle = Needle(request.messageID)
        let empty = EvidenceReading.emptyInput(request)
        observe("reading \(roll.heads.count) bundles")
        let outcomes = await Workers.map(roll.heads, threads: options.threads) { [options] head in
            let reading = NodeReading(head: head, needle: needle, emptyInput: empty, identities: options.identities)
            do throws(BundleError) {
                return NodeOutcome.found(try reading.read())
            } catch {
                return NodeOutcome.damaged(error.reason)
            }
        }
        var view = FleetView(nodes: [], absent: roll.absent, request: request)
        for (head, outcome) in zip(roll.heads, outcomes) {
            switch outcome {
            case .found(let findings): view.nodes.append(NodeView(head: head, findings: findings))
            case .damaged(let why):
                observe("\(head.name) is not in it: damaged, \(why)")
                view.absent.append(
                    AbsentNode(name: head.name, file: head.file, state: "damaged", reason: why, entry: head.entry))
            }
        }
        guard !view.nodes.isEmpty else {
            throw CollectError(.failed, "merge", "all bundles are damaged", hint: "copy them again from the nodes")
        }
        let id = request.messageID
        view.request = CaseRequest(view.nodes.map(\.head), wanted: id.isEmpty ? nil : id)
        return view
    }

    private enum NodeOutcome: Sendable {
        case found(NodeFindings)
        case damaged(String)
    }

    // MARK: Masking

    /// What of the nodes' files can't be copied as it is, made anew in the work folder.
    private func masked(
        _ view: FleetView, _ mask: CandidateMask?, _ work: WorkFolder
    ) async throws(CollectError) -> [String: MaskedFile] {
        if mask != nil { observe("looking for secrets that other nodes know") }
        let outcomes = await Workers.map(view.nodes, threads: options.threads) { [options] node in
            Swift.Result { () throws(BundleError) in
                try NodeMasking(node: node, mask: mask, work: work, identities: options.identities).run()
            }
        }
        var all: [String: MaskedFile] = [:]
        for outcome in outcomes {
            do throws(BundleError) {
                all.merge(try outcome.get()) { first, _ in first }
            } catch {
                throw CollectError(.failed, "case bundle", error.description, hint: error.hint)
            }
        }
        return all
    }

    /// Under one key, equal secrets have equal markers.
    private func candidateMask(_ view: FleetView) throws(CollectError) -> CandidateMask? {
        guard let key = options.pseudonymKey else { return nil }
        var markers = MarkerCollector()
        var names: Set<String> = [view.request.messageID]
        for node in view.nodes {
            markers.merge(node.findings.markers)
            let request = node.head.manifest.request
            names.formUnion([
                node.name, request.org, request.env, request.api, request.host, request.messageId,
                request.keyAlias ?? "", request.targetEndpoint ?? "", node.head.manifest.node?.hostname ?? "",
            ])
        }
        do throws(RedactionError) {
            return try CandidateMask(
                key: key.withBytes { $0 }, markers: markers, protected: names.filter { !$0.isEmpty }.sorted())
        } catch {
            throw CollectError(.failed, "merge", error.description, hint: error.hint)
        }
    }

    // MARK: Writing

    private func write(
        _ view: FleetView, masked: [String: MaskedFile], mask: CandidateMask?, work: WorkFolder
    ) throws(BundleError) -> Result {
        observe("diagnosing and packing")
        let (input, pictures) = EvidenceReading(view: view, identities: options.identities).read()
        let causes = Diagnosis.verdicts(input)
        let comparison = NodeComparison(view.nodes, identities: options.identities)
        let verdicts = FleetVerdicts(view: view, comparison: comparison).verdicts(after: causes)
        let name = bundleName(view)
        let output = try MergeOutput(options: options).make(name)
        let manifest = MergedManifest(
            options: options, view: view, redactor: redactor, clock: clock, masked: masked,
            fileName: output.path.string
        ).manifest(name: name, verdicts: verdicts)
        let drawn = pictures.encoded(input)
        let toolLog = log(view, masked)
        // Pages first: what they take is given back before the rest is written.
        let documents = [
            ("START-HERE.txt", pages.startHere(manifest)),
            ("report.html", pages.report(manifest, .init(diagnosis: drawn, toolLog: toolLog))),
            (PictureBuilder.path, drawn), (NodeTable.path, NodeTable.text(view)), ("log/merge.jsonl", toolLog),
        ]
        for (path, bytes) in documents {
            let document = try Document(path, work: work, mask: mask)
            try document.write(bytes)
            try document.close()
        }
        let timeline = try Document(TimeLine.path, work: work, mask: mask)
        try TimeLine(view).lines { line throws(BundleError) in try timeline.write(line) }
        try timeline.close()
        let encoded = try Document(Manifest.path, work: work, mask: mask)
        try ManifestStream.write(manifest) { piece throws(BundleError) in try encoded.write(piece) }
        try encoded.close()

        let writer = try BundleWriter(
            name: name, modified: Int64(clock.milliseconds / 1000), level: options.level, threads: options.threads)
        try writer.write(
            work, packed: NodeMembers(view.nodes, except: masked, identities: options.identities), to: output)
        let place = MergeOutput(options: options)
        let delivered = try options.delivery.deliver(output, make: { path throws(BundleError) in try place.open(path) })
        let isWhole =
            view.absent.allSatisfy { $0.state == "duplicate" } && view.nodes.allSatisfy(\.findings.damaged.isEmpty)
        return Result(
            manifest: manifest, path: delivered.path.string, bytes: delivered.bytes,
            files: delivered.files.map(\.string), joinCommand: delivered.joinCommand,
            isComplete: manifest.complete && isWhole,
            maskedFiles: masked.values.count { !$0.findings.isEmpty })
    }

    private func bundleName(_ view: FleetView) -> String {
        let request = view.request.request
        func part(_ text: String) -> String { PortableName.component(text.isEmpty ? "unknown" : text) }
        return PortableName.component(
            ["apigee-support", part(request.org), part(request.env), TimeText.compactUTC(clock.milliseconds), "case"]
                .joined(separator: "-"))
    }

    /// What the merge did, a line a node.
    private func log(_ view: FleetView, _ masked: [String: MaskedFile]) -> [UInt8] {
        var lines: [JSONValue] = view.nodes.map { node in
            let files = masked.filter { $0.key.hasPrefix("nodes/\(node.name)/") && !$0.value.findings.isEmpty }
            return .object([
                "node": .string(node.name), "bundle": .string(node.head.manifest.bundle.name),
                "sha256": .string(node.head.digest.sha256), "files": .integer(node.findings.files.count),
                "maskedFiles": .array(files.keys.sorted().map { .string($0) }),
                "damaged": .array(
                    node.findings.damaged.sorted { $0.key < $1.key }.map { .string("\($0.key): \($0.value)") }),
                "clockOffsetMs": node.head.clockOffset.map { .integer($0) } ?? .null,
            ])
        }
        lines += view.absent.map { node in
            .object([
                "node": .string(node.name), "state": .string(node.state),
                "reason": node.reason.map { .string($0) } ?? .null,
            ])
        }
        return lines.flatMap { $0.encoded() + [0x0A] }
    }
}

/// A document of the case bundle on its way into the work folder: texts of nodes are in it, so it is masked as they are.
private struct Document {
    private let writer: FinishedWriter
    private let stream: CandidateStream?

    init(_ path: String, work: WorkFolder, mask: CandidateMask?) throws(BundleError) {
        writer = try work.makeFinished(path)
        stream = mask.flatMap { $0.isEmpty ? nil : CandidateStream($0) }
    }

    func write(_ bytes: [UInt8]) throws(BundleError) {
        guard let stream else { return try writer.write(bytes) }
        var out: [UInt8] = []
        stream.append(bytes, to: &out)
        try writer.write(out)
    }

    func close() throws(BundleError) {
        if let stream {
            var out: [UInt8] = []
            stream.finish(to: &out)
            try writer.write(out)
        }
        _ = try writer.close()
    }
}
