/// Passwords in the addresses of servers (RFC 3986 section 3.2.1), also of databases and queues.
extension Inspector {
    private static let longestAuthority = 2_048
    private static let plain = NameRule(
        strength: .strong, value: .plain, isLoose: false, allowsWords: true)

    func userInfo(start: Int, end: Int, rule: Int) -> [Discovery] {
        if window.hasFolded("jdbc:oracle:", at: start) { return oracle(from: end, rule: rule) }
        guard window[start - 1].isAlphanumeric else { return [] }
        let isEncoded = window[start] == .percent
        let (colon, at, slash): (StaticString, StaticString, StaticString) =
            isEncoded ? ("%3a", "%40", "%2f") : (":", "@", "/")
        var stop = end
        while stop < window.upper, stop - end < Self.longestAuthority, !endsAddress(stop, isEncoded: isEncoded) {
            stop += 1
        }
        let query = (end..<stop).first { window[$0] == UInt8(ascii: "?") || window[$0] == UInt8(ascii: "#") } ?? stop
        let path = window.findFolded(slash, from: end, to: query) ?? query
        let isWeb = window.endsFolded("http", before: start) || window.endsFolded("https", before: start)
        let marks = positions(of: at, from: end, to: stop)
        var last = marks.last { $0 < path }
        if let beyond = marks.last(where: { $0 >= path }), let first = window.findFolded(colon, from: end, to: path) {
            let port = window.slice(first + colon.utf8CodeUnitCount, path)
            let isPassword = !port.isEmpty && !port.allSatisfy(\.isDigit)
            if last == nil ? isPassword : !isWeb, beyond < query || !isWeb { last = beyond }
        }
        guard let last else { return [] }
        var extent = Extent(start: end, end: last)
        extent.isPercent = true
        if let first = window.findFolded(colon, from: end, to: last) {
            extent.start = first + colon.utf8CodeUnitCount
        } else {
            let user = window.slice(end, last)
            guard user.count >= 20, user.contains(where: \.isDigit), user.allSatisfy(\.isBase64URL),
                !Pseudonymizer.isPseudonym(user: user)
            else { return [] }
        }
        return discover(extent, rule: rule, name: Self.plain, strength: .strong)
    }

    /// `jdbc:oracle:thin:user/password@host`.
    private func oracle(from start: Int, rule: Int) -> [Discovery] {
        var stop = start
        while stop < window.upper, stop - start < Self.longestAuthority, !endsAddress(stop, isEncoded: false) {
            stop += 1
        }
        guard let slash = window.findFolded("/", from: start, to: stop),
            let at = positions(of: "@", from: slash, to: stop).last,
            window.findFolded("@", from: start, to: slash) == nil
        else { return [] }
        return discover(Extent(start: slash + 1, end: at), rule: rule, name: Self.plain, strength: .strong)
    }

    private func endsAddress(_ position: Int, isEncoded: Bool) -> Bool {
        let byte = window[position]
        if byte <= 0x20 || byte.isQuote || byte == .less || byte == .greater { return true }
        if byte == .backslash, window[position + 1] != .slash { return true }
        if byte == .ampersand, window.hasFolded("&quot;", at: position) || window.hasFolded("&lt;", at: position) {
            return true
        }
        if byte == .comma, window[position + 1].isSpace { return true }
        if byte == .semicolon, startsPair(position + 1) {
            // `DOMAIN;user:password`, not `;name=value` nor `; name: value`.
            var name = position + 1
            while window[name].isName { name += 1 }
            return window[name] != .colon || window[name + 1].isSpace
        }
        return isEncoded && byte == .percent
            && (["%26", "%22", "%20", "%3c", "%3f"] as [StaticString]).contains { window.hasFolded($0, at: position) }
    }

    private func positions(of mark: StaticString, from start: Int, to end: Int) -> [Int] {
        var result: [Int] = []
        var position = start
        while let next = window.findFolded(mark, from: position, to: end) {
            result.append(next)
            position = next + 1
        }
        return result
    }
}
