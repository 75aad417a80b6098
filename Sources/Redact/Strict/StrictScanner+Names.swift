/// Personal parts of distinguished names: what names a person or a host, in the notations of OpenSSL (`/CN=a/O=b` and
/// `CN = a, O = b`), RFC 4514 and the management API. Organisations, units, countries and authorities stay.
///
/// What is done depends on the attribute and its value alone, so that equal names stay equal whatever the notation.
extension StrictScanner {
    private enum Attribute { case common, user, email, host }

    private static let attributes: [String: Attribute] = [
        "cn": .common, "commonname": .common, "2.5.4.3": .common, "uid": .user, "0.9.2342.19200300.100.1.1": .user,
        "e": .email, "email": .email, "emailaddress": .email, "1.2.840.113549.1.9.1": .email, "dns": .host,
        "dnsname": .host, "givenname": .user, "surname": .user, "samaccountname": .user, "userprincipalname": .email,
    ]

    mutating func nameAttribute(_ start: Int, _ end: Int) -> Int? {
        guard end - start <= 26, let attribute = Self.attributes[folded(start, end)] else { return nil }
        let gap = window.skipBlanks(end)
        guard let separator = Separator.read(in: window, at: gap) else { return nil }
        let isName = separator.kind == .equals
        // `DNS:a.example.org`, `email:joe@example.org` in alternative names; `uid: joe` in LDIF.
        guard isName || attribute == .host || attribute == .email && window[gap] == .colon || isLDIF(start, attribute)
        else { return nil }
        // `e=` and the like stand for much; a name is written in capitals, or with its full type.
        if attribute == .email, end - start == 1, !window[start].isUpper { return nil }
        let first = window.skipBlanks(separator.after)
        if attribute == .common, let quoted = quotedValue(first) {
            common(quoted.lowerBound, quoted.upperBound)
            return spans.isEmpty ? nil : quoted.upperBound
        }
        let last = valueEnd(first, isSlashed: window[start - 1] == .slash)
        guard last > first, Marker.length(in: window, at: first) == nil else { return nil }
        switch attribute {
        case .host:
            let host = window[first] == UInt8(ascii: "*") ? wordEnd(first + 1) : wordEnd(first)
            guard host > first else { return nil }
            certainHost(first, host)
            return host
        case .email:
            user(first, last)
        case .user:
            if let name = idName(first) { return name }
            guard window[first] != UInt8(ascii: "("), window.slice(first, last).contains(where: \.isLetter) else {
                return nil
            }
            user(first, last)
        case .common:
            common(first, last)
        }
        return spans.isEmpty ? nil : last
    }

    /// `CN="Roe, Jane"`: the value between its own quotation marks. A mark that ends a JSON text around it is none.
    private func quotedValue(_ start: Int) -> Range<Int>? {
        guard let quote = Quote(in: window, at: start) else { return nil }
        let first = start + quote.length(in: window, at: start)
        guard window[first].isLetter, case .closed(let end, _) = quote.end(in: window, from: first), end - first <= 64,
            !(first..<end).contains(where: { window[$0] == .equals || window[$0] == .colon })
        else { return nil }
        return first..<end
    }

    /// `uid=1001(joe)`, as `id` prints it.
    private mutating func idName(_ start: Int) -> Int? {
        var position = start
        while window[position].isDigit { position += 1 }
        guard position > start, window[position] == UInt8(ascii: "(") else { return nil }
        user(position + 1, wordEnd(position + 1))
        return wordEnd(position + 1)
    }

    /// `uid: joe` at the start of a line.
    private func isLDIF(_ start: Int, _ attribute: Attribute) -> Bool {
        attribute != .host && (start == 0 || window[start - 1].isLineBreak)
    }

    /// The end of an attribute's value that starts at `start`.
    private func valueEnd(_ start: Int, isSlashed: Bool) -> Int {
        var end = start
        while end < window.upper, end - start < 128 {
            let byte = window[end]
            if byte == .backslash, window[end + 1].isOne(of: ",+;=\\/") {
                // RFC 4514: an escaped comma belongs to the value; before a quotation mark it is JSON's.
                end += 2
                continue
            }
            if byte < 0x20 || byte == .comma || byte == .semicolon || byte == UInt8(ascii: "+") || byte == .doubleQuote
                || byte == .less || byte == .greater || byte == .backslash || byte.isOne(of: "])|}&%")
            {
                break
            }
            if byte == .slash, isSlashed || isAttribute(end + 1) { break }
            if byte == .singleQuote, !window[end + 1].isLetter { break }
            // `subject=CN=a issuer=CN=b`
            if byte == .space,
                isAttribute(end + 1) || window[end + 1] == .space || window[end + 1] == .dash
                    || window[end + 1] == UInt8(ascii: "(") || window[end + 1] == UInt8(ascii: "[")
            {
                break
            }
            end += 1
        }
        while end > start, window[end - 1].isBlank { end -= 1 }
        return end
    }

    private func isAttribute(_ start: Int) -> Bool {
        let end = wordEnd(start)
        return end > start && window[window.skipBlanks(end)] == .equals
    }

    /// The value of a common name: a host, a person, or neither.
    private mutating func common(_ start: Int, _ end: Int) {
        let first = start
        let value = Self.normalized(text(first, end))
        let lower = value.lowercased()
        let labels = lower.split(separator: ".", omittingEmptySubsequences: false)
        let isWord = lower.utf8.allSatisfy { WordBytes.holds($0) || $0 == UInt8(ascii: "*") }
        if isWord, labels.count > 1, labels.allSatisfy({ !$0.isEmpty }),
            labels.last?.utf8.allSatisfy(\.isLetter) == true
        {
            certainHost(first, end)
        } else if isWord, KnownNames.isMachine(lower) {
            certainHost(first, end)
        } else if lower.contains("@") {
            user(first, end)
        } else if KnownNames.isPerson(value), !book.isProtected(value) {
            replace(first, end, pseudonyms.text(user: value), "personal-name")
        }
    }

    /// Escapes undone, blanks made one.
    static func normalized(_ text: String) -> String {
        text.replacing("\\", with: "").split(whereSeparator: { $0 == " " }).joined(separator: " ")
    }
}
