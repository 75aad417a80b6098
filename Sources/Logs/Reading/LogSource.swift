import Archive
import Glibc
import SystemPackage

/// The bytes of one log from some offset on, unpacked where they are compressed.
///
/// Files are read, never mapped: a log that is cut while it is mapped would end the process.
final class LogSource {
    private enum Kind {
        case plain
        case gzip(GzipStream)
    }

    private let path: String
    private let descriptor: CInt
    private let kind: Kind
    /// Where the next plain read stands.
    private var offset = 0
    /// Plain files: where to stop, so that a log which grows as fast as it is read comes to an end.
    private let limit: Int
    /// Bytes on disk when it was opened; nil for compressed files.
    let sizeAtOpen: Int?

    /// How much a live log may have grown since it was opened and still be read.
    static let growth = 1 << 20

    init(_ file: LogFile) throws(LogError) {
        path = file.path
        descriptor = try file.descriptor()
        if file.isCompressed {
            sizeAtOpen = nil
            limit = Int.max
            do throws(ArchiveError) {
                kind = .gzip(try GzipStream(descriptor: descriptor, name: file.path))
            } catch {
                close(descriptor)
                throw LogError(.damaged, subject: path, reason: error.reason, hint: error.hint)
            }
        } else {
            kind = .plain
            var status = stat()
            let size = unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
            sizeAtOpen = size
            // Special files tell no size.
            let (end, isBeyond) = size.addingReportingOverflow(Self.growth)
            limit = status.st_mode & S_IFMT == S_IFREG && !isBeyond ? end : Int.max
        }
    }

    deinit {
        close(descriptor)
    }

    /// Plain files only: goes on reading from another place.
    func seek(to offset: Int) {
        self.offset = max(0, offset)
    }

    /// Fills the buffer from `start` on, with at least one byte unless the log is at its end.
    ///
    /// - Returns: the number of bytes read; 0 at the end.
    /// - Throws: `LogError` with `cannotRead` or `damaged`.
    func read(into buffer: inout [UInt8], from start: Int) throws(LogError) -> Int {
        switch kind {
        case .plain:
            let count = try read(
                at: offset, into: &buffer, from: start, count: min(buffer.count - start, limit - offset))
            offset += count
            return count
        case .gzip(let stream):
            do throws(ArchiveError) {
                return try stream.read(into: &buffer, from: start, count: min(buffer.count - start, 256 << 10))
            } catch {
                throw LogError(.damaged, subject: path, reason: error.reason, hint: error.hint)
            }
        }
    }

    /// Reads from a place of a plain file, leaving where `read(into:from:)` stands.
    func read(at place: Int, into buffer: inout [UInt8], from start: Int, count: Int) throws(LogError) -> Int {
        guard count > 0, start >= 0, start + count <= buffer.count else { return 0 }
        while true {
            let result = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe pread(descriptor, bytes.baseAddress.map { unsafe $0 + start }, count, off_t(place))
            }
            if result >= 0 {
                return result
            }
            let code = errno
            guard code == EINTR else {
                throw LogError(.cannotRead, subject: path, reason: Errno(rawValue: code).description)
            }
        }
    }
}
