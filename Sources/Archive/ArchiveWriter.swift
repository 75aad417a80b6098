import CArchive
import Glibc

/// Writes a zip, tar or tar.gz to memory or to a sink; the same entries give the same bytes.
///
/// tar is POSIX pax, plain ustar wherever that suffices, with owner 0 and no owner names. gzip is one member with an
/// empty header (RFC 1952: no name, no time). Every entry's bytes are counted here: libarchive pads or cuts silently.
public final class ArchiveWriter {
    public enum Format: Sendable, Equatable {
        case zip
        case tar
        /// - Parameter level: 1 (fast) to 9 (small).
        case tarGzip(level: Int)
    }

    /// Takes the archive's bytes, in order. What it throws ends the writing.
    public typealias Sink = ([UInt8]) throws(ArchiveError) -> Void

    private let subject: String
    private let handle: WriterHandle
    private let memory: Memory?
    /// The open entry and how many bytes it still owes; nil when none is open.
    private var open: (name: String, owed: Int)?
    private var finished = false

    private final class Memory {
        var bytes: [UInt8] = []
    }

    /// Writes to `sink`.
    /// - Parameter name: for error messages.
    public init(_ format: Format, name: String = "archive", sink: @escaping Sink) throws(ArchiveError) {
        subject = name
        memory = nil
        handle = try WriterHandle(format: format, subject: name, sink: sink)
    }

    /// Writes to memory; ``finish()`` returns the bytes.
    /// - Parameter name: for error messages.
    public init(inMemory format: Format, name: String = "archive") throws(ArchiveError) {
        subject = name
        let memory = Memory()
        self.memory = memory
        handle = try WriterHandle(format: format, subject: name) { memory.bytes += $0 }
    }

    /// Writes to a descriptor that the caller owns and closes.
    public convenience init(_ format: Format, descriptor: CInt, name: String = "archive") throws(ArchiveError) {
        try self.init(format, name: name) { bytes throws(ArchiveError) in
            try writeAll(bytes, to: descriptor, subject: name)
        }
    }

    /// Starts an entry. A file's size must be known; exactly that many bytes must follow through ``write(_:)``.
    /// - Throws: ``ArchiveError`` `.invalidEntry` for an empty name, a name with a zero byte, or a file without size.
    public func begin(_ entry: ArchiveEntry) throws(ArchiveError) {
        try end()
        guard !finished else { throw invalid(entry.path, "the archive is finished already") }
        guard !entry.pathBytes.isEmpty, !entry.pathBytes.contains(0) else {
            throw invalid(entry.path, "a name may not be empty or hold a zero byte")
        }
        guard entry.kind != .other else { throw invalid(entry.path, "devices and the like are not written") }
        let size = entry.kind == .file ? entry.size : 0
        guard let size, size >= 0 else { throw invalid(entry.path, "its size is not given") }
        try handle.header(entry, size: size)
        open = (entry.path, size)
    }

    /// The next bytes of the open entry.
    /// - Throws: ``ArchiveError`` `.invalidEntry` for more bytes than the entry's size.
    public func write(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) {
        guard var current = open else { throw invalid("", "no entry is open") }
        guard bytes.count <= current.owed else { throw invalid(current.name, "more bytes came than its size") }
        try handle.data(bytes)
        current.owed -= bytes.count
        open = current
    }

    /// Ends the open entry; does nothing when there is none.
    /// - Throws: ``ArchiveError`` `.invalidEntry` for fewer bytes than the entry's size.
    public func end() throws(ArchiveError) {
        guard let current = open else { return }
        open = nil
        guard current.owed == 0 else {
            throw invalid(current.name, "\(current.owed) bytes fewer came than its size")
        }
        try handle.endEntry()
    }

    /// A whole entry at once; its size is that of `bytes`.
    public func add(_ entry: ArchiveEntry, bytes: [UInt8] = []) throws(ArchiveError) {
        var sized = entry
        if entry.kind == .file { sized.size = bytes.count }
        try begin(sized)
        if !bytes.isEmpty { try write(bytes[...]) }
        try end()
    }

    /// Closes the archive.
    /// - Returns: the bytes of an archive in memory; nothing for a sink, which has had them all.
    @discardableResult
    public func finish() throws(ArchiveError) -> [UInt8] {
        try end()
        if !finished {
            finished = true
            try handle.close()
        }
        return memory?.bytes ?? []
    }

    private func invalid(_ name: String, _ why: String) -> ArchiveError {
        ArchiveError(.invalidEntry, subject: subject, reason: "entry '\(printable(name))': \(why)")
    }
}

/// Writes everything, over short writes and interrupts.
func writeAll(_ bytes: [UInt8], to descriptor: CInt, subject: String) throws(ArchiveError) {
    var offset = 0
    while offset < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
        }
        if count >= 0 {
            offset += count
        } else if errno != EINTR {
            let number = errno
            throw ArchiveError(
                .io, subject: subject, reason: "it can't be written: \(describe(errno: number))", errno: number)
        }
    }
}
