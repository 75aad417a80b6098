/// Passwords in sentences: in mails, tickets, comments and histories.
extension Inspector {
    /// `password is S3cr3tpw`, `the password for joe is "x"`, `password changed to 'x'`.
    func spokenPassword(start: Int, end: Int, rule: Int) -> [Discovery] {
        if window[end - 1] == .doubleQuote { return sentPassword(after: end, rule: rule) }
        let lead = window[start - 1]
        guard !lead.isAlphanumeric, !lead.isQuote, lead != .slash, lead != .dash || window[start].isDigit else {
            return []
        }
        if window[start].isDigit { return answeredPassword(after: end, rule: rule) }
        if let value = valueBelow(start, rule: rule) { return value }
        var position = end
        if !window.endsFolded(" is", before: end) {
            if let value = valueBefore(start, rule: rule) { return value }
            guard window[end] == .space,
                isWordByte(window[end + 1]) || window[end + 1].isDigit || window[end + 1].isQuote
                    || window[end + 1] == Self.bracket
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
            // `is set to x`
            if isSaid,
                let more = ([" set to ", " to "] as [StaticString]).first(where: { window.hasFolded($0, at: position) })
            {
                position += more.utf8CodeUnitCount - 1
            }
            // `password is: x`
            if !isSaid, window.hasFolded(" is: ", at: position) { (isSaid, position) = (true, position + 4) }
            if !isSaid { position = end }
            // `A temporary password is generated for root@localhost: …` of MySQL.
            if window.hasFolded("generated ", at: window.skipBlanks(position)),
                let colon = window.findFolded(": ", from: position, to: window.lineEnd(position))
            {
                position = colon + 1
            }
        }
        var first = window.skipBlanks(position)
        guard first > position else { return [] }
        if window[first] == Self.bracket { first += 1 }
        guard let word = shellWord(from: first) else { return [] }
        var extent = word.extent
        if window[first - 1] == Self.bracket, extent.quote == nil {
            extent.end = (extent.start..<extent.end).first { window[$0] == UInt8(ascii: "]") } ?? extent.end
        }
        extent = inSentence(extent)
        if extent.quote != nil, extent.end - extent.start >= 6, window[position - 1] == .colon,
            !(extent.start..<extent.end).contains(where: { window[$0].isSpace })
        {
            return discover(extent, rule: rule, name: .certain, strength: .medium)
        }
        guard isSpoken(extent) else { return [] }
        guard window.endsFolded(" from", before: position) else {
            return discover(extent, rule: rule, name: .certain, strength: .weak)
        }
        // `changed the password from old to new`, but not `Accepted password for joe from 10.1.2.3`.
        guard window.hasFolded(" to ", at: word.after), let second = shellWord(from: word.after + 4) else { return [] }
        return discover(extent, rule: rule, name: .certain, strength: .weak)
            + discover(second.extent, rule: rule, name: .certain, strength: .weak)
    }

    /// A word without the marks of the sentence behind it.
    private func inSentence(_ word: Extent) -> Extent {
        var extent = word
        while extent.quote == nil, extent.end > extent.start, window[extent.end - 1].isOne(of: ".,;!?)") {
            extent.end -= 1
        }
        extent.isProse = true
        return extent
    }

    /// A letter of any language.
    private func isWordByte(_ byte: UInt8) -> Bool { byte.isLetter || byte >= 0x80 }

    private func isSpoken(_ extent: Extent) -> Bool {
        let value = window.slice(extent.start, extent.end)
        return value.count >= 8 && value.contains(where: \.isDigit) && value.contains(where: \.isLetter)
            && !value.drop(while: { $0 != .equals }).contains(where: { $0 != .equals })
            && !value.contains(UInt8(ascii: "(")) && window[extent.start] != .slash
    }

