/// How a whole text is written in fewer characters (RFC 4648, RFC 3986), and in lines of which width.
struct TextCoding: Equatable {
    enum Alphabet: Equatable {
        /// Of either alphabet: the first mark that is in one of them only decides.
        case base64
        case hexLower, hexUpper
        /// - Parameter plusIsBlank: as forms are encoded.
        case percent(plusIsBlank: Bool)
    }

    let alphabet: Alphabet
    /// Characters of each line but the last; nil for one line.
    let width: Int?
    let lineEnd: [UInt8]

    /// Shorter texts are words.
    private static let shortest = 24

    /// The coding of a text that starts so, if it is encoded as a whole and holds a text or a file of a known format.
    static func sniff(_ head: [UInt8]) -> TextCoding? {
        guard head.count >= shortest, let first = head.first, first.isAlphanumeric || first.isOne(of: "%_-+/")
        else { return nil }
        let (width, lineEnd) = layout(head)
        let hasPlainBlank = !head.contains(UInt8(ascii: "+"))
        for alphabet in [
            Alphabet.hexLower, .hexUpper, .base64, .percent(plusIsBlank: !hasPlainBlank && !hasBlank(head)),
        ] {
            let coding = TextCoding(alphabet: alphabet, width: width, lineEnd: lineEnd)
            var reader = TextDecoder(coding)
            let (decoded, rest) = reader.append(head[...])
            guard rest?.allSatisfy(\.isSpace) ?? true, decoded.count >= 12 else { continue }
            // One escape is a name with a blank; unless that, again, is an encoding.
            if case .percent = alphabet {
                guard reader.escapes > 0, reader.escapes >= 3 || sniff(decoded) != nil else { continue }
            }
            // A user and a password are a secret as a whole, which the rules for text remove.
            if CodedText.isLogin(Array(decoded.prefix { !$0.isLineBreak })) { return nil }
            if isReadable(decoded) { return coding }
        }
        return nil
    }

    /// Letters, digits and marks of the alphabet.
    func value(_ byte: UInt8) -> UInt8? {
        switch (alphabet, byte) {
        case (.hexLower, 0x30...0x39), (.hexUpper, 0x30...0x39): byte - 0x30
        case (.hexLower, 0x61...0x66): byte - 0x57
        case (.hexUpper, 0x41...0x46): byte - 0x37
        case (.base64, 0x41...0x5A): byte - 0x41
        case (.base64, 0x61...0x7A): byte - 0x47
        case (.base64, 0x30...0x39): byte + 4
        case (.base64, 0x2B), (.base64, 0x2D): 62
        case (.base64, 0x2F), (.base64, 0x5F): 63
        default: nil
        }
    }

    var bits: Int {
        switch alphabet {
        case .base64: 6
        case .hexLower, .hexUpper: 4
        case .percent: 8
        }
    }

    private static func layout(_ head: [UInt8]) -> (width: Int?, lineEnd: [UInt8]) {
        guard let feed = head.firstIndex(of: .lineFeed), feed > 0, feed + 1 < head.count else { return (nil, []) }
        return head[feed - 1] == 0x0D ? (feed - 1, [0x0D, 0x0A]) : (feed, [0x0A])
    }

    private static func hasBlank(_ head: [UInt8]) -> Bool {
        zip(head, zip(head.dropFirst(), head.dropFirst(2))).contains { $0 == 0x25 && $1.0 == 0x32 && $1.1 == 0x30 }
    }

    private static func isReadable(_ decoded: [UInt8]) -> Bool {
        switch FormatSniffer.sniff(Array(decoded.prefix(FormatSniffer.reach)), declared: .auto, name: nil) {
        case .withheld, .wide, .encoded: return true
        case .format(let format):
            if [.zip, .tar, .gzip, .zstd, .bzip2, .xz, .pcap].contains(format) { return true }
            let readable = decoded.count { $0 >= 0x20 && $0 != 0x7F || $0.isSpace }
            let ascii = decoded.count { $0 < 0x80 }
            return readable == decoded.count && ascii * 10 >= decoded.count * 7
        }
    }
}

/// Undoes a ``TextCoding`` chunk by chunk, up to where it ends or breaks.
struct TextDecoder {
    private let coding: TextCoding
    private var column = 0
    private var sum: UInt32 = 0
    private var bits = 0
    private var escape: [UInt8] = []
    private var lineEndRead = 0
    private var hasEnded = false

    /// Percent escapes seen.
    private(set) var escapes = 0
    /// How bytes are written that were seen: escaped or not. Both at once is no coding that can be restored.
    private(set) var style = [Bool?](repeating: nil, count: 256)
    /// Whether escapes have letters of lower case.
    private(set) var isLower: Bool?
    private(set) var padding = 0
    /// Which alphabet of base64 it is, once a mark told.
    private(set) var isURLSafe: Bool?
    /// The last digit.
    private var last: UInt8 = 0
    /// The bits at the end that make no byte, not always 0.
    var leftBits: (count: Int, value: UInt32) { (bits, sum & (1 << UInt32(bits) - 1)) }
    /// How many marks the last group lacks.
    var neededPadding: Int { hasLooseDigit ? 0 : bits / 2 }
    /// A last digit no bit of which belongs to a byte.
    private var hasLooseDigit: Bool { bits == coding.bits }

    init(_ coding: TextCoding) {
        self.coding = coding
    }

