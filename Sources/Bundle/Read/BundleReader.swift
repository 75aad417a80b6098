internal import Archive
internal import Glibc
public import SystemPackage

/// Reads a bundle without unpacking it. Each call is one pass over the archive, in bounded memory, whatever it holds.
public final class BundleReader {
    /// For a bundle, which may hold captures full of zeros: no ratio, since it is only ever streamed.
    static let limits = ArchiveLimits(entries: 100_000, totalBytes: 64 << 30, ratio: Int.max)

    /// For error messages.
    public let name: String
    private let file: Descriptor

    /// - Throws: ``BundleError`` `.notFound`, `.denied`, `.unsafePlace` if it is no regular file.
    public convenience init(path: FilePath) throws(BundleError) {
        let number = unsafe path.withPlatformString {
            unsafe open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        }
        guard number >= 0 else { throw BundleError(errno: errno, path.string) }
        try self.init(owning: Descriptor(owning: number), name: path.string)
    }

    /// - Parameter descriptor: of a regular file, read from its start; borrowed: it is duplicated, its position shared.
    public convenience init(descriptor: CInt, name: String) throws(BundleError) {
        let number = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw BundleError(errno: errno, name) }
        try self.init(owning: Descriptor(owning: number), name: name)
    }

    private init(owning file: Descriptor, name: String) throws(BundleError) {
        guard try file.status(subject: name).st_mode & S_IFMT == S_IFREG else {
            throw BundleError(.unsafePlace, name, "is no regular file")
        }
        self.file = file
        self.name = name
    }

    /// The name of the top folder.
    public func topFolder() throws(BundleError) -> String {
        var top = ""
        try walk { _, _, folder in
            top = folder
            return false
        }
        return top
    }

    /// Files and folders, in the archive's order, without the top folder itself.
    public func entries() throws(BundleError) -> [BundleEntry] {
        var result: [BundleEntry] = []
        try walk { entry, _, _ in
            if !entry.path.isEmpty { result.append(entry) }
            return true
        }
        return result
    }

    public func manifest() throws(BundleError) -> Manifest {
        do throws(BundleError) {
            return try Manifest(decoding: read(Manifest.path, limit: 64 << 20))
        } catch {
            guard error.code == .notFound else { throw error }
            throw BundleError(
                .notABundle, name, "it holds no \(Manifest.path)", hint: "only bundles of apigee-collect are read")
        }
    }

    /// One whole file.
    /// - Parameters:
    ///   - path: below the top folder.
    ///   - limit: more bytes are refused with ``BundleError`` `.tooLarge`.
    public func read(_ path: String, limit: Int) throws(BundleError) -> [UInt8] {
        var all: [UInt8] = []
        try copy(path) { piece throws(BundleError) in
            guard all.count + piece.count <= limit else {
                throw BundleError(.tooLarge, path, "is larger than \(limit) bytes")
            }
            all += piece
        }
        return all
    }

    /// One file, piece by piece.
    /// - Throws: ``BundleError`` `.notFound`, and what `sink` throws.
    public func copy(_ path: String, to sink: ([UInt8]) throws(BundleError) -> Void) throws(BundleError) {
        var found = false
        try walk { entry, content, _ throws(BundleError) in
            guard entry.path == path, !entry.isFolder else { return true }
            found = true
            while let piece = try content.next() { try sink(piece) }
            return false
        }
        if !found { throw BundleError(.notFound, path, "is not in the bundle", hint: "list it with `inspect`") }
    }

    /// Every file with its content, in one pass; `body` returns whether to go on.
    public func forEach(
        _ body: (BundleEntry, BundleContent) throws(BundleError) -> Bool
    ) throws(BundleError) {
        try walk { entry, content, _ throws(BundleError) in
            entry.isFolder ? true : try body(entry, content)
        }
    }

    /// One pass. An entry against the rules ends it with an error.
    private func walk(_ body: (BundleEntry, BundleContent, String) throws(BundleError) -> Bool) throws(BundleError) {
        var rules = EntryRules()
        let archive = try openArchive()
        let content = BundleContent(archive: archive, name: name)
        while let entry = try content.nextEntry() {
            switch rules.judge(entry) {
            case .bad(let path, let problem):
                throw BundleError(
                    .notABundle, name, "entry '\(path)': \(problem)", hint: "`verify` shows all that is wrong with it")
            case .good(let good):
                guard try body(good, content, rules.top ?? "") else { return }
            }
        }
        if rules.top == nil { throw BundleError(.notABundle, name, "it is empty") }
    }

    /// The archive from its start.
    func openArchive() throws(BundleError) -> ArchiveReader {
        guard lseek(file.number, 0, SEEK_SET) >= 0 else { throw BundleError(errno: errno, name) }
        do throws(ArchiveError) {
            return try ArchiveReader(descriptor: file.number, name: name, limits: BundleReader.limits)
        } catch {
            throw BundleError(error, name)
        }
    }

    /// The file itself, from its start, packed as it is.
    func forEachBlock(_ body: ([UInt8]) -> Void) throws(BundleError) {
        guard lseek(file.number, 0, SEEK_SET) >= 0 else { throw BundleError(errno: errno, name) }
        while true {
            let block = try file.read(upTo: 1 << 20, subject: name)
            if block.isEmpty { return }
            body(block)
        }
    }
}

/// The content of the entry at hand, as a stream.
public final class BundleContent {
    private let archive: ArchiveReader
    private let name: String

    init(archive: ArchiveReader, name: String) {
        self.archive = archive
        self.name = name
    }

    /// The next bytes, at most 256 KiB; nil at the end.
    public func next() throws(BundleError) -> [UInt8]? {
        do throws(ArchiveError) {
            let bytes = try archive.read()
            return bytes.isEmpty ? nil : bytes
        } catch {
            throw BundleError(error, name)
        }
    }

    func nextEntry() throws(BundleError) -> ArchiveEntry? {
        do throws(ArchiveError) { return try archive.next() } catch { throw BundleError(error, name) }
    }
}
