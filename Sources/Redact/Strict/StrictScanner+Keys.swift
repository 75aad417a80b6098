/// Values that their name makes a host's or user's.
extension StrictScanner {
    private enum Kind { case host, hosts, user, loose }

    /// `host=…`, `"userName": "…"`, `<Host>…</Host>`, `<Header name="Host">…`, `--user …`.
    mutating func keyed(_ start: Int, _ end: Int) -> Int? {
        guard let kind = kind(start, end), let place = value(behind: end, isOption: isOption(start)) else { return nil }
        let first = place.start
        guard WordBytes.holds(window[first]) || window[first] == UInt8(ascii: "*"),
            Marker.length(in: window, at: first) == nil
        else { return nil }
        switch kind {
        case .hosts: return keyedHosts(place)
        case .host, .loose: return keyedHost(first, place, isLoose: kind == .loose)
        case .user: return keyedUser(first, place)
        }
    }

    private func isOption(_ start: Int) -> Bool { window[start] == .dash || window[start - 1] == .dash }

    /// The last letters of all the names below.
    private static let lastLetters = Set("temnirdlysk".utf8)

    private func kind(_ start: Int, _ end: Int) -> Kind? {
        guard (3...64).contains(end - start), Self.lastLetters.contains(window[end - 1].lowercased) else { return nil }
        let key = folded(start, end)
        func ends(_ word: String) -> Bool {
            guard key.hasSuffix(word) else { return false }
            let place = end - word.utf8.count
            // At the start, behind a joint, or a capital: `host`, `db_host`, `remoteHost`.
            return place == start || !window[place - 1].isLetter || window[place].isUpper && !window[place - 1].isUpper
        }
        if ends("host") || ends("hostname") || ends("fqdn") || ends("servername") || ends("server_name")
            || ends("sni") || ends("hostaliases") || ends("nodename") || ends("host_name")
        {
            return .host
        }
        if ends("hosts") { return .hosts }
        if ends("user") || ends("username") || ends("user_name") || ends("login") || ends("principal")
            || ends("uid") && !key.hasSuffix("uuid") && !key.hasSuffix("guid")
            || ends("logname") || ends("userid") || ends("createdby") || ends("modifiedby") || ends("loginname")
        {
            return .user
        }
        if ["server", "node", "peer", "domain", "address", "addr", "endpoint", "remote", "backend"].contains(
            key)
        {
            return .loose
        }
        return nil
    }

    /// A value: where it starts, and the quotation mark before it.
    struct Place {
        let start: Int
        let quote: Quote?
        let separator: Mark

        enum Mark { case equals, colon, markup, blank }
    }

    /// The place of the value that belongs to the name that ends at `end`.
    func value(behind end: Int, isOption: Bool) -> Place? {
        var position = end
        var closed: Quote?
        if let quote = Quote(in: window, at: position) {
            position += quote.length(in: window, at: position)
            closed = quote
        }
        let gap = window.skipBlanks(position)
        var mark: Place.Mark
        if let separator = Separator.read(in: window, at: gap) {
            mark = separator.kind == .equals ? .equals : .colon
            position = separator.after
        } else if window[gap] == .greater {
            (mark, position) = (.markup, gap + 1)
        } else if window.hasFolded("&gt;", at: gap) {
            (mark, position) = (.markup, gap + 4)
        } else if closed != nil, window.hasFolded("value", at: gap),
            let separator = Separator.read(in: window, at: window.skipBlanks(gap + 5))
        {
            // `name="host" value="…"`
            (mark, position) = (.equals, separator.after)
        } else if closed != nil, window[gap] == .comma, let next = jsonValue(gap + 1) {
            // `"name": "host", "value": "…"`
            (mark, position) = (.colon, next)
        } else if isOption, gap > end, closed == nil {
            (mark, position) = (.blank, gap)
        } else {
            return nil
        }
        position = window.skipBlanks(position)
        if window[position] == UInt8(ascii: "[") { position = window.skipBlanks(position + 1, lines: true) }
        guard let quote = Quote(in: window, at: position) else {
            return Place(start: position, quote: nil, separator: mark)
        }
        return Place(start: position + quote.length(in: window, at: position), quote: quote, separator: mark)
    }

    /// Behind `"value" :`.
    private func jsonValue(_ start: Int) -> Int? {
        var position = window.skipBlanks(start, lines: true)
        guard let open = Quote(in: window, at: position) else { return nil }
        position += open.length(in: window, at: position)
        guard window.hasFolded("value", at: position), let close = Quote(in: window, at: position + 5) else {
            return nil
        }
        position = window.skipBlanks(position + 5 + close.length(in: window, at: position + 5))
        return window[position] == .colon ? position + 1 : nil
    }

    /// Whether a value without quotes stands as one: at the end of its line, or before a mark. In prose it does not.
    private func stands(_ end: Int, _ place: Place) -> Bool {
        guard place.quote == nil, place.separator == .colon || place.separator == .blank else { return true }
        let behind = window.skipBlanks(end)
        let next = window[behind]
        // Behind an option of a command comes the next one, or an address.
        if place.separator == .blank, next == .dash || next.isQuote || window.has("http", at: behind) { return true }
        return next == 0 || next.isLineBreak || next.isOne(of: ",;)]}|") || next == .colon || next == .backslash
    }

