/// Names and values in the elements and attributes of markup, and in objects that hold a name beside its value.
extension Inspector {
    private static let reach = 2_048
    private static let naming = WordSet([
        "name", "key", "id", "field", "header", "param", "parameter", "variable", "attribute", "propertyname",
        "property",
    ])
    private static let valuing = WordSet([
        "value", "val", "values", "content", "default", "data", "stringvalue", "string",
    ])

    /// True for `name`, `param-name`, `envKey`: what stands there is a name, not a secret.
    func isNaming(_ start: Int, _ end: Int) -> Bool { isLastWord(start, end, of: Self.naming) }

    /// True for `value`, `param-value`, `stringValue`.
    func isValuing(_ start: Int, _ end: Int) -> Bool { isLastWord(start, end, of: Self.valuing) }

    private func isLastWord(_ start: Int, _ end: Int, of words: WordSet) -> Bool {
        guard start < end else { return false }
        var first = end - 1
        while first > start, window[first - 1].isAlphanumeric, !(window[first].isUpper && window[first - 1].isLower) {
            first -= 1
        }
        return words.contains(in: window, first, end)
    }

    /// `<password>value</password>` and `<password value="…"/>`. Nil if the name is no element's.
    func elementShape(_ found: Named) -> [Discovery]? {
        var start = found.name.start
        if window[start - 1] == .colon {
            var prefix = start - 1
            while window[prefix - 1].isName, start - prefix < 64 { prefix -= 1 }
            if Angle.opening(before: prefix, in: window) != nil { start = prefix }
        }
        guard found.name.dashes == 0, let angle = Angle.opening(before: start, in: window) else { return nil }
        guard let tagEnd = angle.tagEnd(in: window, from: found.name.end) else { return nil }
        var result: [Discovery] = []
        if let attribute = valueAttribute(from: found.name.end, to: tagEnd) {
            result += discoverMarkup(found, attribute)
        }
        if window[tagEnd - 1] != .slash {
            let inside = tagEnd + angle.close.utf8CodeUnitCount
            if let content = content(from: inside, angle: angle) {
                if isElement(from: start, to: found.name.end, inside: inside, content: content, angle: angle) {
                    result += discoverMarkup(found, content)
                }
            } else if let content = nested(from: inside, angle: angle) {
                // `<SecretKey><Value ref="…">secret</Value></SecretKey>`: the text may stand one element deeper.
                result += discoverMarkup(found, content)
            }
        }
        return result
    }

    /// False for a blank that a person fills in, `--password <password>`: no closing tag follows, and no text right behind
    /// it, as where a log was cut off.
    private func isElement(from start: Int, to end: Int, inside: Int, content: Extent, angle: Angle) -> Bool {
        let next = window.skipBlanks(content.end, lines: true)
        let closing = next + angle.open.utf8CodeUnitCount + 1
        let isClosed =
            window.hasFolded(angle.open, at: next) && window[closing - 1] == .slash
            && (0..<min(end - start, 64)).allSatisfy { window[closing + $0] == window[start + $0] }
        return isClosed || content.swallow != nil || window.has("]]>", at: content.end)
            || (content.start == inside && content.end > inside
                && !window[inside].isSpace && !window[inside].isQuote && !window[inside].isOne(of: "\\@:,;.)|]/&%"))
    }

    /// `name="password" value="…"`, `<entry key="password">…</entry>`, `"name": "password", "value": "…"`.
    /// Nil if the quoted name is not the value of a naming attribute or member.
    func pairShape(_ found: Named, quote: (quote: Quote, start: Int), after: Int) -> [Discovery]? {
        var position = window.skipBlanksBack(quote.start)
        if window[position - 1] == .equals {
            position = window.skipBlanksBack(position - 1)
            var start = position
            while window[start - 1].isName, position - start < 32 { start -= 1 }
            guard isNaming(start, position) else { return nil }
            if let form = formPart(found, from: after, nameStart: start) { return form }
            return taggedPair(found, from: start, after: after)
        }
        guard window[position - 1] == .colon else { return nil }
        position = window.skipBlanksBack(position - 1)
        guard let key = Quote.before(position, in: window) else { return nil }
        var start = key.start
        while window[start - 1].isName, key.start - start < 32 { start -= 1 }
        guard isNaming(start, key.start),
            let open = Quote.before(start, in: window)
        else { return nil }
        return memberPair(found, before: open.start, after: after)
    }

