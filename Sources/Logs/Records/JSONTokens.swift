/// Reads the tokens of one JSON text one after another, leniently and without recursion.
///
/// The bytes are given with every call, always the same ones.
struct JSONTokens {
    enum Token: Equatable {
        case open(isObject: Bool)
        case close
        case text(String)
        /// A number, `true`, `false` or `null`.
        case literal(String)
    }

    var position = 0

    /// - Parameter limit: bytes of a text or literal that are kept; the rest is skipped.
    /// - Returns: nil at the end, and where the text is no JSON any more.
    mutating func next(_ bytes: Span<UInt8>, limit: Int) -> Token? {
        while position < bytes.count, bytes[position].isSpace || bytes[position] == UInt8(ascii: ",") {
            position += 1
        }
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "{"): return .open(isObject: true)
        case UInt8(ascii: "["): return .open(isObject: false)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): return .close
        case UInt8(ascii: "\""): return text(bytes, limit: limit)
        case UInt8(ascii: "-"),
            _ where byte.isDigit || byte.isLetter:
            let start = position - 1
            while position < bytes.count, Self.isLiteral(bytes[position]) {
                position += 1
            }
            return .literal(bytes.text(start..<position, limit: limit))
        default: return nil
        }
    }

    /// Goes behind a colon; false if none comes next.
    mutating func skipColon(_ bytes: Span<UInt8>) -> Bool {
        var probe = position
        while probe < bytes.count, bytes[probe].isSpace {
            probe += 1
        }
        guard probe < bytes.count, bytes[probe] == UInt8(ascii: ":") else { return false }
        position = probe + 1
        return true
    }

    private static func isLiteral(_ byte: UInt8) -> Bool {
        byte.isDigit || byte.isLetter || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "+")
    }

    /// The rest of a string whose opening quote was read; one without an end goes to the end of the bytes.
    private mutating func text(_ bytes: Span<UInt8>, limit: Int) -> Token {
        var result: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let byte = bytes[position]
            position += 1
            let isEscape = byte == UInt8(ascii: "\\") && position < bytes.count
            if result.count >= limit {
                if isEscape { position += 1 }
            } else if isEscape {
                escape(bytes, into: &result)
            } else {
                result.append(byte)
            }
        }
        position = min(position + 1, bytes.count)
        return .text(String(decoding: result, as: UTF8.self))
    }

    /// RFC 8259, section 7.
    private mutating func escape(_ bytes: Span<UInt8>, into result: inout [UInt8]) {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "u"): result += Array(String(scalar(bytes)).utf8)
        default: result.append(byte)
        }
    }

    /// The code point of `uXXXX`, of two where they are a surrogate pair.
    private mutating func scalar(_ bytes: Span<UInt8>) -> Character {
        guard let unit = hexadecimal(bytes) else { return "\u{FFFD}" }
        if (0xD800..<0xDC00).contains(unit), bytes.hasPrefix("\\u", at: position) {
            let mark = position
            position += 2
            if let low = hexadecimal(bytes), (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            {
                return Character(scalar)
            }
            position = mark
        }
        return Unicode.Scalar(unit).map { Character($0) } ?? "\u{FFFD}"
    }

    private mutating func hexadecimal(_ bytes: Span<UInt8>) -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for index in position..<position + 4 {
            let byte = bytes[index]
            if byte.isDigit {
                unit = unit << 4 | UInt32(byte - 0x30)
            } else if byte.isLetter, byte | 0x20 <= UInt8(ascii: "f") {
                unit = unit << 4 | UInt32((byte | 0x20) - 0x57)
            } else {
                return nil
            }
        }
        position += 4
        return unit
    }
}
