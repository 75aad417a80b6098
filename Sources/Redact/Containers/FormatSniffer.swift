/// Tells what bytes are from how they start and what their file is called.
struct FormatSniffer {
    /// How many first bytes are looked at.
    static let reach = 1_024

    enum Verdict: Equatable {
        case format(ContentFormat)
        /// Text of 16-bit units.
        case utf16(ContentFormat, bigEndian: Bool)
        /// Nothing of it may be passed on, and why.
        case withheld(String)
    }

    /// - Parameters:
    ///   - head: the first ``reach`` bytes, or all if there are fewer.
    ///   - declared: what the caller takes it for. Bytes that say otherwise win: a zip read as text would pass unread.
    static func sniff(_ head: [UInt8], declared: ContentFormat, name: String?) -> Verdict {
        for (magic, reason) in unreadable where head.starts(with: magic) { return .withheld(reason) }
        if isKeyContainer(head) { return .withheld("a key store or a private key in DER form") }
        for (magic, format) in magics where head.starts(with: magic) { return .format(format) }
        if head.count >= 265, Array(head[257..<262]) == Array("ustar".utf8) { return .format(.tar) }
        if declared == .zip || declared == .tar || declared == .gzip || declared == .pcap { return .format(declared) }
        if let bigEndian = utf16(head) {
            return .utf16(declared == .auto ? byName(name) ?? .text : declared, bigEndian: bigEndian)
        }
        if declared != .auto { return .format(declared) }
        return .format(byName(name) ?? byText(head))
    }

    /// Whether a pcap or pcapng file begins so.
    static func isCapture(_ head: [UInt8]) -> Bool {
        magics.contains { magic, format in format == .pcap && head.starts(with: magic) }
    }

    private static let magics: [([UInt8], ContentFormat)] = [
        ([0x50, 0x4B, 0x03, 0x04], .zip), ([0x50, 0x4B, 0x05, 0x06], .zip), ([0x1F, 0x8B], .gzip),
        ([0xD4, 0xC3, 0xB2, 0xA1], .pcap), ([0xA1, 0xB2, 0xC3, 0xD4], .pcap), ([0x4D, 0x3C, 0xB2, 0xA1], .pcap),
        ([0xA1, 0xB2, 0x3C, 0x4D], .pcap), ([0x0A, 0x0D, 0x0D, 0x0A], .pcap),
    ]

    private static let unreadable: [([UInt8], String)] = [
        ([0xFE, 0xED, 0xFE, 0xED], "a Java key store"), ([0xCE, 0xCE, 0xCE, 0xCE], "a Java key store"),
        (Array("JAVA PROFILE".utf8), "a heap dump"), ([0x7F, 0x45, 0x4C, 0x46], "a core dump or program"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "compressed with xz, which is not looked into"),
        (Array("BZh".utf8), "compressed with bzip2, which is not looked into"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd, which is not looked into"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive, which is not looked into"),
        (Array("Rar!".utf8), "a RAR archive, which is not looked into"),
        (Array("SQLite format 3".utf8), "a data base, which is not looked into"),
        (Array("%PDF-".utf8), "a PDF, which is not looked into"),
    ]

    /// PKCS#12 (RFC 7292), PKCS#8 (RFC 5208) and PKCS#1 (RFC 8017) structures: a SEQUENCE that starts with the version.
    private static func isKeyContainer(_ head: [UInt8]) -> Bool {
        guard head.count >= 16, head[0] == 0x30 else { return false }
        let sizeBytes = head[1] & 0x80 == 0 ? 0 : Int(head[1] & 0x7F)
        guard sizeBytes <= 4 else { return false }
        let body = head[(2 + sizeBytes)...]
        guard body.starts(with: [0x02, 0x01]), let version = body.dropFirst(2).first else { return false }
        let next = body.dropFirst(3).first
        return (version == 3 && next == 0x30) || (version == 0 && (next == 0x30 || next == 0x02))
            || (version == 1 && next == 0x04)
    }

    /// A byte order mark, or every other one of the first bytes zero.
    private static func utf16(_ head: [UInt8]) -> Bool? {
        if head.starts(with: [0xFF, 0xFE]) { return false }
        if head.starts(with: [0xFE, 0xFF]) { return true }
        guard head.count >= 16 else { return nil }
        let start = head.prefix(64)
        let even = start.enumerated().allSatisfy { $0.offset % 2 == 0 ? $0.element == 0 : $0.element != 0 }
        let odd = start.enumerated().allSatisfy { $0.offset % 2 == 1 ? $0.element == 0 : $0.element != 0 }
        return even ? true : odd ? false : nil
    }

    private static let endings: [String: ContentFormat] = [
        "xml": .xml, "json": .json, "har": .har, "properties": .properties, "yaml": .yaml, "yml": .yaml, "http": .http,
        "log": .log, "txt": .text, "pcap": .pcap, "pcapng": .pcap, "cap": .pcap, "zip": .zip, "jar": .zip, "tar": .tar,
        "gz": .gzip,
        "tgz": .gzip, "wsdl": .xml, "xsd": .xml, "sh": .text,
    ]

    private static func byName(_ name: String?) -> ContentFormat? {
        guard let name, let dot = name.utf8.lastIndex(of: .dot) else { return nil }
        let ending = String(decoding: name.utf8[name.utf8.index(after: dot)...].map(\.lowercased), as: UTF8.self)
        return endings[ending]
    }

    private static func byText(_ head: [UInt8]) -> ContentFormat {
        var text = head[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        text = text.drop(while: \.isSpace)
        if text.first == .less { return .xml }
        if text.first == UInt8(ascii: "{") || text.starts(with: "[{".utf8) || text.starts(with: "[\n".utf8) {
            return .json
        }
        if text.starts(with: "HTTP/".utf8) { return .http }
        return .text
    }
}
