internal import EdgeAPI
internal import Platform
internal import Redact
public import SupportBundle
internal import Synchronization

/// What one run shares: options, the case, the sink, the book of what came of it. All of it lives as long as the run.
final class RunContext: Sendable {
    let options: CollectOptions
    let mode: Manifest.Mode
    private let adopted: Mutex<Playbook>
    let caseFile: CaseFile
    let files: NodeFiles
    let redactor: Redactor
    let work: WorkFolder
    let book = ItemBook()
    let board: FactBoard
    let log: ToolLog
    let clock: RunClock
    let tools: ToolPath
    let runner = ToolRunner()
    /// At most one heavy command at a time.
    let heavy = Gate()
    let node: NodeFacts
    /// `nil` when there is no login, or no base address that may get it.
    let edge: EdgeClient?
    /// Why there is no ``edge``, and what to do about it.
    let edgeObstacle: Outcome?
    let observe: @Sendable (RunEvent) -> Void
    private let stopping = Mutex(false)
    private let closed = Mutex(false)
    private let paths = Mutex<Set<String>>([])

    init(
        options: CollectOptions, mode: Manifest.Mode, playbook: Playbook, caseFile: CaseFile, files: NodeFiles,
        redactor: Redactor, work: WorkFolder, board: FactBoard, log: ToolLog, clock: RunClock, node: NodeFacts,
        edge: EdgeClient?, edgeObstacle: Outcome?, observe: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.options = options
        self.mode = mode
        adopted = Mutex(playbook)
        self.caseFile = caseFile
        self.files = files
        self.redactor = redactor
        self.work = work
        self.board = board
        self.log = log
        self.clock = clock
        self.node = node
        self.edge = edge
        self.edgeObstacle = edgeObstacle
        self.observe = observe
        tools = ToolPath()
    }

    /// How long one source may be waited for: less where the whole run may not last long.
    func patience(_ seconds: Double) -> Double { min(seconds, max(1, Double(options.timeLimitSeconds) / 5)) }

    /// The management API's base address, whether or not there is a login to it.
    var managementURL: String { options.managementURL(mode) }

    var playbook: Playbook { adopted.withLock { $0 } }

    /// Goes on with another playbook.
    func adopt(_ playbook: Playbook) { adopted.withLock { $0 = playbook } }

    /// True as soon as the run is to end with what it has.
    var isStopping: Bool { stopping.withLock { $0 } || Task.isCancelled }

    func stop() { stopping.withLock { $0 = true } }

    /// From now on nothing is taken any more: what was left behind may come back while the bundle is packed.
    func close() { closed.withLock { $0 = true } }

    private var isClosed: Bool { closed.withLock { $0 } }

    /// The path of a new item below the bundle's top folder; no two items get the same.
    func newPath(_ kind: ItemKind, _ file: String) -> String {
        freePath("items/\(kind.rawValue)/" + file)
    }

    /// The path itself, or one like it where that is taken.
    func freePath(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return paths.withLock { taken in
            for attempt in 1... {
                let next = path[...slash] + (attempt == 1 ? "" : "\(attempt)-") + path[path.index(after: slash)...]
                if taken.insert(String(next)).inserted { return String(next) }
            }
            return path
        }
    }

    /// Takes over an item that an earlier run redacted.
    func keep(_ item: Manifest.Item) {
        _ = paths.withLock { $0.insert(item.path) }
        book.add(item)
    }

    /// Starts an item; its bytes go through the redactor into the sealed work folder.
    func beginItem(
        _ kind: ItemKind, file: String, title: String, source: Manifest.Source, mediaType: String,
        format: ContentFormat,
        on role: Manifest.Place.Role? = nil
    ) throws(CollectError) -> ItemWriter {
        guard !isClosed else { throw CollectError(.interrupted, title, "came after the bundle was closed") }
        return try ItemWriter(
            context: self, kind: kind, file: file, title: title, source: source, mediaType: mediaType, format: format,
            role: role)
    }

    /// Adds a whole item from memory; problems end in the book. Returns whether the item is in.
    @discardableResult
    func addItem(
        _ kind: ItemKind, file: String, title: String, source: Manifest.Source, mediaType: String,
        format: ContentFormat,
        bytes: [UInt8], state: Manifest.State = .collected, reason: String? = nil, notes: [String] = [],
        on role: Manifest.Place.Role? = nil
    ) -> Bool {
        do {
            let writer = try beginItem(
                kind, file: file, title: title, source: source, mediaType: mediaType, format: format, on: role)
            try writer.append(bytes[...])
            return try writer.finish(state: state, reason: reason, notes: notes)
        } catch {
            record(kind, .missing, reason: error.description, hint: error.hint)
            return false
        }
    }

    /// Records how a kind of item fared, redacted, and tells the log.
    func record(_ kind: ItemKind, _ state: Manifest.State, reason: String, hint: String? = nil) {
        let reason = redactor.redact(reason)
        book.record(kind, Outcome(state: state, reason: reason, hint: hint.map { redactor.redact($0) }))
        log.write(.warning, "\(kind.rawValue): \(state.rawValue): \(reason)")
    }

    /// What to do when an item could not be redacted, and so was left out.
    static let withheldHint = "look at the source itself; a sound copy can be added with: apigee-collect add %BUNDLE%"

    /// What to do when a known secret was found and masked at the very end.
    static let maskedHint =
        "nothing is to be done for the case; tell the makers of apigee-collect how the secret was written"

    /// Settles facts before a collector that provides them is done.
    func settle(_ facts: [Fact]) { board.done(facts) }
}

/// What a run tells its observer: progress for people.
public enum RunEvent: Sendable {
    case planned(collectors: Int)
    case started(String)
    case finished(String, state: Manifest.State, bytes: Int, milliseconds: Int, reason: String?)
    case phase(String)
    /// A stage of the run begins.
    case stage(RunStage)
    /// About once a second while packets alone are captured.
    case capturing(CaptureCounts)
}

/// The stages of a run, in their order.
public enum RunStage: String, Sendable, CaseIterable {
    /// Looks for the failing request.
    case discover
    case collect
    /// Searches every item once more for what was learned meanwhile.
    case redact
    case diagnose
    case pack
    /// Opens the finished archive again and looks for leaks.
    case verify
}
