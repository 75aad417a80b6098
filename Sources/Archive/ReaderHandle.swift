import CArchive
import Glibc

/// Owner of one libarchive reader: frees it, sorts its results into three classes, and keeps the producer's errors.
///
/// Results (archive.h): `ARCHIVE_WARN` and better go on, `ARCHIVE_RETRY` is tried again a few times, all else is
/// fatal; after that the handle is not used again.
@safe
final class ReaderHandle {
    private let archive: OpaquePointer
    private let feed: Feed
    private let subject: String
    private var entryIsEncrypted = false

    /// What the C callbacks work with.
    @safe
    private final class Feed {
        let producer: any ByteProducer
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 16)
        var position: Int64 = 0
        var failure: ArchiveError?

        init(_ producer: any ByteProducer) { self.producer = producer }
        deinit { unsafe block.deallocate() }

        static func at(_ pointer: UnsafeMutableRawPointer?) -> Feed? {
            guard let pointer = unsafe pointer else { return nil }
            return unsafe Unmanaged<Feed>.fromOpaque(pointer).takeUnretainedValue()
        }

        func fill() -> Int {
            do throws(ArchiveError) {
                let count = unsafe try producer.produce(into: block)
                position += Int64(count)
                return count
            } catch {
                failure = error
                return -1
            }
        }

