/// Replaces addresses, host and user names, personal parts of distinguished names, and bodies in text that the rules
/// for secrets have passed already.
///
/// Works in bounded memory on a text as it streams by. A word is judged when enough bytes behind it are there, always
/// within the same window, and what is learned changes only what comes after: how the text is cut into chunks makes no
/// difference. What it puts in, it leaves alone when it meets it again.
final class StrictPass {
    /// How far a recogniser sees, bytes before and after the start of a word.
    static let lookback = 4 << 10
    static let lookahead = 8 << 10

    private let pseudonyms: Pseudonymizer
    private let book: NameBook
    private let fingerprint: Fingerprint
    private let format: ContentFormat
    private let depth: Int
    private let keepsPlaces: Bool

    private let buffer = InputBuffer()
    private var position = 0
    private var written = 0
    private var names = NameBook.Names()
    private var namesVersion = 0
    private var state = StrictState()
    private var body: StrictBody?
    /// A body that starts so near to the end of what is there that it can't be judged yet.
    private var pending: StrictBody?
    private var line = (number: 1, start: 0, counted: 0)

    private(set) var findings: [String: Int] = [:]
    /// Where something was replaced, if wanted. Columns count bytes of the text as the pass got it.
    private(set) var places: [Finding] = []

    init(
        pseudonyms: Pseudonymizer, book: NameBook, fingerprint: Fingerprint, format: ContentFormat, depth: Int = 0,
        keepsPlaces: Bool = false
    ) {
        self.pseudonyms = pseudonyms
        self.book = book
        self.fingerprint = fingerprint
        self.format = format
        self.depth = depth
        self.keepsPlaces = keepsPlaces
    }

    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        buffer.append(bytes)
        if buffer.end - position >= 2 * Self.lookahead { process(isEnd: false, to: &out) }
    }

    func finish(to out: inout [UInt8]) { process(isEnd: true, to: &out) }

    private func process(isEnd: Bool, to out: inout [UInt8]) {
        let end = buffer.end
        let limit = isEnd ? end : end - Self.lookahead
        scan(isEnd: isEnd, to: limit, &out)
        if isEnd, let open = body, position >= end { close(open, to: &out) }
        let boundary = min(max(position, written), end)
        if body == nil, boundary > written { write(upTo: boundary, to: &out) }
        let needed = min(written, position - Self.lookback)
        if needed > buffer.base {
            if keepsPlaces { countLines(upTo: needed) }
            buffer.drop(before: needed)
        }
    }

    private func scan(isEnd: Bool, to limit: Int, _ out: inout [UInt8]) {
        let end = buffer.end
        // One for all words: making it costs more than a look at a word.
        var scanner = StrictScanner(
            pseudonyms: pseudonyms, book: book, names: names, format: format, depth: depth, state: state, inner: inner)
        while position < limit {
            if let start = pending {
                guard isEnd || start.start + Self.lookahead <= end else { return }
                pending = nil
                begin(start, isEnd: isEnd, to: &out)
                continue
            }
            if var open = body {
                position = open.swallow(buffer, from: position, to: limit)
                body = open
                written = position
                if open.isComplete || isEnd && position == end { close(open, to: &out) }
                continue
            }
            if format == .http, state.http.isBody, !state.http.isDone {
                state.http.isDone = true
                begin(StrictBody(end: .never, at: position), isEnd: isEnd, to: &out)
                continue
            }
            // None up to the limit, or the head of a message ended before one.
            guard let start = nextWord(to: limit) else { continue }
            position = start
            inspect(&scanner, isEnd: isEnd, to: &out)
        }
    }

    /// The next byte of a word from here on; meanwhile the head of an HTTP message is watched for its end.
    private func nextWord(to limit: Int) -> Int? {
        if let fresh = book.names(since: namesVersion) { (names, namesVersion) = fresh }
        while position < limit {
            let byte = buffer[position]
            if WordBytes.holds(byte) {
                guard let end = plainWord(position) else { return position }
                position = end
                continue
            }
            position += 1
            if byte == .lineFeed, format == .http {
                let next = position < buffer.end ? buffer[position] : 0
                if next == .lineFeed || next == .carriageReturn {
                    position += next == .lineFeed ? 1 : 2
                    state.http.isBody = true
                    return nil
                }
            }
        }
        return nil
    }

    /// The end of a word that can be nothing of interest: of letters, short, in prose. Most words of a log are such.
    private func plainWord(_ start: Int) -> Int? {
        let first = start
        guard first >= buffer.base + 2, first + 40 < buffer.end, buffer[first - 1] == .space, buffer[first - 2] > 0x20,
            !buffer[first - 2].isDigit,
            start >= state.commandUntil
        else { return nil }
        var end = first
        while buffer[end].isLetter, end - first < 12 { end += 1 }
        guard end - first > 1, end - first < 12, buffer[end] == .space, buffer[end + 1].isAlphanumeric else {
            return nil
        }
        if end - first <= 5, WordBytes.triggers.contains(buffer[first]) { return nil }
        return names.mayHold(first: buffer[first], length: end - first) ? nil : end
    }

    private func inspect(_ scanner: inout StrictScanner, isEnd: Bool, to out: inout [UInt8]) {
        let upper = position + Self.lookahead
        let window = buffer.window(position - Self.lookback, upper, isEnd: isEnd && upper >= buffer.end)
        if scanner.version != namesVersion { scanner.take(names, version: namesVersion) }
        scanner.state = state
        let next = scanner.inspect(position, in: window, floor: written)
        state = scanner.state
        for span in scanner.spans {
            write(upTo: span.start, to: &out)
            count(span.rule, at: span.start)
            out += span.text
            written = span.end
        }
        position = max(next, written, position + 1)
        pending = scanner.body
    }

    /// Text inside of text, such as what base64 hides.
    private func inner(_ bytes: [UInt8]) -> [UInt8] {
        let pass = StrictPass(
            pseudonyms: pseudonyms, book: book, fingerprint: fingerprint, format: .text, depth: depth + 1)
        var out: [UInt8] = []
        pass.append(bytes[...], to: &out)
        pass.finish(to: &out)
        return out
    }

    // MARK: - Bodies

    /// Starts to swallow a body, unless it is whole in sight and tells of a fault.
    private func begin(_ start: StrictBody, isEnd: Bool, to out: inout [UInt8]) {
        let upper = start.start + Self.lookahead
        let sight = start.lookAhead(
            buffer.window(start.start, upper, isEnd: isEnd), isWhole: isEnd && upper >= buffer.end)
        position = start.start
        guard let content = sight else {
            write(upTo: position, to: &out)
            var open = start
            open.hash(with: fingerprint)
            body = open
            return
        }
        switch FaultText.judge(content.decoded) {
        case .keep:
            break
        case .shorten(let fault):
            write(upTo: position, to: &out)
            let marker = fingerprint.marker(rule: "body", value: content.raw)
            let text = inner(Array("{\"fault\":".utf8) + fault + Array(",\"removed\":\"\(marker)\"}".utf8))
            out += start.encoded(text)
            position = content.end
            written = position
            count("body", at: start.start)
        case .remove:
            write(upTo: position, to: &out)
            var open = start
            open.hash(with: fingerprint)
            body = open
        }
    }

    private func close(_ open: StrictBody, to out: inout [UInt8]) {
        body = nil
        guard let text = open.replacement() else { return }
        count("body", at: open.start)
        out += text
        written = position
    }

    // MARK: - Output

    private func write(upTo end: Int, to out: inout [UInt8]) {
        guard end > written else { return }
        unsafe out.append(contentsOf: buffer.bytes(written..<end))
        written = end
    }

    private func count(_ rule: String, at place: Int) {
        findings[rule, default: 0] += 1
        guard keepsPlaces else { return }
        countLines(upTo: place)
        places.append(Finding(line: line.number, column: place - line.start + 1, rule: rule))
    }
}

