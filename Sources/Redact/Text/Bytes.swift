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
    var isSpace: Bool { isBlank || isLineBreak }
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isUpper: Bool { self >= 0x41 && self <= 0x5A }
    var isLower: Bool { self >= 0x61 && self <= 0x7A }
    var isLetter: Bool { isUpper || isLower }
    var isAlphanumeric: Bool { isLetter || isDigit }
    var isHex: Bool { isDigit || (lowercased >= 0x61 && lowercased <= 0x66) }
    var isQuote: Bool { self == .doubleQuote || self == .singleQuote || self == UInt8(ascii: "`") }
    /// A letter, a digit, or what joins the words of a name.
    var isName: Bool { isAlphanumeric || self == UInt8(ascii: "_") || self == .dash || self == .dot }
    /// A letter, digit or underscore.
    var isWord: Bool { isAlphanumeric || self == UInt8(ascii: "_") }
    /// Of the base64 or base64url alphabet, without padding (RFC 4648 sections 4 and 5).
    var isBase64: Bool {
        isAlphanumeric || self == UInt8(ascii: "+") || self == .slash || self == .dash || self == UInt8(ascii: "_")
    }
    var isBase64URL: Bool { isWord || self == .dash }

    var lowercased: UInt8 { isUpper ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        if isDigit { return self - 0x30 }
        let lower = lowercased
        return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : nil
    }
}

extension [UInt8] {
    init(_ text: StaticString) {
        self = text.withUTF8Buffer { buffer in unsafe Array(buffer) }
    }

    /// The bytes as text, with what is no UTF-8 replaced. For names and rule ids only, never for content.
    var text: String { String(decoding: self, as: UTF8.self) }
}
