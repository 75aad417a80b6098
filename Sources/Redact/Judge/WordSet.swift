/// A set of words in any case of letters, asked for slices of bytes without making a copy of them.
struct WordSet: Sendable {
    /// The hashes of the words, each at its place or as soon behind it as one was free; 0 where none is. Half are free.
    private var slots: [UInt64] = []
    private var count = 0

    init() {}

    init(_ words: some Sequence<String>) {
        for word in words { insert(Self.hash(word.utf8)) }
    }

    mutating func formUnion(_ other: WordSet) {
        for hash in other.slots where hash != 0 { insert(hash) }
    }

    func contains(_ word: some Sequence<UInt8>) -> Bool { contains(hash: Self.hash(word)) }

    private mutating func insert(_ hash: UInt64) {
        if contains(hash: hash) { return }
        if (count + 1) * 2 > slots.count {
            let old = slots
            slots = [UInt64](repeating: 0, count: max(8, old.count * 2))
            for hash in old where hash != 0 { place(hash) }
        }
        place(hash)
        count += 1
    }

    private mutating func place(_ hash: UInt64) {
        var slot = Int(truncatingIfNeeded: hash >> 1) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = hash
    }

    private func contains(hash: UInt64) -> Bool {
        guard count > 0 else { return false }
        var slot = Int(truncatingIfNeeded: hash >> 1) & (slots.count - 1)
        while slots[slot] != hash {
            if slots[slot] == 0 { return false }
            slot = (slot + 1) & (slots.count - 1)
        }
        return true
    }

    /// True for the bytes of a window from `start` up to `end`.
    func contains(in window: Window, _ start: Int, _ end: Int) -> Bool {
        var hash = Self.seed
        for position in start..<max(start, end) { hash = Self.step(hash, window[position]) }
        return contains(hash: hash | 1)
    }

    /// Fowler, Noll and Vo's hash, variant 1a, of the letters in lower case.
    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte.lowercased)) &* 0x100_0000_01B3
    }

    private static func hash(_ word: some Sequence<UInt8>) -> UInt64 { word.reduce(seed, step) | 1 }
}
