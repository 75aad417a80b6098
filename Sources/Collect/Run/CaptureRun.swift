internal import Diagnose
public import Platform
internal import Redact
internal import SupportBundle

/// `capture`: the packets alone, for the team that owns the backend. A bundle with that one item, scrubbed and
/// diagnosed.
public struct CaptureRun: Sendable {
    /// When a capture ends.
    public struct Limits: Sendable {
        public var seconds = 60
        public var bytes = 100 << 20
        /// Also when a failing handshake was caught.
        public var untilFailure = false
        public init() {}
    }

    let options: CollectOptions
    let port: Int?
    let limits: Limits

    /// - Parameters:
    ///   - options: hosts, output, redaction; what else there is does not count.
    ///   - port: only packets of this port; nil: all packets of the hosts.
    /// - Throws: ``CollectError`` `.usage` when no host is named, or one that tcpdump's filter can't take.
    public init(_ options: CollectOptions, port: Int?, limits: Limits) throws(CollectError) {
        guard !options.hosts.isEmpty else {
            throw CollectError(.usage, "capture", "which host?", hint: "give --host HOST, the Message Processor's")
        }
        for host in options.hosts where !HostName.isPlain(host.host) {
            throw CollectError(.usage, "--host '\(host.host)'", "is no plain host name or address")
        }
        var options = options
        options.timeLimitSeconds = limits.seconds + 60
        options.captureSeconds = limits.seconds
        self.options = options
        self.port = port ?? options.hosts.compactMap(\.port).first
        self.limits = limits
    }

    /// Captures until an end of ``Limits`` is reached or `interrupts` has its first signal, and writes the bundle.
    public func run(
        interrupts: Interrupts, pages: Pages, observe: @escaping @Sendable (RunEvent) -> Void
    ) async throws(CollectError) -> CollectResult {
        try OutputPlace(options: options, caller: CallingUser.current()).check()
        let collection = try Collection(options)
        let facts = facts
        let redactor = try collection.makeRedactor(facts)
        let map = try options.pseudonymMap.map { path throws(CollectError) in
            try PseudonymMapFile(path: path, redactor: redactor)
        }
        let playbook = try collection.catalog.required("tls-bad-certificate").forCaptureAlone
        let work = try WorkPlace(options: options).create(observe: observe)
        let removal: @Sendable () -> Void = { WorkPlace.clear(work) }
        interrupts.onSecond(removal)
        defer { removal() }
        let clock = RunClock()
        let startedAt = clock.milliseconds
        let context = RunContext(
            options: options, mode: .private, playbook: playbook, caseFile: CaseFile(facts), files: NodeFiles(),
            redactor: redactor, work: work, board: FactBoard(provided: [[.capturing]]),
            log: ToolLog(redactor: redactor, clock: clock), clock: clock, node: NodeFacts(files: NodeFiles()),
            edge: nil, edgeObstacle: nil, observe: observe)
        let collector = BackendCaptureCollector(
            job: CaptureJob(
                hosts: facts.backends.map(\.host), port: port, failurePort: nil, seconds: limits.seconds,
                sizeLimit: limits.bytes, stopsAtFailure: limits.untilFailure, role: .backend,
                title: "Packet capture on the backend",
                hint: "send the failing request while it captures; --until-failure waits for it, up to --duration",
                watch: { observe(.capturing($0)) }))
        await Scheduler(context: context, interrupts: interrupts).run([collector])

        observe(.phase("redacting, diagnosing and packing"))
        var found = RequestFinder.Found()
        found.facts = facts
        let packer = Packer(
            context: context,
            preparation: .init(
                mode: .private, playbook: playbook, why: "only the packets were asked for", found: found,
                collectors: []),
            pages: pages, caller: CallingUser.current(), startedAt: startedAt, interrupts: interrupts)
        let result = try await Blocking.runThrowing { () throws(CollectError) in try packer.pack() }
        try map?.write(redactor)
        return result
    }

    private var facts: CaseFacts {
        var facts = CaseFacts()
        facts.org = options.org ?? ""
        facts.env = options.env ?? ""
        facts.backends = options.hosts.map { .init(host: $0.host, port: port ?? 0) }
        facts.port = port ?? 0
        return facts
    }
}

/// The packets of the hosts that the operator names.
struct BackendCaptureCollector: Collector {
    let name = "packet capture"
    let items: [ItemKind] = [.packetCapture]
    let needs: [Fact] = []
    let provides: [Fact] = [.capturing]
    let job: CaptureJob
    var deadline: Double { Double(job.seconds) + 30 }

    func plan(_ context: PlanContext) -> [PlannedAction] { [] }
    func collect(_ context: RunContext) async { await job.run(context) }
}

extension Playbook {
    /// The same with one item to collect.
    fileprivate var forCaptureAlone: Playbook {
        let list = [Entry(item: .packetCapture, from: ["packet-capture"], required: true)]
        var playbook = self
        (playbook.privateList, playbook.publicList, playbook.steps) = (list, list, [])
        return playbook
    }
}
