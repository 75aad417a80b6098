/// Secrets in the options of commands, as they stand in shell scripts, histories and process lists.
extension Inspector {
    struct Word {
        var extent: Extent
        /// Position after the word.
        let after: Int
    }

    /// The shell word at `start`; its extent leaves out the quotation marks. Nil at the end of a command.
    func shellWord(from start: Int) -> Word? {
        if let quote = Quote(in: window, at: start) {
            let from = start + quote.length(in: window, at: start)
            guard case .closed(let end, let after) = quote.end(in: window, from: from, multiline: true) else {
                let end = cut(quote, from: from, to: window.lineEnd(from)) ?? window.lineEnd(from)
                return Word(extent: Extent(start: from, end: end, quote: quote, isBounded: true), after: end)
            }
            if let end = cut(quote, from: from, to: end) {
                return Word(extent: Extent(start: from, end: end, quote: quote, isBounded: true), after: end)
            }
            return Word(extent: Extent(start: from, end: end, quote: quote, isBounded: true), after: after)
        }
        var end = start
        while end < window.upper, !window[end].isSpace, window[end] != 0, window[end] != 0x1B {
            if window[end] == .less, startsTag(end) { break }
            // Lists of processes show arguments without the quotation marks that they had.
            if window[end].isQuote || (window[end].isOne(of: "|;") && endsCommand(at: end)) { break }
            if window[end] == .backslash, isBoundary(end) { break }
            end += 1
        }
        return end > start ? Word(extent: Extent(start: start, end: end), after: end) : nil
    }

    private func endsCommand(at position: Int) -> Bool {
        let next = window[position + 1]
        return next.isSpace || next == 0 || next == window[position] || next.isQuote || next == .less
    }

    /// Walks the words of a command and takes the secret arguments of its options.
    func command(start: Int, end: Int, rule: Int) -> [Discovery] {
        guard !window[start - 1].isWord, window[start - 1] != .dot else { return [] }
        if window[start - 1] == .dash, window[start - 2] != .dash { return [] }
        var position = end
        if let quote = Quote(in: window, at: end), quote.mark == .single || quote.mark == .double {
            position += quote.length(in: window, at: end)
        }
        let layout = layout(start: start, end: position)
        guard
            layout != .shell || window[position].isBlank || (window[position] == .equals && window[start - 1] == .dash)
        else { return [] }
        guard let tool = Tool.named(in: window, start, end) else { return [] }
        // Elsewhere hosts and their addresses are written so: `failed to connect localhost/127.0.0.1`.
        if tool.isPrompted, start > window.lineStart(start), !window.endsFolded("sql> ", before: start) { return [] }
        if window[position] == .equals { position += 1 }
        var result: [Discovery] = []
        var words = 0
        for _ in 0..<512 {
            position = nextWord(position, layout)
            guard let word = shellWord(from: position) else { break }
            let text = word.extent
            let after = layout == .shell ? pastAttached(word) : word.after
            if let lead = tool.leads.first(where: { startsWith($0, text) }) {
                var (value, from) = (text, text.start + lead.utf8.count)
                if from == text.end, window[word.after].isQuote, let quoted = shellWord(from: word.after) {
                    (value, from) = (quoted.extent, quoted.extent.start)
                }
                result += argument(tool.argument, from: from, to: value.end, extent: value, rule: rule)
                position = after
                continue
            }
            if endsCommand(text) { break }
            if tool.options.contains(where: { startsWith($0, text) && text.end - text.start == $0.utf8.count }) {
                guard let value = shellWord(from: nextWord(after, layout)) else { break }
                result += argument(
                    tool.argument, from: value.extent.start, to: value.extent.end, extent: value.extent, rule: rule)
                position = value.after
                continue
            }
            guard window[text.start] == .dash else {
                position = after
                if tool.argument == .share, isShare(text) { continue }
                words += 1
                if words == tool.position {
                    result += argument(tool.argument, from: text.start, to: text.end, extent: text, rule: rule)
                    break
                }
                continue
            }
            let option = tool.isCurl ? curlOption(word) : shortOption(of: tool, word)
            switch option {
            case .none:
                position = after
            case .attached(let kind, let from):
                result += argument(kind, from: from, to: text.end, extent: text, rule: rule)
                position = after
            case .attachedWord(let kind, let from):
                guard let value = shellWord(from: from) else { return result }
                result += argument(
                    kind, from: value.extent.start, to: value.extent.end, extent: value.extent, rule: rule)
                position = value.after
            case .next(let kind):
                guard let value = shellWord(from: nextWord(after, layout)) else { return result }
                result += argument(
                    kind, from: value.extent.start, to: value.extent.end, extent: value.extent, rule: rule)
                position = value.after
            }
        }
        return result
    }

    private func startsWith(_ text: String, _ word: Extent) -> Bool {
        word.end - word.start >= text.utf8.count
            && text.utf8.enumerated().allSatisfy { window[word.start + $0.offset] == $0.element }
    }

