/// Host names: in addresses of the web and of data bases, behind `@`, and in running text.
extension StrictScanner {
    /// Schemes whose authority names no host.
    private static let hostless: Set<String> = [
        "ref", "file", "classpath", "resource", "jar", "data", "about", "chrome", "urn", "vault", "env",
    ]

    /// `scheme://user@host:port`, with `://` also escaped.
    mutating func authority(_ start: Int, _ end: Int) -> Int? {
        guard var position = authorityMark(end), end - start < 24, !Self.hostless.contains(folded(start, end)) else {
            return nil
        }
        let first = position
        while true {
            position = authorityHost(position)
            // MongoDB and Kafka name several.
            guard window[position] == .comma, WordBytes.holds(window[position + 1]), position - first < 2_048 else {
                break
            }
            position += 1
        }
        return position
    }

    private func authorityMark(_ end: Int) -> Int? {
        switch window[end] {
        case .colon:
            if window.has("://", at: end) { return end + 3 }
            // JSON may escape the slashes.
            var position = end + 1
            for _ in 0..<2 {
                let slash = position
                while window[position] == .backslash, position - slash < 8 { position += 1 }
                guard position > slash, window[position] == .slash || window.hasFolded("u002f", at: position) else {
                    return nil
                }
                position += window[position] == .slash ? 1 : 5
            }
            return position
        case .backslash:
            // Java's properties files escape the colon.
            return window.has("\\://", at: end) ? end + 4 : nil
        case .percent:
            for mark in ["%3a%2f%2f", "%253a%252f%252f"] as [StaticString] where window.hasFolded(mark, at: end) {
                return end + mark.utf8CodeUnitCount
            }
            return nil
        default: return nil
        }
    }

    /// One `user:password@host:port`; returns where it ends.
    private mutating func authorityHost(_ start: Int) -> Int {
        var at: Int?
        var end = start
        let stops = Array("/?#\"'<>\\,;()|^`{}&[]".utf8)
        while end < window.upper, end - start < 512, window[end] > 0x20, !stops.contains(window[end]) {
            if window[end] == .at || window.hasFolded("%40", at: end) { at = end }
            end += 1
        }
        var host = start
        if let at {
            let colon = (start..<at).first { window[$0] == .colon || window.hasFolded("%3a", at: $0) } ?? at
            if isName(start, colon) { user(start, colon) }
            host = at + (window[at] == .at ? 1 : 3)
        }
        if window[host] == UInt8(ascii: "["), let v6 = AddressText.ipv6(window, host + 1) {
            replace(host + 1, v6.end, pseudonyms.text(ipv6: v6.value), "ip-address")
            return v6.end
        }
        guard window[host].isAlphanumeric || window[host] == UInt8(ascii: "*") else { return host }
        let last = hostEnd(host)
        if let v4 = AddressText.ipv4(window, host), v4.end == last { return host }
        // `openapi://pets.json` names a file.
        let labels = folded(host, last).split(separator: ".")
        if labels.count == 2, KnownNames.fileEndings.contains(String(labels[1])) { return last }
        if host == start, at == nil, window[last] == UInt8(ascii: "{") || window[last] == .dollar { return last }
        certainHost(host, last)
        return last
    }

    /// Whether only the characters of a user's name stand there.
    private func isName(_ start: Int, _ end: Int) -> Bool {
        start < end && end - start <= 64 && (start..<end).allSatisfy { WordBytes.holds(window[$0]) }
            && Marker.length(in: window, at: start) == nil
    }

    func hostEnd(_ start: Int) -> Int {
        var end = start
        if window[end] == UInt8(ascii: "*") { end += 1 }
        end = wordEnd(end)
        while end > start, !window[end - 1].isAlphanumeric { end -= 1 }
        return end
    }

    /// A name that can be nothing but a host's.
    mutating func certainHost(_ start: Int, _ end: Int) {
        let name = text(start, end)
        guard name.utf8.contains(where: \.isLetter), Marker.length(in: window, at: start) == nil,
            pseudonymEnd(start, end) == nil, !book.isProtected(name),
            !(name.utf8.contains(.dot) == false && KnownNames.isWord(name.lowercased()))
        else { return }
        let before = spans.count
        replace(host: start, end)
        if spans.count > before { book.learn(host: name) }
    }

