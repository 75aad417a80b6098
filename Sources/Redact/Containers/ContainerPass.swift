internal import Archive

/// Takes redacted bytes piece by piece, so that nobody has to hold them all.
typealias PieceSink = (ArraySlice<UInt8>) -> Void

/// Redacts what is inside of one container, and packs it again in the same format, as it streams by.
protocol ContainerPass: AnyObject {
    /// Takes the next bytes and hands on what is ready.
    func append(_ bytes: ArraySlice<UInt8>, to sink: PieceSink)
    /// Ends the container. Either all that was handed on is a whole container, or `summary.withheld` is set: then none
    /// of it may be kept.
    func finish(to sink: PieceSink, summary: inout RedactionSummary)
}

/// Where a container lies, and what all containers of one input may cost together.
struct Nest {
    /// Archives in archives, and so many more layers of compression: the file system of a tar.gz counts one and a half.
    static let deepest = 6

    /// Half layers around this place.
    let depth: Int
    let budget: ContainerBudget

    /// - Parameter folders: where may lie, sealed, what memory has no room for.
    init(folders: [String]) {
        depth = 0
        budget = ContainerBudget(folders: folders)
    }

    private init(depth: Int, budget: ContainerBudget) {
        self.depth = depth
        self.budget = budget
    }

    var isTooDeep: Bool { depth >= 2 * Self.deepest }

    /// For the coders of this layer: the outermost may take what they usually do.
    var coderMemory: CoderMemory { depth == 0 ? .usual : .small }

    /// Inside an archive, or inside a layer of compression.
    func inside(archive: Bool) -> Nest { Nest(depth: depth + (archive ? 2 : 1), budget: budget) }
}

/// Memory and expansion of all containers of one input: however they are nested, a small input can't cost much.
final class ContainerBudget {
    /// Bytes held in memory at a time: archives that are needed whole, entries whose size is not known yet.
    private static let heldLimit = 8 << 20
    /// Expansion is not looked at below this many bytes.
    private static let floor = 256 << 20
    private static let ratio = 500

    let folders: [String]
    private var held = 0
    private var unpacked = 0
    /// Bytes of the input itself.
    var input = 0

    init(folders: [String]) {
        self.folders = folders
    }

    /// False if so much can't be held; nothing is counted then.
    func hold(_ count: Int) -> Bool {
        guard held + count <= Self.heldLimit else { return false }
        held += count
        return true
    }

    func release(_ count: Int) { held -= count }

    func unpack(_ count: Int) throws(ArchiveError) {
        unpacked += count
        guard unpacked > Self.floor, unpacked / Self.ratio > input else { return }
        throw ArchiveError(
            .suspiciousRatio, subject: "archive", reason: "it expands more than \(Self.ratio) times",
            hint: "it looks like a decompression bomb")
    }
}

extension RedactionSummary {
    /// Takes over what was found in the one file inside of a layer of compression.
    mutating func take(_ part: RedactionSummary) {
        findings.merge(part.findings, uniquingKeysWith: +)
        notes += part.notes
        isPartial = isPartial || part.isPartial
    }

    /// Notes that the container ends early, and why.
    mutating func cut(_ error: ArchiveError) {
        notes.append("\(error.reason): what was whole is here, the rest is withheld")
        isPartial = true
    }

    mutating func withhold(_ error: ArchiveError) {
        findings = [:]
        withheld = "the archive can't be read: \(error.reason)"
    }
}