    /// The value in a sentence about a name: `db_password is x`, `using API_KEY x`, `cass_pwd [x] not accepted`,
    /// `ldap.pw changed from x to y`. Nil if nobody says one.
    func spokenValue(_ found: Named, from start: Int) -> [Discovery]? {
        guard found.rules.value == .plain, found.name.dashes == 0 else { return nil }
        var rules = found.rules
        rules.allowsWords = false
        func take(_ first: Int) -> (found: [Discovery], after: Int)? {
            let isBracketed = window[first] == Self.bracket
            guard let word = shellWord(from: isBracketed ? first + 1 : first) else { return nil }
            var extent = word.extent
            if isBracketed {
                guard let close = (extent.start..<extent.end).first(where: { window[$0] == UInt8(ascii: "]") })
                else { return nil }
                extent.end = close
            }
            extent = inSentence(extent)
            guard extent.end - extent.start >= 6, window[extent.start] != .slash,
                (extent.start..<extent.end).contains(where: { window[$0].isDigit })
            else { return nil }
            return (discover(extent, rule: found.rule, name: rules, strength: .medium), word.after)
        }
        let lead = found.name.start - (window[found.name.start - 1] == UInt8(ascii: "`") ? 1 : 0)
        if window[start] == Self.bracket || window[start].isQuote {
            // `rejected passwd 'x1y2z3'`, but not `password [x]` for any x.
            let isSaid = !found.isBareKeyword || (window[start].isQuote && found.strength == .strong)
            return isSaid ? take(start)?.found : nil
        }
        var end = start
        while window[end].isLetter { end += 1 }
        if end > start, window[end] == .space, Self.saying.contains(in: window, start, end) {
            var next = window.skipBlanks(end)
            if window.hasFolded("set to ", at: next) { next += 7 }
            guard window.hasFolded("from ", at: next) else { return take(next)?.found }
            guard let old = take(next + 5) else { return nil }
            return old.found + (window.hasFolded(" to ", at: old.after) ? take(old.after + 4)?.found ?? [] : [])
        }
        // `the db secret for mp1 is: x`
        if window.hasFolded("for ", at: start) {
            var next = start + 4
            while next < window.upper, !window[next].isSpace, window[next] != .colon { next += 1 }
            if window.hasFolded(" is", at: next) { next += 3 }
            return window.has(": ", at: next) ? take(next + 2)?.found : nil
        }
        let isUsed = (["using ", "with "] as [StaticString]).contains { window.endsFolded($0, before: lead) }
        // `using credentials joe:secret` is a login, not a value.
        guard isUsed, let word = shellWord(from: start), !window.slice(start, word.after).contains(.colon) else {
            return nil
        }
        return take(start)?.found
    }

    private static let saying = WordSet(["is", "was", "becomes", "changed", "equals", "to"])

    /// `expect "Password:"` and, on one of the next lines, `send "secret\r"`.
    private func sentPassword(after end: Int, rule: Int) -> [Discovery] {
        var line = window.lineEnd(end)
        for _ in 0..<3 where window[line].isLineBreak {
            let start = window.nextLine(after: line)
            line = window.lineEnd(start)
            guard let send = window.findFolded("send ", from: start, to: line) else { continue }
            var first = window.skipBlanks(send + 5)
            if window.has("-- ", at: first) { first = window.skipBlanks(first + 3) }
            guard Quote(in: window, at: first)?.mark == .double, let word = shellWord(from: first) else { return [] }
            var extent = word.extent
            while extent.end - 2 > extent.start, window[extent.end - 2] == .backslash,
                window[extent.end - 1].isOne(of: "rn")
            { extent.end -= 2 }
            return discover(extent, rule: rule, name: .certain, strength: .strong)
        }
        return []
    }

    /// The line after the question of a mail server for the password, `334 UGFzc3dvcmQ6` (AUTH LOGIN).
    private func answeredPassword(after end: Int, rule: Int) -> [Discovery] {
        let line = window.lineEnd(end)
        guard window[line].isLineBreak else { return [] }
        let last = window.skipBlanksBack(window.lineEnd(window.nextLine(after: line)))
        var first = last
        while window[first - 1].isBase64 || window[first - 1] == .equals { first -= 1 }
        // A marker ends in such characters, too.
        guard last - first >= 4, window[first - 1] != .dot else { return [] }
        return discover(Extent(start: first, end: last, isBounded: true), rule: rule, name: .certain, strength: .strong)
    }

    /// `use the following password to go on:` and, alone on the next line that is not empty, the password.
    private func valueBelow(_ start: Int, rule: Int) -> [Discovery]? {
        // The line is read only where the word before says so: this is asked at each `password`.
        guard window.endsFolded("following ", before: start) else { return nil }
        let line = window.lineEnd(start)
        guard window[window.skipBlanksBack(line) - 1] == .colon,
            let word = shellWord(from: window.skipBlanks(line, lines: true)), word.extent.start > line,
            window[word.after].isLineBreak || window[word.after] == 0, isSpoken(word.extent)
        else { return nil }
        return discover(word.extent, rule: rule, name: .certain, strength: .weak)
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
