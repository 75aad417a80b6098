internal import Archive
internal import Glibc
public import SystemPackage

/// Reads a bundle without unpacking it, in bounded memory, whatever it holds.
///
/// Where the bundle has an index, a single entry is read without what stands before it; else each call is one pass.
public final class BundleReader {
    /// For a bundle, which is only ever streamed. Captures full of zeros shrink a lot, so the ratio counts only from
    /// the first gigabyte on.
    static let limits = ArchiveLimits(entries: 100_000, totalBytes: 64 << 30, ratio: 250, ratioFloor: 1 << 30)

    /// For error messages.
    public let name: String
    let bytes: any BundleBytes
    private var index: Index = .unread

    private enum Index {
        case unread
        case missing
        case read([(row: BundleIndex.Row, entry: BundleEntry)])
    }

    /// Opens a bundle, a split one by any of its parts.
    /// - Parameter identities: that may open it if it is encrypted.
    /// - Throws: ``BundleError`` `.notFound`, `.denied`, `.unsafePlace` if it is no regular file, `.encrypted`.
    public convenience init(path: FilePath, identities: [AgeIdentity] = []) throws(BundleError) {
        let place = try BundlePlace(path)
        let bytes =
            place.isEncrypted ? try AgeBytes(place.outer, identities: identities, name: path.string) : place.outer
        self.init(bytes, name: path.string)
    }

    /// - Parameter descriptor: of a regular file, read from its start; borrowed: it is duplicated.
    public convenience init(descriptor: CInt, name: String) throws(BundleError) {
        let number = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw BundleError(errno: errno, name) }
        self.init(try FileBytes(owning: Descriptor(owning: number), name: name), name: name)
    }

    init(_ bytes: any BundleBytes, name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// The name of the top folder.
    public func topFolder() throws(BundleError) -> String {
        if let first = try indexed()?.first {
            return String(decoding: first.row.entry.pathBytes.dropLast(), as: UTF8.self)
        }
        var top = ""
        try walk { _, _, folder in
            top = folder
            return false
        }
        return top
    }

    /// Files and folders, in the archive's order, without the top folder itself.
    public func entries() throws(BundleError) -> [BundleEntry] {
        if let indexed = try indexed() { return indexed.map(\.entry).filter { !$0.path.isEmpty } }
        var result: [BundleEntry] = []
        try walk { entry, _, _ in
            if !entry.path.isEmpty { result.append(entry) }
            return true
        }
        return result
    }

    /// The manifest, read strictly.
    /// - Throws: ``BundleError`` when it is missing, damaged, or of a newer schema.
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
        if let indexed = try indexed() {
            let wanted = indexed.first { $0.entry.path == path && !$0.entry.isFolder }
            if let wanted, try copy(wanted.row, to: sink) { return }
        }
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

    /// The entry of a row of the index; false if it is not there.
    private func copy(
        _ row: BundleIndex.Row, to sink: ([UInt8]) throws(BundleError) -> Void
    ) throws(BundleError) -> Bool {
        // A broken place is for the whole pass to tell.
        guard let archive = try? openArchive(at: row.offset), let entry = try? archive.next(),
            entry.pathBytes == row.entry.pathBytes, entry.kind == .file, !entry.isSparse, entry.size == row.entry.size
        else { return false }
        let content = BundleContent(archive: archive, name: name)
        while let piece = try content.next() { try sink(piece) }
        return true
    }

    /// The row of a file, if there is an index.
    func indexRow(_ path: String) throws(BundleError) -> BundleIndex.Row? {
        try indexed()?.first { $0.entry.path == path && !$0.entry.isFolder }?.row
    }

    /// What the index says, if there is one that keeps the rules.
    private func indexed() throws(BundleError) -> [(row: BundleIndex.Row, entry: BundleEntry)]? {
        if case .unread = index {
            index = .missing
            if let (_, found) = try closingAndIndex(), let found {
                var rules = EntryRules()
                var rows: [(row: BundleIndex.Row, entry: BundleEntry)] = []
                for row in found.rows.prefix(BundleReader.limits.entries) {
                    guard case .good(let entry) = rules.judge(row.entry) else { break }
                    rows.append((row, entry))
                }
                if rows.count == found.rows.count, rows.first?.entry.path == "" { index = .read(rows) }
            }
        }
        if case .read(let rows) = index { return rows }
        return nil
    }

    /// The closing member, if there is one, and the index it points to, if that can be read.
    func closingAndIndex() throws(BundleError) -> (ClosingMember, BundleIndex?)? {
        let tail = try bytes.read(
            at: max(0, bytes.count - ClosingMember.maxCount), upTo: ClosingMember.maxCount)
        guard let closing = ClosingMember(endOf: tail) else { return nil }
        let end = bytes.count - closing.count
        guard let offset = closing.indexOffset, offset < end, end - offset <= 32 << 20 else { return (closing, nil) }
        return (closing, BundleIndex(members: try bytes.read(at: offset, upTo: end - offset)))
    }

    /// The archive from its start, or from the header of an entry.
    func openArchive(at offset: Int = 0) throws(BundleError) -> ArchiveReader {
        var position = offset
        do throws(ArchiveError) {
            return try ArchiveReader(name: name, limits: BundleReader.limits) { [bytes] count throws(ArchiveError) in
                do throws(BundleError) {
                    let piece = try bytes.read(at: position, upTo: count)
                    position += piece.count
                    return piece
                } catch {
                    throw ArchiveError(.io, subject: error.subject, reason: error.reason, hint: error.hint)
                }
            }
        } catch {
            throw BundleError(error, name)
        }
    }

    /// The file itself, from its start, packed as it is.
    func forEachBlock(_ body: ([UInt8]) -> Void) throws(BundleError) {
        var position = 0
        while true {
            let block = try bytes.read(at: position, upTo: 1 << 20)
            if block.isEmpty { return }
            position += block.count
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
