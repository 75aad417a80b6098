/// Private keys as tools print them: the numbers of a key behind their names, as openssl, certtool, BIND, Java and
/// BouncyCastle write them, and the dumps of secrets in Java's TLS debug log.
extension Inspector {
    /// What stands behind `privateExponent:`, `priv:`, `prime1:`, `Master Secret:` and their kin, in one row or many.
    ///
    /// Each row is a secret of its own, so that what stands between the rows, a log's time or the quotation marks of a
    /// list, stays.
    func printedKey(start: Int, end: Int, rule: Int) -> [Discovery] {
        let before = window[start - 1]
        guard
            !before.isAlphanumeric || (window[start].isUpper && before.isLower) || follows(start)
                || KeyRows.syslogBreaks.contains(where: { window.endsFolded($0, before: start) })
        else { return [] }
        let isWhole = window[end - 1] == .colon
        guard let value = printedValue(behind: isWhole ? end - 1 : end) else { return [] }
        let first = max(window.lineStart(start), start - KeyRows.longestLead)
        var rows = KeyRows(window: window, lead: first..<start)
        var found = rows.read(from: value)
        if found.isEmpty, !isWhole || window.endsFolded("priv:", before: end) { found = rows.number(from: value) }
        return found.map {
            Discovery(
                start: $0.lowerBound, end: $0.upperBound, rule: rule, value: window.slice($0.lowerBound, $0.upperBound))
        }
    }

    /// The position behind what separates a name, which may go on at `end`, from its value.
    private func printedValue(behind end: Int) -> Int? {
        var position = end
        // `primeExponentP`, `prime exponent p`, `client write key`
        if window[position] == .space, window[position + 1].isLetter, !window[position + 2].isWord { position += 2 }
        while window[position].isWord, position - end <= 8 { position += 1 }
        if let quote = Quote(in: window, at: position) { position += quote.length(in: window, at: position) }
        if let angle = Angle.spellings.first(where: { window.hasFolded($0.close, at: position) }) {
            return position + angle.close.utf8CodeUnitCount
        }
        return Separator.read(in: window, at: window.skipBlanks(position))?.after
    }
}

/// Reads the rows of a number that goes on over many lines, behind the lead that a log puts before each.
struct KeyRows {
    let window: Window
    /// What stands on the line before the name.
    let lead: Range<Int>
    /// What separates lines was written as an escape.
    private var isEscaped = false

    static let longestLead = 512
    private static let longestGap = 512
    private static let mostRows = 2_048
    /// Fewer bytes are a time, an address of a network card, or nothing worth a key.
    private static let leastBytes = 8

    init(window: Window, lead: Range<Int>) {
        self.window = window
        self.lead = lead
    }

    private struct Row {
        var range: Range<Int>
        var bytes: Int
        /// More may follow in the next row.
        var isOpen: Bool
        /// More must follow.
        var isDue = false
    }

    /// Whether something but blanks stands before the name.
    private var hasLead: Bool { lead.contains { !window[$0].isBlank } }

    /// The rows of bytes from `start`: `5c:2d:…`, or those of a dump.
    mutating func read(from start: Int) -> [Range<Int>] {
        var rows: [Range<Int>] = []
        var bytes = 0
        var position = start
        var misses = 0
        var isDue = true
        while rows.count < Self.mostRows {
            let gap = gap(from: position)
            guard let row = row(behind: gap, isDue: !rows.isEmpty && isDue) else {
                guard hasLead, isDue, misses < 3 else { break }
                // What a log puts behind each line, or a line of others between those of the key.
                if gap.line != nil {
                    guard mayStandBetween(gap.end) else { break }
                    misses += 1
                } else if !isEscaped {
                    break
                }
                let end = window.lineEnd(gap.end)
                guard end > position else { break }
                position = end
                continue
            }
            rows.append(row.range)
            bytes += row.bytes
            position = row.range.upperBound
            isDue = row.isDue
            if !row.isOpen { break }
        }
        return bytes >= Self.leastBytes ? rows : []
    }

    /// A number in one word, hexadecimal, decimal or base64, and the full lines that it goes on with.
    mutating func number(from start: Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var position = gap(from: start).end
        if window[position] == UInt8(ascii: "+") || window[position] == .dash { position += 1 }
        while found.count < Self.mostRows {
            var end = position
            while window[end].isBase64 || window[end] == .equals { end += 1 }
            let isFirst = found.isEmpty
            guard isFirst ? isNumber(position, end) : end > position && isRest(position, end, of: found[0]) else {
                break
            }
            found.append(position..<end)
            let next = gap(from: end)
            guard end - position >= 60, next.end > end else { break }
            position = next.end
        }
        return found
    }

    private func isNumber(_ start: Int, _ end: Int) -> Bool {
        guard end - start >= 20 else { return false }
        let body = window.hasFolded("0x", at: start) ? start + 2 : start
        if (body..<end).allSatisfy({ window[$0].isHex }) { return true }
        return end - start >= 32 && (start..<end).contains { window[$0].isDigit }
            && (start..<end).contains { window[$0].isUpper } && (start..<end).contains { window[$0].isLower }
    }

    /// Digits go on with digits; words may follow base64, but none is that long or padded.
    private func isRest(_ start: Int, _ end: Int, of first: Range<Int>) -> Bool {
        guard !window[end].isName, window[end] != .colon else { return false }
        if first.dropFirst(2).allSatisfy({ window[$0].isHex }) { return (start..<end).allSatisfy { window[$0].isHex } }
        return end - start >= 16 || window[end - 1] == .equals
    }

