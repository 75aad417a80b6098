/// One entry's header.
public struct ArchiveEntry: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case file
        case directory
        case symbolicLink
        case hardLink
        /// Devices, FIFOs, sockets and what else tar can hold.
        case other
    }

    /// The name as its bytes: names in archives are no text by right.
    public var pathBytes: [UInt8]
    public var kind: Kind
    /// Size of the content as the header tells it; nil where the format only knows it at the end. A claim, not a fact.
    public var size: Int?
    /// Permission bits.
    public var mode: UInt32
    /// Seconds since 1970, UTC.
    public var modified: Int64
    /// True if the content can't be read without a password.
    public var isEncrypted: Bool
    /// Where a link points.
    public var linkTarget: [UInt8]?
    /// True if it has holes: its size may be far beyond what is stored. Read only; never written.
    public var isSparse: Bool

    /// The name for people; damaged UTF-8 is replaced.
    public var path: String { String(decoding: pathBytes, as: UTF8.self) }

    public init(
        pathBytes: [UInt8], kind: Kind = .file, size: Int? = nil, mode: UInt32 = 0o644, modified: Int64 = 0,
        isEncrypted: Bool = false, linkTarget: [UInt8]? = nil, isSparse: Bool = false
    ) {
        self.pathBytes = pathBytes
        self.kind = kind
        self.size = size
        self.mode = mode
        self.modified = modified
        self.isEncrypted = isEncrypted
        self.linkTarget = linkTarget
        self.isSparse = isSparse
    }

    public init(
        path: String, kind: Kind = .file, size: Int? = nil, mode: UInt32 = 0o644, modified: Int64 = 0
    ) {
        self.init(pathBytes: Array(path.utf8), kind: kind, size: size, mode: mode, modified: modified)
    }
}
