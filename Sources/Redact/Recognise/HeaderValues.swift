/// Values of header fields that consist of parts: credentials after a scheme, cookies by name.
extension Inspector {
    /// A header's value in running text: up to where its context ends.
    func headerValue(_ found: Named, from start: Int, context: ValueContext) -> [Discovery] {
        // The bytes of Python: `b'Bearer x'`.
        let start = window[start].isOne(of: "bBuU") && window[start + 1].isQuote ? start + 1 : start
        if let quote = Quote(in: window, at: start), context.enclosing.map({ $0 != quote }) ?? true {
            let extent = quoted(quote, at: start)
            return headerValue(found, from: extent.start, to: extent.end, extent: extent)
        }
        var first = start
        var extent = Extent(start: start, end: start)
        if window[start] == UInt8(ascii: "[") {
            first += 1
            extent.end =
                (first..<max(first, window.lineEnd(first))).first { window[$0] == UInt8(ascii: "]") }
                ?? window.lineEnd(first)
            extent.isBounded = true
        } else if let enclosing = context.enclosing {
            switch enclosing.end(in: window, from: first) {
            case .closed(let end, _):
                extent.end = end
                extent.isBounded = true
            case .line(let end): extent.end = end
            case .open: extent.end = window.upper
            }
        } else {
            extent.end = window.lineEnd(first)
            extent.isProse = format != .http && context.key == nil
            extent.isBounded = format == .http
        }
        extent.start = first
        extent.isPercent = context.isPercent
        return headerValue(found, from: first, to: extent.end, extent: extent)
    }

    /// The secret in the value that belongs to a name: all of a plain one, parts of a header's.
    func discover(_ found: Named, _ extent: Extent) -> [Discovery] {
        headerValue(found, from: extent.start, to: extent.end, extent: extent)
    }

    /// A header's value of known bounds.
    func headerValue(_ found: Named, from start: Int, to end: Int, extent: Extent) -> [Discovery] {
        switch found.rules.value {
        case .plain: discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
        case .credentials: credentials(found, from: window.skipBlanks(start), to: end, extent: extent)
        case .cookies, .setCookies: cookies(found, from: start, to: end, extent: extent)
        }
    }

    /// Schemes of the IANA registry of HTTP authentication schemes, and common others.
    private static let schemes: Set<String> = [
        "basic", "bearer", "digest", "negotiate", "ntlm", "oauth", "token", "apikey", "api-key", "aws4-hmac-sha256",
        "aws",
        "hawk", "hmac", "mac", "jwt", "key", "sharedkey", "sharedkeylite", "googlelogin", "saml", "dpop", "signature",
        "vapid", "mutual", "hoba", "scram-sha-1", "scram-sha-256", "gnap", "privatetoken", "ssws", "splunk", "kerberos",
    ]
    /// Schemes whose credentials are a list of parameters.
    private static let lists: Set<String> = [
        "digest", "oauth", "aws4-hmac-sha256", "hawk", "mac", "signature", "googlelogin", "mutual", "hmac", "vapid",
    ]

    private func credentials(_ found: Named, from start: Int, to end: Int, extent: Extent) -> [Discovery] {
        var first = start
        var word = first
        while word < end, window[word].isAlphanumeric || window[word] == .dash { word += 1 }
        let scheme = window.slice(first, word).map(\.lowercased).text
        var blank = window.skipBlanks(word)
        // A scheme without credentials, also in source code: `"Bearer " + token`.
        if blank >= end, extent.swallow == nil, Self.schemes.contains(scheme) { return [] }
        if blank == word, window.hasFolded("%20", at: word) { blank = word + 3 }
        if blank == word, window[word] == UInt8(ascii: "+"), extent.isPercent { blank = word + 1 }
        let isScheme = Self.schemes.contains(scheme) && blank > word && blank < end
        if isScheme { first = blank }
        if window[first] == .dollar, window[first + 1] == UInt8(ascii: "(") { return [] }
        let isList = isScheme && (Self.lists.contains(scheme) || startsParameter(first))
        var last = first
        while last < end {
            let byte = window[last]
            if isList {
                if byte.isSpace, window[window.skipBlanksBack(last) - 1] != .comma { break }
            } else if byte.isBlank || byte == .less || byte.isQuote || (byte == .backslash && isBoundary(last)) {
                break
            } else if byte == .comma || byte == .semicolon, isBoundary(last + 1) {
                break
            }
            if isWireBreak(last) { break }
            last += 1
        }
        if !isScheme, extent.isBounded, !isWireBreak(last) { last = max(last, window.skipBlanksBack(end)) }
        if !isScheme, !extent.isBounded { last = secondWord(after: last, to: end) }
        var part = extent
        part.start = first
        part.end = min(last, end)
        part.isProse = extent.isProse && !isScheme
        if part.end < extent.end { part.swallow = nil }
        var result = discover(part, rule: found.rule, name: found.rules, strength: found.strength)
        if scheme == "basic", !result.isEmpty { result[0].alsoLearn += basicPassword(result[0].value) }
        return result
    }

