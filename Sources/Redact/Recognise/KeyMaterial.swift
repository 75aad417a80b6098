/// Private keys without the lines that say so: DER in base64, JSON web keys, PuTTY's and Ansible's files.
extension Inspector {

    /// A private key in base64 whose first bytes give it away (PKCS #8, PKCS #1, SEC 1, OpenSSH), or what follows a
    /// line that announces one.
    func keyMaterial(start: Int, end: Int, rule: Int) -> [Discovery] {
        if window[start] == .dollar { return vaultBlock(start: start, rule: rule) }
        if window[end - 1] == .colon || window[end - 1].lowercased == UInt8(ascii: "y") {
            if isOnOneLine(end) { return [] }
            return prefixedKey(start: start, end: end, rule: rule) ?? announcedKey(end: end, rule: rule)
        }
        guard let first = keyStart(start), !window[first - 1].isBase64 || follows(first) || window[first - 1] == .slash
        else { return [] }
        var discovery = Discovery(start: first, end: first, rule: rule, value: [])
        var run = first
        while window[run].isBase64 || window[run] == .equals { run += 1 }
        if run < window.upper, run - first < 60 || window[run] == .space || !goesOnBelow(run) {
            discovery.end = run
        } else if let last = PEM.bodyEnd(in: window, from: first) {
            discovery.end = last
        } else {
            discovery.end = window.upper
            if !window.isEnd { discovery.swallow = .pem }
        }
        guard discovery.end - first >= 40 else { return [] }
        discovery.value = window.slice(first, discovery.end)
        return [discovery]
    }

    /// False at the end of a line whose next one is no line of base64, as where a property holds the key in one line.
    private func goesOnBelow(_ end: Int) -> Bool {
        guard window[end].isLineBreak else { return true }
        let start = window.skipBlanks(end, lines: true)
        var last = start
        while window[last].isBase64 { last += 1 }
        while window[last] == .equals { last += 1 }
        let next = window[last]
        return last >= window.upper
            || (last > start && (next.isSpace || next == 0 || next.isQuote || next.isOne(of: "<,;}\\&")))
    }

    /// Where the key starts whose mark stands at `start`: a SEQUENCE, its length, and the version or algorithm.
    private func keyStart(_ start: Int) -> Int? {
        for (mark, lead) in Self.marks where window.has(mark, at: start) {
            let first = start - lead
            return lead == 0 || window.has("MI", at: first) ? first : nil
        }
        return nil
    }

    /// Marks, and how many characters of the SEQUENCE's head come before them.
    private static let marks: [(StaticString, Int)] = [
        ("IBADANBgkqhkiG9w0BAQEFAAS", 6), ("IBAAKC", 6), ("IBAAKBgQ", 6), ("MHcCAQEEI", 0), ("MIGkAgEBBD", 0),
        ("MIHcAgEBBEI", 0), ("GByqGSM49AgEG", 11), ("MC4CAQAwBQYDK2VwBCIEI", 0), ("BgkqhkiG9w0BBQ", 8),
        ("b3BlbnNzaC1rZXktdjEA", 0), ("/u3+7QAAAA", 0),
    ]

    /// The lines go on behind an escape, `Private-Lines: 8\nAAAB…`: they are read without it.
    private func isOnOneLine(_ end: Int) -> Bool {
        var position = end
        while window[position].isDigit || window[position].isBlank || window[position] == .dash { position += 1 }
        let escapes = position
        while window[position] == .backslash, window[position + 1].isOne(of: "nr\\") {
            position += window[position + 1] == .backslash ? 1 : 2
        }
        return position > escapes && window[position].isBase64
    }

    /// The lines after `Private-Lines: 8` of a PuTTY key, or after the head of an SSH2 key (RFC 4716).
    private func announcedKey(end: Int, rule: Int) -> [Discovery] {
        let body = window.skipBlanks(window.lineEnd(end), lines: true)
        guard Marker.length(in: window, at: body) == nil else { return [] }
        let last = PEM.bodyEnd(in: window, from: body) ?? window.upper
        guard last - body >= 16 else { return [] }
        return [Discovery(start: body, end: last, rule: rule, value: window.slice(body, last))]
    }