    /// - Returns: the decoded bytes, and, once the coding has ended or is broken, the bytes that were not used.
    mutating func append(_ bytes: ArraySlice<UInt8>) -> (decoded: [UInt8], rest: [UInt8]?) {
        var decoded: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard !hasEnded else { break }
            let taken =
                if case .percent(let plus) = coding.alphabet {
                    percent(bytes[index], plusIsBlank: plus, &decoded)
                } else {
                    digit(bytes[index], &decoded)
                }
            guard taken else {
                hasEnded = true
                break
            }
            index += 1
        }
        guard hasEnded else { return (decoded, nil) }
        return (decoded, finish() + bytes[index...])
    }

    /// What was read and belongs to no whole byte, or is a line end with nothing behind it.
    mutating func finish() -> [UInt8] {
        var left = Array(coding.lineEnd.prefix(lineEndRead)) + escape
        (escape, lineEndRead) = ([], 0)
        if hasLooseDigit {
            left.insert(last, at: 0)
            bits = 0
        }
        return left
    }

    private mutating func digit(_ byte: UInt8, _ decoded: inout [UInt8]) -> Bool {
        if let width = coding.width, column == width, lineEndRead < coding.lineEnd.count {
            guard byte == coding.lineEnd[lineEndRead] else { return false }
            lineEndRead += 1
            return true
        }
        if byte == .equals, coding.bits == 6, padding < neededPadding, lineEndRead == 0 {
            padding += 1
            return true
        }
        guard padding == 0, let value = coding.value(byte) else { return false }
        if value >= 62 {
            let isURL = byte == .dash || byte == UInt8(ascii: "_")
            guard isURL == isURLSafe ?? isURL else { return false }
            isURLSafe = isURL
        }
        if lineEndRead > 0 { (lineEndRead, column) = (0, 0) }
        column += 1
        last = byte
        sum = sum << UInt32(coding.bits) | UInt32(value)
        bits += coding.bits
        if bits >= 8 {
            bits -= 8
            decoded.append(UInt8(truncatingIfNeeded: sum >> UInt32(bits)))
        }
        return true
    }

    private mutating func percent(_ byte: UInt8, plusIsBlank: Bool, _ decoded: inout [UInt8]) -> Bool {
        if !escape.isEmpty {
            guard byte.isHex, !byte.isLetter || byte.isLower == (isLower ?? byte.isLower) else { return false }
            if byte.isLetter { isLower = byte.isLower }
            escape.append(byte)
            guard escape.count == 3 else { return true }
            let value = (escape[1].hexValue ?? 0) << 4 | (escape[2].hexValue ?? 0)
            escape = []
            guard style[Int(value)] ?? true else { return false }
            style[Int(value)] = true
            escapes += 1
            decoded.append(value)
            return true
        }
        if byte == .percent {
            escape = [byte]
            return true
        }
        guard byte.isAlphanumeric || byte.isOne(of: "-._~/*+!") else { return false }
        let value = plusIsBlank && byte == UInt8(ascii: "+") ? 0x20 : byte
        guard !(style[Int(value)] ?? false) else { return false }
        style[Int(value)] = false
        decoded.append(value)
        return true
    }
}

/// Writes bytes in a ``TextCoding``, as the decoder found it.
struct TextEncoder {
    private let coding: TextCoding
    private let digits: [UInt8]
    private var column = 0
    private var sum: UInt32 = 0
    private var bits = 0

    init(_ coding: TextCoding) {
        self.coding = coding
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        digits =
            switch coding.alphabet {
            case .base64: Array((letters + "+/").utf8)
            case .hexLower: Array("0123456789abcdef".utf8)
            case .hexUpper, .percent: Array("0123456789ABCDEF".utf8)
            }
    }

    mutating func append(_ bytes: [UInt8], as decoder: TextDecoder, to out: inout [UInt8]) {
        if case .percent(let plus) = coding.alphabet {
            for byte in bytes { percent(byte, decoder, plusIsBlank: plus, &out) }
            return
        }
        for byte in bytes {
            sum = sum << 8 | UInt32(byte)
            bits += 8
            while bits >= coding.bits {
                bits -= coding.bits
                put(sum >> UInt32(bits), decoder, &out)
            }
        }
    }

    mutating func finish(as decoder: TextDecoder, to out: inout [UInt8]) {
        guard coding.bits == 6, bits > 0 else { return }
        let missing = bits == 2 ? 2 : 1
        let rest = decoder.leftBits
        put(sum << UInt32(6 - bits) | (rest.count == 6 - bits ? rest.value : 0), decoder, &out)
        bits = 0
        // As before; where there was nothing to fill, as the alphabet is used.
        let needed = decoder.neededPadding
        let isPadded = needed > 0 ? decoder.padding > 0 : decoder.isURLSafe != true
        let count = needed == missing ? decoder.padding : isPadded ? missing : 0
        out += [UInt8](repeating: .equals, count: count)
    }

    private mutating func put(_ value: UInt32, _ decoder: TextDecoder, _ out: inout [UInt8]) {
        if let width = coding.width, column == width {
            out += coding.lineEnd
            column = 0
        }
        let digit = digits[Int(value) & (digits.count - 1)]
        if decoder.isURLSafe == true, !digit.isAlphanumeric {
            out.append(digit == .slash ? UInt8(ascii: "_") : .dash)
        } else {
            out.append(digit)
        }
        column += 1
    }

    private func percent(_ byte: UInt8, _ decoder: TextDecoder, plusIsBlank: Bool, _ out: inout [UInt8]) {
        let isEscaped = decoder.style[Int(byte)] ?? !(byte.isAlphanumeric || byte.isOne(of: "-._~"))
        guard isEscaped else { return out.append(plusIsBlank && byte == 0x20 ? UInt8(ascii: "+") : byte) }
        let pair = [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        out.append(.percent)
        out += decoder.isLower == true ? pair.map(\.lowercased) : pair
    }
}
