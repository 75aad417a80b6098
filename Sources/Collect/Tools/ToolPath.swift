internal import Glibc
internal import Platform

/// Finds programs on PATH; as root only such that nobody but root can replace.
struct ToolPath: Sendable {
    enum Finding: Sendable, Equatable {
        case found(String)
        case missing
        /// There is one, but others could have written it.
        case unsafe(String)
    }

    /// Where system tools live on the supported systems, tried after PATH.
    private static let systemFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    let folders: [String]
    let asRoot: Bool

    /// - Parameter path: the search path; default: PATH of the environment. Where PATH is set it alone counts, so that
    ///   leaving a tool out of it hides the tool.
    init(path: String? = environment("PATH"), asRoot: Bool = geteuid() == 0) {
        let own = (path ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        folders = own.isEmpty ? Self.systemFolders : own
        self.asRoot = asRoot
    }

    func find(_ name: String) -> Finding {
        var refused: String?
        for folder in folders {
            let path = folder + "/" + name
            var status = stat()
            guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, unsafe access(path, X_OK) == 0
            else {
                continue
            }
            if !asRoot || isSafe(path) { return .found(path) }
            refused = refused ?? path
        }
        return refused.map { .unsafe($0) } ?? .missing
    }

    /// Whether the file behind `path`, and every folder on the way to it, belongs to root (or that user), and nobody
    /// else may write it.
    func isSafe(_ path: String, orOwnedBy user: UInt32 = 0) -> Bool {
        guard let resolved = unsafe realpath(path, nil) else { return false }
        defer { unsafe free(resolved) }
        var current = unsafe String(cString: resolved)
        while true {
            var status = stat()
            guard unsafe stat(current, &status) == 0, status.st_uid == 0 || status.st_uid == user else { return false }
            let writable = status.st_mode & (S_IWGRP | S_IWOTH) != 0
            let sticky = status.st_mode & S_ISVTX != 0
            if writable && !(sticky && status.st_mode & S_IFMT == S_IFDIR) { return false }
            if current == "/" { return true }
            let cut = current.lastIndex(of: "/") ?? current.startIndex
            current = cut == current.startIndex ? "/" : String(current[..<cut])
        }
    }
}
