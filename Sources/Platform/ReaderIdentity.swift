internal import CPlatform
internal import Glibc

/// The user as whom a node's files are opened and Edge's own tools run.
///
/// Log folders are writable by user `apigee`: what root would open there, a planted link could choose. The kernel's
/// per-thread file-system identity (setfsuid(2)) lets one thread open a file with that user's rights while the
/// process stays root for tcpdump; no helper process, no protocol, and nothing to attack in between.
public struct ReaderIdentity: Sendable, Equatable {
    public let user: UInt32
    public let group: UInt32
    public let groups: [UInt32]
    public let name: String
    public let home: String

    /// The user to read as when running as root over the tree below `root`, or `nil` to read as oneself.
    ///
    /// That is the owner of `/opt/apigee`; where root owns it, user `apigee`; where that user does not exist or can't
    /// enter the tree, nobody but root can have planted anything in it and root reads it.
    public static func forTree(root: String) -> ReaderIdentity? {
        guard geteuid() == 0 else { return nil }
        var status = stat()
        let tree = root == "/" ? "/opt/apigee" : root + "/opt/apigee"
        if unsafe stat(tree, &status) == 0, status.st_uid != 0 {
            return lookUp(user: status.st_uid)
        }
        guard let identity = lookUp(name: "apigee"), identity.canList(tree) else { return nil }
        return identity
    }

    private func canList(_ folder: String) -> Bool {
        let listed = try? perform { () -> Bool in
            let descriptor = unsafe cp_openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
            if descriptor >= 0 { close(descriptor) }
            return descriptor >= 0
        }
        return listed ?? false
    }

    /// The user of that name, or `nil`.
    public static func lookUp(name: String) -> ReaderIdentity? {
        guard let entry = unsafe getpwnam(name) else { return nil }
        return unsafe make(entry.pointee)
    }

    public static func lookUp(user: UInt32) -> ReaderIdentity {
        if let entry = unsafe getpwuid(user) { return unsafe make(entry.pointee) }
        return ReaderIdentity(user: user, group: user, groups: [user], name: String(user), home: "/")
    }

    private static func make(_ entry: passwd) -> ReaderIdentity {
        var count: Int32 = 64
        var list = [gid_t](repeating: 0, count: Int(count))
        if unsafe getgrouplist(entry.pw_name, entry.pw_gid, &list, &count) < 0 { list = unsafe [entry.pw_gid] }
        let groups = Array(list.prefix(Int(max(count, 1))))
        return unsafe ReaderIdentity(
            user: entry.pw_uid, group: entry.pw_gid, groups: groups, name: String(cString: entry.pw_name),
            home: String(cString: entry.pw_dir))
    }

    /// Runs `body` with this user's rights on files. `body` must not suspend or start threads.
    ///
    /// Throws ``PlatformError`` when the identity can't be taken on; the process ends when it can't be given back,
    /// since going on with the wrong rights would be worse than stopping.
    public func perform<R>(_ body: () throws -> R) throws -> R {
        var own = [gid_t](repeating: 0, count: 256)
        let ownCount = unsafe getgroups(256, &own)
        let failure = unsafe cp_set_thread_fs_identity(user, group, groups, groups.count)
        defer {
            if unsafe cp_set_thread_fs_identity(geteuid(), getegid(), own, Int(max(ownCount, 0))) != 0 {
                _exit(5)
            }
        }
        if failure != 0 { throw PlatformError(errno: failure, "user \(name)") }
        return try body()
    }
}

/// The user who called, also through sudo: who owns what is written.
public struct CallingUser: Sendable, Equatable {
    public let user: UInt32
    public let group: UInt32
    public let name: String
    public let isRoot: Bool

    public static func current() -> CallingUser {
        let effective = geteuid()
        if effective == 0, let user = environment("SUDO_UID").flatMap({ UInt32($0) }),
            let group = environment("SUDO_GID").flatMap({ UInt32($0) })
        {
            return CallingUser(user: user, group: group, name: ReaderIdentity.lookUp(user: user).name, isRoot: true)
        }
        return CallingUser(
            user: effective, group: getegid(), name: ReaderIdentity.lookUp(user: effective).name,
            isRoot: effective == 0)
    }
}

/// The value of an environment variable, or `nil`.
public func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}
