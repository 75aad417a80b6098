/// Columns of tables whose heading is a secret's name: those of database clients, Markdown, and files of separated values.
extension Inspector {
    private static let longestRow = 4_096
    private static let mostRows = 4_096
    private static let mostCells = 64

    /// A cell that stands where no value of its own follows: a value in it must look like a secret.
    func discoverCell(_ found: Named, _ extent: Extent) -> [Discovery] {
        guard !(extent.start..<extent.end).contains(where: { window[$0].isBlank }) else { return [] }
        var rules = found.rules
        rules.allowsWords = false
        let strength = found.strength == .strong ? NameRule.Strength.medium : found.strength
        return discover(extent, rule: found.rule, name: rules, strength: strength)
    }

    /// The cells below a heading that is the name, or the cell right of it; nil if it stands in no table.
    func tableShape(_ found: Named, before: Quote?, after: Quote?) -> [Discovery]? {
        // A token that begins like a name is none.
        guard found.rules.value == .plain, found.name.dashes == 0, found.name.end - found.name.start <= 48 else {
            return nil
        }
        let start = before == nil ? cellStart(found.name.start) : found.name.start - 1
        let end = found.name.end + (after == nil ? 0 : 1)
        guard before == nil || before?.slashes == 0, (before == nil) == (after == nil),
            let mark = tableMark(start, end)
        else { return nil }
        let line = window.lineStart(start)
        guard let heading = row(at: line, mark), heading.cells.count >= 2,
            let column = heading.cells.firstIndex(where: {
                $0.lowerBound == start + (before == nil ? 0 : 1) && $0.upperBound == found.name.end
            })
        else { return nil }
        var result: [Discovery] = []
        if let next = lineBelow(heading.end) {
            let isHead =
                isFramed(mark) && isRule(next)
                || (heading.cells.allSatisfy { isHeading($0, mark) } && !isRowAbove(line, mark, heading.cells.count))
            if isHead { result = values(found, below: next, mark, column: column, count: heading.cells.count) }
        }
        if result.isEmpty, isFramed(mark) || (heading.cells.count == 2 && column == 0) {
            return pairedCell(found, heading, column, line, mark)
        }
        return result.isEmpty ? nil : result
    }

    /// The first word of a framed cell in which the name is the last: `| db password |`; else `start`.
    private func cellStart(_ start: Int) -> Int {
        var first = start
        while start - first < 32, window[first - 1].isName || window[first - 1] == .space { first -= 1 }
        return isFramed(window[first - 1]) ? window.skipBlanks(first) : start
    }

    private func isFramed(_ mark: UInt8) -> Bool { mark == UInt8(ascii: "|") }

    /// The byte that separates the cells beside a name: it stands on one side, and it or a line's end on the other.
    private func tableMark(_ start: Int, _ end: Int) -> UInt8? {
        let left = window.skipBlanksBack(start)
        let right = window.skipBlanks(end)
        let lead = left <= window.lower ? UInt8.lineFeed : window[left - 1]
        let next = right >= window.upper ? UInt8.lineFeed : window[right]
        if window[start - 1] == 0x09 || window[end] == 0x09 {
            let isLead = window[start - 1] == 0x09 || lead.isLineBreak
            return isLead && (window[end] == 0x09 || next.isLineBreak) ? 0x09 : nil
        }
        for mark in [UInt8(ascii: "|"), .comma, .semicolon] {
            if lead == mark, next == mark || next.isLineBreak { return mark }
            if next == mark, lead.isLineBreak { return mark }
        }
        return nil
    }

    private struct Row {
        /// What stands in the cells, without blanks and quotation marks around it.
        let cells: [Range<Int>]
        let end: Int
    }

    private func row(at line: Int, _ mark: UInt8) -> Row? {
        let end = window.lineEnd(line)
        guard end - line <= Self.longestRow, end < window.upper || window.isEnd else { return nil }
        var cells: [Range<Int>] = []
        var position = line
        let isFramed = isFramed(mark)
        if isFramed, window[window.skipBlanks(line)] == mark { position = window.skipBlanks(line) + 1 }
        while position <= end, cells.count <= Self.mostCells {
            var first = position
            while first < end, window[first] == .space { first += 1 }
            var last = first
            if window[first] == .doubleQuote, !isFramed, let close = closingQuote(first + 1, end) {
                cells.append(first + 1..<close)
                last = close + 1
                while window[last] == .space { last += 1 }
                guard last == end || window[last] == mark else { return nil }
            } else {
                while last < end, window[last] != mark || (isFramed && window[last - 1] == .backslash) { last += 1 }
                if isFramed, last == end, window.skipBlanks(first) >= end { break }
                cells.append(first..<max(first, window.skipBlanksBack(last)))
            }
            position = last + 1
            if last >= end { break }
        }
        return cells.count <= Self.mostCells ? Row(cells: cells, end: end) : nil
    }

