import CArchive
import Glibc

/// Owner of one libarchive writer, and of the gzip stage behind it.
@safe
final class WriterHandle {
    /// `AE_IFREG` and its kin (archive_entry.h), whose casts Swift can't import.
    private static let regularFile: UInt32 = 0o100000
    private static let directory: UInt32 = 0o040000
    private static let symbolicLink: UInt32 = 0o120000

    private let archive: OpaquePointer
    private let drain: Drain
    private let subject: String

    /// Where libarchive's bytes go.
    private final class Drain {
        let sink: ArchiveWriter.Sink
        let deflater: Deflater?
        var failure: ArchiveError?
        var isAbandoned = false

        init(_ sink: @escaping ArchiveWriter.Sink, deflater: Deflater?) {
            self.sink = sink
            self.deflater = deflater
        }

        /// After a failure the bytes are dropped, and libarchive isn't told: it would not free its buffer any more.
        func take(_ bytes: UnsafeRawBufferPointer) {
            guard failure == nil, !isAbandoned else { return }
            do throws(ArchiveError) {
                if let deflater {
                    unsafe try deflater.deflate(bytes, isLast: false, to: sink)
                } else {
                    try sink(unsafe Array(bytes))
                }
            } catch {
                failure = error
            }
        }

        func close() throws(ArchiveError) {
            if let failure { throw failure }
            guard let deflater else { return }
            unsafe try deflater.deflate(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, to: sink)
            try sink(deflater.trailer)
        }
    }

    /// - Parameter bytesPerBlock: of a tar; ten kilobytes are the record of POSIX tar, 0 hands on each piece at once.
    init(
        format: ArchiveWriter.Format, subject: String, bytesPerBlock: CInt = 10240, sink: @escaping ArchiveWriter.Sink
    ) throws(ArchiveError) {
        self.subject = subject
        if case .tarGzip(let level) = format {
            drain = Drain(sink, deflater: try Deflater(level: level, subject: subject))
            try sink(gzipHeader)
        } else {
            drain = Drain(sink, deflater: nil)
        }
        guard let archive = unsafe archive_write_new() else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to write it")
        }
        unsafe self.archive = archive
        switch format {
        case .zip:
            unsafe archive_write_set_format_zip(archive)
            // A zip is no tape: no padding behind its end, where readers look for the directory.
            unsafe archive_write_set_bytes_per_block(archive, 0)
        case .tar, .tarGzip:
            unsafe archive_write_set_format_pax_restricted(archive)
            unsafe archive_write_set_bytes_per_block(archive, bytesPerBlock)
        }
        unsafe archive_write_add_filter_none(archive)
        let context = unsafe Unmanaged.passUnretained(drain).toOpaque()
        let result = unsafe archive_write_open2(
            archive, context, nil,
            { _, data, buffer, count in
                guard let data = unsafe data else { return -1 }
                let drain = unsafe Unmanaged<Drain>.fromOpaque(data).takeUnretainedValue()
                unsafe drain.take(UnsafeRawBufferPointer(start: buffer, count: count))
                return count
            }, nil, nil)
        if result < ARCHIVE_WARN || drain.failure != nil { throw failure() }
    }

    deinit {
        // Freeing closes, and closing writes: a broken-off archive must not reach the sink any more.
        drain.isAbandoned = true
        unsafe archive_write_free(archive)
    }

    func header(_ entry: ArchiveEntry, size: Int) throws(ArchiveError) {
        guard let header = unsafe archive_entry_new() else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to write it")
        }
        defer { unsafe archive_entry_free(header) }
        let result = TextLocale.withUTF8 {
            unsafe archive_entry_set_pathname(header, cString(entry.pathBytes))
            switch entry.kind {
            case .file, .other: unsafe archive_entry_set_filetype(header, WriterHandle.regularFile)
            case .directory: unsafe archive_entry_set_filetype(header, WriterHandle.directory)
            case .symbolicLink:
                unsafe archive_entry_set_filetype(header, WriterHandle.symbolicLink)
                unsafe archive_entry_set_symlink(header, cString(entry.linkTarget ?? []))
            case .hardLink:
                unsafe archive_entry_set_filetype(header, WriterHandle.regularFile)
                unsafe archive_entry_set_hardlink(header, cString(entry.linkTarget ?? []))
            }
            unsafe archive_entry_set_perm(header, mode_t(entry.mode & 0o7777))
            unsafe archive_entry_set_mtime(header, time_t(entry.modified), 0)
            unsafe archive_entry_set_uid(header, 0)
            unsafe archive_entry_set_gid(header, 0)
            unsafe archive_entry_set_size(header, Int64(size))
            return unsafe archive_write_header(archive, header)
        }
        // A warning here means: written, with the name kept as raw bytes.
        if result < ARCHIVE_WARN || drain.failure != nil { throw failure() }
    }

    func data(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe archive_write_data(archive, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            guard count > 0, drain.failure == nil else { throw failure() }
            offset += count
        }
    }

    func endEntry() throws(ArchiveError) {
        let result = unsafe archive_write_finish_entry(archive)
        if result < ARCHIVE_WARN || drain.failure != nil { throw failure() }
    }

    func close() throws(ArchiveError) {
        let result = unsafe archive_write_close(archive)
        if result < ARCHIVE_WARN || drain.failure != nil { throw failure() }
        try drain.close()
    }

    private func cString(_ bytes: [UInt8]) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

    private func failure() -> ArchiveError {
        if let failure = drain.failure { return failure }
        let text = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "no details"
        return ArchiveError(.io, subject: subject, reason: "it can't be written: \(text)")
    }
}
