internal import Crypto
internal import FoundationEssentials
internal import Synchronization

/// Writes one finished file. Dropped without `close()`, it leaves nothing.
public final class FinishedWriter: Sendable {
    private struct State {
        var hash = SHA256()
        var written = 0
        var failed = false
        var digest: FileDigest?
    }

    private let tree: FileTree
    private let new: NewFile
    private let path: String
    private let diskGuard: DiskGuard
    private let state = Mutex(State())

    init(tree: FileTree, new: NewFile, path: String, diskGuard: DiskGuard) {
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
            var rest = bytes
            while !rest.isEmpty {
                let block = rest.prefix(1 << 20)
                rest = rest.dropFirst(block.count)
                try diskGuard.check(new.file, adding: block.count, subject: tree.subject(path))
                try new.file.write(block, subject: tree.subject(path))
                state.hash.update(data: block)
                state.written += block.count
            }
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
            try tree.commit(new, path: path, digest: digest)
            state.failed = false
            state.digest = digest
            return digest
        }
    }
}

/// Reads one finished file piece by piece.
public final class FinishedReader {
    private let file: Descriptor
    private let path: String

    init(file: Descriptor, path: String) {
        self.file = file
        self.path = path
    }

    /// The next bytes, `count` of them but at the end; empty at the end.
    public func read(upTo count: Int = 256 << 10) throws(BundleError) -> [UInt8] {
        try file.read(upTo: max(0, count), subject: path)
    }
}
