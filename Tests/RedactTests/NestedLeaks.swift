import Archive

/// Looks for a planted text in all that bytes may say, decoding whatever can be decoded: it knows nothing of how the
/// product reads codings, and is far more willing to take something for one.
struct NestedLeaks {
    let planted: [UInt8]
    private var seen: Set<[UInt8]> = []

    private static let deepest = 12

    init(planted: String) {
        self.planted = Array(planted.utf8)
    }

    /// How a planted text can be read, by the codings undone; nil if it can't.
    mutating func way(into bytes: [UInt8], depth: Int = 0) -> String? {
        if contains(bytes, planted) { return "." }
        guard depth < Self.deepest, bytes.count >= 8, seen.insert(bytes).inserted else { return nil }
        for (coding, text) in Self.readings(of: bytes) where text != bytes {
            if let rest = way(into: text, depth: depth + 1) { return coding + " " + rest }
        }
        return nil
    }

    private static func readings(of bytes: [UInt8]) -> [(String, [UInt8])] {
        var readings: [(String, [UInt8])] = []
        if bytes.starts(with: [0x1F, 0x8B]) { readings.append(("gzip", unpacked(bytes))) }
        if bytes.contains(0) { readings.append(("utf-16", bytes.filter { $0 != 0 })) }
        if bytes.contains(UInt8(ascii: "%")) { readings.append(("percent", percent(bytes))) }
        if bytes.contains(UInt8(ascii: "&")) { readings.append(("entities", references(bytes))) }
        if bytes.contains(UInt8(ascii: "\\")) { readings.append(("backslashes", backslashes(bytes))) }
        for word in words(bytes) {
            if word.allSatisfy(\.isHexDigit) {
                for skip in 0...1 { readings.append(("hex", hex(word.dropFirst(skip)))) }
            }
            for skip in 0...3 { readings.append(("base64", base64(word.dropFirst(skip)))) }
        }
        return readings
    }

    /// Runs of base64 characters, alone and joined over line breaks.
    private static func words(_ bytes: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var (word, joined): ([UInt8], [UInt8]) = ([], [])
        var blanks = 0
        func keep(_ word: [UInt8]) { if word.count >= 11 { words.append(word) } }
        for byte in bytes + [0x22] {
            if byte.isCoded {
                word.append(byte)
                joined.append(byte)
                blanks = 0
                continue
            }
            keep(word)
            word = []
            if [0x20, 0x0A, 0x0D, 0x09].contains(byte), blanks < 8 {
                blanks += 1
            } else if byte != 0x3D {
                keep(joined)
                (joined, blanks) = ([], 0)
            }
        }
        return words
    }

    private static func unpacked(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        let unpacker = try? StreamUnpacker(.gzip)
        try? unpacker?.append(bytes[...]) { out += $0 }
        return out
    }

    private static func base64(_ word: ArraySlice<UInt8>) -> [UInt8] {
        var (bits, held, out): (UInt32, Int, [UInt8]) = (0, 0, [])
        for byte in word {
            let value: UInt8 =
                switch byte {
                case 0x41...0x5A: byte - 0x41
                case 0x61...0x7A: byte - 0x47
                case 0x30...0x39: byte + 4
                case 0x2B, 0x2D: 62
                default: 63
                }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        return out
    }

    private static func hex(_ word: ArraySlice<UInt8>) -> [UInt8] {
        let digits = Array(word)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(string(Array(digits[$0..<($0 + 2)])), radix: 16)
        }
    }

    private static func percent(_ bytes: [UInt8]) -> [UInt8] {
        replaced(bytes) { rest in
            guard rest.first == 0x25, let value = number(rest.dropFirst().prefix(2), 2) else { return nil }
            return ([UInt8(value)], 3)
        }
    }

    private static func references(_ bytes: [UInt8]) -> [UInt8] {
        replaced(bytes) { rest in
            guard rest.first == 0x26, let end = rest.prefix(12).firstIndex(of: 0x3B) else { return nil }
            let name = string(Array(rest[(rest.startIndex + 1)..<end]))
            let length = end + 1 - rest.startIndex
            if let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"][name] {
                return (Array(known.utf8), length)
            }
            let digits = name.dropFirst(name.hasPrefix("#x") ? 2 : 1)
            guard name.hasPrefix("#"), let value = Int(digits, radix: name.hasPrefix("#x") ? 16 : 10), value < 256
            else {
                return nil
            }
            return ([UInt8(value)], length)
        }
    }

    private static func backslashes(_ bytes: [UInt8]) -> [UInt8] {
        replaced(bytes) { rest in
            guard rest.first == 0x5C, let next = rest.dropFirst().first else { return nil }
            if next == UInt8(ascii: "u"), let value = number(rest.dropFirst(2).prefix(4), 4), value < 256 {
                return ([UInt8(value)], 6)
            }
            return ([next == UInt8(ascii: "n") ? 0x0A : next == UInt8(ascii: "r") ? 0x0D : next], 2)
        }
    }

    private static func replaced(
        _ bytes: [UInt8], _ escape: (ArraySlice<UInt8>) -> (decoded: [UInt8], length: Int)?
    ) -> [UInt8] {
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let (decoded, length) = escape(bytes[index...]) {
                out += decoded
                index += length
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    private static func number(_ digits: ArraySlice<UInt8>, _ count: Int) -> Int? {
        digits.count == count ? Int(string(Array(digits)), radix: 16) : nil
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool { isASCIIDigit || (0x41...0x46).contains(self & 0xDF) }
    fileprivate var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isCoded: Bool {
        isASCIIDigit || (0x41...0x5A).contains(self & 0xDF) || [0x2B, 0x2D, 0x2F, 0x5F].contains(self)
    }
}
