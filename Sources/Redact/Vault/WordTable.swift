internal import Glibc

/// Words of memory for hash tables, all 0 at first.
///
/// It lies outside of what the language counts and copies, and large ones in huge pages where the system has them: a
/// table that is read at random places waits for memory, and for less of it when its addresses are few.
@safe struct WordTable: ~Copyable, @unchecked Sendable {
    private static let hugePage = 2 << 20

    private let start: UnsafeMutablePointer<UInt64>
    let count: Int

    init(count: Int) {
        let bytes = count * MemoryLayout<UInt64>.stride
        let isLarge = bytes >= Self.hugePage
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? Self.hugePage : 64)
        // Only advice: without huge pages all is the same but slower.
        if isLarge { _ = unsafe madvise(memory, bytes, MADV_HUGEPAGE) }
        unsafe start = memory.initializeMemory(as: UInt64.self, repeating: 0, count: count)
        self.count = count
    }

    deinit { unsafe start.deallocate() }

    subscript(index: Int) -> UInt64 {
        @inline(__always)
        get {
            precondition(index >= 0 && index < count)
            return unsafe start[index]
        }
        @inline(__always)
        nonmutating set {
            precondition(index >= 0 && index < count)
            unsafe start[index] = newValue
        }
    }
}
