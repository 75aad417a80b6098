/// A quotation mark as it is written at some depth of escaping: `"`, `\"`, `\\\"`, `&quot;`, `%22`, `\u0022`.
struct Quote: Equatable {
    /// The mark itself, without the backslashes before it.
    enum Mark: CaseIterable {
        case double, single, back
        case doubleEntity, doubleDecimal, doubleHex, doubleTwice, singleEntity, singleDecimal, singleHex
        case doublePercent, singlePercent, doublePercentTwice
        case doubleUnicode, singleUnicode

        /// How the mark is written, lower case.
        var spelling: StaticString {
            switch self {
            case .double: "\""
            case .single: "'"
            case .back: "`"
            case .doubleEntity: "&quot;"
            case .doubleDecimal: "&#34;"
            case .doubleHex: "&#x22;"
            case .doubleTwice: "&amp;quot;"
            case .singleEntity: "&apos;"
            case .singleDecimal: "&#39;"
            case .singleHex: "&#x27;"
            case .doublePercent: "%22"
            case .singlePercent: "%27"
            case .doublePercentTwice: "%2522"
            case .doubleUnicode: "u0022"
            case .singleUnicode: "u0027"
            }
        }

        var isPercent: Bool { self == .doublePercent || self == .singlePercent || self == .doublePercentTwice }
        var isUnicode: Bool { self == .doubleUnicode || self == .singleUnicode }
        var isEntity: Bool { spellingStart == .ampersand }
        private var spellingStart: UInt8 { spelling.withUTF8Buffer { unsafe $0.first ?? 0 } }
    }

    let mark: Mark
    /// How many backslashes belong to the mark.
    let slashes: Int

    /// Bytes of the whole mark, as it is written; an escaped backslash (`%5C`) counts three.
    func length(in window: Window, at start: Int) -> Int {
        Self.slashRun(in: window, at: start, percent: mark.isPercent).length + mark.spelling.utf8CodeUnitCount
    }

    /// The whole mark as text, for quoting a value anew.
    var bytes: [UInt8] {
        let slash: [UInt8] = mark.isPercent ? Array("%5C") : [.backslash]
        return Array(repeatElement(slash, count: slashes).joined()) + [UInt8](mark.spelling)
    }

    /// The quotation mark that starts at `position`, with its backslashes.
    init?(in window: Window, at position: Int) {
        guard Self.mayStart(window[position]) else { return nil }
        let plain = Self.slashRun(in: window, at: position, percent: false)
        let run = plain.count > 0 ? plain : Self.slashRun(in: window, at: position, percent: true)
        guard run.count < 64, let mark = Self.mark(in: window, at: position + run.length) else { return nil }
        if mark.isUnicode, run.count == 0 { return nil }
        self.mark = mark
        self.slashes = run.count
    }

    /// The quotation mark that ends right before `position`, and where it starts.
    static func before(_ position: Int, in window: Window) -> (quote: Quote, start: Int)? {
        for mark in Mark.allCases {
            let start = position - mark.spelling.utf8CodeUnitCount
            guard start >= window.lower, window.hasFolded(mark.spelling, at: start) else { continue }
            var first = start
            var count = 0
            while count < 64, window[first - 1] == .backslash {
                first -= 1
                count += 1
            }
            while mark.isPercent, count < 64, window.hasFolded("%5c", at: first - 3) {
                first -= 3
                count += 1
            }
            if mark.isUnicode, count == 0 { continue }
            return (Quote(mark: mark, slashes: count), first)
        }
        return nil
    }

    private init(mark: Mark, slashes: Int) {
        self.mark = mark
        self.slashes = slashes
    }

    /// Where a quoted value ends.
    enum End {
        /// The value ends at `value`, its closing mark at `after`.
        case closed(value: Int, after: Int)
        /// A line break (or NUL) comes first.
        case line(Int)
        /// The window ends first.
        case open
    }

