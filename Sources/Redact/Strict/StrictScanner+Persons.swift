/// Users where the system's own tools and logs name them.
extension StrictScanner {
    mutating func person(_ start: Int, _ end: Int) -> Int? {
        if window[start - 1] == .slash, let next = homeFolder(start, end) { return next }
        let length = end - start
        switch window[start].lowercased {
        case UInt8(ascii: "u") where length == 4 && window.hasFolded("user", at: start):
            guard
                ["for", "of", "invalid", "by", "as", "illegal", "unknown", "authenticated"].contains(
                    previousWord(start))
            else { return nil }
            return wordBehind(end)
        case UInt8(ascii: "f") where length == 3 && window.has("for", at: start):
            guard ["password", "publickey", "pam"].contains(previousWord(start)),
                !window.has(" invalid user", at: end), !window.has(" user", at: end)
            else { return nil }
            return wordBehind(end)
        case UInt8(ascii: "s") where length >= 2 && (window.has("sudo", at: start) || window.has("su", at: start)):
            return substituted(end)
        case UInt8(ascii: "l") where length == 5 && window.has("Linux", at: start):
            return uname(end)
        case UInt8(ascii: "c") where length == 4 && window.has("curl", at: start):
            return nil
        default: break
        }
        return accessLogUser(start, end) ?? logHost(start, end)
    }

    /// The word after the blank at `end`, as a user.
    private mutating func wordBehind(_ end: Int) -> Int? {
        var first = window.skipBlanks(end)
        if let quote = Quote(in: window, at: first) { first += quote.length(in: window, at: first) }
        guard first > end, WordBytes.holds(window[first]) else { return nil }
        var last = wordEnd(first)
        while last > first, window[last - 1] == .dot { last -= 1 }
        guard last - first <= 64, last - first > 2, window[first].isLower, window[last] != .equals,
            window[last] != UInt8(ascii: "("), !KnownNames.isWord(folded(first, last))
        else { return nil }
        user(first, last, isPerson: true)
        return last
    }

    /// `sudo:    jroe : TTY=pts/0 ; PWD=…`, `su[12]: (to root) jroe on pts/0`.
    private mutating func substituted(_ end: Int) -> Int? {
        var position = end
        if window[position] == UInt8(ascii: "[") {
            position = window.lineEnd(position) - position < 12 ? position : position + 1
            while window[position].isDigit { position += 1 }
            guard window[position] == UInt8(ascii: "]") else { return nil }
            position += 1
        }
        guard window[position] == .colon else { return nil }
        position = window.skipBlanks(position + 1)
        if window.has("(to ", at: position) {
            while window[position] != UInt8(ascii: ")"), position - end < 80, position < window.upper { position += 1 }
            return wordBehind(position + 1)
        }
        let last = wordEnd(position)
        guard last > position, window.has(" : ", at: last) else { return nil }
        user(position, last, isPerson: true)
        return last
    }

    /// `Linux mp01 5.4.0 …`: what `uname -a` prints.
    private mutating func uname(_ end: Int) -> Int? {
        guard window[end] == .space else { return nil }
        let last = wordEnd(end + 1)
        guard last > end + 1, window[last] == .space, window[last + 1].isDigit, window[last + 2] == .dot,
            !window.has("version ", at: end + 1)
        else { return nil }
        certainHost(end + 1, last)
        return last
    }

    /// `/home/jroe`, `/Users/jroe`, `C:\Users\jroe`.
    private mutating func homeFolder(_ start: Int, _ end: Int) -> Int? {
        guard
            window.hasFolded("home", at: start) && end - start == 4
                || window.hasFolded("users", at: start) && end - start == 5,
            window[end] == .slash, window[end + 1].isAlphanumeric
        else { return nil }
        let last = wordEnd(end + 1)
        // The management API has paths `/users/…` too; there an address follows, which is a user as well.
        guard last - end <= 65, window[start - 2] != UInt8(ascii: "}") else { return nil }
        user(end + 1, last, isPerson: true)
        return last
    }

