/// Secrets in statements of SQL, in password files of databases, and in what people write.
extension Inspector {

    /// `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin AS 'x'`, `PASSWORD('x')`, `REPLACE old`.
    func statement(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard !window[start - 1].isWord else { return [] }
        var position = end
        if window[end - 1] == UInt8(ascii: "(") {
            guard Quote(in: window, at: end) != nil else { return [] }
            return sqlValue(from: end, rule: rule)
        }
        if window.hasFolded("pgp_sym_", at: start) { return cipherKey(from: end, rule: rule) }
        if window.hasFolded("replace ", at: start) {
            let line = window.lineStart(start)
            guard window.findFolded("identified by", from: line, to: start) != nil else { return [] }
            return sqlValue(from: end, rule: rule)
        }
        if window.hasFolded("identified with", at: start) {
            let line = min(window.lineEnd(end), end + 96)
            guard
                let by = window.findFolded(" by ", from: end, to: line)
                    ?? window.findFolded(" as ", from: end, to: line)
            else { return [] }
            position = by + 4
        }
        guard window[start].isUpper || isGrant(before: start) else { return [] }
        position = window.skipBlanks(position)
        if window.hasFolded("password ", at: position) || window.hasFolded("values ", at: position) {
            position = window.skipBlanks(position + 7) == position + 7 ? position + 9 : window.skipBlanks(position + 7)
        }
        return sqlValue(from: position, rule: rule)
    }

    /// True if the line speaks of users or links before `start`: the words alone occur in prose.
    private func isGrant(before start: Int) -> Bool {
        let line = max(window.lineStart(start), start - 512)
        return (["user ", "grant ", " link ", "role "] as [StaticString]).contains {
            window.findFolded($0, from: line, to: start) != nil
        }
    }

    private func sqlValue(from start: Int, rule: Int) -> [Discovery] {
        let first = window.skipBlanks(start)
        guard let word = shellWord(from: first) else { return [] }
        var extent = word.extent
        if extent.quote == nil {
            while extent.end > extent.start, ";,)".utf8.contains(window[extent.end - 1]) { extent.end -= 1 }
            guard !window.hasFolded("global", at: extent.start), !window.hasFolded("external", at: extent.start) else {
                return []
            }
        }
        extent.isProse = extent.quote == nil
        return discover(extent, rule: rule, name: .certain, strength: .strong)
    }

    /// The second argument of `pgp_sym_encrypt(data, 'key')`.
    private func cipherKey(from end: Int, rule: Int) -> [Discovery] {
        let line = min(window.lineEnd(end), end + 2_048)
        guard let comma = (end..<line).first(where: { window[$0] == .comma }) else { return [] }
        let start = window.skipBlanks(comma + 1)
        return Quote(in: window, at: start) == nil ? [] : sqlValue(from: start, rule: rule)
    }

    /// The values of a column: `INSERT INTO t (a, password) VALUES ('x', 'secret')`. Nil if the name is no column there.
    func insertedValues(_ found: Named) -> [Discovery]? {
        var open = found.name.start
        var column = 0
        while open > window.lower, found.name.start - open < 512, window[open - 1] != UInt8(ascii: "(") {
            if window[open - 1] == .comma { column += 1 }
            if window[open - 1] == UInt8(ascii: ")") || window[open - 1] == .equals { return nil }
            open -= 1
        }
        guard window[open - 1] == UInt8(ascii: "("), window.findFolded("insert", from: open - 160, to: open) != nil,
            let close = window.findFolded(")", from: found.name.end, to: found.name.end + 2_048),
            let values = window.findFolded("values", from: close, to: close + 32)
        else { return nil }
        var result: [Discovery] = []
        var position = window.skipBlanks(values + 6, lines: true)
        while window[position] == UInt8(ascii: "("), result.count < 256 {
            position += 1
            var index = 0
            while position < window.upper, window[position] != UInt8(ascii: ")") {
                position = window.skipBlanks(position, lines: true)
                if window[position] == .comma {
                    index += 1
                    position += 1
                } else if let quote = Quote(in: window, at: position) {
                    let from = position + quote.length(in: window, at: position)
                    guard let end = literalEnd(from: from, quote: quote) else { return result }
                    if index == column {
                        result += discover(
                            Extent(start: from, end: end, quote: quote, isBounded: true), rule: found.rule,
                            name: found.rules,
                            strength: found.strength)
                    }
                    position = end + quote.length(in: window, at: end)
                } else {
                    position += 1
                }
            }
            position = window.skipBlanks(position + 1, lines: true)
            if window[position] == .comma { position = window.skipBlanks(position + 1, lines: true) }
        }
        return result
    }

