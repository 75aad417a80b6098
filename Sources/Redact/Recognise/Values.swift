/// How far a value reaches.
extension Inspector {
    /// What stands around a value.
    struct ValueContext {
        /// The closing quotation mark of the name, if the name was quoted.
        var key: Quote?
        /// The quotation mark that was opened right before the name and holds name and value.
        var enclosing: Quote?
        var separator = Separator.equals
        /// The separator was percent-encoded.
        var isPercent = false
        var nameStart = 0
        /// What separates names and values that stand in a row.
        var list: UInt8?
        /// The name is a key of a query.
        var isQuery = false
        /// The value consists of words.
        var isText = false
        /// The enclosing text is an argument that consists of names and values, so blanks belong to a value.
        var isArgument = false
    }

    /// The value that starts at `start`.
    func value(from start: Int, context: ValueContext) -> Extent? {
        var start = start
        if !context.isQuery, window[start].isOne(of: "bBuUrRfFnNeE@"), window[start + 1].isQuote { start += 1 }
        if let doubled = doubledQuotes(from: start) { return doubled }
        if let quote = Quote(in: window, at: start), context.enclosing.map({ $0 != quote }) ?? true {
            let extent = quoted(quote, at: start)
            // `"Enter password:", "detail": …`: what looks like a text in quotation marks stands between two of them.
            return (extent.start..<extent.end).allSatisfy { window[$0].isOne(of: ",:{}[] \t") } ? nil : extent
        }
        if let block = block(from: start, context: context) { return block }
        if let code = markdown(from: start, context: context) { return code }
        if let wrapper = Self.wrappers.first(where: { window.hasFolded($0, at: start) }),
            let quote = Quote(in: window, at: start + wrapper.utf8CodeUnitCount)
        {
            let first = start + wrapper.utf8CodeUnitCount
            return quoted(quote, at: first)
        }
        if let holder = Self.holders.first(where: { window.hasFolded($0, at: start) }) {
            start += holder.utf8CodeUnitCount
            if let quote = Quote(in: window, at: start) {
                return quoted(quote, at: start)
            }
        } else if window[start] == UInt8(ascii: "[") || window[start] == UInt8(ascii: "(") {
            // An array as Java prints it, `[C@96aa3c08`.
            if isRemark(start) || (window[start + 1].isUpper && window[start + 2] == .at) { return nil }
            start += 1
        }
        if isSize(start) { return nil }
        if window[start] == UInt8(ascii: "{"), isObject(start) { return nil }
        if window[start] == UInt8(ascii: "{"), context.list == .semicolon,
            let close = (start..<window.lineEnd(start)).first(where: { window[$0] == UInt8(ascii: "}") })
        {
            // The braces of a connection string quote.
            return Extent(start: start + 1, end: close, isBounded: true)
        }
        var extent = Extent(start: start, end: start)
        extent.isPercent = context.isPercent
        extent.isProse = context.key == nil && format != .properties && format != .yaml
        if format == .properties, context.enclosing == nil, context.key == nil, startsLine(context.nameStart) {
            extent.end = propertyEnd(from: start)
        } else if format == .yaml, context.enclosing == nil, context.separator == .colon, context.key == nil {
            if isInFlow(context.nameStart) {
                extent.end = flowEnd(from: start)
            } else {
                extent.end = foldedEnd(scalarEnd(from: start), nameStart: context.nameStart)
            }
        } else {
            extent.end = settingEnd(from: start, context: context) ?? bareEnd(from: start, context: context)
            goOnBehindLineBreaks(&extent, context: context)
            goOnWithWords(&extent, context: context)
        }
        if extent.end == window.upper, !window.isEnd { extent.swallow = .word }
        return extent
    }

    /// `conninfo = 'user=joe password=''secret'' port=1'`: marks within a text in the same marks.
    private func doubledQuotes(from start: Int) -> Extent? {
        guard window.has("''", at: start), !window[start + 2].isSpace, !window[start + 2].isOne(of: "',;)]}"),
            let close = window.findFolded("''", from: start + 3, to: min(window.lineEnd(start), start + 256))
        else { return nil }
        return Extent(start: start + 2, end: close, isBounded: true)
    }

    /// `password: (attempt 3)`
    private func isRemark(_ start: Int) -> Bool {
        guard window[start] == UInt8(ascii: "("), window[start - 1] == .space else { return false }
        var end = start + 1
        while window[end].isLower { end += 1 }
        guard end > start + 1, window[end] == .space else { return false }
        return (end..<window.lineEnd(end)).contains { window[$0] == UInt8(ascii: ")") && isBoundary($0 + 1) }
    }

    /// `(2048 bit)` behind `Private-Key:`.
    private func isSize(_ start: Int) -> Bool {
        guard window[start - 1] == UInt8(ascii: "("), window[start].isDigit else { return false }
        var end = start
        while window[end].isDigit { end += 1 }
        return window.hasFolded(" bit", at: end)
    }