    /// `user@host`, as ssh and prompts write it; not an object's `Class@52de60d9` and not a package's `name@1.2.3`.
    mutating func atSign(_ start: Int, _ end: Int) -> Int? {
        guard window[end] == .at || window.hasFolded("%40", at: end), isName(start, end) else { return nil }
        let host = end + (window[end] == .at ? 1 : 3)
        let last = hostEnd(host)
        guard last > host, last - host < 254, window[host].isLetter || AddressText.ipv4(window, host) != nil else {
            return nil
        }
        if let v4 = AddressText.ipv4(window, host), v4.end == last {
            user(start, end)
            return host
        }
        let name = folded(host, last)
        let labels = name.split(separator: ".")
        guard !name.utf8.allSatisfy(\.isHex), !window[start].isUpper || labels.count > 1 else { return nil }
        let isCommand = ["ssh", "scp", "sftp", "rsync", "from"].contains(previousWord(start))
        guard
            labels.count > 1 && (labels.last?.utf8.allSatisfy(\.isLetter) ?? false) || isCommand
                || names.hosts.contains(name) || window[last] == .colon && name.utf8.contains(where: \.isDigit)
        else { return nil }
        user(start, end)
        certainHost(host, last)
        return last
    }

    /// The word before, in lower case.
    func previousWord(_ start: Int) -> String {
        let end = window.skipBlanksBack(start)
        var first = end
        while end - first < 40, WordBytes.holds(window[first - 1]) { first -= 1 }
        return folded(first, end)
    }

    /// A dotted name in running text.
    mutating func host(_ start: Int, _ end: Int) -> Int? {
        // `.acme.com` in `*.acme.com`.
        if window[start] == .dot, end - start > 3 { return host(start + 1, end) }
        guard end - start < 254, window[end] != UInt8(ascii: "("), window[start].isAlphanumeric else { return nil }
        if let next = reportedHost(start, end) { return next }
        var last = portDot(start, end) ?? end
        while last > start, !window[last - 1].isAlphanumeric { last -= 1 }
        guard mayBeHost(start, last) else { return nil }
        var name = folded(start, last)
        if name.hasPrefix("ip-"), Self.isAmazonName(name) {
            certainHost(start, last)
            return last
        }
        guard name.utf8.contains(.dot) else { return nil }
        var labels = name.split(separator: ".", omittingEmptySubsequences: false)
        // A file that is named after a host.
        while labels.count > 2, let ending = labels.last, KnownNames.fileEndings.contains(String(ending)) {
            last -= ending.utf8.count + 1
            labels.removeLast()
            name = labels.joined(separator: ".")
        }
        guard labels.allSatisfy({ (1...63).contains($0.utf8.count) && $0.utf8.first != .dash }), !book.isProtected(name)
        else { return nil }
        let isKnown = (2...4).contains { names.hosts.contains(labels.suffix($0).joined(separator: ".")) }
        // `www.ACME.com` is written by people; `System.Net` and `Foo.com.Bar` are not hosts.
        let isWritten = !window[last - 1].isUpper || window.slice(start, last).allSatisfy { !$0.isLower }
        guard isKnown || names.hosts.contains(name) || isWritten && KnownNames.isHost(labels) else { return nil }
        if !isKnown, window[end] == .equals || isVariable(start) { return nil }
        let before = spans.count
        replace(host: start, last)
        if spans.count > before { book.learn(host: name) }
        return last
    }

    /// Behind the words with which Java reports that a name is not known or does not fit.
    private mutating func reportedHost(_ start: Int, _ end: Int) -> Int? {
        let first: Int
        if window.endsFolded("unknownhostexception", before: end), window.has(": ", at: end) {
            first = end + 2
        } else if window.has("matching", at: start), window[end] == .space {
            first = end + 1
            guard window.has(" found", at: wordEnd(first)) else { return nil }
        } else if window.has("host", at: start), end - start == 4, window[end] == .space,
            previousWord(start) == "resolve"
        {
            first = end + 1
        } else {
            return nil
        }
        let last = hostEnd(first)
        guard last > first else { return nil }
        certainHost(first, last)
        return last
    }

    /// Without copying: whether there is a dot, and an ending that a host, or a file named after one, may have.
    private func mayBeHost(_ start: Int, _ end: Int) -> Bool {
        if window.hasFolded("ip-", at: start) { return true }
        guard let dot = (start..<end).last(where: { window[$0] == .dot }) else { return false }
        guard end - dot <= 15 else { return names.mayHold(first: window[start], length: end - start) }
        let ending = folded(dot + 1, end)
        return names.endings.contains(ending) || KnownNames.isTopLevel(ending)
            || KnownNames.fileEndings.contains(ending)
    }

    /// `ip-10-1-2-3`, with or without a domain: a name that is an address.
    private static func isAmazonName(_ name: String) -> Bool {
        let parts = (name.split(separator: ".").first ?? "").split(separator: "-")
        return parts.count == 5 && parts.dropFirst().allSatisfy { UInt8($0) != nil }
    }

    /// Whether the word is a variable: in `{...}`, or the name of a trace's variable.
    private func isVariable(_ start: Int) -> Bool {
        window[start - 1] == UInt8(ascii: "{") && window[start - 2] != .comma
            && window[wordEnd(start)] == UInt8(ascii: "}")
            && window[start - 2] != .greater
    }
}
