internal import Glibc
internal import Platform
internal import SupportBundle
internal import SystemPackage

/// Where the bundle will stand.
struct OutputPlace: Sendable {
    let options: CollectOptions
    let caller: CallingUser

    private var wanted: String { options.output ?? "." }
    private var isFolder: Bool { wanted.hasSuffix("/") || Self.isFolder(wanted) }
    /// Without opening it: also where no file descriptor is left.
    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private var owner: OutputFile.Owner { .init(user: caller.user, group: caller.group) }

    /// Looks whether a bundle can be written there, before anything is collected for it. Leaves nothing.
    /// - Throws: ``CollectError`` `.failed`.
    func check() throws(CollectError) {
        do throws(BundleError) {
            // The bundle's own name is not known yet, and is a new one.
            let path = isFolder ? FilePath(wanted).appending("apigee-support.tar.gz") : FilePath(wanted)
            if !isFolder, let taken = options.delivery.obstacle(path) { throw Self.exists(taken) }
            try OutputFile(path: path, owner: owner, replace: true, reserve: 0).discard()
        } catch {
            throw Self.failed(error)
        }
    }

    /// Opens the bundle's file.
    /// - Parameters:
    ///   - name: of the bundle.
    ///   - existing: the bundle that is written anew, when one is; it keeps its place.
    func make(_ name: String, existing: ExistingBundle?) throws(CollectError) -> OutputFile {
        do throws(BundleError) {
            if let existing { return try OutputFile(path: FilePath(existing.path), owner: owner, replace: true) }
            guard isFolder else { return try file(FilePath(wanted)) }
            let path = FilePath(wanted).appending(name + ".tar.gz")
            // Two runs in one second and folder.
            return try file(isTaken(path) ? FilePath(wanted).appending(name + "-2.tar.gz") : path)
        } catch {
            throw Self.failed(error)
        }
    }

    private func isTaken(_ path: FilePath) -> Bool { options.delivery.obstacle(path) != nil }

    private func file(_ path: FilePath) throws(BundleError) -> OutputFile {
        if let taken = options.delivery.obstacle(path) { throw Self.exists(taken) }
        // What is only on the way to an encrypted or split one takes no place.
        return try open(path, replace: !options.delivery.keepsArchive)
    }

    /// Opens a file of the delivery, and leaves space on its disk to others.
    func open(_ path: FilePath, replace: Bool = false) throws(BundleError) -> OutputFile {
        let total = WorkPlace.total(path.removingLastComponent().string)
        return try OutputFile(path: path, owner: owner, replace: replace, reserve: WorkPlace.reserve(total: total))
    }

    private static func exists(_ path: FilePath) -> BundleError {
        BundleError(.exists, path.string, "exists already", hint: "choose another name with --output")
    }

    private static func failed(_ error: BundleError) -> CollectError {
        CollectError(.failed, "bundle", error.description, hint: error.hint ?? "name another place with -o")
    }
}