    /// The same where something stands before each line: the sign of a patch, the head of a log's record. Nil if nothing
    /// does.
    private func prefixedKey(start: Int, end: Int, rule: Int) -> [Discovery]? {
        var lead = start
        while window[lead - 1] == .dash || window[lead - 1] == .space { lead -= 1 }
        guard lead > window.lineStart(start) else { return nil }
        var left = 0
        var position = window.skipBlanks(end)
        while window[position].isDigit, left < 1_000 {
            left = left * 10 + Int(window[position] - UInt8(ascii: "0"))
            position += 1
        }
        let isCounted = left > 0
        if !isCounted { left = 512 }
        var result: [Discovery] = []
        var line = window.lineEnd(end)
        while left > 0, window[line].isLineBreak {
            left -= 1
            let start = window.nextLine(after: line)
            line = window.lineEnd(start)
            if window.findFolded("---- end", from: start, to: line) != nil { break }
            let last = contentEnd(line)
            var first = last
            while first > start, window[first - 1].isBase64 || window[first - 1] == .equals { first -= 1 }
            // The sign before the line may be a digit of base64.
            if first == start, window[first].isOne(of: "+-") { first += 1 }
            guard last - first >= 16 || (last > first && (isCounted || !result.isEmpty)) else { continue }
            // The end of a marker.
            if window[first - 1] == .dot { continue }
            result.append(Discovery(start: first, end: last, rule: rule, value: window.slice(first, last)))
        }
        return result
    }

    /// The end of what a line says, without what source code writes behind it: `…==\n" +`.
    private func contentEnd(_ line: Int) -> Int {
        var last = window.skipBlanksBack(line)
        if window[last - 1].isOne(of: "+.,;\\&"), window[last - 2].isBlank || window[last - 2].isQuote {
            last = window.skipBlanksBack(last - 1)
        }
        guard window[last - 1].isQuote else { return last }
        last -= 1
        while window[last - 1].isOne(of: "nr"), window[last - 2] == .backslash { last -= 2 }
        return last
    }

    /// The lines of digits after `$ANSIBLE_VAULT;1.1;AES256`.
    private func vaultBlock(start: Int, rule: Int) -> [Discovery] {
        let body = skipBreaks(window.lineEndOrEscape(start))
        var position = body
        var last = body
        while window[position].isHex, position - body < 24 << 10 {
            while window[position].isHex { position += 1 }
            last = position
            position = skipBreaks(position)
        }
        guard last - body >= 32 else { return [] }
        return [Discovery(start: body, end: last, rule: rule, value: window.slice(body, last))]
    }

    private func skipBreaks(_ start: Int) -> Int {
        var position = start
        while window[position].isSpace || (window[position] == .backslash && window[position + 1] == UInt8(ascii: "n"))
        {
            position += window[position] == .backslash ? 2 : 1
        }
        return position
    }

    /// The private members of a JSON web key (RFC 7517, RFC 7518 section 6) around its `kty`.
    func webKey(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard window.hasFolded("kty", at: start), let open = Quote.before(start, in: window),
            let type = member(at: open.start)
        else { return looseKey(start: start, end: end, rule: rule) }
        var found: [Discovery] = []
        let isSymmetric = window.hasFolded("oct", at: type.value.start)
        func take(_ member: Member) {
            let isPrivate =
                ["d", "p", "q", "dp", "dq", "qi"].contains(member.name) || (isSymmetric && member.name == "k")
            if isPrivate, member.value.end - member.value.start >= 16 {
                found += discover(member.value, rule: rule, name: .certain, strength: .strong)
            }
        }
        var position = window.skipBlanks(type.after, lines: true)
        for _ in 0..<16 where window[position] == .comma {
            guard let next = member(at: window.skipBlanks(position + 1, lines: true)) else { break }
            take(next)
            position = window.skipBlanks(next.after, lines: true)
        }
        position = window.skipBlanksBack(open.start, lines: true)
        for _ in 0..<16 where window[position - 1] == .comma {
            guard let before = memberBefore(window.skipBlanksBack(position - 1, lines: true)) else { break }
            take(before)
            position = window.skipBlanksBack(before.start, lines: true)
        }
        return found
    }
}

extension Window {
    /// The end of the line, also of one that is written as an escape.
    fileprivate func lineEndOrEscape(_ start: Int) -> Int {
        let end = lineEnd(start)
        return findFolded("\\n", from: start, to: end) ?? end
    }
}
