internal import Documents

/// Lines of plain text of a fixed width, made of harmless text.
enum TextLayout {
    /// The text in lines of at most `width` columns, at most `maxLines` of them, the last cut with an ellipsis.
    static func wrapped(
        _ text: String, width: Int, first: String = "", next: String = "", maxLines: Int = 3
    ) -> [String] {
        let words = tokens(of: Shown.text(text, (width + 1) * maxLines * 2))
        return fill(words, width: width, first: first, next: next, maxLines: maxLines, joint: "")
    }

    /// Something that a line is not broken within.
    private struct Token {
        var text: String
        var hasSpace: Bool
    }

    /// Marks that must not begin a line of Chinese.
    private static let closing: Set<Character> = ["，", "。", "、", "；", "：", "）", "？", "！", "”", "’", "》"]

    /// Words; of Chinese, which has no blanks, each character with the marks behind it.
    private static func tokens(of text: String) -> [Token] {
        var tokens: [Token] = []
        for word in text.split(separator: " ") {
            var isFirst = true
            var canBreak = false
            for character in word {
                let isWide = character.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
                if isFirst || (isWide || canBreak) && !closing.contains(character) {
                    tokens.append(Token(text: String(character), hasSpace: isFirst))
                } else {
                    tokens[tokens.count - 1].text.append(character)
                }
                isFirst = false
                canBreak = isWide && character != "（" && character != "“"
            }
        }
        return tokens
    }

    /// A command in lines that a shell reads as one: each line but the last ends in a backslash.
    ///
    /// A command is for copying, so nothing of it is cut: one that can't be wrapped is `tooLong`, or one long line.
    static func command(_ text: String, width: Int, indent: String, tooLong: String? = nil) -> [String] {
        let shown = Shown.text(text, 4000)
        let words = shellWords(shown)
        let longest = words.map { TerminalText.columns($0) }.max() ?? 0
        guard indent.utf8.count + 2 + longest + 2 <= width else { return [indent + (tooLong ?? shown)] }
        let tokens = words.map { Token(text: $0, hasSpace: true) }
        let lines = fill(tokens, width: width, first: indent, next: indent + "  ", maxLines: 100, joint: " \\")
        return lines.count <= 6 ? lines : [indent + (tooLong ?? shown)]
    }

    /// Splits at the blanks that a shell would split at, so that no quoted text is broken.
    private static func shellWords(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var escaped = false
        for character in text {
            if character == " " && quote == nil && !escaped {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            word.append(character)
            if escaped {
                escaped = false
            } else if character == "\\" && quote != "'" {
                escaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil && (character == "'" || character == "\"") {
                quote = character
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func fill(
        _ words: [Token], width: Int, first: String, next: String, maxLines: Int, joint: String
    ) -> [String] {
        var lines: [String] = []
        var line = first
        var hasWord = false
        for (index, word) in words.enumerated() {
            let isLast = index == words.count - 1
            let room = width - (isLast ? 0 : joint.utf8.count)
            let gap = hasWord && word.hasSpace ? " " : ""
            let needed = TerminalText.columns(line) + gap.utf8.count + TerminalText.columns(word.text)
            if hasWord && needed > room {
                guard lines.count + 1 < maxLines else {
                    lines.append(cut(line, width))
                    return lines
                }
                lines.append(joint.isEmpty ? TerminalText.harmless(line, maxColumns: width) : line + joint)
                line = next
                hasWord = false
            }
            line += (hasWord ? gap : "") + word.text
            hasWord = true
        }
        if hasWord { lines.append(TerminalText.harmless(line, maxColumns: width)) }
        return lines
    }

    /// The line with an ellipsis that says that more was there.
    private static func cut(_ line: String, _ width: Int) -> String {
        TerminalText.columns(line) < width ? line + "…" : TerminalText.harmless(line + "…", maxColumns: width)
    }
}
