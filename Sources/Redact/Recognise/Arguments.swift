/// Values that follow their name as the next word, item or argument.
extension Inspector {
    /// The item after an option in a list of arguments: `["--password", "value"]`, `[--password, value]`.
    func optionItem(_ found: Named, after: Quote?, from position: Int) -> [Discovery] {
        let start = window.skipBlanks(position, lines: true)
        guard window[start] != .dash else { return [] }
        if after != nil {
            guard let quote = Quote(in: window, at: start) else { return [] }
            let extent = quoted(quote, at: start)
            return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
        }
        guard start > position else { return [] }
        var extent = Extent(start: start, end: bareEnd(from: start, context: ValueContext(list: .comma)))
        extent.isProse = true
        return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
    }

    /// True if a quoted text is the argument of an option that sends data, such as curl's `-d`.
    func isDataArgument(before quote: Int) -> Bool {
        let end = window.skipBlanksBack(quote)
        guard end < quote || window[end - 1] == .equals else { return false }
        let option = window[end - 1] == .equals ? end - 1 : end
        return
            ([
                "-d", "--data", "--data-urlencode", "--data-raw", "--data-ascii", "--data-binary", "-f", "--form",
                "--form-string",
            ]
            as [StaticString]).contains { window.endsFolded($0, before: option) }
    }

    /// The texts of a list: `"passwords": ["a", "b"]`.
    func listValues(_ found: Named, from start: Int) -> [Discovery] {
        var result: [Discovery] = []
        var position = window.skipBlanks(start, lines: true)
        while result.count < 64, let quote = Quote(in: window, at: position) {
            let from = position + quote.length(in: window, at: position)
            guard case .closed(let end, let after) = quote.end(in: window, from: from) else { break }
            let extent = Extent(start: from, end: end, quote: quote, isBounded: true)
            result += discover(found, extent)
            position = window.skipBlanks(after, lines: true)
            guard window[position] == .comma else { break }
            position = window.skipBlanks(position + 1, lines: true)
        }
        return result
    }

    /// `--password value`: the next word of a command.
    func optionValue(_ found: Named) -> [Discovery] {
        let start = nextWord(found.name.end)
        guard window[start] != .dash, let word = shellWord(from: start) else { return [] }
        var extent = word.extent
        // `[--password PASSWORD]` of a usage text.
        if extent.quote == nil, extent.end - extent.start > 1, window[extent.end - 1].isOne(of: "])") {
            extent.end -= 1
        }
        extent.isProse = extent.quote == nil
        // `--secret-key SECRET_KEY`
        func spelled(_ text: [UInt8]) -> [UInt8] { text.map { $0 == .dash ? UInt8(ascii: "_") : $0.lowercased } }
        guard spelled(extent.value(in: window)) != spelled(window.slice(found.name.start, found.name.end)) else {
            return []
        }
        return discover(found, extent)
    }

    /// `"requirepass" "value"`: the arguments of a command, each in quotes.
    func listedValue(_ found: Named, after: Quote?, from position: Int) -> [Discovery] {
        guard let after, let quote = Quote(in: window, at: position), quote == after, window[position - 1].isBlank
        else {
            return []
        }
        let extent = quoted(quote, at: position)
        let strength = found.isBareKeyword && found.place == .inside ? NameRule.Strength.medium : found.strength
        return discover(extent, rule: found.rule, name: found.rules, strength: strength)
    }

    /// `setProperty("password", "value")`, and a row of names and values: `VALUES (7, 'password', 'value')`.
    func callValue(_ found: Named, from position: Int) -> [Discovery] {
        guard let before = Quote.before(found.name.start, in: window) else { return [] }
        let lead = window.skipBlanksBack(before.start, lines: true)
        let isPair = window[lead - 1] == UInt8(ascii: "[") && isInList(lead - 1)
        guard isPair || window[before.start - 1] == UInt8(ascii: "(") || isInsertedName(before.start) else { return [] }
        let start = window.skipBlanks(position, lines: isPair)
        guard let quote = Quote(in: window, at: start) else { return [] }
        let from = start + quote.length(in: window, at: start)
        guard case .closed(let end, let after) = quote.end(in: window, from: from) else { return [] }
        // `[["name", "value"], …]`, as headers are listed.
        if isPair, window[window.skipBlanks(after, lines: true)] != UInt8(ascii: "]") { return [] }
        return discover(found, Extent(start: from, end: end, quote: quote, isBounded: true))
    }

    /// True for a bracket inside of another, or behind one.
    private func isInList(_ bracket: Int) -> Bool {
        let lead = window.skipBlanksBack(bracket, lines: true)
        if window[lead - 1] == UInt8(ascii: "[") { return true }
        return window[lead - 1] == .comma
            && window[window.skipBlanksBack(lead - 1, lines: true) - 1] == UInt8(ascii: "]")
    }

    /// `PASSWORDS=( "a" 'b' )`: an array of a shell.
    func arrayValues(_ found: Named, from start: Int) -> [Discovery]? {
        guard window[start] == UInt8(ascii: "(") else { return nil }
        var position = window.skipBlanks(start + 1, lines: true)
        guard Quote(in: window, at: position) != nil else { return nil }
        var result: [Discovery] = []
        while result.count < 64, Quote(in: window, at: position) != nil, let word = shellWord(from: position) {
            result += discover(found, word.extent)
            position = window.skipBlanks(word.after, lines: true)
        }
        return window[position] == UInt8(ascii: ")") ? result : nil
    }

    /// A variable of psql behind its name: `PASSWORD :'pw'`.
    func isVariable(_ start: Int) -> Bool {
        guard let quote = Quote(in: window, at: start), quote.slashes == 0,
            quote.mark == .single || quote.mark == .double
        else { return false }
        var end = start + 1
        while window[end].isLower || window[end] == UInt8(ascii: "_") { end += 1 }
        return end > start + 1 && Quote(in: window, at: end) == quote
    }

    /// The `key` beside a `secret`, as Edge Microgateway's configuration and OAuth clients have them: the name alone says
    /// too little.
    func pairedKey(_ found: Named) -> [Discovery] {
        guard found.isBareKeyword, found.name.end - found.name.start == 6,
            window.hasFolded("secret", at: found.name.start)
        else { return [] }
        let lead = window.skipBlanksBack(found.name.start, lines: true)
        let first = max(window.lower, found.name.start - 256)
        var start = lead
        // The member right before: on the line above, or left of a comma.
        while start > first, !window[start - 1].isLineBreak, window[start - 1] != UInt8(ascii: "{") { start -= 1 }
        guard let key = window.findFolded("key", from: start, to: found.name.start), !window[key - 1].isName else {
            return []
        }
        var position = key + 3
        let quote = Quote(in: window, at: position)
        if let quote { position += quote.length(in: window, at: position) }
        guard let separator = Separator.read(in: window, at: window.skipBlanks(position)) else { return [] }
        let context = ValueContext(key: quote, separator: separator.kind, nameStart: key)
        guard let extent = value(from: window.skipBlanks(separator.after), context: context),
            extent.end - extent.start >= 20, extent.end < found.name.start,
            (extent.start..<extent.end).allSatisfy({ window[$0].isAlphanumeric })
        else { return [] }
        return discover(found, extent)
    }
}
