internal import Glibc
internal import SystemPackage

/// An open folder. All names are taken relative to it, so that nobody can exchange a part of the path meanwhile;
/// no symbolic link is followed.
final class Folder: Sendable {
    /// For error messages.
    let path: String
    let descriptor: Descriptor

    private init(path: String, descriptor: CInt) {
        self.path = path
        self.descriptor = Descriptor(owning: descriptor)
    }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// Opens the folder; its last name must be no link.
    init(opening path: FilePath) throws(BundleError) {
        let shown = path.string
        let number = unsafe path.withPlatformString { unsafe open($0, Folder.flags) }
        if number < 0 {
            let failure = errno
            var status = stat()
            let isLink = unsafe path.withPlatformString { unsafe lstat($0, &status) } == 0
            // Linux answers ENOTDIR for a link, since it looks at O_DIRECTORY first.
            if isLink, status.st_mode & S_IFMT == S_IFLNK {
                throw BundleError(
                    .unsafePlace, shown, "is a symbolic link, which is not followed",
                    hint: "give the folder's real path")
            }
            throw BundleError(errno: failure, shown)
        }
        self.path = shown
        descriptor = Descriptor(owning: number)
    }

    func folder(_ name: String) throws(BundleError) -> Folder {
        let number = unsafe openat(descriptor.number, name, Folder.flags)
        guard number >= 0 else { throw BundleError(errno: errno, subject(name)) }
        return Folder(path: subject(name), descriptor: number)
    }

    /// Makes a folder, mode 0700, that must not exist, and opens it.
    func makeFolder(_ name: String) throws(BundleError) -> Folder {
        guard unsafe mkdirat(descriptor.number, name, 0o700) == 0 else {
            throw BundleError(errno: errno, subject(name))
        }
        let made = try folder(name)
        let status = try made.descriptor.status(subject: made.path)
        guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw BundleError(.unsafePlace, made.path, "somebody else has put a folder in this place")
        }
        return made
    }

    /// Opens the folder, making it first where it is missing.
    func ensureFolder(_ name: String) throws(BundleError) -> Folder {
        do throws(BundleError) {
            return try makeFolder(name)
        } catch {
            guard error.code == .exists else { throw error }
            return try folder(name)
        }
    }

    /// Makes a file that must not exist, readable and writable for its owner alone.
    func makeFile(_ name: String) throws(BundleError) -> Descriptor {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe openat(descriptor.number, name, flags, 0o600)
        guard number >= 0 else { throw BundleError(errno: errno, subject(name)) }
        return Descriptor(owning: number)
    }

    /// Makes a file without a name; nil where the file system, or a system without /proc, can't name it later.
    func makeNamelessFile() -> Descriptor? {
        // O_TMPFILE, a macro that Swift can't import.
        let number = unsafe openat(descriptor.number, ".", 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600)
        guard number >= 0 else { return nil }
        let file = Descriptor(owning: number)
        return unsafe access("/proc/self/fd/\(number)", F_OK) == 0 ? file : nil
    }

    /// Names a file that has none yet.
    /// - Throws: ``BundleError`` `.exists` if the name is taken.
    func give(_ file: Descriptor, name: String) throws(BundleError) {
        let link = "/proc/self/fd/\(file.number)"
        guard unsafe linkat(AT_FDCWD, link, descriptor.number, name, AT_SYMLINK_FOLLOW) == 0 else {
            throw BundleError(errno: errno, subject(name))
        }
    }

    /// Opens a regular file for reading; never waits for the other end of a FIFO.
    func openFile(_ name: String) throws(BundleError) -> Descriptor {
        let number = unsafe openat(descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { throw BundleError(errno: errno, subject(name)) }
        let file = Descriptor(owning: number)
        guard try file.status(subject: subject(name)).st_mode & S_IFMT == S_IFREG else {
            throw BundleError(.unsafePlace, subject(name), "is no regular file")
        }
        return file
    }

    func rename(_ name: String, to newName: String) throws(BundleError) {
        let result = unsafe renameat(descriptor.number, name, descriptor.number, newName)
        guard result == 0 else { throw BundleError(errno: errno, subject(newName)) }
    }

    /// Removes a file; that it is gone already is no error.
    func removeFile(_ name: String) throws(BundleError) {
        if unsafe unlinkat(descriptor.number, name, 0) != 0, errno != ENOENT {
            throw BundleError(errno: errno, subject(name))
        }
    }

    /// Removes a folder with all that is in it; links are removed, not followed.
    /// - Parameter last: a file in it that goes last.
    func removeTree(_ name: String, last: String? = nil, depth: Int = 0) throws(BundleError) {
        guard depth < 64 else { throw BundleError(.inputOutput, subject(name), "is nested too deeply to be removed") }
        let doomed = try folder(name)
        for (child, isFolder) in try doomed.names().sorted(by: { $0.name != last && $1.name == last }) {
            if isFolder {
                try doomed.removeTree(child, depth: depth + 1)
            } else {
                try doomed.removeFile(child)
            }
        }
        guard unsafe unlinkat(descriptor.number, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
            throw BundleError(errno: errno, subject(name))
        }
    }

    /// Takes the folder's lock, which goes with this process; false if somebody else has it.
    func lock() -> Bool { flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

    func names() throws(BundleError) -> [(name: String, isFolder: Bool)] {
        let copy = unsafe openat(descriptor.number, ".", Folder.flags)
        guard copy >= 0 else { throw BundleError(errno: errno, path) }
        guard let stream = unsafe fdopendir(copy) else {
            let number = errno
            Glibc.close(copy)
            throw BundleError(errno: number, path)
        }
        defer { unsafe closedir(stream) }
        var result: [(name: String, isFolder: Bool)] = []
        while let entry = unsafe readdir(stream) {
            // By its address: the record is only as long as its name, shorter than the C structure.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
            let text = unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            let name = unsafe String(cString: text)
            guard name != ".", name != ".." else { continue }
            var status = stat()
            guard unsafe fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            result.append((name, status.st_mode & S_IFMT == S_IFDIR))
        }
        return result
    }

    func sync() { fsync(descriptor.number) }

    func subject(_ name: String) -> String { path + "/" + name }
}
