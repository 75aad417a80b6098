/// Looks at one file, block by block: every place is seen with enough bytes before and behind it.
struct LeakWindow {
    /// Bytes kept before the place, for word boundaries and closing tags.
    private static let behind = 128
    /// Bytes needed behind it: the longest thing a detector reads.
    private static let ahead = 16 << 10

    private var buffer: [UInt8] = []
    /// Where the next place to look at is in the buffer.
    private var next = 0
    private var line = 1
    private let literals: LiteralIndex
    private let anchors: [Anchor]

    /// What to do at two bytes.
    private enum Anchor: UInt8 { case none, look }

    init(literals: LiteralIndex) {
        self.literals = literals
        anchors = LeakWindow.anchorTable
    }

    mutating func feed(_ bytes: [UInt8], _ report: (_ line: Int, _ rule: String, _ isKnown: Bool) -> Void) {
        buffer += bytes
        look(upTo: buffer.count - LeakWindow.ahead, report)
        let spare = next - LeakWindow.behind
        if spare > 1 << 18 {
            buffer.removeFirst(spare)
            next -= spare
        }
    }

    mutating func finish(_ report: (_ line: Int, _ rule: String, _ isKnown: Bool) -> Void) {
        look(upTo: buffer.count, report)
        buffer = []
        next = 0
    }

    private mutating func look(upTo end: Int, _ report: (_ line: Int, _ rule: String, _ isKnown: Bool) -> Void) {
        guard end > next else { return }
        line = look(buffer.span, in: next..<end, report)
        next = end
    }

    /// The line number behind the range.
    private func look(
        _ text: Span<UInt8>, in range: Range<Int>, _ report: (_ line: Int, _ rule: String, _ isKnown: Bool) -> Void
    ) -> Int {
        var line = line
        // Spans of the tables: taken once, not at each byte.
        let anchors = anchors.span
        let filter = literals.filter.span
        let hasLiterals = !literals.isEmpty
        for index in range {
            let byte = text[index]
            if byte == 0x0a { line += 1 }
            guard index + 1 < text.count else { break }
            if anchors[Int(byte) << 8 | Int(text[index + 1])] == .look {
                LeakWindow.detect(text, at: index) { report(line, $0, false) }
            }
            if hasLiterals, index + 3 < text.count {
                let high = UInt32(byte) << 24 | UInt32(text[index + 1]) << 16
                let head = high | UInt32(text[index + 2]) << 8 | UInt32(text[index + 3])
                if filter[LiteralIndex.slot(head)], literals.hits(text, head: head, endingAt: index + 3) {
                    report(line, "known-secret", true)
                }
            }
        }
        return line
    }

    private static func detect(_ text: Span<UInt8>, at index: Int, _ report: (String) -> Void) {
        switch text[index] {
        case UInt8(ascii: "-"): if SecretShapes.privateKey(text, at: index) { report("private-key") }
        case UInt8(ascii: ":"): if SecretShapes.userInfo(text, at: index) { report("url-password") }
        case UInt8(ascii: "L"): if SecretShapes.encodedPrivateKey(text, at: index) { report("private-key") }
        case UInt8(ascii: "e"): if SecretShapes.webToken(text, at: index) { report("jwt") }
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            if SecretShapes.basic(text, at: index) { report("basic-auth") }
            if SecretShapes.bearer(text, at: index) { report("bearer-token") }
        default:
            if let rule = SecretAssignment.rule(text, at: index) { report(rule) }
            if let rule = SecretShapes.prefixed(text, at: index) { report(rule) }
        }
    }

    private static let anchorTable: [Anchor] = {
        var table = [Anchor](repeating: .none, count: 1 << 16)
        func mark(_ first: UInt8, _ second: UInt8) { table[Int(first) << 8 | Int(second)] = .look }
        for (a, b) in ["--", "LS", "ey"].map({ (Array($0.utf8)[0], Array($0.utf8)[1]) }) { mark(a, b) }
        mark(UInt8(ascii: ":"), UInt8(ascii: "/"))
        for (prefix, _, _) in SecretShapes.prefixes { mark(prefix[0], prefix[1]) }
        for head in SecretAssignment.heads + [Array("ba".utf8), Array("be".utf8)] {
            for first in [head[0], head[0] & 0xdf] {
                for second in [head[1], head[1] & 0xdf] { mark(first, second) }
            }
        }
        return table
    }()
}
