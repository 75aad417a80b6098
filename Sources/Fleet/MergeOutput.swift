internal import Collect
internal import Glibc
internal import Platform
internal import SupportBundle
internal import SystemPackage

/// Where the case bundle will stand, and where the work for it is done.
struct MergeOutput: Sendable {
    let options: MergeOptions

    /// Free space that is left to others on the disk.
    private static let reserve = 64 << 20

    private var wanted: String { options.output ?? "." }

    /// Opens the bundle's file.
    func make(_ name: String) throws(BundleError) -> OutputFile {
        let isFolder = wanted.hasSuffix("/") || NodeFilesystem.isFolder(wanted)
        guard isFolder else { return try file(FilePath(wanted)) }
        let path = FilePath(wanted).appending(name + ".tar.gz")
        // Two merges in one second and folder.
        return try file(
            options.delivery.obstacle(path) == nil ? path : FilePath(wanted).appending(name + "-2.tar.gz"))
    }

    private func file(_ path: FilePath) throws(BundleError) -> OutputFile {
        if let taken = options.delivery.obstacle(path) {
            throw BundleError(.exists, taken.string, "exists already", hint: "choose another name with --output")
        }
        return try open(path, replace: !options.delivery.keepsArchive)
    }

    /// Opens a file of the delivery.
    func open(_ path: FilePath, replace: Bool = false) throws(BundleError) -> OutputFile {
        let caller = CallingUser.current()
        return try OutputFile(
            path: path, owner: .init(user: caller.user, group: caller.group), replace: replace, reserve: Self.reserve)
    }

    /// Removes the work folder, also while others still write into it.
    static func clear(_ work: WorkFolder) {
        for _ in 0..<40 {
            if (try? work.remove()) != nil { return }
            usleep(5_000)
        }
    }

    func workFolder() throws(CollectError) -> WorkFolder {
        var last: BundleError?
        for folder in options.workParent.map({ [$0] }) ?? ["/var/tmp", environment("TMPDIR") ?? "/tmp", "."] {
            do throws(BundleError) {
                return try WorkFolder.create(
                    parent: FilePath(folder), reserve: Self.reserve, level: options.level, threads: options.threads)
            } catch {
                last = error
            }
        }
        throw CollectError(
            .failed, "work folder", last?.description ?? "none can be used",
            hint: last?.hint ?? "name one with --work-dir DIR")
    }
}

enum NodeFilesystem {
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