    /// A drive, a share, `*` or an option of `net use`.
    private func isShare(_ word: Extent) -> Bool {
        let first = window[word.start]
        return first == .backslash || first == .slash || first == UInt8(ascii: "*") || window[word.end - 1] == .colon
    }

    /// `&&`, `|`, `;`: another command follows.
    private func endsCommand(_ text: Extent) -> Bool {
        text.quote == nil && (window[text.start] == .ampersand || window[text.start] == .greater)
            && text.end - text.start <= 2
    }

    /// The start of the next word, over blanks and escaped line breaks.
    func nextWord(_ start: Int) -> Int {
        var position = window.skipBlanks(start)
        while window[position] == .backslash, window[position + 1].isLineBreak {
            position = window.skipBlanks(position + 1, lines: true)
        }
        return position
    }

    private func pastAttached(_ word: Word) -> Int {
        var after = word.after
        // `--header="x"`: the quoted rest belongs to the word.
        while !window[after].isSpace, window[after] != 0, after > word.extent.start, let more = shellWord(from: after),
            more.after > after
        {
            after = more.after
        }
        return after
    }

    enum Argument {
        case userPassword, filePassword, secret, cookies, proxy, slashPassword, percentPassword, commaPassword, assigned
        /// A password, or a user and a password, and nothing behind them.
        case login
        /// The same in a sentence: `using credentials joe:secret`.
        case spokenLogin
        /// What ``isShare(_:)`` leaves.
        case share
        /// A value whose key, one word before, names a secret.
        case named
    }

    private enum Option {
        case none
        /// The argument follows in the same word.
        case attached(Argument, from: Int)
        /// The argument is quoted, right after the option.
        case attachedWord(Argument, from: Int)
        case next(Argument)
    }

    private static let longOptions: [String: Argument] = [
        "user": .userPassword, "proxy-user": .userPassword, "cert": .filePassword, "proxy-cert": .filePassword,
        "pass": .secret, "proxy-pass": .secret, "oauth2-bearer": .secret, "tlspassword": .secret,
        "proxy-tlspassword": .secret, "cookie": .cookies, "proxy": .proxy, "preproxy": .proxy,
        "socks4": .proxy, "socks4a": .proxy, "socks5": .proxy, "socks5-hostname": .proxy, "proxy1.0": .proxy,
        "ftp-account": .secret,
    ]
    private static let shortOptions: [UInt8: Argument] = [
        UInt8(ascii: "u"): .userPassword, UInt8(ascii: "U"): .userPassword, UInt8(ascii: "E"): .filePassword,
        UInt8(ascii: "b"): .cookies, UInt8(ascii: "x"): .proxy,
    ]
    /// curl's short options that take an argument.
    private static let withArgument = Set("AbcCdDeEFhHKmoPQrtTuUwxXyYz".utf8)

    private func curlOption(_ word: Word) -> Option {
        let (start, end) = (word.extent.start, word.extent.end)
        if window[start + 1] == .dash {
            var last = start + 2
            while last < end, window[last].isName { last += 1 }
            guard let kind = Self.longOptions[window.slice(start + 2, last).text] else { return .none }
            if window[last] == .equals {
                return last + 1 < end ? .attached(kind, from: last + 1) : .attachedWord(kind, from: last + 1)
            }
            return last == end ? .next(kind) : .none
        }
        for position in (start + 1)..<max(start + 1, end) {
            guard Self.withArgument.contains(window[position]) else { continue }
            guard let kind = Self.shortOptions[window[position]] else { return .none }
            if position + 1 < end { return .attached(kind, from: position + 1) }
            return window[word.after].isQuote ? .attachedWord(kind, from: word.after) : .next(kind)
        }
        return .none
    }

    private func shortOption(of tool: Tool, _ word: Word) -> Option {
        let (start, end) = (word.extent.start, word.extent.end)
        let letter = window[start + 1]
        if tool.logins.contains(letter) {
            if end > start + 2 { return .attached(.userPassword, from: start + 2) }
            return window[word.after].isQuote ? .attachedWord(.userPassword, from: word.after) : .next(.userPassword)
        }
        guard tool.letters.contains(letter) else { return .none }
        if end > start + 2 {
            // `-storepass` is no `-s`: a letter that takes its argument in the same word has no other meaning.
            return tool.isJoined ? .attached(tool.argument, from: start + 2) : .none
        }
        if window[word.after].isQuote { return tool.isJoined ? .attachedWord(tool.argument, from: word.after) : .none }
        return tool.isSeparate ? .next(tool.argument) : .none
    }

