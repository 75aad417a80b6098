/// Undoes and makes the escapes of the notations that a value can be written in.
enum Escapes {
    /// JSON string escapes (RFC 8259 section 7). What is no escape stays as it is.
    static func undoJSON(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(.backslash) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            guard bytes[index] == .backslash, next != 0 else {
                result.append(bytes[index])
                index += 1
                continue
            }
            switch next {
            case UInt8(ascii: "n"): result.append(.lineFeed)
            case UInt8(ascii: "r"): result.append(.carriageReturn)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                if let code = number(bytes, from: index + 2, count: 4, radix: 16),
                    let scalar = Unicode.Scalar(UInt32(code))
                {
                    result += Array(String(Character(scalar)).utf8)
                    index += 6
                    continue
                }
                result += [.backslash, next]
            case .doubleQuote, .singleQuote, .backslash, .slash: result.append(next)
            default: result += [.backslash, next]
            }
            index += 2
        }
        return result
    }

    /// Percent escapes (RFC 3986 section 2.1).
    static func undoPercent(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(.percent) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == .percent, let code = number(bytes, from: index + 1, count: 2, radix: 16) {
                result.append(UInt8(code))
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Two single quotation marks stand for one.
    static func undoDoubled(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(.singleQuote) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            result.append(bytes[index])
            let isDoubled = bytes[index] == .singleQuote && index + 1 < bytes.count && bytes[index + 1] == .singleQuote
            index += isDoubled ? 2 : 1
        }
        return result
    }

    /// The predefined entities and character references of XML 1.0 (section 4.6).
    static func undoXML(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(.ampersand) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == .ampersand, let end = bytes[index...].prefix(12).firstIndex(of: .semicolon) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if let decoded = entity(Array(bytes[(index + 1)..<end])) {
                result += decoded
            } else {
                result += bytes[index...end]
            }
            index = end + 1
        }
        return result
    }

    /// What a predefined entity or a character reference stands for, by its name.
    static func entity(_ name: [UInt8]) -> [UInt8]? {
        switch name.text {
        case "amp": return [.ampersand]
        case "lt": return [.less]
        case "gt": return [.greater]
        case "quot": return [.doubleQuote]
        case "apos": return [.singleQuote]
        default: break
        }
        guard name.first == UInt8(ascii: "#"), name.count > 1 else { return nil }
        let isHex = name[1].lowercased == UInt8(ascii: "x")
        let digits = name.dropFirst(isHex ? 2 : 1)
        guard let code = number(Array(digits), from: 0, count: digits.count, radix: isHex ? 16 : 10), code != 0,
            let scalar = Unicode.Scalar(UInt32(code))
        else { return nil }
        return Array(String(Character(scalar)).utf8)
    }

    private static func number(_ bytes: [UInt8], from: Int, count: Int, radix: Int) -> Int? {
        guard count > 0, count <= 8, from + count <= bytes.count else { return nil }
        var number = 0
        for byte in bytes[from..<(from + count)] {
            guard let digit = byte.hexValue, digit < radix else { return nil }
            number = number * radix + Int(digit)
        }
        return number <= 0x10FFFF ? number : nil
    }

    /// As the content of a JSON string; only what must be escaped is.
    static func makeJSON(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case .doubleQuote, .backslash: [.backslash, byte]
            case .lineFeed: [.backslash, UInt8(ascii: "n")]
            case .carriageReturn: [.backslash, UInt8(ascii: "r")]
            case 0x09: [.backslash, UInt8(ascii: "t")]
            default: [byte]
            }
        }
    }

    /// As text or attribute value of XML.
    static func makeXML(_ bytes: [UInt8], quotes: Bool = true) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case .ampersand: Array("&amp;".utf8)
            case .less: Array("&lt;".utf8)
            case .greater: Array("&gt;".utf8)
            case .doubleQuote where quotes: Array("&quot;".utf8)
            case .singleQuote where quotes: Array("&apos;".utf8)
            default: [byte]
            }
        }
    }

    /// Percent-encoded but for the unreserved characters, or, on demand, but for letters and digits.
    static func makePercent(_ bytes: [UInt8], upper: Bool = true, all: Bool = false) -> [UInt8] {
        let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return bytes.flatMap { byte -> [UInt8] in
            byte.isAlphanumeric || (!all && (byte.isName || byte == UInt8(ascii: "~")))
                ? [byte] : [.percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    /// Pairs of hexadecimal digits; one that is left over is dropped.
    static func undoHex(_ digits: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = digits.startIndex
        while index + 1 < digits.endIndex, let high = digits[index].hexValue, let low = digits[index + 1].hexValue {
            result.append(high << 4 | low)
            index += 2
        }
        return result
    }

    static func makeHex(_ bytes: [UInt8], upper: Bool) -> [UInt8] {
        let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
