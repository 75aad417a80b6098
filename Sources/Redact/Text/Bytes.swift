/// Names of the ASCII characters that the recognisers care about, and their classes.
extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let backslash = UInt8(ascii: "\\")
    static let doubleQuote = UInt8(ascii: "\"")
    static let singleQuote = UInt8(ascii: "'")
    static let colon = UInt8(ascii: ":")
    static let equals = UInt8(ascii: "=")
    static let dot = UInt8(ascii: ".")
    static let dash = UInt8(ascii: "-")
    static let slash = UInt8(ascii: "/")
    static let less = UInt8(ascii: "<")
    static let greater = UInt8(ascii: ">")
    static let ampersand = UInt8(ascii: "&")
    static let percent = UInt8(ascii: "%")
    static let semicolon = UInt8(ascii: ";")
    static let comma = UInt8(ascii: ",")
    static let at = UInt8(ascii: "@")
    static let space = UInt8(ascii: " ")
    static let dollar = UInt8(ascii: "$")

    var isBlank: Bool { self == 0x20 || self == 0x09 }
    var isLineBreak: Bool { self == 0x0A || self == 0x0D }
    var isSpace: Bool { isIn(0x0000_0001_0000_2600, 0) }
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isUpper: Bool { self >= 0x41 && self <= 0x5A }
    var isLower: Bool { self >= 0x61 && self <= 0x7A }
    var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }
    var isAlphanumeric: Bool { isIn(0x03FF_0000_0000_0000, 0x07FF_FFFE_07FF_FFFE) }
    var isHex: Bool { isIn(0x03FF_0000_0000_0000, 0x0000_007E_0000_007E) }
    var isQuote: Bool { isIn(0x0000_0084_0000_0000, 0x0000_0001_0000_0000) }
    /// A letter, a digit, or what joins the words of a name.
    var isName: Bool { isIn(0x03FF_6000_0000_0000, 0x07FF_FFFE_87FF_FFFE) }
    /// A letter, digit or underscore.
    var isWord: Bool { isIn(0x03FF_0000_0000_0000, 0x07FF_FFFE_87FF_FFFE) }
    /// Of the base64 or base64url alphabet, without padding (RFC 4648 sections 4 and 5).
    var isBase64: Bool { isIn(0x03FF_A800_0000_0000, 0x07FF_FFFE_87FF_FFFE) }
    var isBase64URL: Bool { isIn(0x03FF_2000_0000_0000, 0x07FF_FFFE_87FF_FFFE) }

    /// One of a few characters. Compiled to a handful of instructions, where a search in a string is a call.
    @inline(__always)
    func isOne(of characters: StaticString) -> Bool {
        let start = unsafe characters.utf8Start
        var found: UInt8 = 0
        for offset in 0..<characters.utf8CodeUnitCount { found |= unsafe start[offset] == self ? 1 : 0 }
        return found != 0
    }

    /// Tells by a bit for each byte below 128, those below 64 in `low`. No branch of it can be guessed wrong, as those of a
    /// row of comparisons are in most texts.
    @inline(__always)
    private func isIn(_ low: UInt64, _ high: UInt64) -> Bool {
        (self & 0x40 == 0 ? low : high) &>> UInt64(self & 63) & (self < 0x80 ? 1 : 0) != 0
    }

    var lowercased: UInt8 { isUpper ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        if isDigit { return self - 0x30 }
        let lower = lowercased
        return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : nil
    }
}

extension Collection<UInt8> {
    /// True if these bytes begin with `text`, which must be lower case, in any case.
    @inline(__always)
    func startsFolded(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        let characters = unsafe text.utf8Start
        var offset = 0
        for byte in self {
            guard offset < length else { return true }
            guard unsafe byte.lowercased == characters[offset] else { return false }
            offset += 1
        }
        return offset == length
    }
}

extension [UInt8] {
    init(_ text: StaticString) {
        self = text.withUTF8Buffer { buffer in unsafe Array(buffer) }
    }

    /// The bytes as text, with what is no UTF-8 replaced. For names and rule ids only, never for content.
    var text: String { String(decoding: self, as: UTF8.self) }
}
