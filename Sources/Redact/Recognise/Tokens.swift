/// Secrets that their own shape gives away.
extension Inspector {
    private static let bare = NameRule(
        strength: .strong, value: .plain, isLoose: false, allowsWords: true)

    /// A shape that no other text has, or that has a meaning after a key word only.
    func token(start: Int, end: Int, rule: Int, pattern index: Int, token: TokenRule) -> [Discovery] {
        guard token.isKeyed else {
            guard let match = token.patterns[index].match(in: window, at: start) else { return [] }
            return discoverToken(match, rule: rule, token: token)
        }
        if window[start - 1].isLetter { return [] }
        let limit = min(end + Self.keywordReach, window.upper)
        var position = end
        while position < limit, !window[position].isLineBreak, window[position] != 0 {
            if !window[position - 1].isAlphanumeric {
                for pattern in token.patterns {
                    guard let match = pattern.match(in: window, at: position) else { continue }
                    let found = discoverToken(match, rule: rule, token: token)
                    if !found.isEmpty { return found }
                }
            }
            position += 1
        }
        return []
    }

    /// How far behind its key word a token may stand.
    private static let keywordReach = 96

    private func discoverToken(_ match: Pattern.Match, rule: Int, token: TokenRule) -> [Discovery] {
        let start = match.whole.lowerBound
        var end = match.whole.upperBound
        // What ends a sentence is no part of the token.
        while end > start, window[end - 1].isOne(of: ".,;:") { end -= 1 }
        if !token.isAnywhere, window[start].isAlphanumeric, window[start - 1].isAlphanumeric, !follows(start) {
            return []
        }
        if window[end - 1].isAlphanumeric, window[end].isAlphanumeric { return [] }
        let secret = Extent(start: match.secret.lowerBound, end: min(match.secret.upperBound, end))
        guard token.checks.allSatisfy({ Self.passes($0, window.slice(secret.start, secret.end)) }) else { return [] }
        guard Marker.length(in: window, at: secret.start) == nil else { return [] }
        let value = window.slice(secret.start, secret.end)
        guard !judge.isStandIn(value) else { return [] }
        return [Discovery(start: secret.start, end: secret.end, rule: rule, value: value, isCertain: true)]
    }

    private static func passes(_ check: TokenRule.Check, _ value: [UInt8]) -> Bool {
        switch check {
        case .digit: value.count >= 32 || value.contains(where: \.isDigit)
        case .mixed:
            value.contains(where: \.isDigit) && value.contains(where: \.isUpper) && value.contains(where: \.isLower)
        case .luhn: NumberCheck.luhn(value)
        case .mod97: NumberCheck.mod97(value)
        case .entropy: NumberCheck.entropy(value) >= 3
        }
    }

    /// True if the letter before `start` belongs to an escape: `\n`, `%3D`, `\u003d`.
    func follows(_ start: Int) -> Bool {
        if window[start - 2] == .backslash, window[start - 1].isOne(of: "nrt") { return true }
        // The end of a terminal's colour.
        if window[start - 1] == UInt8(ascii: "m") {
            var lead = start - 2
            while start - lead < 16, window[lead].isDigit || window[lead] == .semicolon { lead -= 1 }
            if window[lead] == UInt8(ascii: "["), window[lead - 1] == 0x1B { return true }
        }
        // `${NAME:-value}`
        if window[start - 1] == .dash, window[start - 2] == .colon { return true }
        if window[start - 3] == .percent, window[start - 2].isHex, window[start - 1].isHex { return true }
        return window[start - 6] == .backslash && window[start - 5] == UInt8(ascii: "u")
    }

