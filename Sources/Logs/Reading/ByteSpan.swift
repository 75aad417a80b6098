import CBytes
import Glibc

/// Searching in bytes, through the C library where that is many times faster.
extension Span where Element == UInt8 {
    /// The index of the first such byte at or after `start`.
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start >= 0, start < count else { return nil }
        return unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                let hit = unsafe memchr(base + start, CInt(byte), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        }
    }

    /// How often the byte occurs in a range.
    func count(of byte: UInt8, in range: Range<Int>) -> Int {
        let part = extracting(range.clamped(to: 0..<count))
        return unsafe part.withUnsafeBufferPointer { bytes in
            unsafe bytes.baseAddress.map { unsafe collect_count($0, bytes.count, byte) } ?? 0
        }
    }

    /// The index of the last such byte before `end`.
    func lastIndex(of byte: UInt8, before end: Int) -> Int? {
        guard end > 0, end <= count else { return nil }
        return unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, let hit = unsafe memrchr(base, CInt(byte), end) else { return nil }
            return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        }
    }

    /// The index of the first occurrence of `needle` at or after `start`.
    func firstIndex(of needle: [UInt8], from start: Int = 0) -> Int? {
        guard start >= 0, start < count, !needle.isEmpty else { return nil }
        return unsafe withUnsafeBufferPointer { buffer in
            unsafe needle.withUnsafeBufferPointer { needle in
                guard let base = buffer.baseAddress, let word = needle.baseAddress else { return nil }
                let length = buffer.count - start
                let place = unsafe collect_find(base + start, length, word, needle.count)
                return place < length ? start + place : nil
            }
        }
    }

    func hasPrefix(_ text: StaticString, at start: Int) -> Bool {
        guard start >= 0, text.utf8CodeUnitCount <= count - start else { return false }
        return unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            return unsafe memcmp(base + start, text.utf8Start, text.utf8CodeUnitCount) == 0
        }
    }

    func hasPrefix(_ text: [UInt8], at start: Int) -> Bool {
        guard start >= 0, text.count <= count - start else { return false }
        for index in text.indices where self[start + index] != text[index] {
            return false
        }
        return true
    }

    /// The number written with exactly so many digits.
    func number(at start: Int, digits: Int) -> Int? {
        guard start >= 0, start + digits <= count else { return nil }
        var number = 0
        for index in start..<start + digits {
            guard self[index].isDigit else { return nil }
            number = number * 10 + Int(self[index] - 0x30)
        }
        return number
    }

    /// Whether no letter or digit stands at the index.
    func isWordEnd(at index: Int) -> Bool {
        index >= count || !(self[index].isDigit || self[index].isLetter)
    }

    /// The text of a range, at most `limit` bytes of it, invalid UTF-8 replaced.
    func text(_ range: Range<Int>, limit: Int = Int.max) -> String {
        let bounded = range.clamped(to: 0..<count)
        return String(
            decoding: bytes(bounded.lowerBound..<bounded.lowerBound + Swift.min(bounded.count, limit)), as: UTF8.self)
    }

    /// A copy of a range.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        let part = extracting(range.clamped(to: 0..<count))
        return unsafe part.withUnsafeBufferPointer { unsafe Array($0) }
    }
}

extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    /// Space, tab, line feed, carriage return.
    var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

    static let lineFeed: UInt8 = 0x0A
}
