internal import Glibc
internal import Synchronization

/// Files under one folder of the work folder. A file counts only from the moment it was closed whole.
final class FileTree: Sendable {
    /// A file that is whole.
    struct Stored: Sendable, Equatable {
        /// Of the content.
        var content: FileDigest
        /// Of the bytes as they lie on the disk, where they are packed.
        var packed: FileDigest?
    }

    private let root: Folder
    private let whole = Mutex<[String: Stored]>([:])

    init(root: Folder) { self.root = root }

    func subject(_ path: String) -> String { root.subject(path) }

    /// Opens a new file under a temporary name.
    func make(_ path: String) throws(BundleError) -> NewFile {
        try BundlePath.check(path)
        if whole.withLock({ $0[path] != nil }) { throw BundleError(.exists, subject(path), "exists already") }
        let (folder, name) = try locate(path, making: true)
        let temporary = ".\(randomHex(8)).partial"
        return NewFile(file: try folder.makeFile(temporary), temporary: temporary, folder: folder, name: name)
    }

    /// The file is whole: gives it its name and counts it.
    func commit(_ new: NewFile, path: String, stored: Stored) throws(BundleError) {
        let isNew = whole.withLock { files in
            guard files[path] == nil else { return false }
            files[path] = stored
            return true
        }
        guard isNew else { throw BundleError(.exists, subject(path), "exists already") }
        do throws(BundleError) {
            try new.folder.rename(new.temporary, to: new.name)
        } catch {
            whole.withLock { files in files[path] = nil }
            throw error
        }
    }

    func open(_ path: String) throws(BundleError) -> Descriptor {
        guard whole.withLock({ $0[path] != nil }) else {
            throw BundleError(.notFound, subject(path), "was not written")
        }
        let (folder, name) = try locate(path, making: false)
        return try folder.openFile(name)
    }

    func remove(_ path: String) throws(BundleError) {
        guard whole.withLock({ $0[path] != nil }) else { return }
        let (folder, name) = try locate(path, making: false)
        try folder.removeFile(name)
        whole.withLock { files in files[path] = nil }
    }

    /// Gives a file the name of another, which is gone then.
    func replace(_ path: String, by other: String) throws(BundleError) {
        let (folder, name) = try locate(path, making: false)
        let (otherFolder, otherName) = try locate(other, making: false)
        guard folder.path == otherFolder.path, stored(path) != nil, let stored = stored(other) else {
            throw BundleError(.notFound, subject(other), "was not written beside it")
        }
        try folder.rename(otherName, to: name)
        whole.withLock { files in
            files[path] = stored
            files[other] = nil
        }
    }

    func stored(_ path: String) -> Stored? { whole.withLock { $0[path] } }

    /// In the order of the paths' bytes.
    func list() -> [(path: String, digest: FileDigest)] {
        whole.withLock { files in files.map { (path: $0.key, digest: $0.value.content) } }
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private func locate(_ path: String, making: Bool) throws(BundleError) -> (Folder, String) {
        var names = path.split(separator: "/").map(String.init)
        let last = names.popLast() ?? path
        var folder = root
        for name in names { folder = making ? try folder.ensureFolder(name) : try folder.folder(name) }
        return (folder, last)
    }
}

/// A file on its way. Without a commit it is removed again.
final class NewFile: Sendable {
    let file: Descriptor
    let temporary: String
    let folder: Folder
    let name: String

    init(file: Descriptor, temporary: String, folder: Folder, name: String) {
        self.file = file
        self.temporary = temporary
        self.folder = folder
        self.name = name
    }

    // After a commit there is nothing of that name, and nothing happens.
    deinit { try? folder.removeFile(temporary) }
}
