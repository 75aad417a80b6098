/// Passwords in sentences: in mails, tickets, comments and histories.
extension Inspector {
    /// `password is S3cr3tpw`, `the password for joe is "x"`, `password changed to 'x'`.
    func spokenPassword(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard !window[start - 1].isWord, !window[start - 1].isQuote, window[start - 1] != .dash,
            window[start - 1] != .dot
        else { return [] }
        var position = end
        if !window.endsFolded(" is", before: end) {
            if let value = valueBefore(start, rule: rule) { return value }
            guard window[end] == .space,
                isWordByte(window[end + 1]) || window[end + 1].isQuote || window[end + 1] == Self.bracket
            else { return [] }
            var words = 0
            var isSaid = false
            let isFor = window.hasFolded(" for ", at: end)
            while words < 5, !isSaid {
                let next = window.skipBlanks(position)
                var last = next
                while isWordByte(window[last]) || (words > 0 && window[last].isName) { last += 1 }
                if isFor, words > 0, window[last] == .colon, window[last + 1] == .space, last > next,
                    !Self.kinds.contains(in: window, next, last)
                {
                    (isSaid, position) = (true, last + 1)
                    break
                }
                guard last > next, window[last] == .space else { break }
                isSaid = Self.copulas.contains(in: window, next, last)
                position = last
                words += 1
            }
            if !isSaid { position = end }
        }
        var first = window.skipBlanks(position)
        guard first > position else { return [] }
        if window[first] == Self.bracket { first += 1 }
        guard let word = shellWord(from: first) else { return [] }
        var extent = word.extent
        if window[first - 1] == Self.bracket, extent.quote == nil {
            extent.end = (extent.start..<extent.end).first { window[$0] == UInt8(ascii: "]") } ?? extent.end
        }
        while extent.quote == nil, extent.end > extent.start, ".,;!?)".utf8.contains(window[extent.end - 1]) {
            extent.end -= 1
        }
        extent.isProse = true
        guard isSpoken(extent) else { return [] }
        guard window.endsFolded(" from", before: position) else {
            return discover(extent, rule: rule, name: .certain, strength: .weak)
        }
        // `changed the password from old to new`, but not `Accepted password for joe from 10.1.2.3`.
        guard window.hasFolded(" to ", at: word.after), let second = shellWord(from: word.after + 4) else { return [] }
        return discover(extent, rule: rule, name: .certain, strength: .weak)
            + discover(second.extent, rule: rule, name: .certain, strength: .weak)
    }

    /// A letter of any language.
    private func isWordByte(_ byte: UInt8) -> Bool { byte.isLetter || byte >= 0x80 }

    private func isSpoken(_ extent: Extent) -> Bool {
        let value = window.slice(extent.start, extent.end)
        return value.count >= 8 && value.contains(where: \.isDigit) && value.contains(where: \.isLetter)
            && !value.contains(.equals) && !value.contains(UInt8(ascii: "(")) && window[extent.start] != .slash
    }

    /// `log in with 'x' as password`, `use x as the password`.
    private func valueBefore(_ start: Int, rule: Int) -> [Discovery]? {
        let lead = ([" as the ", " as your ", " as a ", " as "] as [StaticString]).first {
            window.endsFolded($0, before: start)
        }
        guard let lead else { return nil }
        let last = start - lead.utf8CodeUnitCount
        let line = max(window.lineStart(last), last - 128)
        var extent = Extent(start: last, end: last, isProse: true)
        if let quote = Quote.before(last, in: window)?.start, let mark = Quote(in: window, at: quote),
            let open = (line..<max(line, quote)).last(where: { Quote(in: window, at: $0) == mark })
        {
            extent = Extent(
                start: open + mark.length(in: window, at: open), end: quote, quote: mark, isProse: true)
        } else {
            while extent.start > line, !window[extent.start - 1].isSpace { extent.start -= 1 }
        }
        guard extent.end > extent.start, isSpoken(extent) else { return nil }
        return discover(extent, rule: rule, name: .certain, strength: .weak)
    }

    /// What stands before the name of something instead of a password.
    private static let kinds = WordSet([
        "user", "username", "account", "id", "error", "reason", "code", "status", "host", "name", "realm", "path",
        "url",
        "file", "message", "alias",
    ])
    private static let bracket = UInt8(ascii: "[")
    private static let copulas = WordSet([
        "is", "was", "to", "becomes", "set", "as", "from", "lautet", "ist", "est", "es", "è", "é", "är", "er", "on",
    ])
}
