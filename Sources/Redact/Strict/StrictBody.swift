internal import Crypto

/// The body of a request or response inside of a text, which goes whole unless it tells of a fault.
struct StrictBody {
    /// What ends it.
    enum End {
        /// The end of the input: the body of an HTTP message.
        case never
        /// The next tag: an element's text.
        case tag
        case cdata
        /// The closing mark of a quoted text, in an attribute of markup or elsewhere.
        case quote(Quote, isAttribute: Bool)
        /// A blank: a word of a command.
        case blank
        /// The last line of a block of PEM.
        case block
    }

    let end: End
    /// Where it starts.
    let start: Int
    private(set) var isComplete = false
    private var hasher: SHA256?
    private var lineBreaks = 0
    /// The marker that a pass before this one left, if nothing but line breaks follows it.
    private var head: [UInt8] = []
    private var isOldMarker = true

    init(end: End, at start: Int) {
        self.end = end
        self.start = start
    }

    mutating func hash(with fingerprint: Fingerprint) { hasher = fingerprint.hasher() }

    /// Takes bytes up to the end of the body or `limit`; returns the position reached.
    mutating func swallow(_ buffer: InputBuffer, from: Int, to limit: Int) -> Int {
        let window = buffer.window(from - 64, buffer.end, isEnd: false)
        var position = from
        while position < limit {
            if ends(window, at: position) {
                isComplete = true
                break
            }
            let byte = window[position]
            if byte == .lineFeed { lineBreaks += 1 }
            if head.count < 64, byte != .lineFeed, lineBreaks == 0 {
                head.append(byte)
            } else if byte != .lineFeed {
                isOldMarker = false
            }
            position += 1
        }
        unsafe hasher?.update(bufferPointer: UnsafeRawBufferPointer(buffer.bytes(from..<position)))
        return position
    }

    private func ends(_ window: Window, at position: Int) -> Bool {
        switch end {
        case .never: false
        case .tag: window[position] == .less
        case .cdata: window[position] == UInt8(ascii: "]") && window.has("]]>", at: position)
        case .quote(let quote, _): opensClosing(window, at: position, quote)
        case .blank: window[position] <= 0x20
        case .block: window[position] == .dash && window.has("-----END", at: position)
        }
    }

    /// Whether the closing mark, with the backslashes that belong to it, starts here.
    private func opensClosing(_ window: Window, at position: Int, _ quote: Quote) -> Bool {
        let mark = position + quote.slashes * (quote.mark.isPercent ? 3 : 1)
        return quote.closing(in: window, at: mark, notBefore: start) == position
    }

    /// What to write in its place; nil where there was nothing. The number of lines stays.
    func replacement() -> [UInt8]? {
        guard let hasher, !(head.isEmpty && lineBreaks == 0) else { return nil }
        let isOld = isOldMarker && Marker.isMarker(head) && head.count < 64
        let marker = isOld ? head : Array(Fingerprint.marker(rule: "body", digest: hasher.finalize()).utf8)
        return marker + [UInt8](repeating: .lineFeed, count: lineBreaks)
    }

    // MARK: - In sight

    /// The content of a body that ends within the window; escapes of the notation undone in `decoded`.
    func lookAhead(_ window: Window, isWhole: Bool) -> (raw: [UInt8], decoded: [UInt8], end: Int)? {
        var position = start
        while position < window.upper, !ends(window, at: position) { position += 1 }
        guard position < window.upper || isWhole else { return nil }
        let raw = window.slice(start, position)
        return (raw, decoded(raw), position)
    }

    private func decoded(_ raw: [UInt8]) -> [UInt8] {
        switch end {
        case .never, .cdata, .blank, .block: raw
        case .tag: Escapes.undoXML(raw)
        case .quote(let quote, let isAttribute):
            isAttribute || quote.mark.isEntity
                ? Escapes.undoXML(raw) : (0..<levels(quote)).reduce(raw) { text, _ in Escapes.undoJSON(text) }
        }
    }

    /// `text` in the notation of the place.
    func encoded(_ text: [UInt8]) -> [UInt8] {
        switch end {
        case .never, .cdata, .blank, .block: text
        case .tag: Escapes.makeXML(text, quotes: false)
        case .quote(let quote, let isAttribute):
            isAttribute || quote.mark.isEntity
                ? Escapes.makeXML(text) : (0..<levels(quote)).reduce(text) { text, _ in Escapes.makeJSON(text) }
        }
    }

    /// How often a text between such marks is escaped.
    private func levels(_ quote: Quote) -> Int {
        quote.mark == .single ? 0 : (quote.slashes + 1).trailingZeroBitCount + 1
    }
}
