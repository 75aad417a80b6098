/// Base64 and base64url (RFC 4648), forgiving: padding may be missing, the alphabets may be mixed.
enum Base64 {
    /// The decoded bytes, or nil if a character is of neither alphabet or the length is impossible.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for character in text {
            if character == .equals {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(of: character) else { return nil }
            bits = (bits << 6) | UInt32(value)
            count += 1
            if count % 4 == 0 {
                bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
                bits = 0
            }
        }
        switch count % 4 {
        case 1: return nil
        case 2: bytes.append(UInt8(bits >> 4 & 255))
        case 3: bytes += [UInt8(bits >> 10 & 255), UInt8(bits >> 2 & 255)]
        default: break
        }
        return padding <= 2 ? bytes : nil
    }

    /// Encodes without padding.
    static func encode(_ bytes: [UInt8], url: Bool = false) -> [UInt8] {
        let alphabet = url ? urlAlphabet : standardAlphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var bits: UInt32 = 0
        var held = 0
        for byte in bytes {
            bits = (bits << 8) | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet[Int(bits >> UInt32(held) & 63)])
            }
            bits &= (1 << UInt32(held)) - 1
        }
        if held > 0 { text.append(alphabet[Int(bits << UInt32(6 - held) & 63)]) }
        return text
    }

    /// The characters of the encoded form of `bytes` that do not depend on what stands around them, for each of the
    /// three ways in which they may be aligned.
    static func stable(_ bytes: [UInt8], url: Bool = false) -> [[UInt8]] {
        (0..<3).map { before in
            let text = encode([UInt8](repeating: 0, count: before) + bytes, url: url)
            let first = (before * 8 + 5) / 6
            let last = (before + bytes.count) * 8 / 6
            return first < last ? Array(text[first..<last]) : []
        }
    }

    /// The stable encoded forms of words, to find them in encoded text without decoding it.
    static func stems(of words: [String]) -> [String] {
        words.flatMap { stable(Array($0.utf8)).map(\.text) }.filter { $0.utf8.count >= 5 }
    }

    private static let standardAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func value(of character: UInt8) -> UInt8? {
        switch character {
        case _ where character.isUpper: character - 0x41
        case _ where character.isLower: character - 0x61 + 26
        case _ where character.isDigit: character - 0x30 + 52
        case UInt8(ascii: "+"), .dash: 62
        case .slash, UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
