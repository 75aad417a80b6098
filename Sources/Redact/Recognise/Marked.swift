/// Names and values with something between them that only people or one language see: colours of a terminal, bold type,
/// types and lengths of PHP, the three quotation marks of TOML and Python.
extension Inspector {
    private static let escape: UInt8 = 0x1B

    /// Behind the colours of a terminal (ECMA-48, SGR): `ESC [ 36 m`.
    func skipStyles(_ start: Int) -> Int {
        var position = start
        while window[position] == Self.escape, window[position + 1] == UInt8(ascii: "[") {
            var end = position + 2
            while window[end].isDigit || window[end] == .semicolon { end += 1 }
            guard window[end] == UInt8(ascii: "m") else { break }
            position = end + 1
        }
        return position
    }

    /// Where a name starts that seems to start at `start`, with the rest of a colour before it: `36mpassword`.
    func styledStart(_ start: Int) -> Int {
        var lead = start
        while start - lead < 16, window[lead - 1].isDigit || window[lead - 1] == .semicolon { lead -= 1 }
        guard window[lead - 1] == UInt8(ascii: "["), window[lead - 2] == Self.escape else { return start }
        let end = skipStyles(lead - 2)
        return end > lead - 2 ? end : start
    }

    /// Behind what marks the end of a name: colours, or bold type of Markdown.
    func skipMarks(_ start: Int) -> Int {
        let position = skipStyles(start)
        return window.has("**", at: position) ? position + 2 : position
    }

    /// `["password"]=> string(12) "x"` of var_dump, `s:8:"password";s:12:"x"` of serialize.
    func phpValue(_ found: Named, after: Quote?, from position: Int) -> [Discovery]? {
        guard let after else { return nil }
        var start = position
        if window.has("]=>", at: start) {
            start = window.skipBlanks(start + 3, lines: true)
            guard window.has("string(", at: start) else { return nil }
            start += 7
        } else if window.has(";s:", at: start) {
            start += 3
        } else {
            return nil
        }
        while window[start].isDigit { start += 1 }
        guard window[start] == UInt8(ascii: ")") || window[start] == .colon else { return nil }
        start = window.skipBlanks(start + 1)
        guard let quote = Quote(in: window, at: start), quote == after else { return nil }
        return discover(found, quoted(quote, at: start))
    }

    /// `password = \"""secret\"""`, on one line or more.
    func tripleQuoted(_ found: Named, from start: Int) -> [Discovery]? {
        let marks: [StaticString] = ["\"\"\"", "'''"]
        guard let mark = marks.first(where: { window.has($0, at: start) }) else { return nil }
        var first = start + 3
        if window[first].isLineBreak { first = window.nextLine(after: first) }
        guard let end = window.findFolded(mark, from: first, to: first + 4_096) else { return nil }
        return discover(found, Extent(start: first, end: end, isBounded: true))
    }
}