    private func argument(_ kind: Argument, from start: Int, to end: Int, extent: Extent, rule: Int) -> [Discovery] {
        var part = extent
        (part.start, part.end) = (start, end)
        // `-u admin:$(cat file)`, `${{ secrets.PW }}`: the words of a substitution belong together.
        if extent.quote == nil,
            window.findFolded("$(", from: start, to: end) != nil
                || window.findFolded("${{", from: start, to: end) != nil
        {
            return []
        }
        let name = NameRule.certain
        switch kind {
        case .secret, .share: break
        case .spokenLogin:
            guard let mark = (start..<end).first(where: { window[$0] == .colon || window[$0] == .slash }),
                mark > start, window[mark + 1] != .slash
            else { return [] }
            part.start = mark + 1
            part.isProse = true
            return discover(part, rule: rule, name: name, strength: .medium)
        case .userPassword:
            guard let colon = (start..<end).first(where: { window[$0] == .colon }) else {
                // `-u 'joe':'secret'`
                let mark = end + (extent.quote?.bytes.count ?? 0)
                guard extent.quote != nil, window[mark] == .colon, let word = shellWord(from: mark + 1) else {
                    return []
                }
                return discover(word.extent, rule: rule, name: name, strength: .strong)
            }
            part.start = colon + 1
            part = quotedPart(behind: part)
        case .filePassword:
            guard let colon = (start..<end).last(where: { window[$0] == .colon }), window[colon + 1] != .backslash,
                !window.hasFolded("pkcs11:", at: start)
            else { return [] }
            part.start = colon + 1
            part = quotedPart(behind: part)
        case .proxy:
            guard window.findFolded("://", from: start, to: end) == nil,
                let at = (start..<end).last(where: { window[$0] == .at }),
                let colon = (start..<at).first(where: { window[$0] == .colon })
            else { return [] }
            (part.start, part.end) = (colon + 1, at)
        case .slashPassword:
            guard let slash = (start..<end).first(where: { window[$0] == .slash }), slash > start else { return [] }
            part.start = slash + 1
            part = quotedPart(behind: part)
            if let at = (slash..<end).last(where: { window[$0] == .at }) { part.end = at }
        case .percentPassword:
            guard let mark = (start..<end).first(where: { window[$0] == .percent }) else { return [] }
            part.start = mark + 1
        case .commaPassword:
            guard let comma = (start..<end).first(where: { window[$0] == .comma }) else { return [] }
            part.start = comma + 1
            part = quotedPart(behind: part)
        case .login: return login(first: part, rule: rule, name: name)
        case .named:
            let key = window.slice(window.lineStart(start), start).map(\.lowercased).text
            guard
                ["password", "secret", "token", "passwd", "apikey", "api_key", "credential"].contains(
                    where: key.contains)
            else { return [] }
        case .assigned:
            guard let equals = (start..<end).first(where: { window[$0] == .equals }),
                !Self.publicKeys.contains(in: window, start, equals)
            else { return [] }
            part.start = equals + 1
            part = quotedPart(behind: part)
        case .cookies:
            guard (start..<end).contains(where: { window[$0] == .equals }) else { return [] }
            let found = Named(
                name: Name(start: start, end: start, dashes: 0), rule: rule, rules: name, strength: .strong)
            return cookies(found, from: start, to: end, extent: part)
        }
        return discover(part, rule: rule, name: name, strength: .strong)
    }

    /// Keys of a cluster's secret that hold none.
    private static let publicKeys = WordSet([
        "user", "username", "login", "host", "hostname", "port", "database", "dbname", "email", "region", "endpoint",
        "url",
    ])

    /// The part of a word itself, or if nothing is left of it what is quoted right behind: `-u joe:'secret'`.
    private func quotedPart(behind part: Extent) -> Extent {
        guard part.start == part.end, part.quote == nil, let quote = Quote(in: window, at: part.end) else {
            return part
        }
        return quoted(quote, at: part.end)
    }

    /// `AUTH password`, `AUTH user password`. In prose more words follow.
    private func login(first: Extent, rule: Int, name: NameRule) -> [Discovery] {
        let after = first.end + (first.quote?.bytes.count ?? 0)
        let second = shellWord(from: nextWord(after))
        if let second, shellWord(from: nextWord(second.after)) != nil { return [] }
        var extent = second?.extent ?? first
        extent.isProse = extent.quote == nil
        // Behind a prompt, or the tag of IMAP, stands a command, and no prose.
        let command = window.skipBlanksBack(first.start - (first.quote?.bytes.count ?? 0))
        let isLogin = window.endsFolded("login", before: command)
        let lead = window.skipBlanksBack(command - (isLogin ? 5 : 4))
        let line = window.lineStart(lead)
        let isTag =
            isLogin && window[lead - 1].isDigit && window[line].isLetter && lead - line <= 8
            && (line..<lead).allSatisfy { window[$0].isAlphanumeric }
        let isPrompted = window[lead - 1] == .greater || (isTag && second != nil)
        return discover(
            extent, rule: rule, name: name, strength: extent.quote == nil && !isPrompted ? .medium : .strong)
    }
}