    /// The value behind the opening mark at `mark`.
    func quoted(_ quote: Quote, at mark: Int) -> Extent {
        let start = mark + quote.length(in: window, at: mark)
        let multiline = format == .yaml || format == .xml
        var extent = Extent(start: start, end: start, quote: quote, isBounded: true)
        switch quote.end(in: window, from: start, multiline: multiline) {
        case .closed(let value, let after):
            extent.end = quote.endOfDoubled(in: window, value: value, after: after, from: start, multiline: multiline)
        case .line(let end): extent.end = end
        case .open:
            extent.end = window.upper
            if !window.isEnd { extent.swallow = .quote(quote, multiline: multiline) }
        }
        if let end = cut(quote, from: start, to: extent.end) {
            extent.end = end
            extent.swallow = nil
        }
        return extent
    }

    /// A brace that opens an object, not a reference such as `{flow.x}` or a hash such as `{SSHA}…`.
    private func isObject(_ start: Int) -> Bool {
        let next = window[start + 1]
        return next.isSpace || next == UInt8(ascii: "}") || next == 0 || Quote(in: window, at: start + 1) != nil
    }

    /// To the end of the line, and on while it ends with a backslash (java.util.Properties).
    private func propertyEnd(from start: Int) -> Int {
        var end = window.lineEnd(start)
        while end < window.upper {
            var slashes = 0
            while end - slashes > start, window[end - slashes - 1] == .backslash { slashes += 1 }
            guard slashes % 2 == 1 else { break }
            let next = window[end] == .carriageReturn && window[end + 1] == .lineFeed ? end + 2 : end + 1
            end = window.lineEnd(next)
        }
        return max(start, window.skipBlanksBack(end))
    }

    /// To the end of the line or a comment (YAML 1.2 plain scalars).
    func scalarEnd(from start: Int) -> Int {
        let line = window.lineEnd(start)
        var end = start
        while end < line, !(window[end].isBlank && window[end + 1] == UInt8(ascii: "#")) { end += 1 }
        return max(start, window.skipBlanksBack(end))
    }

    /// A YAML block scalar: `|` or `>`, then lines deeper than the line of the name.
    private func block(from start: Int, context: ValueContext) -> Extent? {
        guard context.separator == .colon, window[start] == UInt8(ascii: "|") || window[start] == .greater else {
            return nil
        }
        var position = start + 1
        while window[position] == .dash || window[position] == UInt8(ascii: "+") || window[position].isDigit {
            position += 1
        }
        guard window[window.skipBlanks(position)].isLineBreak else { return nil }
        let line = window.lineStart(context.nameStart)
        let indent = window.skipBlanks(line) - line
        var cursor = window.lineEnd(position)
        var extent: Extent?
        while cursor < window.upper {
            cursor = window.nextLine(after: cursor)
            let text = window.skipBlanks(cursor)
            let end = window.lineEnd(text)
            if text < end {
                guard text - cursor > indent else { break }
                extent = extent ?? Extent(start: text, end: end)
                extent?.end = end
            }
            cursor = end
            if window[cursor] == 0 { break }
        }
        return extent
    }

    /// Code in Markdown, behind a name that may be bold: "**Password:** `value`".
    private func markdown(from start: Int, context: ValueContext) -> Extent? {
        guard context.key == nil, context.enclosing == nil else { return nil }
        let first = window.has("**", at: start) ? window.skipBlanks(start + 2) : start
        let grave = UInt8(ascii: "`")
        if window[first] == grave {
            let line = min(window.lineEnd(first), first + 512)
            guard let close = (first + 1..<max(first + 1, line)).first(where: { window[$0] == grave }) else {
                return nil
            }
            return Extent(start: first + 1, end: close, isBounded: true)
        }
        guard first > start, !window[first].isQuote else { return nil }
        var extent = Extent(start: first, end: bareEnd(from: first, context: context))
        extent.isProse = true
        return extent
    }

    /// The end of an unquoted value in running text.
    func bareEnd(from start: Int, context: ValueContext) -> Int {
        let isJSON = context.key != nil && context.separator == .colon
        if window[start] == .dollar, window[start + 1] == UInt8(ascii: "(") || window[start + 1] == UInt8(ascii: "{") {
            // A substitution of the shell may hold blanks.
            let closing = window[start + 1] == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "}")
            let line = window.lineEnd(start)
            if let close = (start..<line).first(where: { window[$0] == closing }) { return close + 1 }
        }
        var depth = 0
        var position = start
        while position < window.upper {
            let byte = window[position]
            if byte == context.list { return position }
            if context.isArgument, byte.isOne(of: ",;<>()[]{}|?#"), !startsPair(position + 1) {
                position += 1
                continue
            }
            // In an address these are percent-encoded: bare, they separate it from what follows.
            if context.isQuery, byte.isOne(of: ",;|") || (byte == .backslash && window[position + 1] != .slash) {
                return position
            }
            switch byte {
            case 0x09, 0x20:
                if context.isText {
                    let next = window.skipBlanks(position)
                    if !window[next].isLetter || startsPair(next) { return position }
                } else if !context.isArgument {
                    return position
                }
            case 0, 0x0A, 0x0D, 0x1B: return position
            case .less:
                if startsTag(position) { return position }
            case .doubleQuote, .singleQuote, UInt8(ascii: "`"):
                if isEnclosed(by: byte, at: start) || isBoundary(position + 1) { return position }
            case .backslash:
                if endsAtBackslash(position, start: start) { return position }
            case .ampersand:
                if endsAtAmpersand(position) { return position }
            case .percent:
                if context.isPercent, endsAtPercent(position) { return position }
            case UInt8(ascii: "?"), UInt8(ascii: "#"):
                // In an address; elsewhere it is a character like others.
                if context.isQuery
                    ? startsPair(position + 1) || byte == UInt8(ascii: "#")
                    : byte != UInt8(ascii: "#") && startsPair(position + 1)
                {
                    return position
                }
            case .comma, .semicolon:
                if isJSON || isBoundary(position + 1) || startsPair(position + 1) { return position }
            case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["):
                if isWireBreak(position) { return position }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
                if depth > 0 {
                    depth -= 1
                } else if isJSON || isBoundary(position + 1)
                    // The head of a function in Python.
                    || (window[position + 1] == .colon && isBoundary(position + 2))
                {
                    return position
                }
            default: break
            }
            position += 1
        }
        return position
    }