    /// `203.0.113.7 - jroe [23/Nov/2026:10:00:00 +0000]`.
    private mutating func accessLogUser(_ start: Int, _ end: Int) -> Int? {
        guard window[end] == .space, window[end + 1] == UInt8(ascii: "["), window[end + 2].isDigit,
            window.has(" - ", at: start - 3)
        else { return nil }
        user(start, end, isPerson: true)
        return end
    }

    /// `Nov 23 10:00:01 mp01 sshd[123]:`, the host of a line of syslog.
    private mutating func logHost(_ start: Int, _ end: Int) -> Int? {
        guard window[end] == .space, window[start - 1] == .space, window[start - 2].isDigit,
            window[start - 4] == .colon || window[start - 7] == .colon,
            start - window.lineStart(start) <= 36
        else { return nil }
        var last = wordEnd(end + 1)
        guard last > end + 1, window[last] == UInt8(ascii: "[") || window[last] == .colon else { return nil }
        if window[last] == UInt8(ascii: "[") {
            last += 1
            while window[last].isDigit { last += 1 }
            guard window[last] == UInt8(ascii: "]") else { return nil }
        }
        let line = window.lineStart(start)
        // A month or a year starts the line.
        guard
            window[line].isUpper && window[line + 3] == .space
                || window[line].isDigit && window[line + 10] == UInt8(ascii: "T")
        else { return nil }
        certainHost(start, end)
        return end
    }

    /// Tables: `ps` names a user in its first column, `ls -l` in its third, `/etc/hosts` names behind an address.
    mutating func table(_ start: Int, _ end: Int) -> Int? {
        let next = window.skipBlanks(end)
        if window.has("UID", at: start) && window.has("PID", at: next)
            || window.has("USER", at: start) && window.has("PID", at: next)
        {
            state.isUserTable = true
            return end
        }
        if state.isUserTable {
            guard start == 0 || window[start - 1].isLineBreak, next > end, window[next].isDigit else {
                state.isUserTable = false
                return nil
            }
            var last = end
            if window[last] == UInt8(ascii: "+") { last += 1 }
            user(start, end, isPerson: true)
            return last
        }
        return account(start, end) ?? permissions(start, end)
    }

    /// `jroe:x:1000:1000:Jane Roe:/home/jroe:/bin/bash`, as in `/etc/passwd`.
    private mutating func account(_ start: Int, _ end: Int) -> Int? {
        guard window[end] == .colon, window[end + 2] == .colon, window[end + 1].isOne(of: "x*!") else { return nil }
        var position = end + 3
        for _ in 0..<2 {
            let first = position
            while window[position].isDigit { position += 1 }
            guard position > first, window[position] == .colon else { return nil }
            position += 1
        }
        user(start, end, isPerson: true)
        let name = position
        while window[position] != .colon, window[position] >= 0x20 { position += 1 }
        // The person's name, and what else stands in this field; that of a system's account is a description.
        if spans.last?.start == start, position > name { user(name, position) }
        return position
    }

    /// `-rw-r--r-- 1 jroe staff 120 …`; the word starts with a dash or the letter of a kind.
    private mutating func permissions(_ start: Int, _ end: Int) -> Int? {
        guard end - start >= 10, (1...9).allSatisfy({ window[start + $0].isOne(of: "rwxsStT-") }),
            window[start].isOne(of: "-dlbcps")
        else { return nil }
        var position = window.skipBlanks(end + (window[end].isOne(of: "+@.") ? 1 : 0))
        guard window[position].isDigit else { return nil }
        while window[position].isDigit { position += 1 }
        let owner = window.skipBlanks(position)
        guard owner > position, window[owner].isLetter else { return nil }
        user(owner, wordEnd(owner), isPerson: true)
        return wordEnd(owner)
    }
}
