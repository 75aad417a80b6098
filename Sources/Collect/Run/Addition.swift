internal import Diagnose
public import Platform
internal import Redact
internal import SupportBundle
internal import SystemPackage

/// A bundle that is written anew.
struct ExistingBundle: Sendable {
    let path: String
    let manifest: Manifest
}

/// `add`: puts what could not be collected before into a bundle: redacts it, diagnoses again, packs again.
public struct Addition: Sendable {
    let bundle: String
    let options: CollectOptions
    let catalog: PlaybookCatalog

    /// - Parameters:
    ///   - bundle: path of the bundle, which is replaced in one step at the end.
    ///   - options: the files, steps and notes to add; nothing else of them counts.
    public init(bundle: String, options: CollectOptions) throws(CollectError) {
        self.bundle = bundle
        self.options = options
        catalog = try PlaybookCatalog(site: options.sitePlaybooks)
    }

    /// - Throws: ``CollectError`` `.failed` when the bundle can't be read or is damaged; it stays as it is.
    public func run(
        interrupts: Interrupts, pages: Pages, observe: @escaping @Sendable (RunEvent) -> Void
    ) async throws(CollectError) -> CollectResult {
        guard !BundlePart.isPart(bundle) else {
            throw CollectError(
                .failed, bundle, "it is a part of a split bundle",
                hint: "join the parts first, as its .sha256 file says")
        }
        let manifest = try checkedManifest()
        if NodeFiles().text(PathText.absolute(bundle + ".sig"), limit: 1 << 16) != nil {
            observe(.phase("its signature '\(bundle).sig' will not fit any more: sign the bundle again"))
        }
        let options = try optionsAtLevel(of: manifest)
        if manifest.redaction.level == RedactionLevel.strict.rawValue, options.pseudonymKey == nil {
            observe(
                .phase("without the bundle's --pseudonym-key-file, names get other pseudonyms than they have in it"))
        }
        let collection = try Collection(options)
        let facts = CaseFacts(manifest.request)
        let redactor = try collection.makeRedactor(facts)
        let map = try options.pseudonymMap.map { path throws(CollectError) in
            try PseudonymMapFile(path: path, redactor: redactor)
        }
        let work = try WorkPlace(options: options).create(observe: observe)
        interrupts.onSecond { WorkPlace.clear(work) }
        defer { try? work.remove() }
        guard let playbook = catalog[manifest.playbook.id]?.keeping(manifest.mustCollect, mode: manifest.mode) else {
            throw CollectError(
                .failed, bundle, "its playbook '\(manifest.playbook.id)' is not known here",
                hint: "give the folder with it: --templates DIR")
        }
        let clock = RunClock()
        let context = RunContext(
            options: options, mode: manifest.mode, playbook: playbook, caseFile: CaseFile(facts), files: NodeFiles(),
            redactor: redactor, work: work, board: FactBoard(provided: []),
            log: ToolLog(redactor: redactor, clock: clock),
            clock: clock, node: NodeFacts(files: NodeFiles()), edge: nil, edgeObstacle: nil, observe: observe)
        let bundle = bundle
        try await Blocking.runThrowing { () throws(CollectError) in try keep(manifest, bundle, context) }
        await add(context)

        observe(.phase("redacting, diagnosing and packing"))
        var found = RequestFinder.Found()
        found.facts = facts
        found.failure = manifest.failure
        let packer = Packer(
            context: context,
            preparation: .init(
                mode: manifest.mode, playbook: playbook, why: manifest.playbook.why, found: found, collectors: []),
            pages: pages, caller: CallingUser.current(), startedAt: clock.milliseconds,
            interrupts: interrupts,
            existing: ExistingBundle(path: bundle, manifest: manifest))
        let result = try await Blocking.runThrowing { () throws(CollectError) in try packer.pack() }
        try map?.write(redactor)
        return result
    }

    /// The options, at the level of the bundle: what is added is redacted as what is there.
    private func optionsAtLevel(of manifest: Manifest) throws(CollectError) -> CollectOptions {
        var options = options
        let level = manifest.redaction.level
        if !options.redaction.isEmpty, options.redaction != level {
            throw CollectError(
                .usage, "--redaction '\(options.redaction)'", "the bundle was redacted at level '\(level)'",
                hint: "leave the option out")
        }
        if options.pseudonymMap != nil, level != RedactionLevel.strict.rawValue {
            throw CollectError(.usage, "--pseudonym-map", "there are no pseudonyms at the bundle's level '\(level)'")
        }
        options.redaction = level
        return options
    }

