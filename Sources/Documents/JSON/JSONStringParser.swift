extension JSONParser {
    /// A string with its quotes (RFC 8259 section 7), the reader standing on the opening quote.
    mutating func string() throws(DocumentError) -> String {
        advance(to: at + 1)
        var text: [UInt8] = []
        var start = at
        while true {
            guard let byte = peek() else { throw error(.syntax, "ends inside a string") }
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<at]
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error(.encoding, "a string is not valid UTF-8")
                }
                advance(to: at + 1)
                return string
            case UInt8(ascii: "\\"):
                text += bytes[start..<at]
                advance(to: at + 1)
                try escape(into: &text)
                start = at
            case 0..<0x20:
                throw error(.syntax, "a control character in a string is not escaped")
            default:
                advance(to: at + 1)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(DocumentError) {
        guard let byte = peek() else { throw error(.syntax, "ends inside a string") }
        advance(to: at + 1)
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += String(try escapedScalar()).utf8
        default: throw error(.syntax, "no such escape in a JSON string")
        }
    }

    /// `\uXXXX`, with its second half where it is the first of a surrogate pair.
    private mutating func escapedScalar() throws(DocumentError) -> Unicode.Scalar {
        let unit = try hexUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, peek() == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let mark = at
        advance(to: at + 2)
        let second = try hexUnit()
        guard (0xDC00...0xDFFF).contains(second) else {
            // The next escape is a character of its own.
            advance(to: mark)
            return "\u{FFFD}"
        }
        let joined = 0x10000 + (UInt32(unit - 0xD800) << 10) + UInt32(second - 0xDC00)
        return Unicode.Scalar(joined) ?? "\u{FFFD}"
    }

    private mutating func hexUnit() throws(DocumentError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error(.syntax, "four hexadecimal digits are expected after \\u")
            }
            unit = unit << 4 | UInt16(digit)
            advance(to: at + 1)
        }
        return unit
    }
}
