/// A run of characters that may be base64, base64url or hexadecimal text, on one line or on several.
struct CodedRun {
    /// Where its characters stand, without the line breaks and blanks between them.
    let parts: [Range<Int>]
    /// It may go on behind the window.
    let isOpen: Bool

    var start: Int { parts.first?.lowerBound ?? 0 }
    var end: Int { parts.last?.upperBound ?? 0 }

    /// Shorter lines are no lines of wrapped text.
    private static let shortestLine = 40

    /// The run around a place.
    /// - Parameter lower: what comes before belongs to another run.
    init?(in window: Window, around place: Int, notBefore lower: Int) {
        var first = place
        while first > max(lower, window.lower), window[first - 1].isBase64 { first -= 1 }
        // The digits of an escape are no part of the run.
        first = window.skipEscapeDigits(first)
        var parts: [Range<Int>] = []
        var position = first
        var longest = 0
        while true {
            let end = Self.wordEnd(in: window, from: position)
            guard parts.isEmpty || Self.endsLine(in: window, end) else { break }
            // Before the first line, words may stand that a form joins to it by plus signs.
            if !parts.isEmpty { longest = max(longest, end - position) }
            if end > position { parts.append(position..<end) }
            guard end - position >= Self.shortestLine, end - position >= longest - 2, window[end - 1] != .equals,
                let next = Self.nextLine(in: window, end)
            else { break }
            position = next
        }
        guard let last = parts.last else { return nil }
        self.parts = parts
        isOpen = last.upperBound >= window.upper && !window.isEnd
    }

    /// False if the characters stand for nothing that can be read, as those of nearly all runs on one line.
    func isWorthDecoding(in window: Window) -> Bool {
        guard parts.count == 1 else { return true }
        return unsafe CodedGlance.isWorthDecoding(window.bytes(start, end))
    }

    /// The characters themselves.
    func digits(in window: Window) -> [UInt8] { parts.flatMap { window.slice($0.lowerBound, $0.upperBound) } }

    /// The characters without those that may stand for blanks at the start of every further line: in the body of a form, a
    /// blank is written `+` (WHATWG URL). Nil if there are none.
    func digitsWithoutIndent(in window: Window) -> [UInt8]? {
        let further = parts.dropFirst()
        let indents = further.map { part in part.prefix { window[$0] == UInt8(ascii: "+") }.count }
        guard let first = parts.first, let indent = indents.min(), indent > 0 else { return nil }
        return window.slice(first.lowerBound, first.upperBound)
            + further.flatMap { window.slice($0.lowerBound + indent, $0.upperBound) }
    }

    private static func wordEnd(in window: Window, from start: Int) -> Int {
        var end = start
        while end < window.upper, window[end].isBase64 { end += 1 }
        let bare = end
        while end < window.upper, window[end] == .equals, end - bare < 2 { end += 1 }
        return end
    }

    /// The next line's first character, behind a line break, as the continuations of LDIF, properties and shells have it.
    private static func nextLine(in window: Window, _ end: Int) -> Int? {
        var position = end
        if window[position] == .backslash { position += 1 }
        if window[position] == .carriageReturn { position += 1 }
        guard window[position] == .lineFeed else { return nil }
        position = window.skipBlanks(position + 1)
        // A line that begins or ends a block of PEM, or a part of a multipart message.
        return window[position].isBase64 && !window.has("--", at: position) ? position : nil
    }

    /// On a line of wrapped text nothing follows but what closes it.
    private static func endsLine(in window: Window, _ end: Int) -> Bool {
        let byte = window[end]
        if byte.isBlank, !window[window.skipBlanks(end)].isLineBreak, window[window.skipBlanks(end)] != 0 {
            return false
        }
        return byte.isSpace || byte == 0 || byte.isQuote || byte == .backslash || byte.isOne(of: "<>,;)]}&")
    }
}

/// What a run may say once it is decoded.
enum CodedText {
    /// Shorter readable parts of unreadable bytes are chance.
    static let shortestText = 12
    /// What is shorter once decoded says nothing.
    static let shortestDecoded = 8

