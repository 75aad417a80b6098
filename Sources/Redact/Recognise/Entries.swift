/// Values of key value maps, which may be anything, and the content of SAML assertions.
extension Inspector {
    private static let any = NameRule(
        strength: .strong, value: .plain, isLoose: false, allowsWords: true)

    private static let entryMargin = 8 << 10

    /// Where the list of entries starts: `"entry": [`. Nil if the anchor is no such key.
    func entryList(end: Int) -> Int? {
        guard let quote = Quote(in: window, at: end) else { return nil }
        let after = window.skipBlanks(end + quote.length(in: window, at: end), lines: true)
        guard let separator = Separator.read(in: window, at: after), separator.kind == .colon else { return nil }
        let start = window.skipBlanks(separator.after, lines: true)
        return window[start] == UInt8(ascii: "[") ? start + 1 : nil
    }

    /// Walks a list of `{"name": …, "value": …}` from `start`, at a depth of brackets inside of it.
    ///
    /// - Returns: what was found, up to where, and how deep to go on there, or nil if the list ended.
    func walkEntries(from start: Int, depth: Int, rule: Int) -> (found: [Discovery], end: Int, depth: Int?) {
        var found: [Discovery] = []
        var position = start
        var depth = depth
        while position < window.upper {
            let byte = window[position]
            if byte == 0 { return (found, position, nil) }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
                if depth < 0 { return (found, position, nil) }
            } else if position > start, !window.isEnd, window.upper - position < Self.entryMargin,
                Quote(in: window, at: position) != nil
            {
                // What starts here may go on behind the window: look at it again in the next one.
                return (found, position, depth)
            } else if depth > 0, let member = member(at: position) {
                if member.name == "value" {
                    found += discover(
                        member.value, rule: rule, name: Self.any, strength: .strong,
                        quote: member.value.quote == nil ? member.key.bytes : [])
                }
                if member.value.swallow != nil { return (found, member.after, depth) }
                position = member.after
                continue
            } else if let quote = Quote(in: window, at: position) {
                let from = position + quote.length(in: window, at: position)
                guard case .closed(_, let after) = quote.end(in: window, from: from) else {
                    return (found, position, nil)
                }
                position = after
                continue
            }
            position += 1
        }
        return (found, position, window.isEnd ? nil : depth)
    }

    /// `<Entry …><Value>…</Value></Entry>` of a KeyValueMapOperations policy.
    func markupEntry(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard let angle = Angle.opening(before: start, in: window), !window[end].isName,
            let tagEnd = angle.tagEnd(in: window, from: end), window[tagEnd - 1] != .slash
        else { return [] }
        var found: [Discovery] = []
        var position = tagEnd
        while let open = angle.nextOpen(in: window, from: position), open - tagEnd < 16_384 {
            let name = open + angle.open.utf8CodeUnitCount
            if window.hasFolded("/entry", at: name) { break }
            if window.hasFolded("value", at: name), !window[name + 5].isName,
                let close = angle.tagEnd(in: window, from: name),
                window[close - 1] != .slash,
                let content = content(from: close + angle.close.utf8CodeUnitCount, angle: angle)
            {
                found += discover(content, rule: rule, name: Self.any, strength: .strong)
            }
            position = name
        }
        return found
    }

    /// `<saml:Assertion …>…</saml:Assertion>` (SAML core 2.0).
    func assertion(start: Int, end: Int, rule: Int) -> [Discovery] {
        var first = start
        if window[start - 1] == .colon {
            first -= 1
            while window[first - 1].isName, start - first < 32 { first -= 1 }
        }
        guard let angle = Angle.opening(before: first, in: window), !window[end].isName,
            let tagEnd = angle.tagEnd(in: window, from: end), window[tagEnd - 1] != .slash
        else { return [] }
        let content = tagEnd + angle.close.utf8CodeUnitCount
        guard Marker.length(in: window, at: content) == nil else { return [] }
        let close = window.slice(first - angle.open.utf8CodeUnitCount, first) + [.slash] + window.slice(first, end)
        var position = content
        while let open = angle.nextOpen(in: window, from: position) {
            if window.slice(open, open + close.count) == close {
                guard open > content else { return [] }
                return [Discovery(start: content, end: open, rule: rule, value: window.slice(content, open))]
            }
            position = open + 1
        }
        let last = window.isEnd ? window.lineEnd(content) : window.upper
        return [
            Discovery(
                start: content, end: last, rule: rule, value: window.slice(content, last),
                swallow: window.isEnd ? nil : .literal(close))
        ]
    }
}
