/// Commands whose words stand in a list or a record instead of a line of a shell.
extension Inspector {
    /// How the words of a command are set apart.
    enum Layout {
        case shell
        /// Texts of a list, with commas between them: `["curl", "-u", "joe:secret"]`.
        case list
        /// Items of a list in YAML.
        case items
        /// Fields of a record of Linux's audit: `a0="curl" a1="-u"`.
        case audit
    }

    /// The layout of a command, from the name of its tool.
    func layout(start: Int, end: Int) -> Layout {
        guard end > start, window[end - 1].isQuote else {
            let isItem = window[end].isLineBreak && window[window.skipBlanksBack(start) - 1] == .dash
            return isItem && format == .yaml ? .items : .shell
        }
        if window[window.skipBlanks(end, lines: true)] == .comma { return .list }
        return auditField(window.skipBlanks(end)) == nil ? .shell : .audit
    }

    /// Where the text of `a1="…"` starts.
    private func auditField(_ start: Int) -> Int? {
        var position = start + 1
        while window[position].isDigit, position - start < 5 { position += 1 }
        return window[start] == UInt8(ascii: "a") && position > start + 1 && window[position] == .equals
            ? position + 1 : nil
    }

    /// The start of the next word; past the window's end if there is none.
    func nextWord(_ start: Int, _ layout: Layout) -> Int {
        switch layout {
        case .shell: return nextWord(start)
        case .list:
            let comma = window.skipBlanks(start, lines: true)
            let next = window.skipBlanks(comma + 1, lines: true)
            return window[comma] == .comma && Quote(in: window, at: next) != nil ? next : window.upper
        case .audit: return auditField(window.skipBlanks(start)) ?? window.upper
        case .items:
            guard window[window.skipBlanks(start)].isLineBreak else { return window.upper }
            let dash = window.skipBlanks(start, lines: true)
            return window[dash] == .dash && window[dash + 1].isBlank ? window.skipBlanks(dash + 1) : window.upper
        }
    }
}
