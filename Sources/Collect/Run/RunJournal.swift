internal import FoundationEssentials
internal import Platform
internal import Redact
internal import SupportBundle
internal import SystemPackage

/// One line of the journal of a run: what another run needs to finish it. Everything in it is redacted.
enum JournalLine: Codable, Sendable {
    struct Start: Codable, Sendable {
        var version: String
        /// The command line, without the program.
        var arguments: [String]
        /// The folder that it was typed in.
        var folder: String
        /// Milliseconds since 1970.
        var startedAt: Int
        /// Of the failing request, when it was found.
        var messageID: String
    }

    /// Collecting is over; now the items are searched once more, one after another.
    struct Plan: Codable, Sendable {
        var request: Manifest.FailingRequest
        /// Item paths by kind.
        var paths: [ItemKind: [String]]
        /// How the kinds fared that are not simply there.
        var outcomes: [Fared]
    }

    struct Fared: Codable, Sendable {
        var kind: ItemKind
        var state: Manifest.State
        var reason: String?
        var hint: String?
    }

    case start(Start)
    case plan(Plan)
    /// An item is whole: it lies among the finished files.
    case item(Manifest.Item)
    /// The bundle is whole, and its files get their names now, one after another: as they will stand there.
    case publishing(shown: String, files: [FileMark])

    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }

    init?(_ bytes: [UInt8]) {
        guard let line = try? JSONDecoder().decode(JournalLine.self, from: Data(bytes)) else { return nil }
        self = line
    }
}

/// A run that was killed, and what is left of it.
public struct StaleRun: Sendable {
    let work: StaleWork
    let start: JournalLine.Start
    let plan: JournalLine.Plan?
    let items: [Manifest.Item]
    /// The bundle that it has written, if it came that far.
    public var published: String? { files.allSatisfy(\.isThere) ? shown : nil }

    private let shown: String?
    private let files: [FileMark]

    /// Its work folder.
    public var path: String { work.path.string }
    /// The command line of the run, without the program.
    public var arguments: [String] { start.arguments }
    /// The folder that it was typed in.
    public var folder: String { start.folder }
    /// The message id of the failing request that it found.
    public var messageID: String? { start.messageID.isEmpty ? nil : start.messageID }

    /// - Parameter path: of its work folder.
    /// - Throws: ``CollectError`` `.refused` for a folder that others could have made, `.failed` for one that holds
    ///   nothing to go on with.
    public init(_ path: String) throws(CollectError) {
        let work: StaleWork
        do throws(BundleError) {
            work = try StaleWork(FilePath(PathText.absolute(path)))
        } catch {
            throw CollectError(
                error.code == .unsafePlace ? .refused : .failed, "resume", error.description,
                hint: error.hint ?? "give the work folder of a run that was killed: …/apigee-collect-…")
        }
        guard let run = StaleRun(work) else {
            throw CollectError(
                .failed, "resume", "'\(path)' holds nothing to go on with",
                hint: "remove it and collect again")
        }
        self = run
    }

    init?(_ work: StaleWork) {
        let lines = work.journal.compactMap { JournalLine($0) }
        guard case .start(let start)? = lines.first else { return nil }
        self.work = work
        self.start = start
        var plan: JournalLine.Plan?
        var items: [Manifest.Item] = []
        var shown: String?
        var files: [FileMark] = []
        for line in lines {
            switch line {
            case .start: break
            case .plan(let value): plan = value
            case .item(let item): items.append(item)
            case .publishing(let path, let marks): (shown, files) = (path, marks)
            }
        }
        self.plan = plan
        self.items = items
        self.shown = shown
        self.files = files
    }

    /// Removes what is left of it.
    public func remove() { try? work.remove() }

    /// Removes those files of its bundle that had got their names already, where others had not.
    public func removeHalf() {
        if published == nil { for file in files { file.remove() } }
    }

    /// Kinds of which every item that was collected is finished.
    var wholeKinds: Set<ItemKind> {
        let done = Set(items.map(\.path))
        let kinds = plan?.paths.filter { !$0.value.isEmpty && Set($0.value).isSubset(of: done) }.keys
        return Set(kinds.map { Array($0) } ?? [])
    }

    /// Kinds of which something was collected, whole or not.
    var knownKinds: Set<ItemKind> { Set(plan?.paths.keys.map { $0 } ?? []) }
}
