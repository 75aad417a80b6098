internal import Glibc
internal import Platform
public import SystemPackage

/// The file a user asked for: written without a name (O_TMPFILE), mode 0600, and put in its place in one step when it
/// is whole, so that not even a killed run leaves a half. Where the file system can't do that, it has a hidden
/// temporary name beside its place. Nothing that exists is touched unless asked; no planted link is followed.
public final class OutputFile {
    /// Who owns the file in the end: the calling user, also under sudo.
    public struct Owner: Sendable, Equatable {
        /// User id.
        public var user: UInt32
        /// Group id.
        public var group: UInt32
        public init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }
    }

    /// Where the file will stand when it is published.
    public let path: FilePath
    private let folder: Folder
    private let name: String
    private let temporaryName: String
    private let file: Descriptor
    private let identity: (device: UInt64, inode: UInt64)
    private let replace: Bool
    private let diskGuard: DiskGuard
    private var published = false
    /// Whether there is a temporary name to be removed.
    private var isNamed: Bool
    /// Bytes written so far.
    public private(set) var written = 0

    /// - Parameters:
    ///   - path: where it shall stand.
    ///   - owner: nil keeps it with the user this process runs as.
    ///   - replace: take the place of an older file (in one step, at the end).
    ///   - reserve: bytes of disk that must stay free.
    /// - Throws: ``BundleError`` `.exists`, `.notFound`, `.denied`, `.unsafePlace`, `.diskFull`.
    public init(path: FilePath, owner: Owner? = nil, replace: Bool = false, reserve: Int = 0) throws(BundleError) {
        guard let last = path.lastComponent, last.kind == .regular else {
            throw BundleError(.invalidPath, path.string, "is no name for a file")
        }
        let parent = path.removingLastComponent()
        self.path = path
        self.replace = replace
        name = last.string
        diskGuard = DiskGuard(reserve: reserve)
        folder = try Folder(opening: parent.isEmpty ? "." : parent)
        var status = stat()
        if unsafe fstatat(folder.descriptor.number, last.string, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            guard replace else { throw BundleError(errno: EEXIST, path.string) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw BundleError(.unsafePlace, path.string, "is no regular file")
            }
        }
        // Long names lose their end here, not in the place itself.
        temporaryName = "." + PortableName.component(last.string) + ".partial-" + randomHex(4)
        if let nameless = folder.makeNamelessFile() {
            file = nameless
            isNamed = false
        } else {
            file = try folder.makeFile(temporaryName)
            isNamed = true
        }
        let made = try file.status(subject: path.string)
        identity = (UInt64(made.st_dev), UInt64(made.st_ino))
        do throws(BundleError) {
            guard fchmod(file.number, 0o600) == 0 else { throw BundleError(errno: errno, path.string) }
            if let owner, owner.user != made.st_uid || owner.group != made.st_gid {
                guard fchown(file.number, owner.user, owner.group) == 0 else {
                    throw BundleError(errno: errno, path.string)
                }
            }
        } catch {
            if isNamed { try? folder.removeFile(temporaryName) }
            throw error
        }
    }

    deinit { discard() }

    /// Whether anything stands at that path.
    static func isTaken(_ path: FilePath) -> Bool {
        var status = stat()
        return unsafe path.withPlatformString { unsafe lstat($0, &status) } == 0
    }

    /// - Throws: ``BundleError`` `.diskFull` before the reserve would be touched, `.misuse` after ``publish()``.
    public func write(_ bytes: ArraySlice<UInt8>) throws(BundleError) {
        guard !published else { throw BundleError(.misuse, path.string, "is written to after its end") }
        try diskGuard.check(file, adding: bytes.count, subject: path.string)
        try file.write(bytes, subject: path.string)
        written += bytes.count
    }

    public func write(_ bytes: [UInt8]) throws(BundleError) { try write(bytes[...]) }

    /// For reading back what was written, before it is published; borrowed, and its position is shared with writing.
    public var descriptor: CInt { file.number }

    /// Which file it is, as it is now.
    var mark: FileMark {
        FileMark(path: PathText.absolute(path.string), inode: identity.inode, bytes: written)
    }

    /// Puts the file in its place, durably.
    /// - Throws: ``BundleError`` `.exists` if something came there meanwhile and `replace` is off.
    public func publish() throws(BundleError) {
        guard !published else { return }
        // Some file systems can't sync; that is no reason to lose the bundle.
        guard fsync(file.number) == 0 || errno == EINVAL || errno == ENOSYS else {
            throw BundleError(errno: errno, path.string)
        }
        if !isNamed, !replace {
            try folder.give(file, name: name)
            published = true
            return folder.sync()
        }
        if !isNamed {
            try folder.give(file, name: temporaryName)
            isNamed = true
        }
        guard isStillOurs else {
            throw BundleError(.unsafePlace, path.string, "its temporary file was exchanged by somebody")
        }
        if replace {
            try folder.rename(temporaryName, to: name)
        } else {
            try placeWithoutReplacing()
        }
        published = true
        folder.sync()
    }

    /// Removes the temporary file; does nothing once published.
    public func discard() {
        guard !published else { return }
        published = true
        if isNamed, isStillOurs { try? folder.removeFile(temporaryName) }
    }

    /// Takes a published file back, as when one of several that belong together could not be written.
    func withdraw() {
        guard published else { return discard() }
        var status = stat()
        if unsafe fstatat(folder.descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
            UInt64(status.st_dev) == identity.device, UInt64(status.st_ino) == identity.inode
        {
            try? folder.removeFile(name)
        }
    }

    /// The bytes written so far, from any place.
    func bytes() throws(BundleError) -> FileBytes {
        let number = fcntl(file.number, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw BundleError(errno: errno, path.string) }
        return try FileBytes(owning: Descriptor(owning: number), name: path.string)
    }

    /// A hard link fails where the name is taken: the portable way not to replace (renameat2 is a GNU extension).
    private func placeWithoutReplacing() throws(BundleError) {
        let descriptor = folder.descriptor.number
        if unsafe linkat(descriptor, temporaryName, descriptor, name, 0) == 0 {
            try folder.removeFile(temporaryName)
            return
        }
        let number = errno
        guard number == EPERM || number == EOPNOTSUPP || number == ENOSYS else {
            throw BundleError(errno: number, path.string)
        }
        // No hard links on this file system (FAT, some shares): reserve the name, then take our own file's place.
        _ = try folder.makeFile(name)
        try folder.rename(temporaryName, to: name)
    }

    private var isStillOurs: Bool {
        var status = stat()
        return unsafe fstatat(folder.descriptor.number, temporaryName, &status, AT_SYMLINK_NOFOLLOW) == 0
            && UInt64(status.st_dev) == identity.device && UInt64(status.st_ino) == identity.inode
    }
}

/// Random bytes of the system's generator, in hex.
func randomHex(_ count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return hex((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
}

/// Lower-case hex.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
