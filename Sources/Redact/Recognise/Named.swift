/// A name with a key word in it, and the value that belongs to it, in any notation.
extension Inspector {
    private static let longestName = 128

    /// A name as it stands in the text.
    struct Name {
        let start: Int
        let end: Int
        /// Dashes right before the name, as command options have them.
        let dashes: Int
    }

    func named(start: Int, end: Int, rule: Int, name rules: NameRule, place: RuleAnchor.Place) -> [Discovery] {
        guard mayName(start, end, rules, place), var name = name(around: start, end) else { return [] }
        if let qualifiers = rules.qualifiers, name.start == start, window[start - 1] == .space {
            name = qualified(name, by: qualifiers)
        }
        guard start >= name.start, end <= name.end, mayHaveValue(name) else { return [] }
        let keyword = (start - name.start)..<(end - name.start)
        guard
            let strength = unsafe names.strength(
                of: window.bytes(name.start, name.end), keyword: keyword, index: rule, place: place,
                judge: { bytes in
                    self.rules.judgement.strength(of: bytes, keyword: keyword, rule: rules, place: place)
                })
        else { return [] }
        guard !isInMarker(name, keyword: start), !isInResourceName(name.start) else { return [] }
        let found = Named(
            name: name, rule: rule, rules: rules, strength: strength, place: place,
            isBareKeyword: keyword.count == name.end - name.start)

        if let tag = elementShape(found) { return tag }
        let before = Quote.before(name.start, in: window)
        let after = Quote(in: window, at: name.end)
        if let before, let after, before.quote.mark == after.mark {
            let close = name.end + after.length(in: window, at: name.end)
            if let pair = pairShape(found, quote: before, after: close) { return pair }
        }
        if let sibling = siblingShape(found) { return sibling }
        if let pair = yamlPair(found, quote: before, after: after) { return pair }
        if let cells = tableShape(found, before: before?.quote, after: after) { return cells }
        return assignment(found, before: before, after: after) + pairedKey(found)
    }

    /// What the shapes need to know of a name.
    struct Named {
        let name: Name
        let rule: Int
        let rules: NameRule
        let strength: NameRule.Strength
        var place = RuleAnchor.Place.inside
        /// The name is the key word and nothing else.
        var isBareKeyword = false
    }

    /// The name with the word before it, as people write it: `API key: …`, `Access token: …`.
    private func qualified(_ name: Name, by qualifiers: WordSet) -> Name {
        var first = name.start - 1
        while window[first - 1].isLetter, name.start - first < 24 { first -= 1 }
        guard !window[first - 1].isName, qualifiers.contains(in: window, first, name.start - 1) else { return name }
        return Name(start: first, end: name.end, dashes: 0)
    }

    /// The key word is part of a marker's rule id.
    private func isInMarker(_ name: Name, keyword: Int) -> Bool {
        var position = keyword
        while position > name.start, keyword - position < 48 {
            position -= 1
            if let length = Marker.length(in: window, at: position) { return position + length > keyword }
        }
        return false
    }

    /// Tells cheaply that no name with this key word stands here, as at most hits in prose and class names.
    private func mayName(_ start: Int, _ end: Int, _ rules: NameRule, _ place: RuleAnchor.Place) -> Bool {
        let (before, next) = (window[start - 1], window[end])
        if place == .head { return next.isName && !before.isName }
        if place != .inside {
            // `pass` in `passed`, `PIN` in `PING`; but `cardPin2`, `pwHash`.
            if next.isLower || (next.isUpper && window[end - 1].isUpper) { return false }
            if place == .whole, next.isAlphanumeric { return false }
        }
        guard before.isAlphanumeric, !rules.isLoose || place == .whole else { return true }
        if before.isDigit || (window[start].isUpper && before.isLower) { return true }
        // The letter may belong to an escape, or to `-D`.
        let lead = window[start - 2]
        if before == UInt8(ascii: "m"), lead.isDigit { return true }
        return lead == .backslash || lead == .dash || lead == .percent || window[start - 3] == .percent
    }

    /// Tells cheaply whether a value can follow the name, or stand before it.
    private func mayHaveValue(_ name: Name) -> Bool {
        let next = window[name.end]
        guard next.isBlank else {
            return !(next == .semicolon || next == 0) || window[name.start - 1] != .space
        }
        let first = window[window.skipBlanks(name.end)]
        // In prose a word follows: `password authentication failed`. Options, declarations and directives are the others.
        if first.isLetter { return name.dashes > 0 || !window[name.start - 1].isLetter }
        return true
    }