    /// The mark that closes a quoted cell, in which two stand for one (RFC 4180).
    private func closingQuote(_ start: Int, _ end: Int) -> Int? {
        var position = start
        while position < end {
            if window[position] == .doubleQuote {
                guard window[position + 1] == .doubleQuote else { return position }
                position += 1
            }
            position += 1
        }
        return nil
    }

    private func lineBelow(_ end: Int) -> Int? {
        guard window[end].isLineBreak else { return nil }
        let next = window.nextLine(after: end)
        return next < window.upper ? next : nil
    }

    /// A row of dashes, as between a table's head and its body.
    private func isRule(_ line: Int) -> Bool {
        let end = window.lineEnd(line)
        guard end - line >= 3, end - line <= Self.longestRow else { return false }
        return (line..<end).allSatisfy { window[$0].isOne(of: "-+|=: ") }
            && (line..<end).contains { window[$0] == .dash }
    }

    /// One word, or a few where more than a comma tells a table from prose.
    private func isHeading(_ cell: Range<Int>, _ mark: UInt8) -> Bool {
        guard !cell.isEmpty, cell.count <= 48, window[cell.lowerBound].isLetter else { return false }
        return cell.allSatisfy { window[$0].isName || (mark != .comma && window[$0] == .space) }
    }

    /// Within a table a row follows another: only the first is its head.
    private func isRowAbove(_ line: Int, _ mark: UInt8, _ count: Int) -> Bool {
        guard line > window.lower else { return false }
        let above = window.previousLine(before: line)
        return (isFramed(mark) && isRule(above)) || row(at: above, mark)?.cells.count == count
    }

    private func values(
        _ found: Named, below start: Int, _ mark: UInt8, column: Int, count: Int
    ) -> [Discovery] {
        var result: [Discovery] = []
        var line = start
        for _ in 0..<Self.mostRows {
            if isFramed(mark), isRule(line) {
                // Between the rows, or around them.
            } else if let row = row(at: line, mark), row.cells.count == count {
                let cell = row.cells[column]
                // What explains a column, and what is none.
                if cell.count >= 4, !isFramed(mark) || !cell.contains(where: { window[$0].isBlank }) {
                    var extent = Extent(start: cell.lowerBound, end: cell.upperBound)
                    extent.isProse = true
                    result += discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
                }
            } else {
                break
            }
            guard let next = lineBelow(window.lineEnd(line)) else { break }
            line = next
        }
        return result
    }

    /// A name and its value in two cells side by side, in a row like the one above or below.
    private func pairedCell(_ found: Named, _ row: Row, _ column: Int, _ line: Int, _ mark: UInt8) -> [Discovery]? {
        guard column + 1 < row.cells.count else { return nil }
        guard isInTable(line, row.end, count: row.cells.count, mark) else { return nil }
        let cell = row.cells[column + 1]
        let extent = Extent(start: cell.lowerBound, end: cell.upperBound)
        if isFramed(mark), row.cells.count == 2, isInRecord(line) || isBelowValue(line, mark) {
            return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
        }
        return discoverCell(found, extent)
    }

    /// The first of the lines above one, as far as they are read, that `isWanted` is true for.
    private func lineAbove(_ line: Int, where isWanted: (Int) -> Bool) -> Int? {
        var start = line
        for _ in 0..<64 where start > window.lower {
            start = window.previousLine(before: start)
            if isWanted(start) { return start }
        }
        return nil
    }

    /// True for a row of a table whose second column is called `Value`.
    private func isBelowValue(_ line: Int, _ mark: UInt8) -> Bool {
        func head(above rule: Int) -> Row? {
            guard isRule(rule), rule > window.lower else { return nil }
            return row(at: window.previousLine(before: rule), mark).flatMap { $0.cells.count == 2 ? $0 : nil }
        }
        guard let rule = lineAbove(line, where: { head(above: $0) != nil }), let cell = head(above: rule)?.cells[1]
        else {
            return false
        }
        return isValuing(cell.lowerBound, cell.upperBound)
    }

    /// True for a row of psql's expanded display, whose records begin with `-[ RECORD 1 ]`: a value follows, no remark.
    private func isInRecord(_ line: Int) -> Bool {
        lineAbove(line) { window.has("-[ RECORD ", at: $0) } != nil
    }

    /// True for a row of a table with a rule above it, and of two columns also for one beside another.
    private func isInTable(_ line: Int, _ end: Int, count: Int, _ mark: UInt8) -> Bool {
        // A file of one pair.
        if count == 2, line <= window.lower, window.skipBlanks(end, lines: true) >= window.upper { return true }
        var start = line
        for _ in 0..<64 where start > window.lower {
            let above = window.previousLine(before: start)
            if isRule(above) { return true }
            guard row(at: above, mark)?.cells.count == count else { break }
            if count == 2 { return true }
            start = above
        }
        return count == 2 && lineBelow(end).flatMap { row(at: $0, mark) }?.cells.count == 2
    }
}
