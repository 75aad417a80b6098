internal import Glibc

/// Words of memory for tables, all 0 at first.
///
/// It lies outside of what the language counts and copies, and large ones in huge pages where the system has them: a
/// table that is read at random places waits for memory, and for less of it when its addresses are few.
@safe struct WordTable<Word: FixedWidthInteger>: ~Copyable, @unchecked Sendable {
    private static var hugePage: Int { 2 << 20 }

    private let start: UnsafeMutablePointer<Word>
    let count: Int
    private let isMapped: Bool
    /// Bytes at the front that were given back.
    private var returned = 0

    init(count: Int) {
        self.count = count
        let bytes = count * MemoryLayout<Word>.stride
        let mapped =
            bytes < Self.hugePage
            ? nil : unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        if let mapped = unsafe mapped, unsafe mapped != MAP_FAILED {
            // Only advice: without huge pages all is the same but slower.
            _ = unsafe madvise(mapped, bytes, MADV_HUGEPAGE)
            unsafe start = mapped.bindMemory(to: Word.self, capacity: count)
            isMapped = true
        } else {
            unsafe start = .allocate(capacity: count)
            unsafe start.initialize(repeating: 0, count: count)
            isMapped = false
        }
    }

    deinit {
        if isMapped {
            _ = unsafe munmap(start, count * MemoryLayout<Word>.stride)
        } else {
            unsafe start.deallocate()
        }
    }

    subscript(index: Int) -> Word {
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

    /// The words, good as long as the table lives.
    var words: UnsafePointer<Word> { unsafe UnsafePointer(start) }

    /// Gives memory before `index` back to the system, a huge page at a time; what stood there is 0 afterwards.
    mutating func drop(before index: Int) {
        let bytes = index * MemoryLayout<Word>.stride / Self.hugePage * Self.hugePage
        guard isMapped, bytes > returned else { return }
        _ = unsafe madvise(UnsafeMutableRawPointer(start) + returned, bytes - returned, MADV_DONTNEED)
        returned = bytes
    }
}