    /// Finds the closing mark of a value that starts at `start`.
    func end(in window: Window, from start: Int, multiline: Bool = false) -> End {
        var position = start
        while position < window.upper {
            let byte = window[position]
            if !multiline, byte.isLineBreak || byte == 0 { return .line(position) }
            if let end = closing(in: window, at: position, notBefore: start) {
                return .closed(value: end, after: position + mark.spelling.utf8CodeUnitCount)
            }
            position += 1
        }
        return .open
    }

    /// The end of a value that seems to end at `value`: two single marks in a row stand for one, as in YAML and SQL.
    func endOfDoubled(in window: Window, value: Int, after: Int, from start: Int, multiline: Bool) -> Int {
        guard mark == .single, slashes == 0, value > start else { return value }
        var (end, next) = (value, after)
        while window[next] == .singleQuote,
            case .closed(let value, let after) = self.end(in: window, from: next + 1, multiline: multiline)
        {
            (end, next) = (value, after)
        }
        return end
    }

    /// If this mark closes at `position` (where its spelling starts, after any backslashes), where its value ends.
    func closing(in window: Window, at position: Int, notBefore start: Int) -> Int? {
        guard window.hasFolded(mark.spelling, at: position) else { return nil }
        let slash = mark.isPercent && window.hasFolded("%5c", at: position - 3) ? 3 : 1
        var first = position
        var run = 0
        while first - slash >= start,
            slash == 3 ? window.hasFolded("%5c", at: first - 3) : window[first - 1] == .backslash
        {
            first -= slash
            run += 1
        }
        if !closes(run) { return endsAttribute(in: window, at: position, from: start) ? position : nil }
        return position - min(run, slashes) * slash
    }

    /// In markup a backslash is no escape: `value="Kd\H^WC\"/>`, `name="x\" role="y"`.
    private func endsAttribute(in window: Window, at position: Int, from start: Int) -> Bool {
        guard slashes == 0, mark == .double || mark == .single, window[start - 2] == .equals else { return false }
        var next = window.skipBlanks(position + 1)
        if window[next] == .slash || window[next] == UInt8(ascii: "?") { return window[next + 1] == .greater }
        if window[next] == .greater { return true }
        guard next > position + 1 else { return false }
        let name = next
        while window[next].isName || window[next] == .colon { next += 1 }
        return next > name && window[next] == .equals && window[next + 1] == window[start - 1]
    }

    /// Tells whether a mark after `run` backslashes closes a value that was opened after `slashes` of them.
    ///
    /// Each level of escaping doubles the backslashes and adds one before the mark: 0, 1, 3, 7 …
    private func closes(_ run: Int) -> Bool {
        guard !mark.isUnicode, (slashes + 1) & slashes == 0 else { return run <= slashes }
        var rest = run
        var level = (slashes + 1).trailingZeroBitCount
        while level > 0 {
            if rest % 2 == 0 { return true }
            rest = (rest - 1) / 2
            level -= 1
        }
        return rest % 2 == 0
    }

    private static func mayStart(_ byte: UInt8) -> Bool {
        byte.isQuote || byte == .backslash || byte == .ampersand || byte == .percent
    }

    private static func slashRun(in window: Window, at position: Int, percent: Bool) -> (count: Int, length: Int) {
        let size = percent ? 3 : 1
        var count = 0
        while count < 64,
            percent ? window.hasFolded("%5c", at: position + count * 3) : window[position + count] == .backslash
        {
            count += 1
        }
        return (count, count * size)
    }

    private static func mark(in window: Window, at position: Int) -> Mark? {
        switch window[position] {
        case .doubleQuote: return .double
        case .singleQuote: return .single
        case UInt8(ascii: "`"): return .back
        case .ampersand, .percent, UInt8(ascii: "u"):
            return Mark.allCases.first { window.hasFolded($0.spelling, at: position) }
        default: return nil
        }
    }
}