    /// `header.payload.signature` whose header is JSON that names an algorithm (RFC 7519), also encrypted ones (RFC 7516).
    func webToken(start: Int, rule: Int) -> [Discovery] {
        let before = window[start - 1]
        if before == .dot || (before.isBase64URL && !follows(start)) { return [] }
        var parts: [(Int, Int)] = []
        var position = start
        while parts.count < 5 {
            let first = position
            while window[position].isBase64URL { position += 1 }
            parts.append((first, position))
            // Some pad each part.
            if window[position] == .equals {
                let next = window[position + 1] == .equals ? position + 2 : position + 1
                if window[next] == .dot { position = next }
            }
            guard window[position] == .dot else { break }
            position += 1
        }
        guard parts.count >= 2, parts[1].1 - parts[1].0 >= 4 || parts.count == 5, parts[0].1 - parts[0].0 <= 8_192
        else { return [] }
        guard let header = Base64.decode(window.slice(parts[0].0, parts[0].1)),
            header.last(where: { !$0.isSpace }) == UInt8(ascii: "}")
        else { return [] }
        let text = header.text
        guard ["\"alg\"", "\"typ\"", "\"enc\"", "\"kid\""].contains(where: text.contains) else { return [] }
        var end = parts[min(parts.count, 3) - 1].1
        if parts.count == 5 { end = parts[4].1 }
        for _ in 0..<2 where window[end] == .equals { end += 1 }
        let isOpen = end >= window.upper && !window.isEnd
        return [
            Discovery(
                start: start, end: end, rule: rule, value: window.slice(start, end), isCertain: true,
                swallow: isOpen ? .word : nil)
        ]
    }

    /// The scheme `Basic` outside of a header that we know.
    func basicCredentials(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard !window[start - 1].isWord || follows(start) else { return [] }
        var first = window.skipBlanks(end)
        if first == end, window.hasFolded("%20", at: end) { first += 3 }
        guard first > end else { return [] }
        var last = first
        while window[last].isBase64 || window[last] == .equals || window.hasFolded("%3d", at: last) {
            last += window[last] == .percent ? 3 : 1
        }
        let blob = Escapes.undoPercent(window.slice(first, last))
        guard blob.count >= 6, blob.count <= 8_192, let text = Base64.decode(blob), text.contains(.colon),
            text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return [] }
        var found = discover(
            Extent(start: first, end: last, isPercent: true), rule: rule, name: Self.bare, strength: .strong)
        if !found.isEmpty { found[0].alsoLearn += basicPassword(blob) }
        return found
    }

    /// The scheme `Bearer` outside of a header that we know.
    func bearerToken(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard !window[start - 1].isWord || follows(start) else { return [] }
        var first = window.skipBlanks(end)
        if first == end, window.hasFolded("%20", at: end) { first += 3 }
        guard first > end else { return [] }
        var last = first
        while window[last].isBase64 || window[last] == .dot || window[last] == .equals
            || window[last] == UInt8(ascii: "~")
        { last += 1 }
        let value = window.slice(first, last)
        guard value.count >= 12, value.contains(where: \.isDigit), value.contains(where: \.isLetter), value[0] != .slash
        else { return [] }
        return discover(Extent(start: first, end: last), rule: rule, name: Self.bare, strength: .strong)
    }

    /// A key of a query or form, whose value must look like a secret.
    func queryValue(start: Int, end: Int, rule: Int, isFirst: Bool) -> [Discovery] {
        if isFirst {
            let before = window[start - 1]
            guard before == 0 || before.isSpace || before.isQuote else { return [] }
        }
        if window[start] == UInt8(ascii: "u"), window[start - 1] != .backslash { return [] }
        var extent = Extent(start: end, end: bareEnd(from: end, context: ValueContext(list: .comma, isQuery: true)))
        extent.isPercent = true
        extent.end = (end..<extent.end).first { window[$0].isOne(of: ";|\\") } ?? extent.end
        if extent.end > end, window[extent.end - 1] == .dot { extent.end -= 1 }
        // Alone, a key is too little: other keys must follow.
        if isFirst, window[extent.end] != .ampersand { return [] }
        let name = NameRule(strength: .medium, value: .plain, isLoose: false, allowsWords: false)
        return discover(extent, rule: rule, name: name, strength: .medium)
    }
}
