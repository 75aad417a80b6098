/// Values of settings: they fill the rest of their line, whatever marks they have, and go on with words or in the next line.
extension Inspector {
    private static let longestSetting = 256

    /// The end of the value of a setting, `password=R~{<@^*Tk17>.2qK`, whose name begins its line and whose value, without
    /// a blank, ends it. Nil where what looks like a value holds more than that: names and values in a row, markup, escapes.
    func settingEnd(from start: Int, context: ValueContext) -> Int? {
        guard context.key == nil, context.list == nil, !context.isQuery, !context.isPercent, !context.isArgument,
            !window[start].isOne(of: "$([{<\"'"), !window[start - 1].isOne(of: "([{")
        else { return nil }
        // All of a text in quotation marks, `-H 'password: x'`, or of a line.
        var limit = window.upper
        if let enclosing = context.enclosing {
            guard case .closed(let close, _) = enclosing.end(in: window, from: start) else { return nil }
            limit = close
        } else if !startsSetting(context.nameStart) {
            return nil
        }
        var end = start
        var hasMark = false
        while end < limit, end - start <= Self.longestSetting, window[end] > 0x20, window[end] != 0x7F {
            let byte = window[end]
            if byte.isAlphanumeric {
                end += 1
                continue
            }
            let next = window[end + 1]
            if byte == .backslash, next.isOne(of: "nrtu\"'") { return nil }
            if byte == .less, next == .slash || startsTag(end) { return nil }
            if byte == .ampersand, next == UInt8(ascii: "#") || Quote(in: window, at: end) != nil { return nil }
            if byte.isOne(of: ",;&|?#"), isNextPair(end + 1, shortest: byte == .ampersand ? 1 : 2) { return nil }
            hasMark = hasMark || byte.isOne(of: ",;<>`\"'&?#}])")
            end += 1
        }
        guard hasMark, end - start <= Self.longestSetting else { return nil }
        if context.enclosing != nil { return end == limit && end > start ? end : nil }
        guard end < limit ? window[end].isLineBreak : window.isEnd else { return nil }
        end = withoutClosers(start, end)
        return end > start ? end : nil
    }

    /// A patch's sign may stand before the name, too.
    private func startsSetting(_ nameStart: Int) -> Bool {
        startsLine(nameStart)
            || (window[nameStart - 1] == UInt8(ascii: "+") && window.lineStart(nameStart) == nameStart - 1)
    }

    /// The name of another setting and its sign.
    private func isNextPair(_ start: Int, shortest: Int) -> Bool {
        var end = start
        while window[end].isName, end - start < 64 { end += 1 }
        return end - start >= shortest && window[start].isLetter && (window[end] == .equals || window[end] == .colon)
    }

    /// Without what closes the source code or list that the line may stand in: `,`, `;`, and brackets and quotation marks that
    /// are not opened in the value.
    private func withoutClosers(_ start: Int, _ end: Int) -> Int {
        var last = end
        while last > start {
            let byte = window[last - 1]
            let open: UInt8
            switch byte {
            case .comma, .semicolon:
                last -= 1
                continue
            case UInt8(ascii: ")"): open = UInt8(ascii: "(")
            case UInt8(ascii: "]"): open = UInt8(ascii: "[")
            case UInt8(ascii: "}"): open = UInt8(ascii: "{")
            case .doubleQuote, .singleQuote, UInt8(ascii: "`"): open = byte
            default: return last
            }
            if (start..<last - 1).contains(where: { window[$0] == open }) { return last }
            last -= 1
        }
        return last
    }

    /// `db.password = correct horse battery staple`: a setting that begins a line of which nothing but words follow. The
    /// rest of a sentence or of a command, as in `PGPASSWORD=x psql`, is none.
    func goOnWithWords(_ extent: inout Extent, context: ValueContext) {
        guard context.key == nil, !context.isQuery, extent.end - extent.start >= 3, window[extent.end].isBlank,
            !rules.judgement.prose.contains(in: window, extent.start, extent.end),
            (extent.start..<extent.end).allSatisfy({ window[$0].isLetter })
        else { return }
        var (position, words) = (extent.end, 1)
        while window[position].isBlank {
            let word = window.skipBlanks(position)
            var end = word
            while window[end].isAlphanumeric { end += 1 }
            guard end > word, !rules.judgement.prose.contains(in: window, word, end) else { return }
            (position, words) = (end, words + 1)
        }
        if mayHoldWords(context, extent, words: words, end: position) { extent.end = position }
    }

    /// True where words up to `end` can be nothing but the value: of a setting that fills its line, of a pair in a connection
    /// string, of a text in quotation marks that holds name and value.
    private func mayHoldWords(_ context: ValueContext, _ extent: Extent, words: Int, end: Int) -> Bool {
        if let enclosing = context.enclosing {
            return words >= 3 && Quote(in: window, at: end) == enclosing
                && (context.separator == .equals || isJoinedName(context.nameStart))
        }
        if words >= 3, context.separator == .equals, window[end] == .semicolon,
            window[context.nameStart - 1] == .semicolon
        {
            return true
        }
        guard context.list == nil, startsLine(context.nameStart), window[end].isLineBreak || window[end] == 0 else {
            return false
        }
        if context.separator == .equals {
            return window[extent.start - 1].isBlank || window[context.nameStart].isLower
        }
        // A mapping below another one.
        let isIndented = window.has("  ", at: window.lineStart(context.nameStart))
        return isJoinedName(context.nameStart) || (words >= 4 && isIndented)
    }

    /// `userPassword`, `db_password`, `Proxy-Password`: what begins a line of prose is one word.
    private func isJoinedName(_ start: Int) -> Bool {
        var end = start + 1
        while window[end].isName, !window[end].isUpper, !window[end].isOne(of: "_.-") { end += 1 }
        return window[end].isName && !(window[start].isUpper && window[start + 1].isUpper)
    }

    /// A value that goes on in the next line behind a backslash, as in properties and shells, whatever the file is.
    func goOnBehindLineBreaks(_ extent: inout Extent, context: ValueContext) {
        guard context.key == nil, context.enclosing == nil else { return }
        while window[extent.end] == .backslash, window[extent.end + 1].isLineBreak {
            let line = extent.end + 1
            let next = window[line] == .carriageReturn && window[line + 1] == .lineFeed ? line + 2 : line + 1
            let text = window.skipBlanks(next)
            // The next option of a command, or the next setting.
            guard !window[text].isLineBreak, window[text] != .dash || window[text + 1].isDigit, !window[text].isQuote,
                !startsPair(text) || isPaddingBehind(text)
            else { return }
            let end = bareEnd(from: text, context: context)
            guard end > text else { return }
            if extent.end == extent.start { extent.start = text }
            extent.end = end
        }
    }

    /// The padding of base64, not the sign behind a name.
    private func isPaddingBehind(_ start: Int) -> Bool {
        var end = start
        while window[end].isName { end += 1 }
        while window[end] == .equals { end += 1 }
        return window[end - 1] == .equals && (window[end].isLineBreak || window[end] == 0)
    }
}
