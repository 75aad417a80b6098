/// The part of a stream that may still be looked at, in one block of memory.
///
/// Positions count from the start of the stream. The block moves when it grows and when its front is dropped, so a
/// ``Window`` is good only until the next call that changes the buffer.
@safe final class InputBuffer {
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Index in memory of the first byte that is still needed.
    private var front = 0
    private var back = 0
    /// Position of the first byte that is still needed.
    private(set) var base = 0

    init(capacity: Int = 1 << 12) {
        self.capacity = capacity
        unsafe memory = .allocate(capacity: capacity)
    }

    deinit {
        // What was here may be secret: nothing of it stays in freed memory.
        unsafe memory.update(repeating: 0, count: capacity)
        unsafe memory.deallocate()
    }

    subscript(position: Int) -> UInt8 {
        precondition(position >= base && position < end)
        return unsafe memory[front + (position - base)]
    }

    /// Position after the last byte.
    var end: Int { base + back - front }

    func append(_ bytes: ArraySlice<UInt8>) {
        makeRoom(bytes.count)
        unsafe bytes.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { unsafe (memory + back).update(from: start, count: source.count) }
        }
        back += bytes.count
    }

    /// Forgets the bytes before `position`.
    func drop(before position: Int) {
        let count = min(max(0, position - base), back - front)
        front += count
        base += count
    }

    /// The bytes of `range`, which must lie in the buffer.
    func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        precondition(range.lowerBound >= base && range.upperBound <= end)
        return unsafe UnsafeBufferPointer(start: memory + front + (range.lowerBound - base), count: range.count)
    }

    /// What a recogniser may see between `lower` and `upper`, as far as it is here.
    func window(_ lower: Int, _ upper: Int, isEnd: Bool) -> Window {
        let low = min(max(lower, base), end)
        let high = max(low, min(upper, end))
        return unsafe Window(start: memory + front + (low - base), lower: low, upper: high, isEnd: isEnd)
    }

    private func makeRoom(_ count: Int) {
        guard back + count > capacity else { return }
        let used = back - front
        // A quarter stays free for what comes next: a full block would be moved for every byte.
        if used + count <= capacity / 4 * 3 {
            unsafe memory.update(from: memory + front, count: used)
        } else {
            var larger = capacity
            while larger < used + count { larger *= 2 }
            let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
            unsafe fresh.update(from: memory + front, count: used)
            unsafe memory.update(repeating: 0, count: capacity)
            unsafe memory.deallocate()
            unsafe memory = fresh
            capacity = larger
        }
        front = 0
        back = used
    }
}
