import Glibc

/// Bytes that something else produces, in order.
protocol ByteProducer: AnyObject {
    /// Fills the front of `buffer`; 0 at the end.
    func produce(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int
    /// Moves to an absolute position; nil where the origin can't.
    func seek(to position: Int64) -> Int64?
    /// Size of the whole; nil where it isn't known beforehand.
    var length: Int64? { get }
    /// Bytes handed out so far, from the very origin (packed bytes for an unpacking producer).
    var consumed: Int { get }
}

/// The origin of an archive: memory, a descriptor that the caller owns and keeps open, or whatever else gives bytes.
final class ByteSource: ByteProducer {
    private enum Origin {
        case memory([UInt8])
        case descriptor(CInt, start: Int64?)
        case pull((Int) throws(ArchiveError) -> [UInt8])
        case random((_ position: Int, _ count: Int) throws(ArchiveError) -> ArraySlice<UInt8>)
    }

    private let origin: Origin
    private let subject: String
    private var position = 0
    /// What `peek` has read and nobody consumed.
    private var lookahead: [UInt8] = []
    private(set) var consumed = 0
    let length: Int64?

    init(bytes: [UInt8], subject: String) {
        origin = .memory(bytes)
        self.subject = subject
        length = Int64(bytes.count)
    }

    /// - Parameter descriptor: open for reading; a pipe is fine. Not closed here.
    init(descriptor: CInt, subject: String) {
        let here = lseek(descriptor, 0, SEEK_CUR)
        var status = stat()
        let isRegular = unsafe fstat(descriptor, &status) == 0 && (status.st_mode & S_IFMT) == S_IFREG
        let isSeekable = here >= 0 && isRegular
        origin = .descriptor(descriptor, start: isSeekable ? Int64(here) : nil)
        self.subject = subject
        length = isSeekable ? max(0, Int64(status.st_size) - Int64(here)) : nil
    }

    /// - Parameter pull: the next bytes, at most as many as asked for; empty at the end.
    init(pull: @escaping (Int) throws(ArchiveError) -> [UInt8], subject: String) {
        origin = .pull(pull)
        self.subject = subject
        length = nil
    }

    /// - Parameter read: the bytes from a position on, at most as many as asked for, at least one but at the end.
    init(
        length: Int, subject: String,
        read: @escaping (_ position: Int, _ count: Int) throws(ArchiveError) -> ArraySlice<UInt8>
    ) {
        origin = .random(read)
        self.subject = subject
        self.length = Int64(length)
    }

    /// The next bytes, at most `count`, without consuming them.
    func peek(_ count: Int) throws(ArchiveError) -> [UInt8] {
        while lookahead.count < count {
            var failure: ArchiveError?
            let more = unsafe [UInt8](unsafeUninitializedCapacity: count - lookahead.count) { buffer, filled in
                do throws(ArchiveError) {
                    filled = unsafe try fetch(into: UnsafeMutableRawBufferPointer(buffer))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            if more.isEmpty { break }
            lookahead += more
        }
        return Array(lookahead.prefix(count))
    }

    func produce(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count: Int
        if lookahead.isEmpty {
            count = unsafe try fetch(into: buffer)
        } else {
            count = min(lookahead.count, buffer.count)
            unsafe buffer.copyBytes(from: lookahead.prefix(count))
            lookahead.removeFirst(count)
        }
        consumed += count
        return count
    }

    private func fetch(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        switch origin {
        case .memory(let bytes):
            let count = min(buffer.count, bytes.count - position)
            unsafe buffer.copyBytes(from: bytes[position..<position + count])
            position += count
            return count
        case .pull(let pull):
            let bytes = try pull(buffer.count)
            guard bytes.count <= buffer.count else {
                throw ArchiveError(.io, subject: subject, reason: "more bytes came than were asked for")
            }
            unsafe buffer.copyBytes(from: bytes)
            return bytes.count
        case .random(let read):
            let bytes = try read(position, buffer.count).prefix(buffer.count)
            unsafe buffer.copyBytes(from: bytes)
            position += bytes.count
            return bytes.count
        case .descriptor(let descriptor, _):
            while true {
                let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count >= 0 { return count }
                let number = errno
                if number == EINTR { continue }
                throw ArchiveError(
                    .io, subject: subject, reason: "it can't be read: \(describe(errno: number))", errno: number)
            }
        }
    }

    func seek(to target: Int64) -> Int64? {
        guard let length, target >= 0 else { return nil }
        let wanted = min(target, length)
        switch origin {
        case .memory, .random:
            position = Int(wanted)
        case .descriptor(let descriptor, let start):
            guard let start else { return nil }
            guard lseek(descriptor, off_t(start + wanted), SEEK_SET) >= 0 else { return nil }
        case .pull: return nil
        }
        lookahead = []
        return wanted
    }
}

/// The system's words for an error number.
func describe(errno number: CInt) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // The POSIX form: it fills the buffer.
    guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
