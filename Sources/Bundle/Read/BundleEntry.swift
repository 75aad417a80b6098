internal import Archive

/// One entry of a bundle that keeps the rules: below the one top folder, a plain file or a folder.
public struct BundleEntry: Sendable, Equatable {
    /// Below the top folder, without a slash at its end; empty for the top folder itself.
    public var path: String
    /// A folder has no content.
    public var isFolder: Bool
    /// As the header tells it.
    public var bytes: Int
    /// Permissions as tar records them, such as 0o644.
    public var mode: UInt32
    /// Seconds since 1970.
    public var modified: Int64
}

/// Judges the entries of one archive, in order.
struct EntryRules {
    /// The top folder, known after the first entry.
    private(set) var top: String?
    private var seen: Set<String> = []
    /// Bytes of all paths kept: a hostile archive must not fill the memory with names.
    private var pathBytes = 0
    static let maxPathBytes = 16 << 20

    enum Judgement {
        case good(BundleEntry)
        /// What is wrong, and on which path.
        case bad(path: String, problem: String)
    }

    mutating func judge(_ entry: ArchiveEntry) -> Judgement {
        var bytes = entry.pathBytes[...]
        let shown = String(decoding: bytes.prefix(BundlePath.maxBytes), as: UTF8.self)
        switch entry.kind {
        case .file: break
        case .directory: if bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
        case .symbolicLink: return .bad(path: shown, problem: "it is a symbolic link")
        case .hardLink: return .bad(path: shown, problem: "it is a hard link")
        case .other: return .bad(path: shown, problem: "it is neither file nor folder")
        }
        if entry.isSparse { return .bad(path: shown, problem: "it is a sparse file") }
        if entry.isEncrypted { return .bad(path: shown, problem: "it is encrypted") }
        if let problem = BundlePath.problem(bytes) { return .bad(path: shown, problem: problem) }
        let whole = String(decoding: bytes, as: UTF8.self)
        let slash = whole.firstIndex(of: "/")
        let first = String(whole[..<(slash ?? whole.endIndex)])
        if top == nil { top = first }
        guard first == top, slash != nil || entry.kind == .directory else {
            return .bad(path: shown, problem: "it lies outside the top folder")
        }
        pathBytes += whole.utf8.count
        guard pathBytes <= EntryRules.maxPathBytes else {
            return .bad(path: shown, problem: "all names together are too long")
        }
        guard seen.insert(whole).inserted else { return .bad(path: shown, problem: "it is there twice") }
        let path = slash.map { String(whole[whole.index(after: $0)...]) } ?? ""
        return .good(
            BundleEntry(
                path: path, isFolder: entry.kind == .directory, bytes: entry.size ?? 0, mode: entry.mode,
                modified: entry.modified))
    }
}