    private func checkedManifest() throws(CollectError) -> Manifest {
        do {
            let report = try BundleVerifier.verify(path: FilePath(bundle))
            if !report.problems.isEmpty {
                throw CollectError(
                    .failed, bundle, "it is damaged: \(report.problems[0])",
                    hint: "look closer with: apigee-collect verify '\(bundle)'")
            }
            return try BundleReader(path: FilePath(bundle)).manifest()
        } catch let error as CollectError {
            throw error
        } catch {
            throw CollectError(.failed, bundle, "\(error)", hint: (error as? BundleError)?.hint)
        }
    }

    /// Takes over the items that are there and how the missing ones fared.
    private func keep(_ manifest: Manifest, _ bundle: String, _ context: RunContext) throws(CollectError) {
        do throws(BundleError) {
            let reader = try BundleReader(path: FilePath(bundle))
            let items = Dictionary(manifest.items.map { ($0.path, $0) }, uniquingKeysWith: { a, _ in a })
            try reader.forEach { (entry, content) throws(BundleError) in
                guard let item = items[entry.path] else {
                    if manifest.nodes != nil { try CaseFiles.keep(entry.path, content, in: context.work) }
                    return true
                }
                if item.kind == .tried, !entry.path.hasPrefix("nodes/") { return true }
                let writer = try context.work.makeSealedItem(item.path)
                while let bytes = try content.next() { try writer.write(bytes) }
                _ = try writer.close()
                context.keep(item)
                return true
            }
        } catch {
            throw CollectError(.failed, bundle, error.description, hint: error.hint)
        }
        let added = addedKinds
        for entry in manifest.mustCollect where entry.state != .collected && !added.contains(entry.item) {
            context.book.record(entry.item, Outcome(state: entry.state, reason: entry.reason, hint: entry.hint))
        }
    }

    private var addedKinds: Set<ItemKind> {
        var kinds: Set<ItemKind> = []
        if !options.errorFiles.isEmpty { kinds.insert(.errorMessage) }
        if !options.traceFiles.isEmpty { kinds.insert(.trace) }
        if !options.apiProxyFiles.isEmpty { kinds.insert(.apiProxy) }
        if !options.captureFiles.isEmpty { kinds.insert(.packetCapture) }
        if !options.logFiles.isEmpty { kinds.insert(.messageProcessorLog) }
        return kinds
    }

    /// The collectors that read the operator's files, with nothing else for them to do.
    private func add(_ context: RunContext) async {
        if !options.apiProxyFiles.isEmpty { await ApiProxyCollector().collect(context) }
        if !options.traceFiles.isEmpty { await TraceCollector(request: nil, sessionSeconds: nil).collect(context) }
        for path in options.captureFiles { await CaptureFile.add(path, context) }
        if !options.errorFiles.isEmpty { await ErrorMessageCollector(logs: [], leftOut: []).collect(context) }
        for path in options.logFiles { await Blocking.run { LogFileItem.add(path, context) } }
    }
}

/// A log file that the operator hands over, whole.
enum LogFileItem {
    static func add(_ path: String, _ context: RunContext) {
        do {
            let file = try NodeFiles.open(userFile: path)
            let name = PathText.lastName(path)
            let writer = try context.beginItem(
                .messageProcessorLog, file: name, title: "Log \(name) given by the operator",
                source: .init(type: .user, location: path), mediaType: "text/plain",
                format: name.hasSuffix(".gz") ? .gzip : .log)
            try file.forEachBlock(limit: LogSlice.defaultLimit) { block throws(CollectError) in
                try writer.append(block)
            }
            let left = file.size - writer.rawBytes
            try writer.finish(
                state: left > 0 ? .partial : .collected, reason: left > 0 ? "only its first 256 MiB were taken" : nil,
                truncated: left > 0 ? .init(how: "the first 256 MiB", bytes: left) : nil)
        } catch {
            context.record(.messageProcessorLog, .missing, reason: "\(error)")
        }
    }
}

extension CaseFacts {
    /// The facts of a bundle's manifest.
    init(_ request: Manifest.FailingRequest) {
        org = request.org
        env = request.env
        api = request.api
        revision = request.revision
        messageID = request.messageId
        hostName = request.host
        port = request.port
        backends = request.backendIp.map { [Backend(host: $0, port: request.port)] } ?? []
        targetEndpoint = request.targetEndpoint
        keyAlias = request.keyAlias
        httpStatus = request.httpStatus
        faultCode = request.faultCode
        faultSource = request.faultSource
    }
}