    private mutating func keyedHost(_ start: Int, _ place: Place, isLoose: Bool) -> Int? {
        let first = window[start] == .dot ? start + 1 : start
        var end = first
        if window[end] == UInt8(ascii: "*") { end += 1 }
        end = wordEnd(end)
        while end > first, !window[end - 1].isAlphanumeric { end -= 1 }
        let name = folded(first, end)
        guard end > first, name.utf8.contains(where: \.isLetter), authorityStart(end) == nil, window[end] != .at,
            window[end] != .dollar, window[end] != UInt8(ascii: "{"), window[end] != UInt8(ascii: "(")
        else { return nil }
        let labels = name.split(separator: ".")
        let isDotted = labels.count > 1 && (labels.last?.utf8.allSatisfy { $0.isLower || $0 == .dash } ?? false)
        if isLoose {
            // `server: nginx`, `node: 3`: only what looks like a host is one here.
            guard isDotted && (KnownNames.isTopLevel(labels.last ?? "") || window[end] == .colon) else { return nil }
        } else if !isDotted {
            guard stands(end, place) || name.utf8.contains(where: \.isDigit), labels.count == 1 else { return nil }
        }
        certainHost(first, end)
        return end
    }

    /// `ZK_HOSTS="mp01 mp02 10.1.2.3"`: what holds a digit or a dot in a list is a host.
    private mutating func keyedHosts(_ place: Place) -> Int? {
        var position = place.start
        let line = min(window.lineEnd(position), position + 2_048)
        var found = false
        while position < line, WordBytes.holds(window[position]) {
            let end = hostEnd(position)
            let name = window.slice(position, end)
            if let v4 = AddressText.ipv4(window, position) {
                replace(position, v4.end, pseudonyms.text(ipv4: v4.value), "ip-address")
                found = true
            } else if end > position, name.contains(where: { $0.isDigit || $0 == .dot }),
                name.contains(where: \.isLetter)
            {
                certainHost(position, end)
                found = true
            }
            position = wordEnd(position)
            if window[position] == .colon { position = wordEnd(position + 1) }
            // Without quotation marks only commas join a list.
            let isQuoted = place.quote != nil
            while position < line, window[position] == .comma || isQuoted && window[position].isBlank { position += 1 }
        }
        return found ? position : nil
    }

    private func authorityStart(_ end: Int) -> Int? {
        window.has("://", at: end) || window.hasFolded("%3a%2f", at: end) || window.has(":\\/", at: end) ? end : nil
    }

    private mutating func keyedUser(_ first: Int, _ place: Place) -> Int? {
        var end = first
        let isWritten = place.quote != nil || place.separator == .markup
        while end - first < 65 {
            let byte = window[end]
            // `Jane Roe` is one name between quotes; `ACME\jroe` is one everywhere.
            let isPart =
                WordBytes.holds(byte) || byte >= 0x80 || byte == .at
                || isWritten && byte == .space && window[end + 1].isLetter
                || byte == .backslash && (window[end + 1].isAlphanumeric || window[end + 1] == .backslash)
                    && place.quote?.closing(in: window, at: end + 1, notBefore: first) == nil && isDomain(first, end)
            guard isPart else { break }
            end += 1
        }
        while end > first, window[end - 1] == .dot || window[end - 1] == .dash { end -= 1 }
        guard end > first, end - first <= 64, stands(end, place), authorityStart(end) == nil else { return nil }
        let next = window[end]
        guard next != UInt8(ascii: "("), next != .dollar, next != UInt8(ascii: "{"),
            next != .slash || place.quote == nil,
            window.slice(first, end).contains(where: { $0.isLetter || $0 >= 0x80 }), !isTypeName(first, end)
        else { return nil }
        // A distinguished name is judged part by part.
        if next == .equals { return nil }
        user(first, end)
        return end
    }

    /// The capitals or small letters before a backslash, as Windows names a domain.
    private func isDomain(_ first: Int, _ end: Int) -> Bool {
        end - first >= 2 && (first..<end).allSatisfy { WordBytes.holds(window[$0]) || window[$0] == .backslash }
    }

    /// `java.lang.String`, `com.acme.User`.
    private func isTypeName(_ first: Int, _ end: Int) -> Bool {
        let parts = text(first, end).split(separator: ".")
        return parts.count >= 3 && !text(first, end).contains("@")
    }

    /// A user, or an address of one.
    mutating func user(_ start: Int, _ end: Int, isPerson: Bool = false) {
        let name = text(start, end)
        guard Marker.length(in: window, at: start) == nil, !book.isProtected(name) else { return }
        if name.contains("@") {
            replace(start, end, pseudonyms.text(email: name), "user-name")
            return
        }
        // Numbers, and identifiers such as UUIDs, name no person.
        let isNumber = name.utf8.allSatisfy { $0.isDigit || $0 == .dash }
        let isIdentifier = name.utf8.count >= 24 && name.utf8.allSatisfy { $0.isHex || $0 == .dash }
        guard !isNumber, !isIdentifier else { return }
        let before = spans.count
        // The same person with and without the domain of Windows.
        if let slash = name.lastIndex(of: "\\") {
            let user = String(name[name.index(after: slash)...])
            replace(start, end, pseudonyms.text(user: user), "user-name")
            if spans.count > before { book.learn(user: user, isPerson: true) }
        } else {
            replace(user: start, end)
            if spans.count > before { book.learn(user: name, isPerson: isPerson) }
        }
    }
}
