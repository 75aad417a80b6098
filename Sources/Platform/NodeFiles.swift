internal import CPlatform
internal import Glibc

/// An open regular file. Closed when the last reference goes.
public final class NodeFile: Sendable {
    public let descriptor: Int32
    /// As people name it: the path below the root.
    public let path: String
    /// Bytes, when it was opened.
    public let size: Int
    /// Seconds since 1970.
    public let modified: Int

    init(descriptor: Int32, path: String, size: Int, modified: Int) {
        self.descriptor = descriptor
        self.path = path
        self.size = size
        self.modified = modified
    }

    /// Reads from the current position to the end, at most `limit` bytes.
    public func readAll(limit: Int) throws(PlatformError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = unsafe read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw PlatformError(errno: errno, path) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    /// Goes to the line border at most `bytes` before the end; returns the number of bytes left out.
    public func skipToTail(bytes: Int) throws(PlatformError) -> Int {
        guard size > bytes else { return 0 }
        guard lseek(descriptor, off_t(size - bytes), SEEK_SET) >= 0 else { throw PlatformError(errno: errno, path) }
        var skipped = size - bytes
        var byte: UInt8 = 0
        while unsafe read(descriptor, &byte, 1) == 1 {
            skipped += 1
            if byte == 0x0A { break }
        }
        return skipped
    }

    /// Reads on to the end, block by block, at most `limit` bytes.
    public func forEachBlock<E: Error>(
        limit: Int, _ body: (ArraySlice<UInt8>) throws(E) -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: 262_144)
        var left = limit
        while left > 0 {
            let count = unsafe read(descriptor, &buffer, min(buffer.count, left))
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw PlatformError(errno: errno, path) }
            if count == 0 { return }
            left -= count
            try body(buffer[..<count])
        }
    }

    /// A descriptor of its own for a caller who closes it; `self` stays open.
    public func take() throws(PlatformError) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw PlatformError(errno: errno, path) }
        return copy
    }

    deinit { close(descriptor) }
}

/// The files of a node below a root folder, opened so that nothing a hostile owner of a folder plants there can lead
/// astray: links are resolved inside the root only, the last name must be no link, the file must be regular (a FIFO
/// would block for ever, a device may act) and have one name (a hard link could point to anybody's file).
public struct NodeFiles: Sendable {
    public struct Entry: Sendable, Equatable {
        public let name: String
        public let isDirectory: Bool
        public let isRegular: Bool
        public let size: Int
        public let modified: Int
    }

    /// The folder treated as `/`.
    public let root: String
    /// With whose rights files are opened; `nil`: the process's own.
    public let reader: ReaderIdentity?

    public init(root: String = "/", reader: ReaderIdentity? = nil) {
        self.root = root
        self.reader = reader
    }

    /// Opens a regular file for reading.
    public func open(_ path: String) throws(PlatformError) -> NodeFile {
        var walk = PathWalk(root: try PathWalk.openRoot(root))
        return try asReader(path) { () throws(PlatformError) -> NodeFile in
            defer { walk.close() }
            let (folder, name) = try walk.parent(of: path)
            let flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC
            let descriptor = unsafe cp_openat(folder, name, flags, 0)
            if descriptor < 0 {
                if errno == ELOOP {
                    throw PlatformError(.symbolicLink, path, "is a symbolic link, which is not followed")
                }
                if errno == ENXIO { throw PlatformError(.notRegular, path, "is not a regular file") }
                throw PlatformError(errno: errno, path)
            }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else {
                let number = errno
                Glibc.close(descriptor)
                throw PlatformError(errno: number, path)
            }
            let (mode, links) = (status.st_mode, status.st_nlink)
            if mode & S_IFMT != S_IFREG {
                Glibc.close(descriptor)
                throw PlatformError(.notRegular, path, "is not a regular file")
            }
            if links > 1 {
                Glibc.close(descriptor)
                throw PlatformError(
                    .hardLink, path, "has \(links) names (hard links), so it may be anybody's file",
                    hint: "copy it and hand the copy over with --log")
            }
            return NodeFile(
                descriptor: descriptor, path: path, size: Int(status.st_size), modified: Int(status.st_mtim.tv_sec))
        }
    }

    /// Opens a regular file that the operator named, with the operator's own rights; links are followed.
    public static func open(userFile path: String) throws(PlatformError) -> NodeFile {
        let descriptor = unsafe cp_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw PlatformError(errno: errno, path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw PlatformError(.notRegular, path, "is not a regular file")
        }
        return NodeFile(
            descriptor: descriptor, path: path, size: Int(status.st_size), modified: Int(status.st_mtim.tv_sec))
    }

    /// The names in a folder, sorted; empty when there is no such folder.
    public func list(_ path: String) throws(PlatformError) -> [Entry] {
        var walk = PathWalk(root: try PathWalk.openRoot(root))
        return try asReader(path) { () throws(PlatformError) -> [Entry] in
            defer { walk.close() }
            let folder: Int32
            do throws(PlatformError) {
                folder = try walk.folder(path)
            } catch {
                if error.code == .notFound { return [] }
                throw error
            }
            let descriptor = unsafe cp_openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
            guard descriptor >= 0 else { throw PlatformError(errno: errno, path) }
            guard let stream = unsafe fdopendir(descriptor) else {
                let number = errno
                Glibc.close(descriptor)
                throw PlatformError(errno: number, path)
            }
            defer { unsafe closedir(stream) }
            var entries: [Entry] = []
            while entries.count < 100_000, let found = unsafe readdir(stream) {
                let name = unsafe withUnsafePointer(to: &found.pointee.d_name) {
                    unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                var status = stat()
                guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                let kind = status.st_mode & S_IFMT
                entries.append(
                    Entry(
                        name: name, isDirectory: kind == S_IFDIR, isRegular: kind == S_IFREG,
                        size: Int(status.st_size), modified: Int(status.st_mtim.tv_sec)))
            }
            return entries.sorted { $0.name < $1.name }
        }
    }

    /// Whether there is a folder at `path`, links inside the root resolved.
    public func isFolder(_ path: String) -> Bool {
        guard let descriptor = try? PathWalk.openRoot(root) else { return false }
        var walk = PathWalk(root: descriptor)
        let found = try? asReader(path) { () throws(PlatformError) -> Bool in
            defer { walk.close() }
            _ = try walk.folder(path)
            return true
        }
        return found ?? false
    }

    /// The whole text of a small file, or `nil` when it can't be had.
    public func text(_ path: String, limit: Int = 1 << 20) -> String? {
        guard let file = try? open(path), let bytes = try? file.readAll(limit: limit) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func asReader<R>(_ path: String, _ body: () throws(PlatformError) -> R) throws(PlatformError) -> R {
        guard let reader else { return try body() }
        do {
            return try reader.perform(body)
        } catch let error as PlatformError {
            throw error
        } catch {
            throw PlatformError(.inputOutput, path, "\(error)")
        }
    }
}
