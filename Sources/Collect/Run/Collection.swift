internal import Diagnose
internal import EdgeAPI
internal import Logs
public import Platform
internal import Redact
public import SupportBundle

/// What a run wrote.
public struct CollectResult: Sendable {
    public let manifest: Manifest
    /// The bundle's file.
    public let path: String
    public let bytes: Int
    public let interrupted: Interrupts.Kind?
    /// All files that belong to it: parts, their list, a signature.
    public let files: [String]
    /// How to join the parts of a split bundle.
    public let joinCommand: String?

    /// Whether every required item was collected.
    public var isComplete: Bool { manifest.complete && interrupted == nil }
}

/// How the pages of a bundle are written. They belong to a higher floor, which hands them in.
public struct Pages: Sendable {
    public let startHere: @Sendable (Manifest) -> [UInt8]
    /// The manifest and the connections of `diagnose --json` as JSON, where there are any.
    public let report: @Sendable (Manifest, [UInt8]?) -> [UInt8]

    public init(
        startHere: @escaping @Sendable (Manifest) -> [UInt8],
        report: @escaping @Sendable (Manifest, [UInt8]?) -> [UInt8]
    ) {
        self.startHere = startHere
        self.report = report
    }
}

/// The main job: find the failing request, collect what its playbook asks for, redact, diagnose, pack, verify.
public struct Collection: Sendable {
    public let options: CollectOptions
    let catalog: PlaybookCatalog
    let clock = RunClock()
    let files: NodeFiles
    let caller = CallingUser.current()

    /// - Throws: ``CollectError`` `.usage` when the options contradict each other or name an unknown playbook.
    public init(_ options: CollectOptions) throws(CollectError) {
        self.options = options
        catalog = try PlaybookCatalog(site: options.sitePlaybooks)
        if let id = options.playbook { _ = try catalog.required(id) }
        files = NodeFiles(root: options.root, reader: ReaderIdentity.forTree(root: options.root))
    }

    /// What will be done, item by item; nothing is touched.
    public func plan(choose: (@Sendable ([FailureChoice]) -> Int?)? = nil) async throws(CollectError) -> Plan {
        let preparation = try await prepare(choose: choose, interrupts: nil)
        let context = PlanContext(
            options: options, facts: preparation.found.facts, mode: preparation.mode, managementURL: managementURL)
        let wanted = preparation.playbook.mustCollect(preparation.mode)
        let actions = preparation.collectors.flatMap { $0.plan(context) }.filter { action in
            wanted.contains { $0.item == action.item }
        }
        return Plan(
            playbook: preparation.playbook.id, why: preparation.why, mode: preparation.mode,
            request: preparation.found.facts.request(clock: clock), actions: actions)
    }

    /// Does it. After the first signal of `interrupts` it ends with what it has.
    ///
    /// - Throws: ``CollectError`` only when not even a partial bundle could be written.
    public func run(
        interrupts: Interrupts, pages: Pages, choose: (@Sendable ([FailureChoice]) -> Int?)? = nil,
        observe: @escaping @Sendable (RunEvent) -> Void
    ) async throws(CollectError) -> CollectResult {
        try OutputPlace(options: options, caller: caller).check()
        observe(.phase("looking for the failing request"))
        let preparation = try await prepare(choose: choose, interrupts: interrupts)
        let startedAt = clock.milliseconds
        let redactor = try makeRedactor(preparation.found.facts)
        let map = try options.pseudonymMap.map { path throws(CollectError) in
            try PseudonymMapFile(path: path, redactor: redactor)
        }
        let place = WorkPlace(options: options)
        if options.resumes == nil {
            for run in place.stale() {
                observe(.phase("an earlier run was cut short; finish it with: apigee-collect resume \(run.path)"))
            }
        }
        let work = try place.create(
            note: startLine(preparation, redactor), expecting: expectedBytes(preparation), observe: observe)
        let removal: @Sendable () -> Void = { WorkPlace.clear(work) }
        interrupts.onSecond(removal)
        defer { removal() }

        var collectors = preparation.collectors
        if let resumes = options.resumes {
            let wanted = Set(preparation.playbook.mustCollect(preparation.mode).map(\.item))
            collectors = Resumption.needed(collectors, resumes, wanted: wanted)
        }
        let (edge, obstacle) = makeEdgeClient(redactor)
        let log = ToolLog(redactor: redactor, clock: clock)
        let context = RunContext(
            options: options, mode: preparation.mode, playbook: preparation.playbook,
            caseFile: CaseFile(preparation.found.facts), files: files, redactor: redactor, work: work,
            board: FactBoard(provided: collectors.map(\.provides)), log: log, clock: clock,
            node: NodeFacts(files: files), edge: edge, edgeObstacle: obstacle, observe: observe)
        log.write(.info, "playbook \(preparation.playbook.id): \(preparation.why)")
        for problem in catalog.problems { log.write(.warning, problem) }
        await Scheduler(context: context, interrupts: interrupts).run(collectors)
        if let resumes = options.resumes { Resumption(run: resumes, context: context).adopt() }

        observe(.phase("redacting, diagnosing and packing"))
        let packer = Packer(
            context: context, preparation: preparation, pages: pages, caller: caller, startedAt: startedAt,
            interrupted: interrupts.received)
        let result = try await Blocking.runThrowing { () throws(CollectError) in try packer.pack() }
        try map?.write(redactor)
        options.resumes?.remove()
        return result
    }

