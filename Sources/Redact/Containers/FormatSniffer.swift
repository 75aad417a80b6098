internal import Archive

/// Tells what bytes are from how they start and what their file is called.
struct FormatSniffer {
    /// How many first bytes are looked at.
    static let reach = 1_024

    enum Verdict: Equatable {
        case format(ContentFormat)
        /// Text of 16-bit or 32-bit units.
        case wide(ContentFormat, WideEncoding)
        /// Text that is encoded as a whole.
        case encoded(TextCoding)
        /// Nothing of it may be passed on, and why.
        case withheld(String)
    }

    /// - Parameters:
    ///   - head: the first ``reach`` bytes, or all if there are fewer.
    ///   - declared: what the caller takes it for. Bytes that say otherwise win: a zip read as text would pass unread.
    static func sniff(_ head: [UInt8], declared: ContentFormat, name: String?) -> Verdict {
        let ending = name.flatMap(ending(of:))
        if let reason = UnreadableFormats.reason(head, ending: ending) { return .withheld(reason) }
        for (magic, format) in magics where head.starts(with: magic) { return .format(format) }
        if isZstd(head) { return .format(.zstd) }
        if isBzip2(head) { return .format(.bzip2) }
        if TarStream.recognizes(head) { return .format(.tar) }
        if [.zip, .tar, .gzip, .zstd, .bzip2, .xz, .pcap].contains(declared) { return .format(declared) }
        let named = ending.flatMap { endings[$0] }
        if let encoding = wide(head) { return .wide(declared == .auto ? named ?? .text : declared, encoding) }
        if [.auto, .text, .log].contains(declared), let coding = TextCoding.sniff(head) { return .encoded(coding) }
        if declared != .auto { return .format(declared) }
        guard let named else { return .format(byText(head)) }
        if isCompressed(named), !UnreadableFormats.isText(head) {
            return .withheld("its name says \(named.rawValue), but it does not begin so")
        }
        return .format(isMisnamed(head, named) ? byText(head) : named)
    }

    private static func isCompressed(_ format: ContentFormat) -> Bool {
        [.gzip, .zstd, .bzip2, .xz].contains(format)
    }

    /// Compressed formats always start with their magic. Text is no archive; but a script may stand before a zip file
    /// (Java programs that start by themselves).
    private static func isMisnamed(_ head: [UInt8], _ named: ContentFormat) -> Bool {
        switch named {
        case .zip, .tar, .pcap: UnreadableFormats.isText(head) && !head.starts(with: "#!".utf8)
        default: isCompressed(named)
        }
    }

    private static let magics: [([UInt8], ContentFormat)] = [
        ([0x50, 0x4B, 0x03, 0x04], .zip), ([0x50, 0x4B, 0x05, 0x06], .zip), ([0x50, 0x4B, 0x07, 0x08], .zip),
        ([0x1F, 0x8B], .gzip), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
        ([0xD4, 0xC3, 0xB2, 0xA1], .pcap), ([0xA1, 0xB2, 0xC3, 0xD4], .pcap), ([0x4D, 0x3C, 0xB2, 0xA1], .pcap),
        ([0xA1, 0xB2, 0x3C, 0x4D], .pcap), ([0x0A, 0x0D, 0x0D, 0x0A], .pcap),
    ]

    /// True if anything but text may begin with these two bytes: a quick look that lets pass all that
    /// ``sniff(_:declared:name:)`` knows by its first bytes.
    static func mayBegin(_ first: UInt8, _ second: UInt8) -> Bool {
        switch (first, second) {
        // A SEQUENCE of DER, the header of cpio, zstd, a frame to be skipped, bzip2.
        case (0x30, 0..<0x85), (0x28, 0xB5), (0x50...0x5F, 0x2A), (0x42, 0x5A): true
        // Byte order marks, BKS, cpio.
        case (0xFF, 0xFE), (0xFE, 0xFF), (0, 0), (0xC7, 0x71), (0x71, 0xC7): true
        default: firstBytes.contains(UInt16(first) << 8 | UInt16(second))
        }
    }

    private static let firstBytes = Set(
        (magics.map(\.0) + UnreadableFormats.heads).map { UInt16($0[0]) << 8 | UInt16($0[1]) })

    static func isCapture(_ head: [UInt8]) -> Bool {
        magics.contains { magic, format in format == .pcap && head.starts(with: magic) }
    }

    /// A frame, or a frame to be skipped, with which parallel writers begin (RFC 8878, 3.1).
    private static func isZstd(_ head: [UInt8]) -> Bool {
        guard head.count >= 4 else { return false }
        return head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
            || head[0] & 0xF0 == 0x50 && Array(head[1..<4]) == [0x2A, 0x4D, 0x18]
    }

    /// `BZh`, the block size, and the mark of a block or of the end.
    private static func isBzip2(_ head: [UInt8]) -> Bool {
        guard head.count >= 10, head.starts(with: "BZh".utf8), (0x31...0x39).contains(head[3]) else { return false }
        let mark = Array(head[4..<10])
        return mark == [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] || mark == [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
    }

    /// A byte order mark, or zeros where ASCII characters have them, in nearly all of the first units.
    private static func wide(_ head: [UInt8]) -> WideEncoding? {
        if let encoding = mostlyWide(head, unitBytes: 4) { return encoding }
        if head.starts(with: [0xFF, 0xFE]) { return WideEncoding(unitBytes: 2, bigEndian: false) }
        if head.starts(with: [0xFE, 0xFF]) { return WideEncoding(unitBytes: 2, bigEndian: true) }
        return mostlyWide(head, unitBytes: 2)
    }

    private static func mostlyWide(_ head: [UInt8], unitBytes: Int) -> WideEncoding? {
        [false, true].first { isMostlyWide(head, unitBytes: unitBytes, bigEndian: $0) }
            .map { WideEncoding(unitBytes: unitBytes, bigEndian: $0) }
    }

    private static func isMostlyWide(_ head: [UInt8], unitBytes: Int, bigEndian: Bool) -> Bool {
        let units = head.count / unitBytes
        guard units >= 8 else { return false }
        var good = 0
        for unit in 0..<units {
            let bytes = head[(unit * unitBytes)..<((unit + 1) * unitBytes)]
            let low = bigEndian ? bytes.last : bytes.first
            let rest = bigEndian ? bytes.dropLast() : bytes.dropFirst()
            if low != 0, rest.allSatisfy({ $0 == 0 }) { good += 1 }
        }
        return good * 10 >= units * 9
    }

    private static let endings: [String: ContentFormat] = [
        "xml": .xml, "json": .json, "har": .har, "properties": .properties, "yaml": .yaml, "yml": .yaml, "http": .http,
        "log": .log, "txt": .text, "pcap": .pcap, "pcapng": .pcap, "cap": .pcap, "zip": .zip, "jar": .zip, "war": .zip,
        "ear": .zip, "tar": .tar, "gz": .gzip, "tgz": .gzip, "zst": .zstd, "bz2": .bzip2, "xz": .xz, "wsdl": .xml,
        "xsd": .xml, "sh": .text,
    ]

    private static func ending(of name: String) -> String? {
        guard let dot = name.utf8.lastIndex(of: .dot) else { return nil }
        return String(decoding: name.utf8[name.utf8.index(after: dot)...].map(\.lowercased), as: UTF8.self)
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