    /// The texts and files that the characters may stand for. A run may begin with characters that do not belong to it.
    static func decodings(of digits: [UInt8]) -> [[UInt8]] {
        if digits.allSatisfy(\.isHex) {
            let texts = (0..<2).flatMap { readable(Escapes.undoHex(digits[$0...]), isStart: $0 == 0) }
            if !texts.isEmpty || digits.count >= 32 { return texts }
        }
        var bare = digits[...]
        while bare.last == .equals { bare.removeLast() }
        let texts = (0..<min(4, bare.count)).flatMap { skip -> [[UInt8]] in
            base64(bare.dropFirst(skip)).map { readable($0, isStart: skip == 0) } ?? []
        }
        return texts + embeddedStarts(in: digits).compactMap { base64(bare[min($0, bare.endIndex)...]) }.filter(isFile)
    }

    private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        Base64.decode(text.count % 4 == 1 ? text.dropLast() : text)
    }

    /// The magic numbers of compressed files and archives as base64.
    private static let magics: [StaticString] = ["H4sI", "UEsDB", "KLUv/", "KLUv_", "QlpoO", "/Td6WF", "_Td6WF"]

    /// Where, behind other characters, a compressed file may begin in a run.
    private static func embeddedStarts(in digits: [UInt8]) -> [Int] {
        unsafe digits.withUnsafeBufferPointer { digits in
            var starts: [Int] = []
            var position = 1
            while starts.count < 56, let start = unsafe embeddedStart(in: digits, from: position) {
                starts.append(start)
                position = start + 1
            }
            return starts
        }
    }

    static func hasEmbeddedStart(in digits: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe embeddedStart(in: digits, from: 1) != nil
    }

    private static func embeddedStart(in digits: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let base = digits.baseAddress else { return nil }
        let window = unsafe Window(start: base, lower: 0, upper: digits.count, isEnd: true)
        var position = start
        while position < digits.count {
            if unsafe digits[position].isOne(of: "HUKQ/_"), magics.contains(where: { window.has($0, at: position) }) {
                return position
            }
            position += 1
        }
        return nil
    }

    /// All of the bytes if they are text or a file of a known format, else the readable parts.
    private static func readable(_ bytes: [UInt8], isStart: Bool) -> [[UInt8]] {
        guard bytes.count >= shortestDecoded else { return [] }
        if isStart, isFile(bytes) { return [bytes] }
        // A certificate, a request or a public key: its names are no secrets, and private ones have rules of their own.
        if isStart, bytes[0] == 0x30, bytes[1] & 0xF0 == 0x80 { return [] }
        // A public key of OpenPGP, of 256 bytes or more (RFC 9580 section 4.2, packet type 6), version 4.
        if isStart, bytes[0] == 0x99, bytes[3] == 4 { return [] }
        let printable = bytes.count { isPrintable($0) }
        if isReadable(printable, of: bytes.count) { return [bytes] }
        var parts: [[UInt8]] = []
        var start = 0
        for index in 0...bytes.count where index == bytes.count || !isPrintable(bytes[index]) {
            if index - start >= shortestText { parts.append(Array(bytes[start..<index])) }
            start = index + 1
        }
        return parts
    }

    /// True for a user and a password and nothing else, as Basic credentials are (RFC 7617), also without their scheme.
    static func isLogin(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= 192, let colon = bytes.firstIndex(of: .colon), colon >= 2 else { return false }
        let (user, password) = (bytes[..<colon], bytes[(colon + 1)...])
        guard password.count >= 6, password.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            user.allSatisfy({ $0.isName || $0 == .at || $0 == UInt8(ascii: "+") || $0 == .backslash })
        else { return false }
        if user.contains(.at) { return true }
        let odd = password.count { !$0.isName }
        return user.contains(where: \.isLetter) && password.contains(where: \.isLetter)
            && (password.contains(where: \.isDigit) || odd > 0) && !password.contains(.colon)
            && !password.contains(.slash)
    }

    /// True for what is no text but is looked into, or withheld.
    static func isFile(_ bytes: [UInt8]) -> Bool {
        switch FormatSniffer.sniff(Array(bytes.prefix(FormatSniffer.reach)), declared: .auto, name: nil) {
        // Two bytes are too little to tell a file from what was decoded by chance.
        case .withheld: bytes.count >= 16 && ![0x1F, 0x5D, 0xC7, 0x71].contains(bytes[0])
        case .wide: bytes.count { $0 == 0 } * 4 >= bytes.count
        case .encoded: false
        case .format(let format): [.zip, .tar, .gzip, .zstd, .bzip2, .xz, .pcap].contains(format)
        }
    }

    /// True if so many printable bytes make it a text.
    static func isReadable(_ printable: Int, of count: Int) -> Bool { printable * 10 >= count * 9 }

    static func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F || byte.isSpace }
}