    /// Extends a key word to the whole name around it.
    func name(around start: Int, _ end: Int) -> Name? {
        var first = start
        while window[first - 1].isName, start - first <= Self.longestName { first -= 1 }
        var last = end
        while window[last].isName, last - end <= Self.longestName { last += 1 }
        guard start - first <= Self.longestName, last - end <= Self.longestName else { return nil }
        // What looks like the name's first letters may be the rest of an escape before it: `\n`, `\u0022`, `%22`.
        if window[first - 1] == .backslash {
            if window[first] == UInt8(ascii: "u"), first + 5 <= start {
                first += 5
            } else if first < start, window[first].isOne(of: "nrt") {
                first += 1
            }
        } else if window[first - 1] == .percent, first + 2 <= start, window[first].isHex, window[first + 1].isHex {
            first += window.has("25", at: first) && first + 4 <= start ? 4 : 2
        }
        first = min(start, styledStart(first))
        let dashed = first
        while first < start, window[first] == .dash { first += 1 }
        let dashes = first - dashed
        // A system property on Java's command line: `-Dname=value`.
        if dashes == 1, first < start, window[first] == UInt8(ascii: "D"), !window[dashed - 1].isName {
            first += 1
        }
        while first < start, window[first] == .dot { first += 1 }
        if window[first - 1] == .colon, first == dashed { first = prefixStart(before: first) ?? first }
        while last > end, window[last - 1] == .dash || window[last - 1] == .dot { last -= 1 }
        return Name(start: first, end: last, dashes: dashes)
    }

    /// The start of a namespace's prefix, `wsse:` in `"wsse:Password"`.
    private func prefixStart(before start: Int) -> Int? {
        var first = start - 1
        while window[first - 1].isName, start - first < 64 { first -= 1 }
        guard first < start - 1, window[first].isLetter else { return nil }
        let lead = window[first - 1]
        return lead.isQuote || lead == .greater || lead == .dash || (lead == .space && window[first - 2] == .colon)
            ? first : nil
    }

    /// `name = value`, `"name": "value"`, `--name value` and their kin.
    private func assignment(_ found: Named, before: (quote: Quote, start: Int)?, after: Quote?) -> [Discovery] {
        let name = found.name
        if name.dashes > 0, after == nil, window[name.end].isBlank { return optionValue(found) }
        var position = name.end
        if let after { position += after.length(in: window, at: position) }
        if let value = phpValue(found, after: after, from: position) { return value }
        position = skipMarks(position)
        if name.dashes > 0, let item = itemBelow(found, from: position) { return item }
        // `-storepass:env NAME` of keytool.
        if name.dashes > 0, window.hasFolded(":env ", at: position) || window.hasFolded(":file ", at: position) {
            return []
        }
        if name.dashes > 0, window[position] == .comma { return optionItem(found, after: after, from: position + 1) }
        // `char password[64] = …`
        if after == nil, window[position] == UInt8(ascii: "[") {
            var close = position + 1
            while window[close].isDigit { close += 1 }
            if window[close] == UInt8(ascii: "]") { position = close }
        }
        while window[position] == UInt8(ascii: "]") || window[position] == UInt8(ascii: ")") { position += 1 }
        position = window.skipBlanks(position)
        if window[position].isLineBreak, let mark = separatorBelow(position, isQuoted: after != nil) { position = mark }
        guard let separator = Separator.read(in: window, at: position) else {
            if found.place == .head, after == nil { return [] }
            if after != nil, window[position] == UInt8(ascii: "{"), let value = blockDefault(found, brace: position) {
                return value
            }
            if after != nil, before != nil, window[position] == .comma { return callValue(found, from: position + 1) }
            if let inserted = insertedValues(found) { return inserted }
            guard let after else { return declaredValue(found, from: position) }
            return after.mark == .back
                ? spokenValue(found, from: position) ?? [] : listedValue(found, after: after, from: position)
        }
        if after == nil, separator.kind == .colon, let typed = typedValue(found, from: separator.after) { return typed }
        if separator.kind == .colon, before == nil || after != nil, position == name.end || after != nil,
            let below = valueBelow(found, keyStart: before?.start ?? name.start, colon: separator.after)
        {
            return below
        }
        var start = window.skipBlanks(separator.after, lines: after != nil && separator.kind == .colon)
        if separator.kind == .colon, format == .yaml || after == nil { start = skipProperties(start) }
        if format == .yaml, separator.kind == .colon {
            // An alias stands for the value of an anchor.
            if window[start] == UInt8(ascii: "*"), window[start + 1].isLetter { return [] }
        }
        if separator.kind == .colon, after == nil, position > name.end, isVariable(separator.after) { return [] }
        if separator.kind == .colon, after == nil, let before, isMemberName(before.quote, from: name.start) {
            return []
        }
        // The result of a test: `--- PASS: TestLogin (0.02s)`.
        if separator.kind == .colon, window.has("PASS: Test", at: name.start) { return [] }
        if separator.kind == .equals, position == name.end, let values = arrayValues(found, from: separator.after) {
            return values
        }
        if separator.kind == .equals, isFieldNumber(found, from: window.skipBlanks(separator.after)) { return [] }
        let isPercent = window[position] == .percent
        let enclosing = after == nil ? before?.quote : nil
        start = skipStyles(start)
        if let text = tripleQuoted(found, from: start) { return text }
        let context = ValueContext(
            key: after, enclosing: enclosing, separator: separator.kind, isPercent: isPercent,
            nameStart: name.start, list: listSeparator(before: name.start), isQuery: isQueryKey(name),
            isText: found.rules.shape == .text && !isQueryKey(name),
            isArgument: enclosing != nil && isDataArgument(before: before?.start ?? 0))
        if after != nil, window[start] == UInt8(ascii: "["),
            Quote(in: window, at: window.skipBlanks(start + 1, lines: true)) != nil
        {
            return listValues(found, from: start + 1)
        }
        if window[start] == UInt8(ascii: "{"), separator.kind == .colon, after != nil || format == .yaml {
            let first = window.skipBlanks(start + 1, lines: true)
            if Quote(in: window, at: first) != nil || (format == .yaml && startsEntry(first)) {
                return objectValue(found, from: first)
            }
        }
        if found.rules.value != .plain { return headerValue(found, from: start, context: context) }
        guard var extent = value(from: start, context: context) else { return [] }
        // The version of a package: `python-secrets==1.0`.
        if window.has("==", at: position),
            (extent.start..<extent.end).allSatisfy({ window[$0].isDigit || window[$0] == .dot })
        {
            return []
        }
        if extent.quote == nil, isQueryKey(name) {
            extent.isPercent = true
            // What looks like a call once it is decoded is none.
            extent.isProse = false
        }
        if extent.quote == nil, isOwnName(extent, of: found) || isVariableOf(extent, found) { return [] }
        let isBare = extent.quote == nil && after != nil && after?.mark != .single && separator.kind == .colon
        let result = discover(
            extent, rule: found.rule, name: found.rules, strength: found.strength,
            quote: isBare ? after?.bytes ?? [] : [])
        guard result.isEmpty, after == nil, extent.quote == nil else { return result }
        return fallback(found, behind: extent.end) ?? []
    }

