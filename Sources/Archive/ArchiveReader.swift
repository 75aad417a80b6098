import CArchive
import Glibc

/// Reads a tar, tar.gz, zip or gzip, entry by entry, in bounded memory, under ``ArchiveLimits``.
///
/// Nothing is ever unpacked to disk here, and names and sizes are handed on as claims of the archive, unchecked.
/// gzip is unpacked by ``GzipStream``, so that its check sums count; the rest is libarchive. A lone gzip file appears
/// as one entry with an empty name.
public final class ArchiveReader {
    public enum Format: Sendable, Equatable { case tar, tarGzip, zip, gzip }

    /// Known after the first `next()`; before it, gzip counts as `tarGzip`.
    public private(set) var format: Format
    /// What libarchive found odd but could read: at most a hundred remarks.
    public private(set) var warnings: [String] = []
    /// False once the content of the entry at hand turned out not to be what its check sum or size say.
    public private(set) var isExact = true

    private let subject: String
    private let limits: ArchiveLimits
    private let handle: ReaderHandle
    private let isGzip: Bool
    private let stream: GzipStream?
    private var entries = 0
    private var produced = 0
    private var ended = false
    private var entryEnded = true

    /// - Parameter name: for error messages.
    /// - Throws: ``ArchiveError`` `.unrecognized` if it is no archive.
    public convenience init(
        bytes: [UInt8], name: String = "archive", limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) {
        try self.init(source: ByteSource(bytes: bytes, subject: name), name: name, limits: limits)
    }

    /// - Parameters:
    ///   - descriptor: open for reading, at the archive's start; a pipe is fine (a zip is then read front to back).
    ///     Borrowed: the caller keeps it open and closes it.
    ///   - name: for error messages.
    public convenience init(
        descriptor: CInt, name: String = "archive", limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) {
        try self.init(source: ByteSource(descriptor: descriptor, subject: name), name: name, limits: limits)
    }

    /// Reads from whatever gives bytes in order.
    /// - Parameters:
    ///   - name: for error messages.
    ///   - pull: the next bytes, at most as many as asked for; empty at the end.
    public convenience init(
        name: String = "archive", limits: ArchiveLimits = ArchiveLimits(),
        pull: @escaping (Int) throws(ArchiveError) -> [UInt8]
    ) throws(ArchiveError) {
        try self.init(source: ByteSource(pull: pull, subject: name), name: name, limits: limits)
    }

    /// Reads from bytes that are at hand in any order.
    /// - Parameters:
    ///   - length: how many there are.
    ///   - name: for error messages.
    ///   - read: the bytes from a position on, at most as many as asked for, at least one but at the end.
    public convenience init(
        length: Int, name: String = "archive", limits: ArchiveLimits = ArchiveLimits(),
        read: @escaping (_ position: Int, _ count: Int) throws(ArchiveError) -> ArraySlice<UInt8>
    ) throws(ArchiveError) {
        try self.init(source: ByteSource(length: length, subject: name, read: read), name: name, limits: limits)
    }

    private init(source: ByteSource, name: String, limits: ArchiveLimits) throws(ArchiveError) {
        subject = name
        self.limits = limits
        let head = try source.peek(4)
        isGzip = GzipStream.recognizes(head)
        if isGzip {
            format = .tarGzip
            let stream = try GzipStream(source: source, subject: name)
            self.stream = stream
            handle = try ReaderHandle(producer: GunzipProducer(stream, limits: limits, subject: name), subject: name)
        } else {
            stream = nil
            format = Array(head.prefix(2)) == [0x50, 0x4b] ? .zip : .tar
            handle = try ReaderHandle(producer: source, subject: name)
        }
    }

    /// Where in the packed bytes a gzip member must begin for the entry at hand to be read from there: the places that
    /// ``watch(_:)`` was told, each with where its unpacked bytes begin.
    public var watchedMembers: [Int: Int] { stream?.watched ?? [:] }