    /// The end of a literal of SQL, in which a doubled quotation mark stands for one.
    private func literalEnd(from start: Int, quote: Quote) -> Int? {
        var position = start
        while case .closed(let end, let after) = quote.end(in: window, from: position, multiline: true) {
            guard quote.mark == .single, window[after] == .singleQuote else { return end }
            position = after + 1
        }
        return nil
    }

    /// A line of `.pgpass`: `host:port:database:user:password`.
    func passwordFileLine(start: Int, end: Int, rule: Int) -> [Discovery] {
        let line = window.lineStart(start)
        let last = window.lineEnd(end)
        var colons: [Int] = []
        for position in line..<last {
            if window[position].isBlank { return [] }
            if window[position] == .colon, window[position - 1] != .backslash { colons.append(position) }
        }
        guard colons.count == 4, colons[0] == start || window[start + 1] == UInt8(ascii: "*"), colons[3] + 1 < last,
            zip([line - 1] + colons, colons).allSatisfy({ $1 - $0 > 1 })
        else { return [] }
        return discover(Extent(start: colons[3] + 1, end: last), rule: rule, name: .certain, strength: .strong)
    }

    /// `echo secret | sudo -S …`: what is written to the standard input of a command that reads a password.
    func pipedPassword(start: Int, end: Int, rule: Int) -> [Discovery] {
        let line = window.lineStart(start)
        guard let pipe = (line..<start).last(where: { window[$0] == UInt8(ascii: "|") }) else { return [] }
        let echo = (["echo ", "printf "] as [StaticString]).compactMap { word in
            window.findFolded(word, from: line, to: pipe).map { $0 + word.utf8CodeUnitCount }
        }.max()
        guard var position = echo else { return [] }
        position = window.skipBlanks(position)
        while window[position] == .dash, let option = shellWord(from: position) {
            position = window.skipBlanks(option.after)
        }
        guard let word = shellWord(from: position), word.after <= pipe else { return [] }
        var extent = word.extent
        if window.hasFolded("chpasswd", at: start),
            let colon = (extent.start..<extent.end).first(where: { window[$0] == .colon })
        {
            extent.start = colon + 1
        }
        return discover(extent, rule: rule, name: .certain, strength: .strong)
    }

    /// `password is S3cr3tpw`, `the password for joe is "x"`, `password changed to 'x'`.
    func spokenPassword(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard !window[start - 1].isWord, !window[start - 1].isQuote, window[start - 1] != .dash,
            window[start - 1] != .dot
        else { return [] }
        var position = end
        if !window.endsFolded(" is", before: end) {
            guard window[end] == .space,
                window[end + 1].isLetter || window[end + 1].isQuote || window[end + 1] == Self.bracket
            else { return [] }
            var words = 0
            var isSaid = false
            let isFor = window.hasFolded(" for ", at: end)
            while words < 5, !isSaid {
                let next = window.skipBlanks(position)
                var last = next
                while window[last].isLetter || (words > 0 && window[last].isName) { last += 1 }
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
        let value = window.slice(extent.start, extent.end)
        guard value.count >= 8, value.contains(where: \.isDigit), value.contains(where: \.isLetter),
            !value.contains(.equals), !value.contains(UInt8(ascii: "(")), window[extent.start] != .slash
        else { return [] }
        guard window.endsFolded(" from", before: position) else {
            return discover(extent, rule: rule, name: .certain, strength: .weak)
        }
        // `changed the password from old to new`, but not `Accepted password for joe from 10.1.2.3`.
        guard window.hasFolded(" to ", at: word.after), let second = shellWord(from: word.after + 4) else { return [] }
        return discover(extent, rule: rule, name: .certain, strength: .weak)
            + discover(second.extent, rule: rule, name: .certain, strength: .weak)
    }

    /// What stands before the name of something instead of a password.
    private static let kinds = WordSet([
        "user", "username", "account", "id", "error", "reason", "code", "status", "host", "name", "realm", "path",
        "url",
        "file", "message", "alias",
    ])
    private static let bracket = UInt8(ascii: "[")
    private static let copulas = WordSet([
        "is", "was", "to", "becomes", "set", "as", "from", "lautet", "ist", "est", "es",
    ])
}
