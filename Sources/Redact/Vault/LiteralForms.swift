/// How a secret may be written: as it is, or encoded in one of the ways that texts around it use.
enum LiteralForm: UInt32, CaseIterable {
    case plain
    /// As the content of a JSON string, once and twice.
    case json, jsonTwice
    /// As text of XML, quotation marks escaped or not.
    case xml, xmlText
    /// Percent-encoded but for the unreserved characters, once and twice, and but for letters and digits.
    case percent, percentTwice, percentAll
    /// As a form's body, where a blank is `+` (WHATWG URL).
    case plus
    case hex
    /// The characters of base64 that do not depend on what stands around, in three alignments (RFC 4648).
    case base64, base64Second, base64Third
    case base64URL, base64URLSecond, base64URLThird

    /// The forms of a value that consists of letters and digits: nothing in it needs an escape, and its base64 has none
    /// of the characters in which the two alphabets differ.
    static let ofWords: [LiteralForm] = [.plain, .hex, .base64, .base64Second, .base64Third]

    /// True if the neighbours in the text hold bits of the secret too.
    var isBase64: Bool { rawValue >= Self.base64.rawValue }

    /// True if letters may be written in either case.
    var isCaseless: Bool { self == .hex || (rawValue >= Self.percent.rawValue && rawValue <= Self.plus.rawValue) }

    /// Writes `value` in this form; false if that is no form of its own.
    func write(_ value: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) -> Bool {
        text.removeAll(keepingCapacity: true)
        switch self {
        case .plain:
            unsafe text.append(contentsOf: value)
            return true
        case .json, .jsonTwice, .xml, .xmlText, .percent, .percentTwice, .percentAll, .plus:
            guard unsafe value.contains(where: { !$0.isAlphanumeric }), let escaped = unsafe escaped(Array(value))
            else {
                return false
            }
            text = escaped
            return true
        case .hex:
            for index in value.indices {
                let byte = unsafe value[index]
                text.append(Self.hexDigit(byte >> 4))
                text.append(Self.hexDigit(byte & 15))
            }
            return true
        case .base64, .base64Second, .base64Third:
            return unsafe base64(value, shift: Int(rawValue - Self.base64.rawValue), url: false, &text)
        case .base64URL, .base64URLSecond, .base64URLThird:
            return unsafe base64(value, shift: Int(rawValue - Self.base64URL.rawValue), url: true, &text)
        }
    }

    private func escaped(_ value: [UInt8]) -> [UInt8]? {
        let text: [UInt8]
        switch self {
        case .json: text = Escapes.makeJSON(value)
        case .jsonTwice: text = Escapes.makeJSON(Escapes.makeJSON(value))
        case .xml: text = Escapes.makeXML(value)
        case .xmlText: text = Escapes.makeXML(value, quotes: false)
        case .percent: text = Escapes.makePercent(value)
        case .percentTwice: text = Escapes.makePercent(Escapes.makePercent(value))
        case .percentAll: text = Escapes.makePercent(value, all: true)
        case .plus where value.contains(.space):
            text = Array(
                value.split(separator: .space, omittingEmptySubsequences: false)
                    .map { Escapes.makePercent(Array($0)) }.joined(separator: [UInt8(ascii: "+")]))
        default: return nil
        }
        return text == value ? nil : text
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }

    private func base64(
        _ value: UnsafeBufferPointer<UInt8>, shift: Int, url: Bool, _ text: inout [UInt8]
    ) -> Bool {
        // The first character that holds bits of the value only, and the one after the last.
        let first = (shift * 8 + 5) / 6
        let last = (shift + value.count) * 8 / 6
        guard first < last else { return false }
        var isSpecial = false
        var (bits, held) = (UInt32(0), shift * 8 % 6)
        // Bits of the first value byte that belong to a character of its left neighbour are dropped with `first`.
        var place = shift * 8 / 6
        for index in value.indices {
            let byte = unsafe value[index]
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                if place >= first {
                    let digit = UInt8(truncatingIfNeeded: bits >> UInt32(held) & 63)
                    isSpecial = isSpecial || digit >= 62
                    text.append(Self.character(digit, url: url))
                }
                place += 1
            }
        }
        // Without the two special characters both alphabets write the same.
        return !url || isSpecial
    }

    private static func character(_ digit: UInt8, url: Bool) -> UInt8 {
        let alphabet: StaticString =
            url
            ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        return unsafe alphabet.utf8Start[Int(digit & 63)]
    }
}
