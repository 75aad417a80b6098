internal import Glibc
internal import SystemPackage

/// The bytes of a bundle wherever they lie: one file, the parts of a split one, an encrypted one.
protocol BundleBytes: AnyObject {
    var count: Int { get }
    /// The bytes from `offset` on, `count` of them but at the end.
    func read(at offset: Int, upTo count: Int) throws(BundleError) -> [UInt8]
}

/// A regular file. Its size is looked at once.
final class FileBytes: BundleBytes {
    let name: String
    let count: Int
    private let file: Descriptor

    init(owning file: Descriptor, name: String) throws(BundleError) {
        let status = try file.status(subject: name)
        guard status.st_mode & S_IFMT == S_IFREG else { throw BundleError(.unsafePlace, name, "is no regular file") }
        self.file = file
        self.name = name
        count = Int(status.st_size)
    }

    /// Never waits for the other end of a FIFO.
    convenience init(path: FilePath) throws(BundleError) {
        let number = unsafe path.withPlatformString {
            unsafe open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        }
        guard number >= 0 else { throw BundleError(errno: errno, path.string) }
        try self.init(owning: Descriptor(owning: number), name: path.string)
    }

    func read(at offset: Int, upTo count: Int) throws(BundleError) -> [UInt8] {
        let wanted = max(0, min(count, self.count - offset))
        return try file.read(at: offset, upTo: wanted, subject: name)
    }
}

/// Files one behind the other.
final class JoinedBytes: BundleBytes {
    let count: Int
    private let parts: [(start: Int, bytes: FileBytes)]

    init(_ files: [FileBytes]) {
        var start = 0
        var parts: [(start: Int, bytes: FileBytes)] = []
        for file in files {
            parts.append((start, file))
            start += file.count
        }
        self.parts = parts
        count = start
    }

    func read(at offset: Int, upTo count: Int) throws(BundleError) -> [UInt8] {
        var result: [UInt8] = []
        for part in parts where part.start + part.bytes.count > offset {
            let left = count - result.count
            guard left > 0 else { break }
            let place = offset + result.count - part.start
            let piece = try part.bytes.read(at: place, upTo: left)
            result += piece
            // A part that became shorter meanwhile.
            if piece.count < min(left, part.bytes.count - place) { break }
        }
        return result
    }
}
