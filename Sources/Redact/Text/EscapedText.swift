/// A text with one layer of escapes undone, whatever they are, and where each of its bytes comes from.
///
/// Percent escapes, backslashes and character references are undone at once: in texts that were escaped in more than one
/// notation only the outermost is left at each place.
struct EscapedText {
    private(set) var bytes: [UInt8] = []
    /// Where each byte begins in the text, and where the last one ends.
    private(set) var starts: [Int] = []
    /// It holds so much that was escaped that its meaning may hide in it.
    private(set) var isWorthALook = false

    /// Fewer escapes than this leave a text as readable as it was.
    private static let few = 3

    init(in window: Window, from start: Int, to end: Int) {
        bytes.reserveCapacity(end - start)
        starts.reserveCapacity(end - start + 1)
        var count = 0
        var position = start
        while position < end {
            let byte = window[position]
            if Self.mayStart(byte) || byte == .singleQuote || byte == .doubleQuote,
                let (decoded, length) = Self.escape(in: window, at: position),
                position + length <= end
            {
                count += 1
                // What needs no escape, or is one again, or breaks a run, is there to be looked at.
                if let first = decoded.first,
                    decoded.count > 1 || byte.isQuote || Self.isTelling(first, before: bytes.last)
                {
                    isWorthALook = true
                }
                bytes += decoded
                starts += repeatElement(position, count: decoded.count)
                position += length
            } else {
                let isPair = byte == .backslash && window[position + 1] == .backslash && position + 1 < end
                for place in position...(isPair ? position + 1 : position) {
                    bytes.append(byte)
                    starts.append(place)
                }
                position += isPair ? 2 : 1
            }
        }
        starts.append(end)
        if count >= Self.few { isWorthALook = true }
    }

    static func mayStart(_ byte: UInt8) -> Bool { byte == .percent || byte == .backslash || byte == .ampersand }

    private static func isTelling(_ byte: UInt8, before: UInt8?) -> Bool {
        byte.isBase64 || byte == .colon || byte == .equals || mayStart(byte)
            || (byte.isLineBreak && before?.isBase64 ?? false)
    }

    /// The escape at a place: what it stands for, and its length. Nil if there is none.
    static func escape(in window: Window, at position: Int) -> (decoded: [UInt8], length: Int)? {
        switch window[position] {
        case .percent:
            if let value = number(window, position + 1, 2) { return ([UInt8(value)], 3) }
            guard window[position + 1].lowercased == UInt8(ascii: "u"), let value = number(window, position + 2, 4)
            else { return nil }
            return utf8(value).map { ($0, 6) }
        case .backslash: return backslash(in: window, at: position)
        case .singleQuote, .doubleQuote: return mark(in: window, at: position).map { ([window[position]], $0) }
        case .ampersand:
            guard let end = (position + 2..<position + 12).first(where: { window[$0] == .semicolon }),
                let decoded = Escapes.entity(window.slice(position + 1, end))
            else { return nil }
            return (decoded, end + 1 - position)
        default: return nil
        }
    }

    /// The length of a quotation mark inside of a text in such marks: `'\''` of shells, and twice the mark, as SQL and CSV
    /// have it, where it is no empty text and no end of one.
    private static func mark(in window: Window, at position: Int) -> Int? {
        if window.has("'\\''", at: position) { return 4 }
        guard window[position + 1] == window[position], window[position - 1] != window[position],
            window[position + 2] != window[position],
            window[position - 1].isAlphanumeric != window[position + 2].isAlphanumeric
        else { return nil }
        return 2
    }

    private static func backslash(in window: Window, at position: Int) -> (decoded: [UInt8], length: Int)? {
        let next = window[position + 1]
        switch next {
        case UInt8(ascii: "n"): return ([.lineFeed], 2)
        case UInt8(ascii: "r"): return ([.carriageReturn], 2)
        case UInt8(ascii: "t"): return ([0x09], 2)
        // A backslash before a closing mark: half of the pair would take the mark for an escaped one.
        case .backslash where window[position + 2].isQuote: return nil
        case .doubleQuote, .singleQuote, .backslash, .slash, .colon, .equals: return ([next], 2)
        case UInt8(ascii: "x"): return number(window, position + 2, 2).map { ([UInt8($0)], 4) }
        case UInt8(ascii: "u"):
            guard let value = number(window, position + 2, 4) else { return nil }
            // A surrogate pair (RFC 8259 section 7).
            if (0xD800..<0xDC00).contains(value), window.hasFolded("\\u", at: position + 6),
                let low = number(window, position + 8, 4), (0xDC00..<0xE000).contains(low)
            {
                return utf8(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)).map { ($0, 12) }
            }
            return utf8(value).map { ($0, 6) }
        default: return nil
        }
    }

    private static func number(_ window: Window, _ position: Int, _ count: Int) -> Int? {
        var number = 0
        for place in position..<(position + count) {
            guard let digit = window[place].hexValue else { return nil }
            number = number << 4 | Int(digit)
        }
        return number
    }

    private static func utf8(_ value: Int) -> [UInt8]? {
        Unicode.Scalar(UInt32(value)).map { Array(String(Character($0)).utf8) }
    }
}
