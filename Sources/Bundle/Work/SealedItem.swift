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
        let total: SealedBytes

        func write(_ chunk: Chunk) throws(BundleError) {
            let sealed = try seal.close(chunk.plain[...], counter: chunk.counter, isLast: chunk.isLast, path: path)
            try write(sealed)
        }

        private func place(_ number: Int) -> Int {
            Seal.saltBytes + number * (Seal.chunkBytes + Seal.tagBytes)
        }

        /// The plain bytes of a chunk that is not the last one.
        func read(_ number: Int) throws(BundleError) -> [UInt8] {
            let sealed = try file.file.read(
                at: place(number), upTo: Seal.chunkBytes + Seal.tagBytes, subject: subject)
            return try seal.open(sealed, counter: UInt64(number), isLast: false, path: path)
        }

        /// Puts a last chunk in the place of another one, which was at least as long. The nonce is not that one's.
        func end(at number: Int, with plain: [UInt8]) throws(BundleError) {
            let sealed = try seal.close(plain[...], counter: UInt64(number), isLast: true, path: path)
            try file.file.replaceTail(from: place(number), by: sealed, subject: subject)
        }

        func write(_ bytes: [UInt8]) throws(BundleError) {
            try diskGuard.check(file.file, adding: total.room(adding: bytes.count), subject: subject)
            try file.file.write(bytes[...], subject: subject)
            total.add(bytes.count)
        }
    }

    /// How far writing has come, and what went wrong.
    private final class Progress: Sendable {
        private let state = Mutex<(chunks: Int, error: BundleError?)>((0, nil))

        /// Chunks that are on the disk, whole.
        var chunks: Int { state.withLock { $0.chunks } }

        func check() throws(BundleError) { if let error = state.withLock({ $0.error }) { throw error } }

        /// Writes a chunk unless something went wrong before.
        func add(_ body: () throws(BundleError) -> Void) throws(BundleError) {
            try state.withLock { state throws(BundleError) in
                if let error = state.error { throw error }
                do throws(BundleError) {
                    try body()
                    state.chunks += 1
                } catch {
                    state.error = error
                    throw error
                }
            }
        }
    }

    private static let mostWaiting = 16

    private let tree: FileTree
    private let sink: Sink
    private let isThreaded: Bool
    private let state = Mutex(State())
    private let progress = Progress()

    init(
        tree: FileTree, new: NewFile, path: String, seal: Seal, diskGuard: DiskGuard, total: SealedBytes,
        isThreaded: Bool
    ) throws(BundleError) {
        self.tree = tree
        self.isThreaded = isThreaded
        sink = Sink(
            file: new, subject: tree.subject(path), seal: seal, path: path, diskGuard: diskGuard, total: total)
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
            try progress.check()
            try tree.commit(
                sink.file, path: sink.path, stored: .init(content: FileDigest(bytes: state.written, sha256: "")))
            state.failed = false
            state.closed = true
            return state.written
        }
    }

    /// Ends the file with what is on the disk already, after a ``BundleError`` `.diskFull`: it needs no more space.
    /// - Parameter border: how much of the last bytes, at most `Seal.chunkBytes` of them, is to be kept; 0 asks for
    ///   the bytes before them instead.
    /// - Returns: its plain size in bytes; 0 if nothing could be kept: then it does not count.
    public func closeEarly(_ border: ([UInt8]) -> Int) throws(BundleError) -> Int {
        try state.withLock { state throws(BundleError) in
            guard !state.closed else { throw BundleError(.misuse, sink.path, "is closed twice") }
            (state.failed, state.closed) = (true, true)
            state.thread?.finish()
            state.thread = nil
            var last = progress.chunks - 1
            while last >= 0 {
                let plain = try sink.read(last)
                let kept = max(0, min(border(plain), plain.count))
                if kept > 0 {
                    try sink.end(at: last, with: Array(plain.prefix(kept)))
                    let bytes = last * Seal.chunkBytes + kept
                    try tree.commit(
                        sink.file, path: sink.path, stored: .init(content: FileDigest(bytes: bytes, sha256: "")))
                    return bytes
                }
                last -= 1
            }
            return 0
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
        guard let thread = state.thread else {
            return try progress.add { () throws(BundleError) in try sink.write(chunk) }
        }
        try progress.check()
        thread.bring(chunk)
    }

    private func makeThread() -> SerialThread<Chunk>? {
        SerialThread(mostWaiting: SealedWriter.mostWaiting) { [sink, progress] chunk in
            try? progress.add { () throws(BundleError) in try sink.write(chunk) }
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
