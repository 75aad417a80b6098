internal import Crypto
internal import FoundationEssentials
internal import Glibc
public import SystemPackage

/// Where a run keeps its items until they are packed.
///
/// Two trees below one private folder (0700, random name): sealed files, which hold what still waits for the
/// learned-secrets pass, encrypted under a key that is nowhere but in this value; and finished files, redacted, packed
/// already as they will stand in the bundle. A file counts only when it was closed whole. Free space is looked at before
/// each block.
public final class WorkFolder: Sendable {
    /// Where it lies, for people.
    public let path: FilePath
    private let parent: Folder
    private let name: String
    private let sealed: FileTree
    private let finished: FileTree
    private let key = SymmetricKey(size: .bits256)
    private let diskGuard: DiskGuard
    private let sealedBytes = SealedBytes()
    private let pool: GzipPool
    /// Holds the lock that tells others that the run is at work.
    private let lock: Folder
    private let journal: WorkJournal

    private init(
        parent: Folder, path: FilePath, name: String, folder: Folder, reserve: Int, pool: GzipPool,
        journal: WorkJournal, lock: Folder
    ) throws(BundleError) {
        self.pool = pool
        self.lock = lock
        self.journal = journal
        self.parent = parent
        self.path = path
        self.name = name
        sealed = FileTree(root: try folder.makeFolder("sealed"))
        finished = FileTree(root: try folder.makeFolder("finished"))
        diskGuard = DiskGuard(reserve: reserve)
    }

    /// Makes a new work folder.
    /// - Parameters:
    ///   - parent: must exist, be no link, and not be writable by everybody without the sticky bit.
    ///   - reserve: bytes of disk that must stay free.
    ///   - level: of gzip, 1 (fast) to 12 (small).
    ///   - threads: that pack.
    ///   - note: the journal's first line; the folder gets its name only when this is on the disk.
    public static func create(
        parent: FilePath, reserve: Int, level: Int = BundleWriter.defaultLevel, threads: Int = 1,
        note: [UInt8] = []
    ) throws(BundleError) -> WorkFolder {
        let pool = try GzipPool(level: level, threads: threads)
        let place = try Folder(opening: parent.isEmpty ? "." : parent)
        let status = try place.descriptor.status(subject: parent.string)
        if status.st_mode & S_IWOTH != 0, status.st_mode & S_ISVTX == 0 {
            throw BundleError(
                .unsafePlace, parent.string, "everybody may write there, and exchange files",
                hint: "choose a folder of your own with --work-dir")
        }
        let name = prefix + randomHex(8)
        var made = "." + name
        let fresh = try place.makeFolder(made)
        do throws(BundleError) {
            _ = fresh.lock()
            let journal = try WorkJournal(in: fresh)
            try journal.append(note)
            try place.rename(made, to: name)
            made = name
            let folder = try place.folder(name)
            return try WorkFolder(
                parent: place, path: parent.appending(name), name: name, folder: folder, reserve: reserve,
                pool: pool, journal: journal, lock: fresh)
        } catch {
            try? place.removeTree(made)
            throw error
        }
    }

    private static let prefix = "apigee-collect-"

    /// Whether a folder's name is one that ``create(parent:reserve:level:threads:note:)`` gives.
    static func isName(_ name: String) -> Bool {
        name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + 16
            && name.utf8.dropFirst(prefix.utf8.count).allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }

    /// Adds a line to the journal, durably.
    public func note(_ line: [UInt8]) throws(BundleError) { try journal.append(line) }

    /// Removes the folder with all that is in it; the journal goes last, so that a run that is killed now can still be
    /// told from one that was not finished.
    public func remove() throws(BundleError) { try parent.removeTree(name, last: WorkJournal.name) }

    // MARK: Sealed items

    /// Starts a sealed file.
    /// - Parameter path: relative, see ``BundlePath``; each is used once.
    public func makeSealedItem(_ path: String) throws(BundleError) -> SealedWriter {
        let new = try sealed.make(path)
        return try SealedWriter(
            tree: sealed, new: new, path: path, seal: Seal(workKey: key, salt: Seal.freshSalt(), path: path),
            diskGuard: diskGuard, total: sealedBytes, isThreaded: pool.threads > 1)
    }

    /// Opens a sealed file that was closed.
    public func openSealedItem(_ path: String) throws(BundleError) -> SealedReader {
        let file = try sealed.open(path)
        let salt = try file.read(upTo: Seal.saltBytes, subject: path)
        guard salt.count == Seal.saltBytes else {
            throw BundleError(.sealBroken, path, "the sealed file is cut off")
        }
        return SealedReader(file: file, path: path, seal: Seal(workKey: key, salt: salt, path: path))
    }

    public func removeSealed(_ path: String) throws(BundleError) { try sealed.remove(path) }

    /// Sealed files that are whole, in the order of their paths' bytes.
    public func sealedItems() -> [String] { sealed.list().map(\.path) }

    // MARK: Finished files

    /// Starts a finished file, mode 0600.
    /// - Parameter path: its path in the bundle.
    public func makeFinished(_ path: String) throws(BundleError) -> FinishedWriter {
        FinishedWriter(tree: finished, new: try finished.make(path), path: path, diskGuard: diskGuard, pool: pool)
    }

    /// Finished files that are whole, in the order of their paths' bytes.
    public func finishedFiles() -> [(path: String, digest: FileDigest)] { finished.list() }

    public func digest(ofFinished path: String) -> FileDigest? { finished.stored(path)?.content }

    /// Bytes that a finished file takes on the disk and in the bundle.
    public func packedBytes(ofFinished path: String) -> Int? { finished.stored(path)?.packed?.bytes }

    /// The whole content of a finished file.
    /// - Throws: ``BundleError`` `.tooLarge` when it is more than `limit` bytes.
    public func readFinished(_ path: String, limit: Int = 256 << 20) throws(BundleError) -> [UInt8] {
        let size = finished.stored(path)?.content.bytes ?? 0
        guard size <= limit else {
            throw BundleError(.tooLarge, path, "is larger than \(limit) bytes")
        }
        return try openFinished(path).read(upTo: size)
    }

    /// Opens a finished file to be read piece by piece.
    public func openFinished(_ path: String) throws(BundleError) -> FinishedReader {
        try FinishedReader(file: finished.open(path), path: path, bytes: finished.stored(path)?.content.bytes ?? 0)
    }

    /// The packed bytes of a finished file, block by block.
    /// - Throws: ``BundleError`` `.misuse` if they are not those that were written.
    func copyPacked(_ path: String, to sink: ([UInt8]) throws(BundleError) -> Void) throws(BundleError) {
        let file = try finished.open(path)
        var hash = SHA256()
        var count = 0
        while true {
            let block = try file.read(upTo: 1 << 20, subject: path)
            if block.isEmpty { break }
            hash.update(data: block)
            count += block.count
            try sink(block)
        }
        guard FileDigest(bytes: count, sha256: hex(hash.finalize())) == finished.stored(path)?.packed else {
            throw BundleError(.misuse, path, "changed on disk after it was written", hint: "choose another --work-dir")
        }
    }

    /// Puts a finished file in the place of another one in the same folder.
    public func replaceFinished(_ path: String, by other: String) throws(BundleError) {
        try finished.replace(path, by: other)
    }

    public func removeFinished(_ path: String) throws(BundleError) { try finished.remove(path) }
}
