internal import Glibc

/// Looks at one file, block by block: every place is seen with enough bytes before and behind it.
struct LeakWindow {
    struct Found {
        let line: Int
        let rule: String
        /// Where in the file a known secret is; nil for what only looks like one.
        var known: Range<Int>?
    }

    typealias Report = (Found) -> Void

    /// Bytes kept before the place, for word boundaries, closing tags and encoded text.
    private static let behind = 512
    /// Bytes needed behind it: the longest thing a detector reads.
    private static let ahead = 16 << 10
    /// Encodings in encodings.
    private static let deepest = 3
    /// Loads of eight bytes may go so far beyond the end.
    private static let slack = 8

    private var buffer: [UInt8] = []
    /// Bytes of the file before the buffer.
    private var dropped = 0
    /// Where the next place to look at is in the buffer.
    private var next = 0
    /// The line of `lineAt`: lines are counted when one is asked for.
    private var line = 1
    private var lineAt = 0
    /// Up to where encoded text was decoded and looked at.
    private var decodedUntil = 0
    private let literals: LiteralIndex
    private let depth: Int

    init(literals: LiteralIndex, depth: Int = 0) {
        self.literals = literals
        self.depth = depth
    }

    mutating func feed(_ bytes: [UInt8], _ report: Report) {
        buffer += bytes
        look(upTo: buffer.count - LeakWindow.ahead, report)
        let spare = next - LeakWindow.behind
        guard spare > 1 << 18 else { return }
        _ = lineNumber(spare)
        buffer.removeFirst(spare)
        dropped += spare
        next -= spare
        lineAt -= spare
        decodedUntil = max(0, decodedUntil - spare)
    }

    mutating func finish(_ report: Report) {
        let count = buffer.count
        buffer += [UInt8](repeating: 0, count: LeakWindow.slack)
        look(upTo: count, count: count, report)
        buffer = []
        next = 0
    }

    private mutating func look(upTo end: Int, count: Int? = nil, _ report: Report) {
        guard end > next else { return }
        let text = buffer
        unsafe text.withUnsafeBufferPointer { all in
            unsafe look(all.extracting(0..<(count ?? all.count)), upTo: end, report)
        }
        next = end
    }

    private mutating func look(_ all: UnsafeBufferPointer<UInt8>, upTo end: Int, _ report: Report) {
        guard let base = all.baseAddress else { return }
        let text = unsafe all.span
        let literals = literals
        var index = next
        while true {
            index = unsafe literals.find(in: base, from: index, to: end)
            guard index < end else { return }
            let flags = unsafe literals.flags(base, at: index)
            if flags & LeakAnchors.literal != 0, let hit = unsafe literals.hit(base, at: index, count: text.count) {
                let span = hit.isPart ? text.token(around: index, hit.length) : index..<(index + hit.length)
                report(
                    Found(
                        line: unsafe lineNumber(base, index), rule: "known-secret",
                        known: (span.lowerBound + dropped)..<(span.upperBound + dropped)))
            }
            if flags & ~LeakAnchors.literal != 0 {
                for rule in detect(text, at: index, flags) {
                    report(Found(line: unsafe lineNumber(base, index), rule: rule))
                }
            }
            index += 1
        }
    }

    /// The rules that fire at `index`.
    private mutating func detect(_ text: Span<UInt8>, at index: Int, _ flags: UInt8) -> [String] {
        var rules: [String] = []
        if flags & LeakAnchors.assignment != 0, let rule = SecretAssignment.rule(text, at: index) { rules.append(rule) }
        if flags & LeakAnchors.prefix != 0, let rule = SecretShapes.prefixed(text, at: index) { rules.append(rule) }
        if flags & LeakAnchors.url != 0, SecretShapes.userInfo(text, at: index + 1) { rules.append("url-password") }
        if flags & LeakAnchors.webToken != 0, SecretShapes.webToken(text, at: index) { rules.append("jwt") }
        if flags & LeakAnchors.pem != 0, SecretShapes.privateKey(text, at: index - 4) { rules.append("private-key") }
        if flags & LeakAnchors.scheme != 0 {
            if SecretShapes.basic(text, at: index) { rules.append("basic-auth") }
            if SecretShapes.bearer(text, at: index) { rules.append("bearer-token") }
        }
        if flags & LeakAnchors.encoded != 0, depth < LeakWindow.deepest, index >= decodedUntil,
            EncodedText.stems.contains(LeakAnchors.word(text.copy(index..<(index + 4))))
        {
            let (texts, end) = EncodedText.decoded(text, at: index)
            if !texts.isEmpty { decodedUntil = end }
            for decoded in texts {
                var inner = LeakWindow(literals: LiteralIndex.none, depth: depth + 1)
                inner.feed(decoded) { rules.append($0.rule) }
                inner.finish { rules.append($0.rule) }
            }
        }
        return rules
    }

    /// The number of the line at `index`, which must not be before the last one asked for.
    private mutating func lineNumber(_ index: Int) -> Int {
        let text = buffer
        return unsafe text.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return line }
            return unsafe lineNumber(base, index)
        }
    }

    private mutating func lineNumber(_ base: UnsafePointer<UInt8>, _ index: Int) -> Int {
        while lineAt < index, let found = unsafe memchr(base + lineAt, 0x0a, index - lineAt) {
            line += 1
            lineAt = unsafe found - UnsafeMutableRawPointer(mutating: base) + 1
        }
        lineAt = max(lineAt, index)
        return line
    }
}