    private func taggedPair(_ found: Named, from start: Int, after: Int) -> [Discovery]? {
        var tag = start
        var angle: Angle?
        // What looks like an angle inside an attribute's value (`value="a&lt;b"`) opens no tag.
        var isQuoted = false
        while tag > window.lower, start - tag < Self.reach, angle == nil {
            let byte = window[tag - 1]
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
                tag -= 1
                continue
            }
            if byte == .greater, !isQuoted { return nil }
            if !isQuoted { angle = Angle.opening(before: tag, in: window) }
            if angle == nil { tag -= 1 }
        }
        guard let angle, let tagEnd = angle.tagEnd(in: window, from: after) else { return nil }
        var result: [Discovery] = []
        if let value = valueAttribute(from: tag, to: start)
            ?? valueAttribute(from: after, to: tagEnd)
        {
            result += discoverMarkup(found, value)
        }
        if window[tagEnd - 1] != .slash, !isVoid(tag, before: tagEnd) {
            let inside = tagEnd + angle.close.utf8CodeUnitCount
            if let content = content(from: inside, angle: angle) ?? nested(from: inside, angle: angle, isNamed: true) {
                result += discoverMarkup(found, content)
            }
        }
        return result
    }

    /// True for an element of HTML that has no content and no closing tag.
    private func isVoid(_ tag: Int, before tagEnd: Int) -> Bool {
        if window.hasFolded("param ", at: tag) {
            return window.findFolded("</param", from: tagEnd, to: window.lineEnd(tagEnd)) == nil
        }
        return (["input ", "meta ", "embed ", "link "] as [StaticString]).contains { window.hasFolded($0, at: tag) }
    }

    /// The value beside `"name": "password"` in the same object, on either side.
    private func memberPair(_ found: Named, before: Int, after: Int) -> [Discovery] {
        var position = window.skipBlanks(after, lines: true)
        for _ in 0..<6 where window[position] == .comma {
            position = window.skipBlanks(position + 1, lines: true)
            if let list = valueList(at: position) { return listValues(found, from: list) }
            guard let member = member(at: position) else { break }
            if Self.valuing.contains(member.name.utf8) || member.name.hasSuffix("value") {
                return discoverMember(found, member)
            }
            position = window.skipBlanks(member.after, lines: true)
        }
        position = window.skipBlanksBack(before, lines: true)
        for _ in 0..<6 where window[position - 1] == .comma {
            if let list = valueList(before: window.skipBlanksBack(position - 1, lines: true)) {
                return listValues(found, from: list)
            }
            guard let member = memberBefore(window.skipBlanksBack(position - 1, lines: true)) else { break }
            if Self.valuing.contains(member.name.utf8) || member.name.hasSuffix("value") {
                return discoverMember(found, member)
            }
            position = window.skipBlanksBack(member.start, lines: true)
        }
        return []
    }

    /// The first place inside of the list of `"values": ["a", "b"]`.
    private func valueList(at position: Int) -> Int? {
        guard let key = Quote(in: window, at: position) else { return nil }
        let from = position + key.length(in: window, at: position)
        guard case .closed(let end, let after) = key.end(in: window, from: from), end - from <= 64, isValuing(from, end)
        else { return nil }
        let colon = window.skipBlanks(after, lines: true)
        let open = window.skipBlanks(colon + 1, lines: true)
        return window[colon] == .colon && window[open] == UInt8(ascii: "[") ? open + 1 : nil
    }

    /// The same for a list that ends right before `end`.
    private func valueList(before end: Int) -> Int? {
        guard window[end - 1] == UInt8(ascii: "]"),
            let open = (max(window.lower, end - Self.reach)..<end).last(where: { window[$0] == UInt8(ascii: "[") })
        else { return nil }
        let colon = window.skipBlanksBack(open, lines: true)
        guard window[colon - 1] == .colon,
            let key = Quote.before(window.skipBlanksBack(colon - 1, lines: true), in: window)
        else { return nil }
        var first = key.start
        while window[first - 1].isName, key.start - first < 32 { first -= 1 }
        return isValuing(first, key.start) ? open + 1 : nil
    }

    private func discoverMember(_ found: Named, _ member: Member) -> [Discovery] {
        if found.rules.value != .plain {
            return headerValue(found, from: member.value.start, to: member.value.end, extent: member.value)
        }
        return discover(
            member.value, rule: found.rule, name: found.rules, strength: found.strength,
            quote: member.value.quote == nil ? member.key.bytes : [])
    }

    func discoverMarkup(_ found: Named, _ extent: Extent) -> [Discovery] {
        if found.rules.value != .plain {
            return headerValue(found, from: extent.start, to: extent.end, extent: extent)
        }
        return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
    }

    /// The value of an attribute that is called `value` or the like, within a tag.
    private func valueAttribute(from start: Int, to end: Int) -> Extent? {
        var position = start
        while position < end {
            guard let quote = Quote(in: window, at: position) else {
                position += 1
                continue
            }
            let from = position + quote.length(in: window, at: position)
            guard case .closed(let valueEnd, let after) = quote.end(in: window, from: from, multiline: true),
                after <= end
            else { return nil }
            let nameEnd = window.skipBlanksBack(position)
            if window[nameEnd - 1] == .equals {
                let last = window.skipBlanksBack(nameEnd - 1)
                var first = last
                while window[first - 1].isName, last - first < 32 { first -= 1 }
                if isValuing(first, last) {
                    return Extent(start: from, end: valueEnd, quote: quote, isMarkup: true, isBounded: true)
                }
            }
            position = after
        }
        return nil
    }

    /// The text of an element; nil if another element comes first.
    func content(from start: Int, angle: Angle) -> Extent? {
        var first = window.skipBlanks(start, lines: true)
        if window.has("<![CDATA[", at: first) {
            first += 9
            guard let end = window.findFolded("]]>", from: first, to: window.upper) else {
                return Extent(start: first, end: window.upper, swallow: window.isEnd ? nil : .angle(angle))
            }
            return Extent(start: first, end: end, isBounded: true)
        }
        let open = angle.nextOpen(in: window, from: first)
        if let end = cut(angle, from: first, to: open ?? window.upper) {
            return Extent(start: first, end: window.skipBlanksBack(end), isMarkup: true, isBounded: true)
        }
        guard let next = open else {
            var extent = Extent(start: first, end: window.upper, isMarkup: true, isBounded: true)
            if window.isEnd { extent.end = window.lineEnd(first) } else { extent.swallow = .angle(angle) }
            return extent
        }
        let closing = next + angle.open.utf8CodeUnitCount
        if next == first, window[closing] != .slash { return nil }
        return Extent(start: first, end: window.skipBlanksBack(next, lines: true), isMarkup: true, isBounded: true)
    }

    /// The text of the first element inside of another, or its value: `<Entry name="password"><Value>…`,
    /// `<Get name="password"><VariableSet value="…"/>`.
    ///
    /// - Parameter isNamed: an attribute holds the name, so elements below may say anything of it:
    ///   `<GenerateJWT name="JWT-1"><Algorithm>…`.
    func nested(from start: Int, angle: Angle, isNamed: Bool = false) -> Extent? {
        let first = window.skipBlanks(start, lines: true)
        let inside = first + angle.open.utf8CodeUnitCount
        guard window.hasFolded(angle.open, at: first), let end = angle.tagEnd(in: window, from: inside) else {
            return nil
        }
        guard window[end - 1] != .slash else { return valueAttribute(from: inside, to: end) }
        var last = inside
        while window[last].isName || window[last] == .colon { last += 1 }
        guard !isNamed || isValuing(inside, last) else { return nil }
        return content(from: end + angle.close.utf8CodeUnitCount, angle: angle)
    }

    /// A part of a multipart form (RFC 7578): the value stands after the next empty line.
    private func formPart(_ found: Named, from after: Int, nameStart: Int) -> [Discovery]? {
        let line = window.lineStart(nameStart)
        guard window.findFolded("form-data", from: line, to: nameStart) != nil else { return nil }
        var position = window.lineEnd(after)
        for _ in 0..<8 {
            position += window.has("\r\n", at: position) ? 2 : 1
            let end = window.lineEnd(position)
            if end == position {
                position += window.has("\r\n", at: position) ? 2 : 1
                let extent = Extent(start: position, end: window.lineEnd(position), isBounded: true)
                return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
            }
            position = end
        }
        return []
    }
}
