/// One replacement.
struct StrictSpan {
    let start: Int
    let end: Int
    let text: [UInt8]
    /// What was replaced, as the summary counts it.
    let rule: String
}

/// Looks at one word of a text and what stands around it.
struct StrictScanner {
    private(set) var window = Window.empty
    /// Nothing before it can be replaced any more.
    private var floor = 0
    let pseudonyms: Pseudonymizer
    let book: NameBook
    private(set) var names: NameBook.Names
    private(set) var version = 0
    let format: ContentFormat
    let depth: Int
    var state: StrictState
    /// Replaces in a text of its own.
    let inner: ([UInt8]) -> [UInt8]

    private(set) var spans: [StrictSpan] = []
    /// A body that starts behind the word.
    var body: StrictBody?

    init(
        pseudonyms: Pseudonymizer, book: NameBook, names: NameBook.Names, format: ContentFormat, depth: Int,
        state: StrictState, inner: @escaping ([UInt8]) -> [UInt8]
    ) {
        self.pseudonyms = pseudonyms
        self.book = book
        self.names = names
        self.format = format
        self.depth = depth
        self.state = state
        self.inner = inner
    }

    mutating func take(_ names: NameBook.Names, version: Int) {
        self.names = names
        self.version = version
    }

    /// Looks at the word that starts at `start`; returns where to go on.
    ///
    /// - Parameters:
    ///   - window: what may be looked at.
    ///   - floor: nothing before it can be replaced any more.
    mutating func inspect(_ start: Int, in window: Window, floor: Int) -> Int {
        self.window = window
        self.floor = floor
        spans.removeAll(keepingCapacity: true)
        body = nil
        let end = wordEnd(start)
        if end - start > 512 { return hidden(start, end) ?? end }
        switch window[start - 1] {
        case .percent where window[start].isHex && window[start + 1].isHex:
            // `%2Fname`, also with percent signs that were escaped themselves: `%252Fname`.
            var first = start + 2
            while window.has("25", at: first - 2), window[first].isHex, window[first + 1].isHex { first += 2 }
            return first < end ? inspect(first, end) ?? end : end
        case .backslash where end - start > 1:
            // `\nname`, but also `\name`.
            if let first = behindEscape(start, end), let next = inspect(first, end) { return next }
        default: break
        }
        return inspect(start, end) ?? end
    }

    private func behindEscape(_ start: Int, _ end: Int) -> Int? {
        if window[start] == UInt8(ascii: "u"), end - start > 5, (1...4).allSatisfy({ window[start + $0].isHex }) {
            return start + 5
        }
        return window[start].isOne(of: "nrtbf") ? start + 1 : nil
    }

    /// Cheap signs come first: most words of a log are none of these.
    private mutating func inspect(_ start: Int, _ end: Int) -> Int? {
        if window[start] == UInt8(ascii: "R"), let length = Marker.length(in: window, at: start) {
            return start + length
        }
        if let known = pseudonymEnd(start, end) { return known }
        if window[end - 1] == UInt8(ascii: "N"), let next = certificate(start, end) { return next }
        if let next = bodyStart(start, end) ?? address(start, end) { return next }
        if isLineHead(start), let next = table(start, end) { return next }
        if let next = authority(start, end) { return next }
        if mayNameValue(start, end), let next = nameAttribute(start, end) ?? keyed(start, end) { return next }
        if let next = person(start, end) ?? atSign(start, end) ?? host(start, end) { return next }
        return learned(start, end) ?? hidden(start, end)
    }

    /// Whether what follows can be the separator between a name and its value.
    private func mayNameValue(_ start: Int, _ end: Int) -> Bool {
        if window[start] == .dash || window[start - 1] == .dash { return true }
        var next = window[end]
        if next.isBlank { next = window[window.skipBlanks(end)] }
        return Self.separators.contains(next)
    }

    private static let separators = ByteSet(":=>\"'\\&%`,-")

    /// Whether only blanks stand before the word on its line.
    func isLineHead(_ start: Int) -> Bool {
        guard start > 0 else { return true }
        guard window[start - 1].isSpace else { return false }
        let first = window.skipBlanksBack(start)
        return first == 0 || window[first - 1].isLineBreak
    }

    func wordEnd(_ start: Int) -> Int {
        var end = start
        while end < window.upper, WordBytes.holds(window[end]) { end += 1 }
        return end
    }

