internal import Platform
internal import Synchronization

/// Threads that pack blocks into gzip members. They end with the pool.
final class GzipPool: Sendable {
    /// Bytes of a block before it is packed: larger ones gain nothing in size, smaller ones lose some.
    static let blockBytes = 1 << 20
    static let maxThreads = 64

    /// A block on its way.
    final class Block: Sendable {
        private enum Content {
            case plain([UInt8])
            case packed([UInt8])
        }
        private let content: Mutex<Content>
        private let done = Semaphore()

        init(_ plain: [UInt8]) { content = Mutex(.plain(plain)) }

        func pack(by packer: BlockPacker) {
            let plain = content.withLock { content in
                guard case .plain(let bytes) = content else { return [UInt8]() }
                content = .packed([])
                return bytes
            }
            let member = packer.pack(plain)
            content.withLock { $0 = .packed(member) }
            done.signal()
        }

        /// Waits for the member. Called once.
        func take() -> [UInt8] {
            done.wait()
            return content.withLock { content in
                guard case .packed(let bytes) = content else { return [] }
                content = .packed([])
                return bytes
            }
        }
    }

    /// What the threads share; they must not keep the pool itself alive.
    private final class Queue: Sendable {
        private struct State {
            var blocks: [Block] = []
            var isOver = false
        }
        private let state = Mutex(State())
        private let changed = Semaphore()

        func add(_ block: Block) {
            state.withLock { $0.blocks.append(block) }
            changed.signal()
        }

        func end(_ threads: Int) {
            state.withLock { $0.isOver = true }
            for _ in 0..<threads { changed.signal() }
        }

        /// The oldest block; nil when there will be no more.
        func next() -> Block? {
            while true {
                changed.wait()
                let (block, isOver) = state.withLock { state in
                    (state.blocks.isEmpty ? nil : state.blocks.removeFirst(), state.isOver)
                }
                if block != nil || isOver { return block }
            }
        }
    }

    let threads: Int
    private let queue = Queue()
    /// For a process that may have no more threads: blocks are packed by whoever brings them.
    private let ownPacker: Mutex<Packer?>

    /// - Parameters:
    ///   - level: 1 (fast) to 12 (small).
    ///   - threads: at least 1 is used, at most ``maxThreads``.
    /// - Throws: ``BundleError`` when there is no memory for it.
    init(level: Int, threads: Int) throws(BundleError) {
        self.threads = max(1, min(threads, GzipPool.maxThreads))
        var started = 0
        for _ in 0..<self.threads {
            let packer = Packer(try BlockPacker(level: level))
            let isStarted = Blocking.start { [queue] in
                while let block = queue.next() { block.pack(by: packer.value) }
            }
            if isStarted { started += 1 }
        }
        ownPacker = Mutex(started > 0 ? nil : Packer(try BlockPacker(level: level)))
    }

    deinit { queue.end(threads) }

    func submit(_ block: Block) {
        let isPacked = ownPacker.withLock { packer in
            packer.map { block.pack(by: $0.value) } != nil
        }
        if !isPacked { queue.add(block) }
    }

    /// Hands a packer over to the one thread that uses it.
    private struct Packer: @unchecked Sendable {
        let value: BlockPacker
        init(_ value: BlockPacker) { self.value = value }
    }
}