extension StrictPass {
    private func countLines(upTo place: Int) {
        while line.counted < place {
            line.counted += 1
            if buffer[line.counted - 1] == .lineFeed { line = (line.number + 1, line.counted, line.counted) }
        }
    }
}

/// What a word is made of here: letters, digits, and what joins the parts of a name or number.
enum WordBytes {
    static func holds(_ byte: UInt8) -> Bool { all.contains(byte) }

    private static let all = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")

    /// What the words start with behind which prose names a user or host: `user`, `for`, `sudo`, `su`, `Linux`, `curl`.
    static let triggers = ByteSet("ufsLcUFSC")
}

/// What a pass remembers from word to word.
struct StrictState {
    /// In an HTTP message: whether its head has ended, and its body was begun.
    var http = (isBody: false, isDone: false)
    /// Behind `curl`, up to the end of the command.
    var commandUntil = 0
    /// In a table whose first column names users.
    var isUserTable = false
}

extension TextEngine {
    /// Takes bytes, and hands what is ready on to the pass behind, if there is one.
    func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8], through pass: StrictPass?) {
        guard let pass else { return append(bytes, to: &out) }
        var text: [UInt8] = []
        append(bytes, to: &text)
        pass.append(text[...], to: &out)
    }

    func finish(to out: inout [UInt8], through pass: StrictPass?) {
        guard let pass else { return finish(to: &out) }
        var text: [UInt8] = []
        finish(to: &text)
        pass.append(text[...], to: &out)
        pass.finish(to: &out)
    }
}