    /// Where a pseudonym that starts here ends: it is left as it is.
    func pseudonymEnd(_ start: Int, _ end: Int) -> Int? {
        if window[start].isOne(of: "-_."), window[start + 1].isLower { return pseudonymEnd(start + 1, end) }
        if window.has("ip-", at: start) {
            if let v6 = AddressText.ipv6(window, start + 3) { return v6.end }
            if let v4 = AddressText.ipv4(window, start + 3) { return v4.end }
            if AddressText.isEndpoint(window, start + 3, end) { return end }
        }
        if window.has("mac-", at: start), let mac = AddressText.mac(window, start + 4) { return mac.end }
        guard end - start >= 18, end - start < 200 else { return nil }
        let first = (start..<end).first { window[$0] == .dot } ?? end
        guard first - start >= 18, window[first - 17] == .dash else { return nil }
        var last = end
        while last > start, window[last - 1] == .dot { last -= 1 }
        return Pseudonymizer.isPseudonym(host: text(start, last)) ? end : nil
    }

    func text(_ start: Int, _ end: Int) -> String { window.slice(start, end).text }

    func folded(_ start: Int, _ end: Int) -> String { window.slice(start, end).map(\.lowercased).text }

    mutating func replace(_ start: Int, _ end: Int, _ text: String, _ rule: String) {
        guard start >= floor, start >= (spans.last?.end ?? 0), start < end, text != self.text(start, end) else {
            return
        }
        spans.append(StrictSpan(start: start, end: end, text: Array(text.utf8), rule: rule))
    }

    /// Replaces without asking whether anything changes.
    mutating func replace(_ start: Int, _ end: Int, with text: ArraySlice<UInt8>) {
        spans.append(StrictSpan(start: start, end: end, text: Array(text), rule: "certificate-name"))
    }

    mutating func replace(host start: Int, _ end: Int) {
        replace(start, end, pseudonyms.text(host: text(start, end)), "host-name")
    }

    mutating func replace(user start: Int, _ end: Int) {
        replace(start, end, pseudonyms.text(user: text(start, end)), "user-name")
    }

    /// Words that were learned elsewhere.
    private mutating func learned(_ start: Int, _ end: Int) -> Int? {
        guard end - start < 256, names.mayHold(first: window[start], length: end - start) else { return nil }
        let word = text(start, end)
        if names.hosts.contains(word.lowercased()) {
            // The first word of a package or variable may be a host's short name by chance.
            guard window[end] != UInt8(ascii: "(") else { return nil }
            replace(host: start, end)
            return end
        }
        if names.users.contains(word) || names.accounts.contains(word) && isValue(start, end),
            window[end] != UInt8(ascii: "("), window[end] != .equals
        {
            replace(user: start, end)
            return end
        }
        return nil
    }

    /// Whether a word stands where a value does, between marks, and not in prose.
    private func isValue(_ start: Int, _ end: Int) -> Bool {
        window[start - 1].isOne(of: "\"'=/\\:@([,>") && window[end].isOne(of: "\"')]</\\@,;:&")
            || window[start - 1] == .slash && (window[end] == 0 || window[end].isSpace)
    }

    /// Base64 of a text that names something.
    private mutating func hidden(_ start: Int, _ end: Int) -> Int? {
        guard depth < 3, end - start >= 12, window[start - 1] != .dash, window[start - 1] != .percent else {
            return nil
        }
        var last = start
        while last < window.upper, window[last].isBase64 { last += 1 }
        guard last - start >= 16, last >= end || window[end - 1] == .dot, last < window.upper || window.isEnd,
            let head = Base64.decode(window.slice(start, start + 12)),
            Self.isText(head) || head.starts(with: [0x30, 0x82]),
            let decoded = Base64.decode(window.slice(start, last)), let clean = cleaned(decoded), clean != decoded
        else { return nil }
        var close = last
        while close - last < 2, window[close] == .equals { close += 1 }
        let isURL = window.slice(start, last).contains { $0 == .dash || $0 == 0x5F }
        var encoded = Base64.encode(clean, url: isURL)
        if close > last || (last - start) % 4 == 0 && !isURL {
            while encoded.count % 4 != 0 { encoded.append(.equals) }
        }
        spans.append(StrictSpan(start: start, end: close, text: encoded, rule: "encoded-name"))
        return close
    }

    private func cleaned(_ decoded: [UInt8]) -> [UInt8]? {
        Self.isText(decoded) ? inner(decoded) : bareCertificate(decoded)
    }

    private static func isText(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0.isSpace } }
}
