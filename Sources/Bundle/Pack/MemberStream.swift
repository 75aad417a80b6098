/// Cuts bytes into blocks, has them packed by the threads of a pool, and hands on the members in order.
///
/// Memory: 32 blocks at most, and fewer with few threads. What comes out depends on the bytes and the cuts alone, not on the threads.
final class MemberStream {
    typealias Sink = ([UInt8]) throws(BundleError) -> Void

    private let pool: GzipPool
    private var block: [UInt8] = []
    private var flying: [GzipPool.Block] = []
    /// Where each member begins in the packed bytes, in order; those on their way are not in yet.
    private(set) var starts: [Int] = []
    /// Packed bytes handed on.
    private(set) var packed = 0
    /// Members begun, the one that is being filled too.
    private var begun = 0

    /// Enough that the threads don't run dry while a busy machine lets this one wait.
    private var mostFlying: Int { max(pool.threads + 1, min(4 * pool.threads + 4, 31)) }

    init(pool: GzipPool) { self.pool = pool }

    /// - Returns: the number of the member that the next byte will begin; the one at hand is ended.
    func cut(to sink: Sink) throws(BundleError) -> Int {
        if !block.isEmpty {
            let full = GzipPool.Block(block)
            block = []
            begun += 1
            flying.append(full)
            pool.submit(full)
            while flying.count > mostFlying { try land(sink) }
        }
        return begun
    }

    func append(_ bytes: ArraySlice<UInt8>, to sink: Sink) throws(BundleError) {
        var rest = bytes
        while !rest.isEmpty {
            if block.isEmpty { block.reserveCapacity(min(GzipPool.blockBytes, max(rest.count, 4096))) }
            let piece = rest.prefix(GzipPool.blockBytes - block.count)
            block += piece
            rest = rest.dropFirst(piece.count)
            if block.count == GzipPool.blockBytes { _ = try cut(to: sink) }
        }
    }

    /// Ends the member at hand and waits for all of them.
    func finish(to sink: Sink) throws(BundleError) {
        _ = try cut(to: sink)
        while !flying.isEmpty { try land(sink) }
    }

    /// Counts bytes that somebody else has handed on, as whole members; nothing is on its way then.
    func skip(_ count: Int) { packed += count }

    private func land(_ sink: Sink) throws(BundleError) {
        let member = flying.removeFirst().take()
        starts.append(packed)
        packed += member.count
        try sink(member)
    }
}
