import Testing

@testable import Logs

/// The searches that look at many bytes at once, beside simple ones.
@Suite("Searching in bytes")
struct ByteSearchTests {
    /// Few different bytes, so that needles stand in them often and nearly.
    private static func bytes(_ count: Int, of kinds: UInt8, _ dice: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in 0x30 + UInt8.random(in: 0..<kinds, using: &dice) }
    }

    @Test("finds a needle where a simple search finds it", arguments: [UInt8(2), 4, 10])
    func needles(kinds: UInt8) {
        var dice = SeededGenerator(seed: UInt64(kinds))
        for _ in 0..<2000 {
            let text = Self.bytes(Int.random(in: 0...90, using: &dice), of: kinds, &dice)
            let needle = Self.bytes(Int.random(in: 1...12, using: &dice), of: kinds, &dice)
            let start = Int.random(in: 0...max(0, text.count - 1), using: &dice)
            let last = text.count - needle.count
            let simple = (start..<max(start, last + 1)).first { text[$0..<$0 + needle.count].elementsEqual(needle) }
            #expect(text.span.firstIndex(of: needle, from: start) == simple, "\(needle) in \(text) from \(start)")
        }
    }

    @Test("counts a byte, more often than a byte can tell")
    func counts() {
        var dice = SeededGenerator(seed: 3)
        for count in [0, 1, 15, 16, 17, 100, 4_079, 4_080, 4_081, 20_000] {
            let text = Self.bytes(count, of: 2, &dice)
            #expect(text.span.count(of: 0x30, in: 0..<count) == text.count { $0 == 0x30 })
            #expect([UInt8](repeating: 7, count: count).span.count(of: 7, in: 0..<count) == count)
            let part = count / 3..<count / 2
            #expect(text.span.count(of: 0x31, in: part) == text[part].count { $0 == 0x31 })
        }
    }
}
