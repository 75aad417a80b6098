/// Values in the flow mappings of YAML, `{user: edge, password: x}`, and plain scalars on several lines (YAML 1.2
/// sections 7.3.3 and 7.4).
extension Inspector {
    private static let flowReach = 4_096

    /// True if the first thing on its line is the name, behind a mark of a comment or not.
    func startsLine(_ nameStart: Int) -> Bool {
        var position = window.lineStart(nameStart)
        while position < nameStart, window[position].isBlank || window[position].isOne(of: "#!-'\"") {
            position += 1
        }
        return position == nameStart || window.hasFolded("export ", at: position) || window.has("-D", at: nameStart - 2)
    }

    /// True if a key that starts at `nameStart` stands in the braces of a flow mapping.
    func isInFlow(_ nameStart: Int) -> Bool {
        var position = window.skipBlanksBack(nameStart, lines: true)
        let lead = window[position - 1]
        if lead == UInt8(ascii: "{") || lead == UInt8(ascii: "[") { return true }
        guard lead == .comma else { return false }
        var depth = 0
        while position > window.lower, nameStart - position < Self.flowReach {
            position -= 1
            switch window[position] {
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == 0 { return true }
                depth -= 1
            default: break
            }
        }
        return false
    }

    /// The end of a plain scalar in a flow collection. The brackets of a reference, `${x}`, belong to it.
    func flowEnd(from start: Int) -> Int {
        let line = window.lineEnd(start)
        var end = start
        var depth = 0
        while end < line {
            let byte = window[end]
            if byte.isOne(of: "{[(") {
                depth += 1
            } else if byte.isOne(of: "}])") {
                if depth == 0, byte != UInt8(ascii: ")") { break }
                depth = max(0, depth - 1)
            } else if depth == 0, byte == .comma || (byte.isBlank && window[end + 1] == UInt8(ascii: "#")) {
                break
            }
            end += 1
        }
        return max(start, window.skipBlanksBack(end))
    }

    /// A plain scalar that ends with its line goes on in the lines below that are indented deeper than its key.
    func foldedEnd(_ first: Int, nameStart: Int) -> Int {
        let indent = nameStart - window.lineStart(nameStart)
        var end = first
        for _ in 0..<16 {
            guard let text = window.nextLine(behind: window.skipBlanks(end)),
                text - window.lineStart(text) > indent, !window[text].isLineBreak, window[text] != 0,
                window[text] != UInt8(ascii: "#"), !startsEntry(text), !isItem(text)
            else { break }
            end = scalarEnd(from: text)
        }
        return end
    }

    /// True if a key of a mapping stands at `position`.
    func startsEntry(_ position: Int) -> Bool {
        var end = position
        if let quote = Quote(in: window, at: position), quote.slashes == 0 {
            guard case .closed(_, let after) = quote.end(in: window, from: position + 1) else { return false }
            end = after
        } else {
            while window[end].isName || window[end] == .slash || window[end] == .at || window[end] == .dollar {
                end += 1
            }
        }
        guard end > position, window[end] == .colon else { return false }
        return window[end + 1].isSpace || window[end + 1] == 0
    }

    /// True if an item of a sequence starts at `position`.
    func isItem(_ position: Int) -> Bool { window[position] == .dash && window[position + 1].isSpace }

    /// Behind the anchor and the tag of a value: `&name`, `!!str`.
    func skipProperties(_ start: Int) -> Int {
        var position = start
        while window[position] == .ampersand || window.has("!!", at: position) {
            var end = position + 1
            while window[end].isName || window[end] == UInt8(ascii: "!") { end += 1 }
            guard window[end].isSpace else { break }
            position = window.skipBlanks(end)
        }
        return position
    }
}

extension Window {
    /// The first thing on the next line that is not empty, where `position` ends a line; nil if it does not.
    func nextLine(behind position: Int) -> Int? {
        guard self[position].isLineBreak else { return nil }
        return skipBlanks(nextLine(after: position))
    }
}
