/// A quick look at the bytes around an anchor, which turns away nearly all anchors in running text before a recogniser
/// reads what is there. It may let pass what is no secret, but never turn away what a recogniser would take.
enum AnchorGuard {
    /// No quick look says enough.
    case always
    /// A word of a name: what follows the name must be able to lead to a value.
    case name(startsWord: Bool)
    /// The first letters of a token: no letter comes before, unless it belongs to an escape.
    case token
    /// The mark of an escape: what follows must be able to belong to it.
    case escape
    /// The `@` of an e-mail address: a name before it, and behind it one that has a dot.
    case email

    init(_ kind: Rule.Kind, pattern index: Int) {
        switch kind {
        case .token(let rule) where !rule.isKeyed && !rule.isAnywhere:
            let pattern = rule.patterns[index]
            let isFirst = pattern.before.isEmpty && pattern.anchor.first?.isAlphanumeric ?? false
            self = isFirst ? .token : .always
        case .name(let rule): self = .name(startsWord: !rule.isLoose)
        case .encoded: self = .escape
        case .email: self = .email
        default: self = .always
        }
    }

    @inline(__always)
    func admits(_ window: Window, _ start: Int, _ end: Int) -> Bool {
        switch self {
        case .always: true
        case .escape: Self.mayEscape(window, start)
        case .email: Self.mayBeEmail(window, end)
        case .token: Self.startsToken(window, start)
        case .name(let startsWord):
            Self.leads[Int(window[Self.nameEnd(window, end)])] && (!startsWord || Self.startsWord(window, start))
        }
    }

    private static func mayEscape(_ window: Window, _ start: Int) -> Bool {
        let next = window[start + 1]
        switch window[start] {
        case .percent: return (next.isHex && window[start + 2].isHex) || next.lowercased == UInt8(ascii: "u")
        case .ampersand:
            return next == UInt8(ascii: "#") || (3...5).contains { window[start + $0] == .semicolon }
        default: return true
        }
    }

    /// Objects in logs are written `Class@5d6f` or `Thread@8`.
    private static func mayBeEmail(_ window: Window, _ end: Int) -> Bool {
        var dot = end
        while window[dot].isAlphanumeric || window[dot] == .dash { dot += 1 }
        return window[dot] == .dot && window[end].isAlphanumeric
    }

    private static func startsToken(_ window: Window, _ start: Int) -> Bool {
        let before = window[start - 1]
        guard before.isAlphanumeric else { return true }
        return before == UInt8(ascii: "m") || window[start - 2] == .backslash || window[start - 3] == .percent
            || window[start - 6] == .backslash
    }

    private static func nameEnd(_ window: Window, _ end: Int) -> Int {
        var last = end
        while window[last].isName, last - end <= 128 { last += 1 }
        return last
    }

    /// True if a word may begin at `start`: behind a mark, a capital in camel case, or the rest of an escape.
    private static func startsWord(_ window: Window, _ start: Int) -> Bool {
        let before = window[start - 1]
        guard before.isAlphanumeric, !window[start].isUpper else { return true }
        return window[start - 2] == .backslash || window[start - 2] == .dash || window[start - 3] == .percent
            || window[start - 5] == .percent || window[start - 6] == .backslash || before == UInt8(ascii: "m")
    }

    /// What may stand right behind a name that has a value: separators, quotation marks and brackets in all spellings,
    /// blanks and line breaks; also those of a call, of a list of columns, of `?=` and of `!=`, the marks between the cells
    /// of a table, the first byte of a wide colon, bold type of Markdown and a terminal's colours.
    private static let leads: [Bool] = (0..<256).map {
        $0 == 0xEF || $0 == 0x1B || UInt8($0).isOne(of: "*\"'`\\&%=: \t\r\n<>]),;}(?+|[!")
    }
}
