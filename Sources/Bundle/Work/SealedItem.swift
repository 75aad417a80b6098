internal import Synchronization

/// Writes one sealed file: no plain byte reaches the disk. Dropped without `close()`, it leaves nothing.
///
/// A long one is sealed and written by a thread of its own, where there are cores for it: an error of the disk shows
/// some chunks later then, at the latest in `close()`.
public final class SealedWriter: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var counter: UInt64 = 0
        var written = 0
        var failed = false
        var closed = false
        var thread: SerialThread<Chunk>?
    }

    private struct Chunk {
        var plain: [UInt8]
        var counter: UInt64
        var isLast: Bool
    }

    /// Seals chunks into the file.
    private struct Sink: Sendable {
        let file: NewFile
        let subject: String
        let seal: Seal
        let path: String
        let diskGuard: DiskGuard

        func write(_ chunk: Chunk) throws(BundleError) {
            let sealed = try seal.close(chunk.plain[...], counter: chunk.counter, isLast: chunk.isLast, path: path)
            try write(sealed)
        }

        func write(_ bytes: [UInt8]) throws(BundleError) {
            try diskGuard.check(file.file, adding: bytes.count, subject: subject)
            try file.file.write(bytes[...], subject: subject)
        }
    }

    /// What went wrong on the thread.
    private final class Failure: Sendable {
        private let error = Mutex<BundleError?>(nil)

        func check() throws(BundleError) { if let error = error.withLock({ $0 }) { throw error } }

        /// Does `body` unless something went wrong before.
        func unlessFailed(_ body: () throws(BundleError) -> Void) {
            error.withLock { error in
                guard error == nil else { return }
                do throws(BundleError) { try body() } catch let problem { error = problem }
            }
        }
    }

    private static let mostWaiting = 16

    private let tree: FileTree
    private let sink: Sink
    private let isThreaded: Bool
    private let state = Mutex(State())
    private let failure = Failure()

    init(
        tree: FileTree, new: NewFile, path: String, seal: Seal, diskGuard: DiskGuard, isThreaded: Bool
    ) throws(BundleError) {
        self.tree = tree
        self.isThreaded = isThreaded
        sink = Sink(file: new, subject: tree.subject(path), seal: seal, path: path, diskGuard: diskGuard)
        try sink.write(seal.salt)
    }

    /// - Throws: ``BundleError`` `.diskFull`, `.inputOutput`; after an error the file can only be dropped.
    public func write(_ bytes: ArraySlice<UInt8>) throws(BundleError) {
        try state.withLock { state throws(BundleError) in
            guard !state.closed, !state.failed else {
                throw BundleError(.misuse, sink.path, "is written to after its end or an error")
            }
            state.failed = true
            var rest = bytes
            while !rest.isEmpty {
                // A full chunk is held back until more comes: the last one is sealed differently.
                if state.pending.count == Seal.chunkBytes { try flush(&state, isLast: false) }
                let taken = rest.prefix(Seal.chunkBytes - state.pending.count)
                state.pending += taken
                rest = rest.dropFirst(taken.count)
            }
            state.failed = false
        }
    }

    public func write(_ bytes: [UInt8]) throws(BundleError) { try write(bytes[...]) }

    /// Ends the file; from now on it counts.
    /// - Returns: its plain size in bytes.
    @discardableResult
    public func close() throws(BundleError) -> Int {
        try state.withLock { state throws(BundleError) in
            guard !state.failed else { throw BundleError(.misuse, sink.path, "is closed after an error") }
            guard !state.closed else { return state.written }
            state.failed = true
            try flush(&state, isLast: true)
            state.thread?.finish()
            state.thread = nil
            try failure.check()
            try tree.commit(
                sink.file, path: sink.path, stored: .init(content: FileDigest(bytes: state.written, sha256: "")))
            state.failed = false
            state.closed = true
            return state.written
        }
    }

    private func flush(_ state: inout State, isLast: Bool) throws(BundleError) {
        let chunk = Chunk(plain: state.pending, counter: state.counter, isLast: isLast)
        state.written += chunk.plain.count
        state.counter += 1
        state.pending = []
        if !isLast { state.pending.reserveCapacity(Seal.chunkBytes) }
        // Not for what is short: most items are.
        if isThreaded, state.thread == nil, !isLast { state.thread = makeThread() }
        guard let thread = state.thread else { return try sink.write(chunk) }
        try failure.check()
        thread.bring(chunk)
    }

    private func makeThread() -> SerialThread<Chunk>? {
        SerialThread(mostWaiting: SealedWriter.mostWaiting) { [sink, failure] chunk in
            failure.unlessFailed { () throws(BundleError) in try sink.write(chunk) }
        }
    }
}

/// Reads one sealed file from its start to its end.
public final class SealedReader {
    private let file: Descriptor
    private let path: String
    private let seal: Seal
    private var counter: UInt64 = 0
    private var ahead: [UInt8]?
    private var ended = false

    init(file: Descriptor, path: String, seal: Seal) {
        self.file = file
        self.path = path
        self.seal = seal
    }

    /// The next plain bytes, at most 64 KiB; nil at the end.
    /// - Throws: ``BundleError`` `.sealBroken` if a byte was changed, chunks are missing or in another order.
    public func read() throws(BundleError) -> [UInt8]? {
        guard !ended else { return nil }
        let size = Seal.chunkBytes + Seal.tagBytes
        let current: [UInt8]
        if let ahead { current = ahead } else { current = try file.read(upTo: size, subject: path) }
        // Only what follows tells whether this chunk is the last.
        let next = try file.read(upTo: size, subject: path)
        ahead = next
        ended = next.isEmpty
        guard current.count >= Seal.tagBytes else {
            throw BundleError(.sealBroken, path, "the sealed file is cut off")
        }
        let plain = try seal.open(current, counter: counter, isLast: ended, path: path)
        counter += 1
        return plain.isEmpty && ended ? nil : plain
    }

    /// All that is left.
    /// - Throws: ``BundleError`` `.tooLarge` when it is more than `limit` bytes.
    public func readAll(limit: Int) throws(BundleError) -> [UInt8] {
        var all: [UInt8] = []
        while let bytes = try read() {
            guard all.count + bytes.count <= limit else {
                throw BundleError(.tooLarge, path, "is larger than \(limit) bytes")
            }
            all += bytes
        }
        return all
    }
}