        func seek(by offset: Int64, from whence: CInt) -> Int64 {
            let base: Int64
            switch whence {
            case SEEK_SET: base = 0
            case SEEK_CUR: base = position
            default:
                guard let length = producer.length else { return Int64(ARCHIVE_FATAL) }
                base = length
            }
            let (target, overflow) = base.addingReportingOverflow(offset)
            guard !overflow, let reached = producer.seek(to: target) else { return Int64(ARCHIVE_FATAL) }
            position = reached
            return reached
        }
    }

    init(producer: any ByteProducer, subject: String) throws(ArchiveError) {
        guard let archive = unsafe archive_read_new() else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to read it")
        }
        unsafe self.archive = archive
        self.subject = subject
        feed = Feed(producer)
        unsafe archive_read_support_format_tar(archive)
        if producer is GunzipProducer {
            unsafe archive_read_support_format_raw(archive)
            unsafe archive_read_support_format_empty(archive)
        } else {
            unsafe archive_read_support_format_zip(archive)
        }
        unsafe archive_read_set_callback_data(archive, Unmanaged.passUnretained(feed).toOpaque())
        unsafe archive_read_set_read_callback(archive) { _, data, block in
            guard let feed = unsafe Feed.at(data) else { return -1 }
            unsafe block?.pointee = UnsafeRawPointer(feed.block.baseAddress)
            return feed.fill()
        }
        if producer.length != nil {
            unsafe archive_read_set_seek_callback(archive) { _, data, offset, whence in
                unsafe Feed.at(data)?.seek(by: offset, from: whence) ?? Int64(ARCHIVE_FATAL)
            }
        }
        let result = TextLocale.withUTF8 { unsafe archive_read_open1(archive) }
        if result < ARCHIVE_WARN { throw failure(result, whileOpening: true) }
    }

    deinit { unsafe archive_read_free(archive) }

    var consumed: Int { feed.producer.consumed }

    var headerPosition: Int { unsafe Int(archive_read_header_position(archive)) }

    func format(isGzip: Bool) -> ArchiveReader.Format? {
        switch unsafe archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK {
        case ARCHIVE_FORMAT_TAR: isGzip ? .tarGzip : .tar
        case ARCHIVE_FORMAT_ZIP: .zip
        case ARCHIVE_FORMAT_RAW, ARCHIVE_FORMAT_EMPTY: .gzip
        default: nil
        }
    }

    func nextHeader(isGzip: Bool, warn: (String) -> Void) throws(ArchiveError) -> ArchiveEntry? {
        for _ in 0..<10 {
            var header: OpaquePointer?
            let result = TextLocale.withUTF8 { unsafe archive_read_next_header(archive, &header) }
            if result == ARCHIVE_EOF { return nil }
            if result == ARCHIVE_RETRY { continue }
            guard result >= ARCHIVE_WARN, let header = unsafe header else { throw failure(result) }
            if result == ARCHIVE_WARN { warn(message) }
            let entry = TextLocale.withUTF8 { unsafe self.entry(from: header) }
            entryIsEncrypted = entry.isEncrypted
            return entry
        }
        throw failure(ARCHIVE_FATAL)
    }

    private func entry(from header: OpaquePointer) -> ArchiveEntry {
        let type = unsafe archive_entry_filetype(header)
        let hardLink = unsafe archive_entry_hardlink(header).map { unsafe bytes(of: $0) }
        let symbolicLink = unsafe archive_entry_symlink(header).map { unsafe bytes(of: $0) }
        let kind: ArchiveEntry.Kind =
            if hardLink != nil {
                .hardLink
            } else {
                switch type {
                case S_IFREG: .file
                case S_IFDIR: .directory
                case S_IFLNK: .symbolicLink
                default: .other
                }
            }
        let hasSize = unsafe archive_entry_size_is_set(header) != 0
        return ArchiveEntry(
            pathBytes: unsafe archive_entry_pathname(header).map { unsafe bytes(of: $0) } ?? [],
            kind: kind, size: hasSize ? unsafe Int(archive_entry_size(header)) : nil,
            mode: unsafe UInt32(archive_entry_perm(header)), modified: unsafe Int64(archive_entry_mtime(header)),
            isEncrypted: unsafe archive_entry_is_encrypted(header) != 0, linkTarget: hardLink ?? symbolicLink,
            isSparse: unsafe archive_entry_sparse_count(header) > 0)
    }

    private func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    func read(upTo count: Int, warn: (String) -> Void) throws(ArchiveError) -> [UInt8] {
        var result = 0
        for _ in 0..<10 {
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                result = unsafe archive_read_data(archive, buffer.baseAddress, count)
                filled = max(0, result)
            }
            if result >= 0 { return bytes }
            if result == Int(ARCHIVE_WARN) {
                warn(message)
            } else if result != Int(ARCHIVE_RETRY) {
                throw failure(CInt(clamping: result))
            }
        }
        throw failure(ARCHIVE_FATAL)
    }

    /// Reads what follows the archive's end in the same stream, to have all check sums verified.
    func drain(warn: (String) -> Void) throws(ArchiveError) {
        guard feed.producer is GunzipProducer else { return }
        var other = 0
        while true {
            let count = feed.fill()
            if let failure = feed.failure { throw failure }
            if count <= 0 { break }
            let block = unsafe UnsafeRawBufferPointer(rebasing: feed.block[..<count])
            if unsafe block.contains(where: { $0 != 0 }) { other += count }
        }
        if other > 0 { warn("bytes follow the end of the tar archive") }
    }

    private var message: String {
        unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "no details"
    }

    private func failure(_ result: CInt, whileOpening: Bool = false) -> ArchiveError {
        if let failure = feed.failure { return failure }
        let text = message
        let code: ArchiveError.Code =
            // Not archive_read_has_encrypted_entries: libarchive 3.6 jumps into nowhere where no format is known yet.
            if entryIsEncrypted || text.contains("ncrypt") || text.contains("assphrase") {
                .encrypted
            } else if text.hasPrefix("Truncated") {
                .truncated
            } else if text.hasPrefix("Unrecognized archive format") || whileOpening {
                .unrecognized
            } else if text.contains("nsupported") || text.contains("not supported") {
                .unsupported
            } else {
                .damaged
            }
        let hint =
            code == .encrypted
            ? "unpack it with its password first"
            : code == .unrecognized ? "only tar, tar.gz, zip and gzip are read" : nil
        return ArchiveError(code, subject: subject, reason: text.isEmpty ? "it can't be read" : text, hint: hint)
    }
}
