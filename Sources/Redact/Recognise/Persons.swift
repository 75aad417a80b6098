/// E-mail addresses and payment cards.
extension Inspector {
    /// Attribute types of distinguished names whose value may be an address (RFC 4514, RFC 2985).
    private static let nameTypes: Set<String> = [
        "e", "cn", "uid", "ou", "o", "1.2.840.113549.1.9.1", "emailaddress", "email",
    ]
    /// Ends of what looks like a host name but is a file's.
    private static let fileEndings: Set<String> = [
        "png", "jpg", "gif", "svg", "js", "css", "java", "class", "jar", "xml", "json", "html", "md", "py", "go", "so",
        "log",
        "conf", "sh", "properties", "yaml", "yml", "txt", "zip", "gz", "tar",
    ]

    func email(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard window[end].isAlphanumeric, window[start - 1].isName || window[start - 1] == UInt8(ascii: "+") else {
            return []
        }
        var dot = end + 1
        while window[dot].isAlphanumeric || window[dot] == .dash { dot += 1 }
        guard window[dot] == .dot, window[dot + 1].isAlphanumeric else { return [] }
        var first = start
        while start - first < 64, window[first - 1].isName || window[first - 1] == UInt8(ascii: "+") { first -= 1 }
        if window[first - 1] == .backslash, window[first].isOne(of: "nrt") { first += 1 }
        first = window.skipEscapeDigits(first)
        first = behindMarker(from: first, to: start)
        while first < start, window[first] == .dot || window[first] == .dash { first += 1 }
        guard first < start, !isMarkerEnd(start) else { return [] }
        var last = end
        while last - end < 255, window[last].isAlphanumeric || window[last] == .dash || window[last] == .dot {
            last += 1
        }
        while last > end, !window[last - 1].isAlphanumeric { last -= 1 }
        let domain = window.slice(end, last)
        let labels = domain.split(separator: .dot, omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }), let top = labels.last,
            (2...24).contains(top.count),
            top.allSatisfy(\.isLetter), labels[labels.count - 2].contains(where: \.isLetter),
            !Self.fileEndings.contains(top.map(\.lowercased).text)
        else { return [] }
        guard !isInAddress(first), !isInName(first), !isRemotePath(last), !isLogin(first) else { return [] }
        let bytes = window.slice(first, start) + [.at] + domain
        return [Discovery(start: first, end: last, rule: rule, value: bytes)]
    }

    /// The end of a marker that stands in the range, or its start: what was removed before is no part of a name.
    private func behindMarker(from start: Int, to end: Int) -> Int {
        for position in start..<max(start, end) {
            if let length = Marker.length(in: window, at: position) { return min(end, position + length) }
        }
        return start
    }

    /// `https://user:password@host`: what looks like an address is a server's.
    private func isInAddress(_ start: Int) -> Bool {
        var position = start
        while position > window.lower, start - position < 512 {
            let byte = window[position - 1]
            if byte <= 0x20 || byte.isQuote || byte == .less || byte == .greater { return false }
            if byte == .slash || (window[position - 3] == .percent && window.hasFolded("%2f", at: position - 3)) {
                let isPlain = byte == .slash
                return isPlain
                    ? window.endsFolded("://", before: position)
                        || window.endsFolded("jdbc:oracle:thin:", before: userStart(position - 1))
                    : window.endsFolded("%3a%2f%2f", before: position)
            }
            position -= 1
        }
        return false
    }

    private func userStart(_ end: Int) -> Int {
        var position = end
        while window[position - 1].isWord { position -= 1 }
        return position
    }

    /// In a distinguished name: `CN=a, EMAILADDRESS=joe@example.com`.
    private func isInName(_ start: Int) -> Bool {
        var position = window.skipBlanksBack(start)
        guard window[position - 1] == .equals else { return false }
        position = window.skipBlanksBack(position - 1)
        var first = position
        while window[first - 1].isName, position - first < 32 { first -= 1 }
        let type = window.slice(first, position)
        guard Self.nameTypes.contains(type.map(\.lowercased).text) else { return false }
        if type.allSatisfy({ !$0.isLower }) { return true }
        let line = max(window.lineStart(start), start - 512)
        let end = min(window.lineEnd(start), start + 512)
        return (line..<end).contains { position in
            guard !window[position].isWord else { return false }
            return (["cn=", "o=", "ou=", "c=", "dc=", "cn =", "o =", "ou =", "c ="] as [StaticString]).contains {
                window.hasFolded($0, at: position + 1)
            }
        }
    }

    /// `user@host:/path`, as scp and git write it.
    private func isRemotePath(_ end: Int) -> Bool {
        window[end] == .colon
            && (window[end + 1] == .slash || window[end + 1] == UInt8(ascii: "~") || window[end + 1].isLetter)
    }

    /// `ssh -p 22 joe@host`: a login.
    private func isLogin(_ start: Int) -> Bool {
        var position = start
        while start - position < 96, position > window.lower, !window[position - 1].isLineBreak {
            position -= 1
            guard window[position] == .space else { continue }
            let isCommand = (["ssh", "scp", "sftp", "rsync", "ssh-copy-id"] as [StaticString]).contains {
                window.endsFolded($0, before: position) && !window[position - $0.utf8CodeUnitCount - 1].isWord
            }
            if isCommand { return true }
        }
        return false
    }

    private func isMarkerEnd(_ end: Int) -> Bool {
        (22...72).contains { Marker.length(in: window, at: end - $0) == $0 }
    }

    /// A payment card number whose first digit stands at `start`: a known issuer's digits, the right length, Luhn's sum.
    func card(start: Int, rule: Int) -> Discovery? {
        let before = window[start - 1]
        guard !before.isName || follows(start), before != .at, before != .slash,
            before != .equals || window[start].isDigit
        else {
            return nil
        }
        var digits: [UInt8] = []
        var position = start
        var separator: UInt8?
        while digits.count < 20 {
            if window[position].isDigit {
                digits.append(window[position] - 0x30)
                position += 1
            } else if digits.count >= 4, digits.count < 16, window[position] == .space || window[position] == .dash,
                separator ?? window[position] == window[position], window[position + 1].isDigit
            {
                separator = window[position]
                position += 1
            } else {
                break
            }
        }
        let after = window[position]
        guard !after.isWord, after != .dash, !(after == .dot && window[position + 1].isDigit), Self.isCard(digits)
        else { return nil }
        let context = window.slice(start - 32, start).map(\.lowercased).text
        guard
            !["serial", "order", "tracking", "time", "stamp", "session", "nonce", "offset"].contains(
                where: context.contains)
        else {
            return nil
        }
        return Discovery(start: start, end: position, rule: rule, value: digits.map { $0 + 0x30 })
    }

    private static func isCard(_ digits: [UInt8]) -> Bool {
        guard (14...16).contains(digits.count), Set(digits).count > 2 || digits.first == 4 || digits.first == 5 else {
            return false
        }
        let two = Int(digits[0]) * 10 + Int(digits[1])
        let four = two * 100 + Int(digits[2]) * 10 + Int(digits[3])
        let isIssuer =
            switch digits.count {
            case 16:
                digits[0] == 4 || (51...55).contains(two) || (2221...2720).contains(four) || four == 6011 || two == 65
                    || two == 35
            case 15: two == 34 || two == 37
            default: two == 36 || two == 38 || (3000...3059).contains(four)
            }
        guard isIssuer, digits.contains(where: { $0 != digits[0] }) else { return false }
        return NumberCheck.luhn(digits.map { $0 + 0x30 })
    }
}