    // MARK: - Rows

    private func row(behind gap: (end: Int, line: Int?), isDue: Bool) -> Row? {
        if let row = row(at: gap.end, startsLine: gap.line != nil) { return row }
        guard hasLead, let line = gap.line else { return nil }
        // The same lead, but for its digits.
        var offset = 0
        while offset < lead.count, isAlike(window[lead.lowerBound + offset], window[line + offset]) { offset += 1 }
        let rest = lead.lowerBound + offset
        if (rest..<max(rest, lead.upperBound)).allSatisfy({ window[$0].isBlank }),
            let row = row(at: window.skipBlanks(line + offset), startsLine: true)
        {
            return row
        }
        // Any other lead: the row is the last word of the line, and no fingerprint.
        let end = window.skipBlanksBack(window.lineEnd(line))
        var first = end
        while window[first - 1].isHex || window[first - 1] == .colon { first -= 1 }
        guard first > line, window[first - 1].isBlank, let row = bytes(at: first), row.range.upperBound == end else {
            return nil
        }
        let isIndented = first - window.skipBlanksBack(first) >= 4 || window[first - 1] != .space
        return row.isDue || (isDue && row.bytes >= 4) || (isIndented && row.bytes >= 4) ? row : nil
    }

    private func row(at start: Int, startsLine: Bool) -> Row? {
        if startsLine || isEscaped, let row = dump(at: start) { return row }
        guard let row = bytes(at: start) else { return nil }
        let end = window.skipBlanks(row.range.upperBound)
        let next = window[end]
        let isEnd = next == 0 || next.isLineBreak || next.isQuote || next == .backslash || next.isOne(of: "<&#%")
        return isEnd || !startsLine ? row : nil
    }

    /// Pairs of digits with colons between them.
    private func bytes(at start: Int) -> Row? {
        var position = start
        var count = 0
        while window[position].isHex, window[position + 1].isHex {
            position += 2
            count += 1
            guard window[position] == .colon else { break }
            position += 1
        }
        guard count > 0, !window[position].isWord else { return nil }
        // Some tools put no colon at the end of a row.
        let isDue = window[position - 1] == .colon
        return Row(range: start..<position, bytes: count, isOpen: isDue || count >= 15, isDue: isDue)
    }

    /// `0000: 9A 8B …  ..` or `0000 - 9a 8b-…   ..`, up to the end of its line.
    private func dump(at start: Int) -> Row? {
        var position = start
        while window[position].isHex, position - start < 8 { position += 1 }
        guard position - start >= 4 else { return nil }
        if window[position] == .space, window[position + 1] == .dash { position += 1 }
        guard window[position] == .colon || window[position] == .dash, window[position + 1] == .space else {
            return nil
        }
        let first = window.skipBlanks(position + 1)
        position = first
        var count = 0
        while count < 32, window[position].isHex, window[position + 1].isHex,
            !window[position + 2].isAlphanumeric
        {
            count += 1
            position += 2
            let isJoint = window[position].isBlank || window[position] == .dash
            guard isJoint, window[position + 1].isHex || window[position + 1].isBlank else { break }
            position += window[position + 1].isHex ? 1 : 2
            // Three blanks lead to the characters.
            if window[position].isBlank { break }
        }
        guard count > 0 else { return nil }
        return Row(range: first..<dumpEnd(position), bytes: count, isOpen: true)
    }

    private func dumpEnd(_ start: Int) -> Int {
        let line = window.lineEnd(start)
        var end = line
        if isEscaped || lead.contains(where: { window[$0] == .doubleQuote }) {
            end = window.findFolded("\\n", from: start, to: line) ?? line
        }
        return max(window.skipBlanksBack(end), window.skipBlanksBack(start))
    }

    // MARK: - What stands between rows

    /// Where the next row may begin behind blanks, line breaks and their escapes, and the quotation marks of a list; and
    /// where its line begins, if it is another one.
    private mutating func gap(from start: Int) -> (end: Int, line: Int?) {
        var position = start
        var line: Int?
        while position - start < Self.longestGap {
            let byte = window[position]
            if byte.isLineBreak {
                position += 1
                line = position
            } else if byte.isBlank || byte.isQuote || byte == .comma {
                position += 1
            } else if let length = escapedBreak(at: position) {
                position += length
                isEscaped = true
            } else {
                break
            }
        }
        return (position, line)
    }

    private func escapedBreak(at start: Int) -> Int? {
        var position = start
        while window[position] == .backslash, position - start < 16 { position += 1 }
        if position > start {
            return window[position].isQuote || window[position].isOne(of: "nrt") ? position + 1 - start : nil
        }
        // Those of syslog daemons, XML and forms.
        return (Self.syslogBreaks + Self.breaks).first { window.hasFolded($0, at: start) }?.utf8CodeUnitCount
    }

    /// How syslog daemons write line breaks and tabs.
    static let syslogBreaks: [StaticString] = ["#012", "#015", "#011"]
    private static let breaks: [StaticString] = ["&#10;", "&#13;", "&#xa;", "&#xd;", "%0a", "%0d"]

    private func isAlike(_ left: UInt8, _ right: UInt8) -> Bool { left == right || (left.isDigit && right.isDigit) }

    /// A line of another thread: neither the name of another number, nor what was removed before.
    private func mayStandBetween(_ start: Int) -> Bool {
        let end = window.lineEnd(start)
        return end > start && end < window.upper && window[window.skipBlanksBack(end) - 1] != .colon
            && !(start..<end).contains { Marker.length(in: window, at: $0) != nil }
    }
}
