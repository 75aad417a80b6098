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
        if extent.quote == nil, extent.end - extent.start > 1, "])".utf8.contains(window[extent.end - 1]) {
            extent.end -= 1
        }
        extent.isProse = extent.quote == nil
        let name = window.slice(found.name.start, found.name.end).map(\.lowercased)
        guard extent.value(in: window).map(\.lowercased) != name else { return [] }
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

    /// `setProperty("password", "value")`.
    func callValue(_ found: Named, from position: Int) -> [Discovery] {
        guard let before = Quote.before(found.name.start, in: window), window[before.start - 1] == UInt8(ascii: "(")
        else { return [] }
        let start = window.skipBlanks(position)
        guard let quote = Quote(in: window, at: start) else { return [] }
        let from = start + quote.length(in: window, at: start)
        guard case .closed(let end, _) = quote.end(in: window, from: from) else { return [] }
        return discover(found, Extent(start: from, end: end, quote: quote, isBounded: true))
    }
}