    /// Asks to note where the members at these places of the packed bytes begin in the unpacked ones.
    public func watch(_ offsets: some Sequence<Int>) { stream?.watch = Set(offsets) }

    /// Where the header of the entry at hand begins in the unpacked bytes.
    public var headerPosition: Int { handle.headerPosition }

    /// The next entry, or nil at the end. What was not read of the one before is skipped.
    ///
    /// At the end of a tar.gz the rest of the gzip stream is read, so that a wrong check sum doesn't go unseen.
    public func next() throws(ArchiveError) -> ArchiveEntry? {
        guard !ended else { return nil }
        do throws(ArchiveError) {
            guard let entry = try handle.nextHeader(isGzip: isGzip, warn: { remark($0) }) else {
                ended = true
                try handle.drain(warn: { remark($0) })
                if isGzip, entries == 0, handle.format(isGzip: true) == .gzip {
                    // Nothing at all, packed: libarchive sees no entry there, `gunzip` makes an empty file.
                    (format, entries, entryEnded) = (.gzip, 1, true)
                    return ArchiveEntry(pathBytes: [], size: 0)
                }
                return nil
            }
            entries += 1
            if let known = handle.format(isGzip: isGzip) { format = known }
            if entries > limits.entries {
                throw ArchiveError(
                    .tooManyEntries, subject: subject, reason: "it holds more than \(limits.entries) entries",
                    hint: "unpack it by hand and give the files that matter")
            }
            (entryEnded, isExact) = (false, true)
            return format == .gzip
                ? ArchiveEntry(pathBytes: [], kind: .file, mode: 0o644, modified: 0) : entry
        } catch {
            ended = true
            throw error
        }
    }

    /// The next bytes of the current entry, at most `count`; empty at its end.
    public func read(upTo count: Int = 256 << 10) throws(ArchiveError) -> [UInt8] {
        guard !ended, !entryEnded else { return [] }
        do throws(ArchiveError) {
            let bytes = try handle.read(
                upTo: max(1, min(count, 16 << 20)),
                warn: {
                    remark($0)
                    isExact = false
                })
            produced += bytes.count
            try limits.check(out: produced, in: max(1, handle.consumed), subject: subject)
            if bytes.isEmpty { entryEnded = true }
            return bytes
        } catch {
            ended = true
            throw error
        }
    }

    /// All that is left of the current entry.
    /// - Throws: ``ArchiveError`` `.tooLarge` when it is more than `limit` bytes.
    public func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try read()
            if bytes.isEmpty { return all }
            guard all.count + bytes.count <= limit else {
                throw ArchiveError(
                    .tooLarge, subject: subject, reason: "an entry of it is larger than \(limit) bytes")
            }
            all += bytes
        }
    }

    private func remark(_ text: String) {
        if warnings.count < 100 { warnings.append(printable(text)) }
    }
}

/// Unpacked gzip as the origin of an archive, with the limits applied to what comes out: libarchive skips entries by
/// reading them, and would read a bomb to its end.
final class GunzipProducer: ByteProducer {
    let stream: GzipStream
    private let limits: ArchiveLimits
    private let subject: String

    init(_ stream: GzipStream, limits: ArchiveLimits, subject: String) {
        self.stream = stream
        self.limits = limits
        self.subject = subject
    }

    var consumed: Int { stream.consumed }
    var length: Int64? { nil }
    func seek(to position: Int64) -> Int64? { nil }

    func produce(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = unsafe try stream.fill(buffer)
        // Headers and padding come on top of the entries' bytes: 2 KiB for each is generous.
        let (overhead, overflow) = limits.entries.multipliedReportingOverflow(by: 2048)
        let (allowed, second) = limits.totalBytes.addingReportingOverflow(overflow ? 0 : overhead)
        var streamLimits = limits
        streamLimits.totalBytes = second ? Int.max : allowed
        try streamLimits.check(out: stream.produced, in: max(1, stream.consumed), subject: subject)
        return count
    }
}
