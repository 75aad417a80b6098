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
    /// What a report shows beside the manifest: the files below `log/` of the bundle.
    public struct Sources: Sendable {
        /// `log/diagnosis.json`.
        public let diagnosis: [UInt8]
        /// `log/collect.jsonl`.
        public let toolLog: [UInt8]

        public init(diagnosis: [UInt8], toolLog: [UInt8]) {
            self.diagnosis = diagnosis
            self.toolLog = toolLog
        }
    }

    public let startHere: @Sendable (Manifest) -> [UInt8]
    public let report: @Sendable (Manifest, Sources) -> [UInt8]

    public init(
        startHere: @escaping @Sendable (Manifest) -> [UInt8],
        report: @escaping @Sendable (Manifest, Sources) -> [UInt8]
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
        guard case .oauth = options.login else { return }
        do throws(EdgeError) {
            _ = try EdgeClient(base: managementURL, login: options.login, options: options.httpOptions)
        } catch {
            throw CollectError(.usage, "login", error.reason, hint: error.hint)
        }
    }

    /// What will be done, item by item; nothing is touched.
    public func plan(choose: (@Sendable ([FailureChoice]) -> Int?)? = nil) async throws(CollectError) -> Plan {
        let preparation = try await prepare(choose: choose, interrupts: nil)
        let context = PlanContext(
            options: options, facts: preparation.found.facts, mode: preparation.mode, managementURL: managementURL)
        let wanted = preparation.playbook.mustCollect(preparation.mode)
        let actions = preparation.collectors.flatMap { $0.plan(context) }.filter { action in
            wanted.contains { $0.item == action.item } || options.alsoItems.contains(action.item)
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
        // For the end, whatever holds all others then: each level of the work folder is opened and listed.
        let (forRemoval, forPacking) = (SpareDescriptors(16), SpareDescriptors(16))
        try OutputPlace(options: options, caller: caller).check()
        let (edge, refusal) = await makeEdgeClient(observe: observe)
        observe(.phase("looking for the failing request"))
        observe(.stage(.discover))
        var preparation = try await prepare(choose: choose, interrupts: interrupts)
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
        let removal: @Sendable () -> Void = {
            forRemoval.release()
            WorkPlace.clear(work)
        }
        interrupts.onSecond(removal)
        defer { removal() }

        var collectors = preparation.collectors
        if let resumes = options.resumes {
            let wanted = Set(preparation.playbook.mustCollect(preparation.mode).map(\.item))
            collectors = Resumption.needed(collectors, resumes, wanted: wanted)
        }
        edge?.tellTokens { token in token.withBytes { redactor.vault.learn($0, rule: "own-credential") } }
        let obstacle = refusal.map {
            Outcome(state: $0.state, reason: $0.reason.map { redactor.redact($0) }, hint: $0.hint)
        }
        let log = ToolLog(redactor: redactor, clock: clock)
        let context = RunContext(
            options: options, mode: preparation.mode, playbook: preparation.playbook,
            caseFile: CaseFile(preparation.found.facts), files: files, redactor: redactor, work: work,
            board: FactBoard(provided: collectors.map(\.provides)), log: log, clock: clock,
            node: NodeFacts(files: files), edge: edge, edgeObstacle: obstacle, observe: observe)
        log.write(.info, "playbook \(preparation.playbook.id): \(preparation.why)")
        for problem in catalog.problems { log.write(.warning, problem) }
        observe(.stage(.collect))
        await Scheduler(context: context, interrupts: interrupts).run(collectors)
        try await lookAgain(&preparation, context, interrupts)
        if let resumes = options.resumes { Resumption(run: resumes, context: context).adopt() }
        context.close()

        forPacking.release()
        observe(.phase("redacting, diagnosing and packing"))
        let packer = Packer(
            context: context, preparation: preparation, pages: pages, caller: caller, startedAt: startedAt,
            interrupts: interrupts)
        let result = try await Blocking.runThrowing { () throws(CollectError) in try packer.pack() }
        try map?.write(redactor)
        options.resumes?.remove()
        return result
    }

    /// The answer to the reproduced request may tell which playbook it is; then what that one asks for is collected too.
    private func lookAgain(
        _ preparation: inout Preparation, _ context: RunContext, _ interrupts: Interrupts
    ) async throws(CollectError) {
        guard !context.isStopping else { return }
        let known = preparation
        let again = try await Blocking.runThrowing { () throws(CollectError) in try chooseAgain(known, context) }
        guard let choice = again else { return }
        context.log.write(.info, "playbook \(choice.playbook.id): \(choice.why)")
        let done = Set(preparation.collectors.map(\.name))
        let more = try collectors(
            choice.playbook, preparation.mode, logs: preparation.logs, leftOut: preparation.leftOut
        ).filter { !done.contains($0.name) }
        (preparation.playbook, preparation.why) = (choice.playbook, choice.why)
        context.adopt(choice.playbook)
        context.board.expect(more.map(\.provides))
        await Scheduler(context: context, interrupts: interrupts).run(more)
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
        options.managementURL(resolvedMode)
    }

    private var resolvedMode: Manifest.Mode {
        options.mode ?? (files.isFolder("/opt/apigee") ? .private : .public)
    }

    /// What is known before anything is collected.
    struct Preparation: Sendable {
        let mode: Manifest.Mode
        var playbook: Playbook
        var why: String
        let found: RequestFinder.Found
        let collectors: [any Collector]
        var logs: [LogFile] = []
        var leftOut: [String] = []
    }

    private func prepare(
        choose: (@Sendable ([FailureChoice]) -> Int?)?, interrupts: Interrupts?
    ) async throws(CollectError) -> Preparation {
        let mode = resolvedMode
        let (logs, others, leftOut) = try await logFiles(mode)
        var finder = RequestFinder(
            options: options, catalog: catalog, logs: logs, otherLogs: others,
            router: mode == .private && options.logFiles.isEmpty ? AccessLogFinder(files: files) : nil, clock: clock,
            isCancelled: { interrupts?.received != nil })
        let search = finder
        let answer = await Blocking.run(within: Double(options.timeLimitSeconds) / 2) {
            () -> Result<RequestFinder.Found, CollectError> in
            Result { () throws(CollectError) in try search.find(choose: choose) }
        }
        // Without an answer, with what the command line tells.
        (finder.logs, finder.otherLogs, finder.router) = ([], [], nil)
        var found: RequestFinder.Found
        if let answer { found = try answer.get() } else { found = try finder.find(choose: nil) }
        found.facts.adoptErrorFiles(options.errorFiles)
        let (chosenFrom, request) = (found, logs)
        let choice = try await Blocking.runThrowing { () throws(CollectError) in
            try choosePlaybook(chosenFrom, logs: request)
        }
        return Preparation(
            mode: mode, playbook: choice.playbook, why: choice.why, found: found,
            collectors: try collectors(choice.playbook, mode, logs: logs, leftOut: leftOut), logs: logs,
            leftOut: leftOut)
    }

    /// Seconds for finding the logs, which takes none on a disk that answers.
    private static let patience = 20.0

    private func logFiles(
        _ mode: Manifest.Mode
    ) async throws(CollectError) -> (logs: [LogFile], others: [LogFile], notes: [String]) {
        guard options.logFiles.isEmpty else {
            var logs: [LogFile] = []
            for path in options.logFiles {
                do {
                    logs.append(try LogSources.logFile(userFile: path))
                } catch {
                    throw CollectError(.usage, "--log '\(path)'", error.reason, hint: error.hint)
                }
            }
            return (logs, [], [])
        }
        guard mode == .private else { return ([], [], []) }
        let sources = LogSources(files: files)
        let found = await Blocking.run(within: min(Self.patience, Double(options.timeLimitSeconds) / 4)) {
            (sources.systemLogs(component: "edge-message-processor"), sources.otherSystemLogs())
        }
        guard let ((logs, notes), others) = found else {
            return ([], [], ["the folders of the logs do not answer: a dead file system?"])
        }
        return (logs, others, notes)
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
