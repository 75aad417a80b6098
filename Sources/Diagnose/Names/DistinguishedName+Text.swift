extension DistinguishedName {
    /// The longest text that is read, in bytes.
    static let maximumText = 8_192

    /// Reads a name as a tool wrote it: RFC 4514 and RFC 2253 (`CN=x,O=y`), Java and Edge (`CN=x, O=y`, quotes),
    /// OpenSSL 1.1 and 3 (`C = AU, CN = x`), OpenSSL's older one line (`/C=AU/CN=x`).
    /// - Returns: nil when the text is no name.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= DistinguishedName.maximumText else { return nil }
        let trimmed = DistinguishedName.trimmed(bytes[...])
        guard !trimmed.isEmpty else { return nil }
        if trimmed.first == UInt8(ascii: "/") {
            guard let names = DistinguishedName.slashed(Array(trimmed)) else { return nil }
            self.init(relativeNames: names)
        } else {
            guard let names = DistinguishedName.separated(Array(trimmed)) else { return nil }
            self.init(relativeNames: DistinguishedName.isSpecificFirst(names) ? names.reversed() : names)
        }
    }

    /// RFC 4514 and Java begin with the most specific part, OpenSSL with the most general.
    private static func isSpecificFirst(_ names: [[Attribute]]) -> Bool {
        // Country and domain components are the top of a tree, common name and address its leaves.
        let rank = ["C": 0, "DC": 0, "ST": 1, "L": 2, "O": 3, "OU": 4, "CN": 5, "UID": 6, "emailAddress": 6]
        guard let first = names.first?.first.flatMap({ rank[$0.type.keyword] }),
            let last = names.last?.first.flatMap({ rank[$0.type.keyword] })
        else { return true }
        return first >= last
    }

    // MARK: Slashes

    /// A slash may be part of a value (`CN=http/host`): only one before a known keyword and `=` parts names.
    private static func slashed(_ bytes: [UInt8]) -> [[Attribute]]? {
        var names: [[Attribute]] = []
        var start = 0
        while start < bytes.count {
            guard let key = key(in: bytes, at: start + 1), key.type.isKnown || names.isEmpty else { return nil }
            var end = key.end
            while end < bytes.count, !startsPart(bytes, at: end) { end += 1 }
            let attribute = Attribute(type: key.type, value: unescapedOneLine(bytes[key.end..<end]))
            if bytes[start] == UInt8(ascii: "+"), !names.isEmpty {
                names[names.count - 1].append(attribute)
            } else {
                names.append([attribute])
            }
            start = end
        }
        return names.isEmpty ? nil : names
    }

    private static func startsPart(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard bytes[offset] == UInt8(ascii: "/") || bytes[offset] == UInt8(ascii: "+"),
            let key = key(in: bytes, at: offset + 1)
        else { return false }
        return key.type.isKnown
    }

    /// `KEY=` with blanks around it: the type, and where the value begins.
    private static func key(in bytes: [UInt8], at start: Int) -> (type: AttributeType, end: Int)? {
        var offset = start
        while offset < bytes.count, bytes[offset] == 0x20 { offset += 1 }
        let first = offset
        while offset < bytes.count, offset - first <= 64, AttributeType.isKeyByte(bytes[offset]) { offset += 1 }
        let last = offset
        while offset < bytes.count, bytes[offset] == 0x20 { offset += 1 }
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "="), last > first,
            let type = AttributeType(String(decoding: bytes[first..<last], as: UTF8.self))
        else { return nil }
        return (type, offset + 1)
    }

    /// `X509_NAME_oneline` writes bytes beyond ASCII as `\xC3`.
    private static func unescapedOneLine(_ bytes: ArraySlice<UInt8>) -> String {
        var out: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3, rest.first == UInt8(ascii: "x"),
                let value = hex(rest[rest.startIndex + 1], rest[rest.startIndex + 2])
            {
                out.append(value)
                rest = rest.dropFirst(3)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: trimmed(out[...]), as: UTF8.self)
    }

    // MARK: Commas

    private static func separated(_ bytes: [UInt8]) -> [[Attribute]]? {
        var names: [[Attribute]] = []
        var offset = 0
        var continues = false
        while offset < bytes.count {
            guard let key = key(in: bytes, at: offset) else { return nil }
            let value = value(in: bytes, at: key.end)
            let attribute = Attribute(type: key.type, value: value.text)
            if continues { names[names.count - 1].append(attribute) } else { names.append([attribute]) }
            offset = value.end + 1
            continues = value.end < bytes.count && bytes[value.end] == UInt8(ascii: "+")
            if offset >= bytes.count, value.end < bytes.count { return nil }
        }
        return names.isEmpty ? nil : names
    }

    /// The value that begins here, and the offset of the separator after it.
    private static func value(in bytes: [UInt8], at start: Int) -> (text: String, end: Int) {
        var out: [UInt8] = []
        var offset = start
        var isQuoted = false
        /// Blanks before this length were escaped or quoted, and so belong to the value.
        var solid = 0
        while offset < bytes.count, bytes[offset] == 0x20 { offset += 1 }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "#"), let value = encoded(bytes, at: offset + 1) {
            return value
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\"), offset + 1 < bytes.count {
                if offset + 2 < bytes.count, let value = hex(bytes[offset + 1], bytes[offset + 2]) {
                    out.append(value)
                    offset += 3
                } else {
                    out.append(bytes[offset + 1])
                    offset += 2
                }
                solid = out.count
                continue
            }
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
                solid = out.count
                offset += 1
                continue
            }
            if !isQuoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "+"),
                key(in: bytes, at: offset + 1) != nil
            {
                break
            }
            out.append(byte)
            offset += 1
        }
        while out.count > solid, out.last == 0x20 { out.removeLast() }
        return (String(decoding: out, as: UTF8.self), offset)
    }

    /// `#` and the DER of the value in hex (RFC 4514 section 2.4).
    private static func encoded(_ bytes: [UInt8], at start: Int) -> (text: String, end: Int)? {
        var out: [UInt8] = []
        var offset = start
        while offset + 1 < bytes.count, let value = hex(bytes[offset], bytes[offset + 1]) {
            out.append(value)
            offset += 2
        }
        guard !out.isEmpty, let text = DistinguishedName.text(ofDER: out) else { return nil }
        while offset < bytes.count, bytes[offset] == 0x20 { offset += 1 }
        guard offset == bytes.count || [0x2C, 0x3B, 0x2B].contains(bytes[offset]) else { return nil }
        return (text, offset)
    }

    private static func hex(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = Character(Unicode.Scalar(high)).hexDigitValue,
            let low = Character(Unicode.Scalar(low)).hexDigitValue
        else { return nil }
        return UInt8(high * 16 + low)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 || first == 0x0D { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0D { bytes.removeLast() }
        return bytes
    }
}
