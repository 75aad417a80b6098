/// A set of words in any case of letters, asked for slices of bytes without making a copy of them.
struct WordSet: Sendable {
    private var hashes: Set<UInt64> = []

    init() {}

    init(_ words: some Sequence<String>) {
        for word in words { hashes.insert(Self.hash(word.utf8)) }
    }

    mutating func formUnion(_ other: WordSet) { hashes.formUnion(other.hashes) }

    func contains(_ word: some Sequence<UInt8>) -> Bool { hashes.contains(Self.hash(word)) }

    /// True for the bytes of a window from `start` up to `end`.
    func contains(in window: Window, _ start: Int, _ end: Int) -> Bool {
        var hash = Self.seed
        for position in start..<max(start, end) { hash = Self.step(hash, window[position]) }
        return hashes.contains(hash)
    }

    /// Fowler, Noll and Vo's hash, variant 1a, of the letters in lower case.
    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte.lowercased)) &* 0x100_0000_01B3
    }

    private static func hash(_ word: some Sequence<UInt8>) -> UInt64 { word.reduce(seed, step) }
}