    /// Markup begins at a bracket, not a value's own character: the file is markup, or the bracket is closed on its line.
    func startsTag(_ position: Int) -> Bool {
        guard format != .xml, window[position + 1] != .slash else { return true }
        guard window[position + 1].isLetter || window[position + 1].isOne(of: "!?_") else { return false }
        let reach = position + 256
        let end = (position + 1..<max(position + 2, reach)).first {
            window[$0] == .greater || window[$0].isLineBreak || window[$0] == 0
        }
        // At the end of a line the bracket may as well belong to what follows.
        return end == position + 1 || end.map { window[$0] == .greater } ?? false
    }

    /// `[\r]`, `[\n]`: how Java's HTTP client logs the line breaks that it sends.
    func isWireBreak(_ position: Int) -> Bool {
        window[position] == UInt8(ascii: "[") && window[position + 1] == .backslash
            && window[position + 2].isOne(of: "rn")
            && window[position + 3] == UInt8(ascii: "]")
    }

    /// What turns a text into a secret's type in source code: `[]byte("x")`.
    private static let wrappers: [StaticString] = [
        "[]byte(", "[]rune(", "new string(", "string(", "bytes(", "buffer.from(", "secretstr(",
        "convertto-securestring ",
    ]

    /// How Java, Rust and Haskell print a value that may be missing.
    private static let holders: [StaticString] = ["optional[", "some(", "just "]

    /// True if what stands at `position` can't belong to a value any more.
    func isBoundary(_ position: Int) -> Bool {
        let byte = window[position]
        return byte.isSpace || byte == 0 || byte.isQuote || byte.isOne(of: ",;<>)]}|")
            || (byte == .dot && (window[position + 1].isSpace || window[position + 1] == 0))
            || (byte == .backslash && endsAtBackslash(position, start: position))
    }

    /// True if an odd number of `quote` stands before `start` on its line: the value lies inside of a quoted text.
    private func isEnclosed(by quote: UInt8, at start: Int) -> Bool {
        var position = start
        var count = 0
        while position > window.lower, start - position < 4096, !window[position - 1].isLineBreak {
            position -= 1
            if window[position] == quote { count += 1 }
        }
        return count % 2 == 1
    }

    private func endsAtBackslash(_ position: Int, start: Int) -> Bool {
        var next = position
        while window[next] == .backslash, next - position < 64 { next += 1 }
        let byte = window[next]
        if byte == 0 || byte.isLineBreak || byte == .doubleQuote { return true }
        if byte == .singleQuote { return isBoundary(next + 1) }
        if byte.isOne(of: "nrt") { return isEnclosed(by: .doubleQuote, at: start) }
        // Escaped &, quotation marks, angle brackets and blanks.
        return byte == UInt8(ascii: "u")
            && (["u0026", "u0022", "u0027", "u003c", "u003e", "u000a", "u000d", "u0020"] as [StaticString])
                .contains { window.hasFolded($0, at: next) }
    }

    private func endsAtAmpersand(_ position: Int) -> Bool {
        for entity in ["&lt;", "&gt;", "&quot;", "&#10;", "&#13;", "&#34;", "&#xa;", "&#xd;"] as [StaticString]
        where window.hasFolded(entity, at: position) { return true }
        let next = window.hasFolded("&amp;", at: position) ? position + 5 : position + 1
        return isBoundary(next) || startsPair(next)
    }

    private func endsAtPercent(_ position: Int) -> Bool {
        (["%26", "%22", "%27", "%20", "%0a", "%0d", "%3c", "%7d", "%2c", "%5c", "%2522", "%2526"] as [StaticString])
            .contains { window.hasFolded($0, at: position) }
    }

    /// True if a name and a separator stand at `position`.
    func startsPair(_ position: Int) -> Bool {
        var end = position
        while window[end].isName, end - position < 64 { end += 1 }
        return end > position && (window[end] == .equals || window[end] == .colon || window.hasFolded("%3d", at: end))
    }
}