    /// A name and a value behind a scheme; the `=` at the end of base64 makes none.
    private func startsParameter(_ start: Int) -> Bool {
        guard startsPair(start) else { return false }
        var mark = start
        while window[mark].isName { mark += 1 }
        let next = window[mark + 1]
        return window[mark] != .equals || next.isQuote || next.isAlphanumeric
    }

    /// After an unknown scheme: the credentials follow as a second word if it looks like them.
    private func secondWord(after first: Int, to end: Int) -> Int {
        let start = window.skipBlanks(first)
        var last = start
        while last < end, window[last].isBase64 || window[last] == .dot || window[last] == .equals { last += 1 }
        let word = window.slice(start, last)
        let isKey = word.dropLast(2).contains(.equals)
        return start > first && word.count >= 12 && word.contains(where: \.isDigit) && !isKey ? last : first
    }

    /// The password in Basic credentials (RFC 7617), to be looked for everywhere else.
    func basicPassword(_ blob: [UInt8]) -> [[UInt8]] {
        guard let decoded = Base64.decode(blob), let colon = decoded.firstIndex(of: .colon) else { return [] }
        return [Array(decoded[(colon + 1)...])]
    }

    private static let attributes: Set<String> = [
        "path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "version", "comment",
        "port",
        "partitioned", "$version", "$path", "$domain",
    ]

    /// Names stay, values go; of `Set-Cookie` the attributes stay too (RFC 6265).
    func cookies(_ found: Named, from start: Int, to end: Int, extent: Extent) -> [Discovery] {
        var result: [Discovery] = []
        var position = start
        while position < end, result.count < 512 {
            position = window.skipBlanks(position)
            var word = position
            while word < end, window[word] != .equals, window[word] != .semicolon, !window[word].isSpace,
                window[word] != .comma,
                !window[word].isQuote, word - position < 256
            { word += 1 }
            let name = window.slice(position, word).map(\.lowercased).text
            let equals = window.skipBlanks(word)
            if equals < end, window[equals] == .equals, word > position {
                let first = equals + 1
                let isAttribute = Self.attributes.contains(name)
                let last = cookieEnd(from: first, to: end, hasBlanks: name == "expires" || extent.isBounded)
                if !isAttribute {
                    var part = extent
                    (part.start, part.end) = (first, last)
                    if window[first] == .doubleQuote {
                        let isClosed = last > first + 1 && window[last - 1] == .doubleQuote
                        (part.start, part.end) = (first + 1, isClosed ? last - 1 : last)
                    }
                    if last < extent.end { part.swallow = nil }
                    result += cookie(found, part)
                }
                position = last
            } else {
                // A flag such as `Secure`; alone, a name of a file or a word of prose.
                position = word
            }
            let next = window.skipBlanks(position)
            guard next < end, window[next] == .semicolon || window[next] == .comma else { break }
            position = next + 1
        }
        return result
    }

    /// A cookie's value goes whatever it is, but for an empty one and a reference.
    private func cookie(_ found: Named, _ part: Extent) -> [Discovery] {
        let value = part.value(in: window)
        guard part.start < part.end, !judge.isStandIn(value) else { return [] }
        return [
            Discovery(
                start: part.start, end: part.end, rule: found.rule, value: value, isCertain: value.count >= 12,
                swallow: part.swallow)
        ]
    }

    private func cookieEnd(from start: Int, to end: Int, hasBlanks: Bool) -> Int {
        var position = start
        if window[start] == .doubleQuote {
            position = start + 1
            while position < end, window[position] != .doubleQuote { position += 1 }
            return min(position + 1, end)
        }
        while position < end {
            let byte = window[position]
            if byte == .semicolon || byte.isLineBreak || byte == .less || byte == 0 || isWireBreak(position) { break }
            if byte == .comma, startsPair(window.skipBlanks(position + 1)) { break }
            if !hasBlanks, byte.isBlank || byte.isQuote || (byte == .comma && isBoundary(position + 1)) { break }
            if !hasBlanks, byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}"), isBoundary(position + 1) { break }
            if byte == .backslash, isBoundary(position) { break }
            position += 1
        }
        return position
    }
}
