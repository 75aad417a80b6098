/// Looking around in bytes without ever running out of them.
extension Span where Element == UInt8 {
    /// The byte, or 0 outside.
    func at(_ index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : 0 }

    func has(_ literal: [UInt8], at start: Int) -> Bool {
        guard start >= 0, start + literal.count <= count else { return false }
        for (offset, byte) in literal.enumerated() where self[start + offset] != byte { return false }
        return true
    }

    /// The same for ASCII in any case; `literal` is lower case.
    func hasLowercased(_ literal: [UInt8], at start: Int) -> Bool {
        guard start >= 0, start + literal.count <= count else { return false }
        for (offset, byte) in literal.enumerated() where ASCII.lowercased(self[start + offset]) != byte { return false }
        return true
    }

    /// Where the run of bytes that satisfy `condition` ends, at most `limit` bytes on.
    func end(from start: Int, limit: Int, while condition: (UInt8) -> Bool) -> Int {
        var index = Swift.max(0, start)
        let last = Swift.min(count, index + limit)
        while index < last, condition(self[index]) { index += 1 }
        return index
    }

    func find(_ literal: [UInt8], from start: Int, limit: Int) -> Int? {
        var index = Swift.max(0, start)
        let last = Swift.min(count, index + limit) - literal.count
        while index <= last {
            if has(literal, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// What is written without a break around a part of it, as far as it is here.
    func token(around start: Int, _ count: Int) -> Range<Int> {
        var first = start
        while first > 0, ASCII.isToken(self[first - 1]) { first -= 1 }
        return first..<end(from: start + count, limit: self.count, while: ASCII.isToken)
    }

    func copy(_ range: Range<Int>) -> [UInt8] {
        let clamped = range.clamped(to: 0..<count)
        return clamped.map { self[$0] }
    }
}

enum ASCII {
    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == 0x5f }
    static func isBase64(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == 0x2b || byte == 0x2f }
    static func isBase64URL(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == 0x2d || byte == 0x5f }
    /// Of a token, plain or in an encoding.
    static func isToken(_ byte: UInt8) -> Bool {
        isBase64URL(byte) || isBase64(byte) || [0x2e, 0x7e, 0x3d, 0x25].contains(byte)
    }
    static func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7f }
}

/// Base64 of both alphabets (RFC 4648), as much of it as is valid.
enum Base64Text {
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            guard let value = value(byte) else { break }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5a: byte - 0x41
        case 0x61...0x7a: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2b, 0x2d: 62
        case 0x2f, 0x5f: 63
        default: nil
        }
    }
}