    /// The sign behind a name that stands on the next line: `password\n  = "x"` in a tag, `"password"\n  : "x"` in JSON.
    private func separatorBelow(_ position: Int, isQuoted: Bool) -> Int? {
        guard isQuoted || format == .xml else { return nil }
        let mark = window.skipBlanks(position, lines: true)
        guard window[mark] == (isQuoted ? .colon : .equals),
            Quote(in: window, at: window.skipBlanks(mark + 1, lines: true)) != nil
        else { return nil }
        return mark
    }

    /// The quoted text is the name of a member: `"secrets:scan": "gitleaks detect"`.
    private func isMemberName(_ quote: Quote, from start: Int) -> Bool {
        guard case .closed(_, let after) = quote.end(in: window, from: start), after - start <= 64 else { return false }
        return window[window.skipBlanks(after)] == .colon
    }

    private func isQueryKey(_ name: Name) -> Bool {
        let lead = window[name.start - 1]
        return lead == UInt8(ascii: "?") || lead == .ampersand
            || (lead == .semicolon && window[name.start - 5] == .ampersand)
    }

    /// Source code that passes a variable on: `this.password = password;`, `connect(password=password)`.
    private func isOwnName(_ extent: Extent, of found: Named) -> Bool {
        let length = extent.end - extent.start
        let start = found.name.end - length
        guard length >= 4, start >= found.name.start,
            (0..<length).allSatisfy({ window[extent.start + $0] == window[start + $0] })
        else { return false }
        let isMember =
            window[start - 1] == .dot || (window[start - 1] == UInt8(ascii: "_") && window[start - 2] == .dot)
        return isMember || window[extent.end].isOne(of: ");,")
    }

    /// Source code that takes the value from a variable or member called after it: `cfg.Token = *tokenFlag`,
    /// `let password = passwordField.text ?? ""`.
    private func isVariableOf(_ extent: Extent, _ found: Named) -> Bool {
        guard window[extent.start - 1] == .space, window[extent.start - 2] == .equals else { return false }
        var position = extent.start + (window[extent.start] == UInt8(ascii: "*") ? 1 : 0)
        let isPointer = position > extent.start
        guard window[position].isLower else { return false }
        let first = position
        while window[position].isLower { position += 1 }
        let hasName =
            position - first >= 3
            && window.slice(found.name.start, found.name.end).map(\.lowercased).text
                .contains(window.slice(first, position).text)
        guard isPointer || (hasName && window[position].isUpper) else { return false }
        return (position..<extent.end).allSatisfy { window[$0].isLetter || window[$0].isOne(of: "._?;") }
    }

    /// What separates the name from the one before, if names and values stand in a row: it ends the value too.
    private func listSeparator(before start: Int) -> UInt8? {
        let byte = window[start - 1]
        if byte == .semicolon || byte == UInt8(ascii: "|") || byte == .comma { return byte }
        return byte == .space && window[start - 2] == .semicolon ? .semicolon : nil
    }
}
