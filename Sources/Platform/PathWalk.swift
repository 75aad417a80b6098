internal import CPlatform
internal import Glibc

/// Resolves a path below a root folder name by name, as chroot(2) would, but without its rights: a link's target and
/// `..` never lead out of the root. Works on every kernel, unlike openat2(2) with RESOLVE_IN_ROOT.
struct PathWalk: ~Copyable {
    /// O_PATH, which the Glibc module does not import (a GNU extension).
    private static let openPathOnly: Int32 = 0o10000000
    private var folders: [Int32]

    /// - Parameter root: the root folder (O_PATH); closed with the walk.
    init(root: Int32) { folders = [root] }

    /// Opens a root folder with the process's own rights: it is the operator who named it, and what lies above it is
    /// of no concern to whoever owns what lies below.
    static func openRoot(_ root: String) throws(PlatformError) -> Int32 {
        let descriptor = unsafe cp_openat(AT_FDCWD, root, PathWalk.openPathOnly | O_DIRECTORY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw PlatformError(errno: errno, root) }
        return descriptor
    }

    mutating func close() {
        for folder in folders { Glibc.close(folder) }
        folders = []
    }

    /// The folder that holds the last name of `path`, and that name.
    mutating func parent(of path: String) throws(PlatformError) -> (Int32, String) {
        var names = PathWalk.names(path)
        guard let last = names.popLast(), last != ".." else {
            throw PlatformError(.notRegular, path, "is not a regular file")
        }
        return (try walk(names, path), last)
    }

    /// The folder at `path` (O_PATH).
    mutating func folder(_ path: String) throws(PlatformError) -> Int32 { try walk(PathWalk.names(path), path) }

    private static func names(_ path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: true).map(String.init).filter { $0 != "." }
    }

    private mutating func walk(_ names: [String], _ path: String) throws(PlatformError) -> Int32 {
        var waiting = Array(names.reversed())
        var links = 0
        while let name = waiting.popLast() {
            if name == ".." {
                if folders.count > 1 { Glibc.close(folders.removeLast()) }
                continue
            }
            let descriptor = unsafe cp_openat(
                folders[folders.count - 1], name, PathWalk.openPathOnly | O_NOFOLLOW | O_CLOEXEC, 0)
            guard descriptor >= 0 else { throw PlatformError(errno: errno, path) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else {
                let number = errno
                Glibc.close(descriptor)
                throw PlatformError(errno: number, path)
            }
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR {
                folders.append(descriptor)
                continue
            }
            guard kind == S_IFLNK else {
                Glibc.close(descriptor)
                throw PlatformError(errno: ENOTDIR, path)
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe readlinkat(descriptor, "", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
            }
            Glibc.close(descriptor)
            links += 1
            guard count > 0, count < buffer.count, links <= 40 else {
                throw PlatformError(.symbolicLink, path, "has too many or broken symbolic links")
            }
            let target = String(decoding: buffer[..<count], as: UTF8.self)
            if target.hasPrefix("/") {
                while folders.count > 1 { Glibc.close(folders.removeLast()) }
            }
            waiting.append(contentsOf: PathWalk.names(target).reversed())
        }
        return folders[folders.count - 1]
    }
}
