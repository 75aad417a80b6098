internal import Archive
internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// Writes one finished file, packed into gzip members as it will stand in the bundle: the content, and the zeros that
/// tar has behind it. Dropped without `close()`, it leaves nothing.
public final class FinishedWriter: Sendable {
    private struct State {
        let members: MemberStream
        var hash = SHA256()
        var written = 0
        var packedHash = SHA256()
        var failed = false
        var digest: FileDigest?
    }

    private let tree: FileTree
    private let new: NewFile
    private let path: String
    private let diskGuard: DiskGuard
    private let state: Mutex<State>

    init(tree: FileTree, new: NewFile, path: String, diskGuard: DiskGuard, pool: GzipPool) {
        state = Mutex(State(members: MemberStream(pool: pool)))
        self.tree = tree
        self.new = new
        self.path = path
        self.diskGuard = diskGuard
    }

    /// - Throws: ``BundleError`` `.diskFull`, `.inputOutput`; after an error the file can only be dropped.
    public func write(_ bytes: ArraySlice<UInt8>) throws(BundleError) {
        try state.withLock { state throws(BundleError) in
            guard state.digest == nil, !state.failed else {
                throw BundleError(.misuse, path, "is written to after its end or an error")
            }
            state.failed = true
            // The bytes may wait for a whole block; that the disk is full shows now.
            try diskGuard.check(new.file, adding: 0, subject: tree.subject(path))
            state.hash.update(data: bytes)
            state.written += bytes.count
            try store(&state) { members, sink throws(BundleError) in try members.append(bytes, to: sink) }
            state.failed = false
        }
    }

    public func write(_ bytes: [UInt8]) throws(BundleError) { try write(bytes[...]) }

    /// Ends the file; from now on it counts.
    @discardableResult
    public func close() throws(BundleError) -> FileDigest {
        try state.withLock { state throws(BundleError) in
            if let digest = state.digest { return digest }
            guard !state.failed else { throw BundleError(.misuse, path, "is closed after an error") }
            let digest = FileDigest(bytes: state.written, sha256: hex(state.hash.finalize()))
            state.failed = true
            let padding = [UInt8](repeating: 0, count: TarParts.padding(after: state.written))
            try store(&state) { members, sink throws(BundleError) in
                try members.append(padding[...], to: sink)
                try members.finish(to: sink)
            }
            let packed = FileDigest(bytes: state.members.packed, sha256: hex(state.packedHash.finalize()))
            // What the journal will say of it must hold after a power cut, too.
            fdatasync(new.file.number)
            try tree.commit(new, path: path, stored: .init(content: digest, packed: packed))
            state.failed = false
            state.digest = digest
            return digest
        }
    }

    private func store(
        _ state: inout State, _ body: (MemberStream, MemberStream.Sink) throws(BundleError) -> Void
    ) throws(BundleError) {
        var hash = state.packedHash
        defer { state.packedHash = hash }
        try body(state.members) { member throws(BundleError) in
            try diskGuard.check(new.file, adding: member.count, subject: tree.subject(path))
            try new.file.write(member[...], subject: tree.subject(path))
            hash.update(data: member)
        }
    }
}

/// Reads one finished file piece by piece.
public final class FinishedReader {
    private let file: Descriptor
    private let path: String
    /// Bytes that are left; behind them stands what tar has behind an entry.
    private var left: Int
    private let stream: GzipStream?
    private var piece: [UInt8] = []

    init(file: Descriptor, path: String, bytes: Int) throws(BundleError) {
        self.file = file
        self.path = path
        left = bytes
        do throws(ArchiveError) {
            stream = bytes == 0 ? nil : try GzipStream(descriptor: file.number, name: path)
        } catch {
            throw BundleError(error, path)
        }
    }

    /// The next bytes, `count` of them but at the end; empty at the end.
    public func read(upTo count: Int = 256 << 10) throws(BundleError) -> [UInt8] {
        let wanted = max(0, min(count, left))
        var result: [UInt8] = []
        guard let stream, wanted > 0 else { return result }
        result.reserveCapacity(wanted)
        while result.count < wanted {
            do throws(ArchiveError) {
                guard try stream.read(into: &piece, upTo: min(wanted - result.count, 1 << 20)) > 0 else { break }
            } catch {
                throw BundleError(error, path)
            }
            result += piece
        }
        guard result.count == wanted else {
            throw BundleError(.misuse, path, "changed on disk after it was written", hint: "choose another --work-dir")
        }
        left -= wanted
        return result
    }
}
