import Glibc
import Platform
import SystemPackage

/// A log file that can be opened when it is needed.
///
/// Whoever finds the files decides how they are opened (with which rights, without following links), so that this
/// module never resolves a path by itself.
public struct LogFile: Sendable {
    /// The path as it is shown to people.
    public let path: String
    /// Bytes on disk when the file was found.
    public let size: Int
    /// Last modification in seconds since 1970.
    public let modified: Int
    /// Whether the content is gzip, told by its first bytes.
    public let isCompressed: Bool
    /// Gives a new descriptor at the file's beginning, which the reader closes.
    public let open: @Sendable () throws -> CInt

    public init(
        path: String, size: Int, modified: Int, isCompressed: Bool, open: @escaping @Sendable () throws -> CInt
    ) {
        self.path = path
        self.size = size
        self.modified = modified
        self.isCompressed = isCompressed
        self.open = open
    }

    /// Opens the file once to learn its size, its time and whether it is compressed.
    ///
    /// - Throws: `LogError` with `cannotOpen` or `cannotRead`.
    public static func probe(
        path: String, open: @escaping @Sendable () throws -> CInt
    ) throws(LogError) -> LogFile {
        let descriptor = try descriptor(path: path, open: open)
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw LogError(.cannotRead, subject: path, reason: Errno(rawValue: errno).description)
        }
        var magic: [UInt8] = [0, 0]
        let count = unsafe magic.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        // RFC 1952, section 2.3.1: ID1 and ID2 of a gzip member.
        return LogFile(
            path: path, size: Int(status.st_size), modified: Int(status.st_mtim.tv_sec),
            isCompressed: count == 2 && magic == [0x1F, 0x8B], open: open)
    }

    func descriptor() throws(LogError) -> CInt {
        try Self.descriptor(path: path, open: open)
    }

    private static func descriptor(path: String, open: @Sendable () throws -> CInt) throws(LogError) -> CInt {
        let descriptor: CInt
        do {
            descriptor = try open()
        } catch {
            throw LogError(
                .cannotOpen, subject: path,
                reason: harmless((error as? PlatformError)?.reason ?? "\(error)", maxLength: 400))
        }
        guard descriptor >= 0 else {
            throw LogError(.cannotOpen, subject: path, reason: "no descriptor")
        }
        return descriptor
    }
}
