/// Secrets in statements of SQL, in password files of databases, and in what is piped to a command.
extension Inspector {
    /// `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin AS 'x'`, `PASSWORD('x')`, `REPLACE old`.
    func statement(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard !window[start - 1].isWord else { return [] }
        var position = end
        if window[end - 1] == UInt8(ascii: "(") {
            guard Quote(in: window, at: end) != nil else { return [] }
            return sqlValue(from: end, rule: rule)
        }
        if window.hasFolded("pgp_sym_", at: start) || window.hasFolded("sp_addlogin", at: start) {
            return cipherKey(from: end, rule: rule)
        }
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
            while extent.end > extent.start, window[extent.end - 1].isOne(of: ";,)") { extent.end -= 1 }
            guard !window.hasFolded("global", at: extent.start), !window.hasFolded("external", at: extent.start) else {
                return []
            }
        }
        extent.isProse = extent.quote == nil
        return discover(extent, rule: rule, name: .certain, strength: .strong)
    }

    /// The second argument of `pgp_sym_encrypt(data, 'key')` and of `sp_addlogin 'joe', 'secret'`.
    private func cipherKey(from end: Int, rule: Int) -> [Discovery] {
        let line = min(window.lineEnd(end), end + 2_048)
        guard let comma = (end..<line).first(where: { window[$0] == .comma }) else { return [] }
        let start = window.skipBlanks(comma + 1)
        return Quote(in: window, at: start) == nil ? [] : sqlValue(from: start, rule: rule)
    }

    /// True in a row that a statement puts into a table, in which names and values are rows themselves.
    func isInsertedName(_ start: Int) -> Bool {
        window.findFolded("values", from: max(window.lineStart(start), start - 1_024), to: start) != nil
    }

    /// The values of a column: `INSERT INTO t (a, password) VALUES ('x', 'secret')`. Nil if the name is no column there.
    func insertedValues(_ found: Named) -> [Discovery]? {
        // Another column follows, or the end of the list.
        var next = found.name.end
        while window[next].isOne(of: "\\\"'`]") { next += 1 }
        guard window[window.skipBlanks(next, lines: true)].isOne(of: ",)") else { return nil }
        var open = found.name.start
        var column = 0
        while open > window.lower, found.name.start - open < 512, window[open - 1] != UInt8(ascii: "(") {
            if window[open - 1] == .comma { column += 1 }
            if window[open - 1] == UInt8(ascii: ")") || window[open - 1] == .equals { return nil }
            open -= 1
        }
        guard window[open - 1] == UInt8(ascii: "(") else { return nil }
        if let copied = copiedValues(found, column: column, open: open) { return copied }
        guard window.findFolded("insert", from: open - 160, to: open) != nil,
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

    /// The values of a column in a dump of PostgreSQL: `COPY t (a, password) FROM stdin;` and a row on each line, its cells
    /// separated by tabs (pg_dump).
    private func copiedValues(_ found: Named, column: Int, open: Int) -> [Discovery]? {
        let line = window.lineEnd(found.name.end)
        guard window.findFolded("copy ", from: max(window.lineStart(open), open - 160), to: open) != nil,
            window.findFolded(") from stdin", from: found.name.end, to: line) != nil
        else { return nil }
        var result: [Discovery] = []
        var row = line
        while window[row].isLineBreak, result.count < 4_096 {
            var start = window.nextLine(after: row)
            row = window.lineEnd(start)
            if window[start] == .backslash, window[start + 1] == .dot { break }
            var skipped = 0
            while skipped < column, let tab = (start..<row).first(where: { window[$0] == 0x09 }) {
                start = tab + 1
                skipped += 1
            }
            guard skipped == column else { break }
            let end = (start..<row).first { window[$0] == 0x09 } ?? row
            // NULL
            if end - start == 2, window.has("\\N", at: start) { continue }
            result += discover(found, Extent(start: start, end: end, isBounded: true))
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
            if window[position].isBlank, colons.count < 4 { return [] }
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
        // `kinit joe <<< "secret"`
        if let here = window.findFolded("<<<", from: end, to: min(window.lineEnd(end), end + 128)),
            let word = shellWord(from: window.skipBlanks(here + 3))
        {
            return discover(word.extent, rule: rule, name: .certain, strength: .strong)
        }
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
}