    private func expectedBytes(_ preparation: Preparation) -> Int {
        let context = PlanContext(
            options: options, facts: preparation.found.facts, mode: preparation.mode, managementURL: managementURL)
        return preparation.collectors.flatMap { $0.plan(context) }.reduce(0) { $0 + ($1.expectedBytes ?? 0) }
    }

    /// What the journal begins with.
    private func startLine(_ preparation: Preparation, _ redactor: Redactor) -> [UInt8] {
        let arguments = options.resumes?.arguments ?? Array(options.arguments.dropFirst())
        return JournalLine.start(
            .init(
                version: options.version, arguments: arguments.map { redactor.redact($0) },
                folder: options.resumes?.folder ?? PathText.absolute("."), startedAt: clock.milliseconds,
                messageID: preparation.found.facts.messageID)
        ).bytes
    }

    var managementURL: String {
        options.managementURL ?? (resolvedMode == .private ? "http://localhost:8080/v1" : Self.publicURL)
    }

    static let publicURL = "https://api.enterprise.apigee.com/v1"

    private var resolvedMode: Manifest.Mode {
        options.mode ?? (files.isFolder("/opt/apigee") ? .private : .public)
    }

    /// What is known before anything is collected.
    struct Preparation: Sendable {
        let mode: Manifest.Mode
        let playbook: Playbook
        let why: String
        let found: RequestFinder.Found
        let collectors: [any Collector]
    }

    private func prepare(
        choose: (@Sendable ([FailureChoice]) -> Int?)?, interrupts: Interrupts?
    ) async throws(CollectError) -> Preparation {
        let mode = resolvedMode
        let (logs, leftOut) = try logFiles(mode)
        let finder = RequestFinder(
            options: options, catalog: catalog, logs: logs, clock: clock, isCancelled: { interrupts?.received != nil })
        var found = try await Blocking.runThrowing { () throws(CollectError) in try finder.find(choose: choose) }
        found.facts.adoptErrorFiles(options.errorFiles)
        let (playbook, why) = try choosePlaybook(found)
        return Preparation(
            mode: mode, playbook: playbook, why: why, found: found,
            collectors: try collectors(playbook, mode, logs: logs, leftOut: leftOut))
    }

    private func logFiles(_ mode: Manifest.Mode) throws(CollectError) -> (logs: [LogFile], notes: [String]) {
        guard options.logFiles.isEmpty else {
            var logs: [LogFile] = []
            for path in options.logFiles {
                do {
                    logs.append(try LogSources.logFile(userFile: path))
                } catch {
                    throw CollectError(.usage, "--log '\(path)'", error.reason, hint: error.hint)
                }
            }
            return (logs, [])
        }
        return mode == .private ? LogSources(files: files).systemLogs(component: "edge-message-processor") : ([], [])
    }

    /// The playbook of the command line; else the one whose signature the failing record shows; else the one that an
    /// error text or trace fits; else the official guide's list.
    private func choosePlaybook(_ found: RequestFinder.Found) throws(CollectError) -> (Playbook, String) {
        if let id = options.playbook { return (try catalog.required(id), "it was named on the command line") }
        if let signature = found.signature, let playbook = catalog.playbook(forSignature: signature) {
            let title = playbook.signatures.first { $0.id == signature }?.title ?? signature
            return (playbook, "the log shows that \(title)")
        }
        for file in options.errorFiles + options.traceFiles {
            let text = String(decoding: file.bytes.prefix(4 << 20), as: UTF8.self)
            let fault = FaultBody(file.bytes)
            if let match = catalog.playbook(faultCode: fault.errorCode, text: text) {
                return match
            }
        }
        return (
            try catalog.required(PlaybookCatalog.fallbackID),
            "no known failure was found, so the official guide's list for 4xx and 5xx errors is collected"
        )
    }

    private func collectors(
        _ playbook: Playbook, _ mode: Manifest.Mode, logs: [LogFile], leftOut: [String]
    ) throws(CollectError) -> [any Collector] {
        var request: CurlCommand?
        if let text = options.curlCommand, options.reproduce {
            do throws(CurlCommandError) {
                request = try CurlCommand.parse(text)
            } catch {
                throw CollectError(.usage, "--curl-file", error.description, hint: error.hint)
            }
        }
        let all: [any Collector] = [
            OrganizationCollector(), CurlCommandCollector(), ApiProxyCollector(), StoresCollector(),
            AcceptedIssuersCollector(), PacketCaptureCollector(seconds: options.captureSeconds),
            TraceCollector(request: request, sessionSeconds: options.traceSessionSeconds), RouterLogCollector(),
            MessageProcessorLogCollector(logs: logs, leftOut: leftOut), ErrorMessageCollector(logs: logs),
        ]
        let wanted = Set(playbook.mustCollect(mode).map(\.item))
        let reproduces = request != nil
        return all.filter { collector in
            collector.items.contains { wanted.contains($0) }
                || reproduces && (collector.items.contains(.trace) || collector.items.contains(.errorMessage))
        }
    }
}

/// The plan of a run.
public struct Plan: Sendable {
    public let playbook: String
    public let why: String
    public let mode: Manifest.Mode
    public let request: Manifest.FailingRequest
    public let actions: [PlannedAction]
}
