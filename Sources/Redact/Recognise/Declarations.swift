/// Names whose value follows without a separator, or behind a type: directives of servers, declarations of programs,
/// and the pairs of YAML lists.
extension Inspector {
    /// A value behind a blank or a type.
    func declaredValue(_ found: Named, from start: Int) -> [Discovery] {
        if window[found.name.end] == UInt8(ascii: "(") { return calledValue(found) }
        guard start > found.name.end || window[start].isOne(of: "?+") else { return [] }
        if let typed = typedValue(found, from: start) { return typed }
        guard start > found.name.end else { return [] }
        if window[start] == .dash, window[start + 1] == .space, found.isBareKeyword, found.rules.value == .plain,
            let word = shellWord(from: window.skipBlanks(start + 1))
        {
            return discoverCell(found, word.extent)
        }
        if isDirective(before: found.name.start) {
            guard let word = shellWord(from: start) else { return [] }
            var extent = word.extent
            if found.rules.value != .plain {
                return headerValue(found, from: extent.start, to: extent.end, extent: extent)
            }
            extent.isProse = extent.quote == nil
            return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
        }
        if let value = grantedValue(found, from: start) { return value }
        if let value = spokenValue(found, from: start) { return value }
        if let token = tokenValue(found, from: start) { return token }
        return loginValue(found, from: start) + lineValue(found, from: start)
    }

    /// `.password("value")`, `setPassword('value')`.
    private func calledValue(_ found: Named) -> [Discovery] {
        let start = found.name.end + 1
        guard let quote = Quote(in: window, at: start) else { return [] }
        let extent = quoted(quote, at: start)
        // Names of objects may stand before it: `ds.setPassword`.
        let dot = (found.name.start..<found.name.end).last { window[$0] == .dot }
        let method = dot.map { $0 + 1 } ?? found.name.start
        var verb = method
        while window[verb].isLower { verb += 1 }
        // `.withPassword("x")` and `.postgresPassword("x")`, but not `.decryptPassword("alias")`.
        let isSetter =
            (window.has("set", at: method) && !window[method + 3].isLower)
            || (window[method - 1] == .dot && window[verb].isUpper
                && !Self.askingVerbs.contains(in: window, method, verb))
        return discover(
            extent, rule: found.rule, name: found.rules, strength: isSetter ? found.strength : .medium)
    }

    /// Methods that begin so take the name of a secret, or a secret that is elsewhere.
    private static let askingVerbs = WordSet([
        "get", "find", "read", "fetch", "load", "lookup", "resolve", "decrypt", "encrypt", "encode", "decode", "hash",
        "check", "verify", "validate", "compare", "match", "matches", "is", "has", "reset", "forgot", "generate",
        "create",
        "delete", "remove", "require", "requires", "ask", "prompt", "request", "show", "hide", "parse", "by", "the",
    ])

    /// `CREATE ROLE joe PASSWORD 'value'`, `username joe password 7 value`.
    private func grantedValue(_ found: Named, from start: Int) -> [Discovery]? {
        guard found.rules.value == .plain else { return nil }
        let line = window.lineStart(found.name.start)
        if window[start] == .singleQuote, found.isBareKeyword {
            let verbs: [StaticString] = ["role ", "user ", "login ", "alter ", "create ", "with ", "encrypted "]
            guard
                verbs.contains(where: {
                    window.findFolded($0, from: max(line, found.name.start - 256), to: found.name.start) != nil
                })
            else { return nil }
            guard let quote = Quote(in: window, at: start) else { return nil }
            return discover(
                quoted(quote, at: start), rule: found.rule, name: found.rules, strength: found.strength)
        }
        // The kind of encryption, as routers write it.
        guard window[start].isOne(of: "05789"), window[start + 1].isBlank,
            let word = shellWord(from: window.skipBlanks(start + 1)), found.strength == .strong
        else { return nil }
        return discover(word.extent, rule: found.rule, name: found.rules, strength: found.strength)
    }

    /// `process.env.DB_PASSWORD || 'secret'`, `os.environ.get("PW") or "secret"`: the text that is taken where nothing else is.
    func fallback(_ found: Named, behind end: Int) -> [Discovery]? {
        var close = end
        if !window[end].isBlank {
            // Behind the call or index that the value is.
            let line = min(window.lineEnd(end), end + 64)
            guard let last = (end..<line).first(where: { window[$0].isOne(of: ")]") && window[$0 + 1].isBlank })
            else { return nil }
            close = last + 1
        }
        let mark = window.skipBlanks(close)
        guard mark > close,
            let word = (["|| ", "or ", "?? ", "?: "] as [StaticString]).first(where: { window.has($0, at: mark) })
        else { return nil }
        let start = window.skipBlanks(mark + word.utf8CodeUnitCount)
        guard let quote = Quote(in: window, at: start) else { return nil }
        return discover(
            quoted(quote, at: start), rule: found.rule, name: found.rules, strength: found.strength)
    }

    private static let fieldTypes = WordSet([
        "string", "bytes", "bool", "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64",
        "fixed32",
        "fixed64",
    ])

    /// The number of a field of Protocol Buffers: `string password = 7;`.
    func isFieldNumber(_ found: Named, from start: Int) -> Bool {
        var end = start
        while window[end].isDigit { end += 1 }
        let type = window.skipBlanksBack(found.name.start)
        guard end > start, window[end] == .semicolon, type < found.name.start else { return false }
        var first = type
        while window[first - 1].isAlphanumeric { first -= 1 }
        return Self.fieldTypes.contains(in: window, first, type)
    }

    private static let longestType = 48

    /// `name: String = "value"`, `name string = "value"`, `name { get; set; } = "value"`, `name ?= value`.
    func typedValue(_ found: Named, from start: Int) -> [Discovery]? {
        let first = window.skipBlanks(start)
        guard window.contains(.equals, from: first, to: first + Self.longestType + 1) else { return nil }
        var position = first
        let isProperty =
            window[position] == UInt8(ascii: "{") && window[window.skipBlanks(position + 1)] == UInt8(ascii: "g")
        while position - first < Self.longestType {
            let byte = window[position]
            if byte == .equals { break }
            let isType = byte.isWord || byte.isBlank || byte.isOne(of: "<>?&[].|*+-")
            guard isType || (isProperty && byte.isOne(of: "{};")) else { return nil }
            position += 1
        }
        guard window[position] == .equals, position > first, window[position + 1] != .equals,
            window[position + 1] != .greater, window[position - 1].isBlank || position == first + 1
        else { return nil }
        let value = window.skipBlanks(position + 1)
        if let quote = Quote(in: window, at: value) {
            let extent = quoted(quote, at: value)
            return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
        }
        // `?=` and `+=` of make and shells.
        guard position == first + 1, window[first].isOne(of: "?+") else { return nil }
        guard let extent = self.value(from: value, context: ValueContext(nameStart: found.name.start)) else {
            return []
        }
        return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
    }

    /// Words before a name whose value follows after a blank.
    private static let directives = WordSet([
        "env", "arg", "proxy_set_header", "set", "add_header", "more_set_headers", "fastcgi_param", "uwsgi_param",
        "setenv", "-gx", "-x", "-ux", "request_header", "requestheader", "header", "grpc_set_header", "set-header",
        "add-header", "setx", "define",
    ])

    private func isDirective(before start: Int) -> Bool {
        let mark = window[start - 1] == .dollar ? start - 1 : start
        let end = window.skipBlanksBack(mark)
        guard end < mark else { return false }
        var first = end
        while window[first - 1].isName, end - first < 24 { first -= 1 }
        guard Self.directives.contains(in: window, first, end) else { return false }
        let lead = window.skipBlanksBack(first)
        if (["configure", "requestheader", "http-request", "http-response", "header"] as [StaticString]).contains(
            where: { window.endsFolded($0, before: lead) })
        {
            return true
        }
        // `set` and `header` are words of prose too, but not at the start of a line or behind a prompt.
        return window[lead - 1].isOne(of: "$>") || window[lead - 1].isLineBreak || lead <= window.lower
            || window[first] == .dash || window[first].isUpper
    }

    /// A line of a name and one word: `requirepass foobared`, `rootpw {SSHA}…`.
    private func lineValue(_ found: Named, from first: Int) -> [Discovery] {
        // Kickstart files say how it is written: `rootpw --plaintext secret`.
        let option = (["--plaintext ", "--iscrypted "] as [StaticString]).first { window.has($0, at: first) }
        let start = option.map { window.skipBlanks(first + $0.utf8CodeUnitCount) } ?? first
        var lead = window.skipBlanksBack(found.name.start)
        // The dialogue of a client with its server: `---> PASS secret`.
        if window[lead - 1] == .greater { while window[lead - 1].isOne(of: "->= ") { lead -= 1 } }
        guard found.rules.value == .plain, lead <= window.lower || window[lead - 1].isLineBreak,
            !startsPair(start), !isColumnType(start), let word = fileWord(from: start, ends: "|")
        else { return [] }
        var end = window.skipBlanks(word.after)
        if window[end] == .semicolon { end = window.skipBlanks(end + 1) }
        guard window[end].isLineBreak || window[end] == 0 || window[end] == UInt8(ascii: "#") else { return [] }
        var extent = word.extent
        extent.isProse = extent.quote == nil
        // `Password incorrect` is prose, `bindpw secret` is not.
        let isOdd = !found.isBareKeyword || found.place != .inside || extent.quote != nil
        return discover(
            extent, rule: found.rule, name: found.rules, strength: isOdd ? found.strength : weaker(found.strength))
    }

    /// A column of a table in SQL: `api_key CHAR(40),`.
    private func isColumnType(_ start: Int) -> Bool {
        var end = start
        while window[end].isAlphanumeric { end += 1 }
        return window[end] == UInt8(ascii: "(") && window[end + 1].isDigit
            && Self.columnTypes.contains(in: window, start, end)
    }

    private static let columnTypes = WordSet([
        "char", "varchar", "varchar2", "nchar", "nvarchar", "nvarchar2", "character", "binary", "varbinary", "text",
        "number", "numeric", "decimal", "int", "bigint", "bit", "raw", "blob", "timestamp", "datetime",
    ])

    /// `apikey aB3dE5fG7hJ9kL1m is valid`: a word that no prose has, right behind a name.
    private func tokenValue(_ found: Named, from start: Int) -> [Discovery]? {
        guard found.rules.value == .plain, start == found.name.end + 1, window[found.name.end] == .space,
            let word = shellWord(from: start), word.extent.quote == nil, (16...256).contains(word.after - start)
        else { return nil }
        let value = window.slice(start, word.after)
        guard value.allSatisfy(\.isWord), value.contains(where: \.isDigit), value.contains(where: \.isUpper),
            value.contains(where: \.isLower), !value.contains(UInt8(ascii: "_"))
        else { return nil }
        return discover(word.extent, rule: found.rule, name: found.rules, strength: .medium)
    }

    private func weaker(_ strength: NameRule.Strength) -> NameRule.Strength { strength == .strong ? .medium : .weak }

    /// `login joe password value` as in a netrc file.
    private func loginValue(_ found: Named, from start: Int) -> [Discovery] {
        guard window.hasFolded("password", at: found.name.start) else { return [] }
        let userEnd = window.skipBlanksBack(found.name.start, lines: true)
        var user = userEnd
        while user > window.lower, !window[user - 1].isSpace, window[user - 1] != 0 { user -= 1 }
        guard (user..<userEnd).contains(where: { window[$0].isAlphanumeric }),
            window.endsFolded("login", before: window.skipBlanksBack(user, lines: true)),
            let word = fileWord(from: start, ends: "|<;`\"'\\")
        else { return [] }
        return discover(word.extent, rule: found.rule, name: found.rules, strength: found.strength)
    }

    /// A word of a file in which some marks end no word, other than in a shell.
    private func fileWord(from start: Int, ends marks: String) -> Word? {
        guard let word = shellWord(from: start) else { return nil }
        var end = word.after
        guard word.extent.quote == nil, marks.utf8.contains(window[end]) else { return word }
        while end < window.upper, !window[end].isSpace, window[end] != 0 { end += 1 }
        return Word(extent: Extent(start: start, end: end), after: end)
    }

    // MARK: - Pairs of YAML

    /// `- name: DB_PASSWORD` and `value: …` on a line beside it, or in the same braces.
    ///
    /// Nil if the name is not the value of a naming key.
    func yamlPair(_ found: Named, quote: (quote: Quote, start: Int)?, after: Quote?) -> [Discovery]? {
        let start = quote?.start ?? found.name.start
        let colon = window.skipBlanksBack(start)
        // `Setting variable name=db.password, value=x`
        let isAssigned = window[start - 1] == .equals && quote == nil
        guard isAssigned || (colon < start && window[colon - 1] == .colon) else { return nil }
        let last = window.skipBlanksBack(isAssigned ? start - 1 : colon - 1)
        var first = last
        while window[first - 1].isName, last - first < 32 { first -= 1 }
        guard isNaming(first, last) else { return nil }
        if isAssigned { return assignedPair(found) }
        let end = found.name.end + (after?.length(in: window, at: found.name.end) ?? 0)
        if let value = pairValue(found, from: window.skipBlanks(end), nameStart: first) { return value }
        if let value = flowValue(found, before: first) { return value }
        // The value may stand on the line before.
        let line = window.lineStart(first)
        guard line > window.lower else { return nil }
        return valueMember(found, from: window.previousLine(before: line), nameStart: first)
    }

    /// `name=DB_PASSWORD, value=x`: how Java prints a pair.
    private func assignedPair(_ found: Named) -> [Discovery]? {
        let next = window.skipBlanks(found.name.end + 1)
        guard window[found.name.end] == .comma else { return nil }
        var end = next
        while window[end].isName, end - next < 32 { end += 1 }
        guard isValuing(next, end), window[end] == .equals else { return nil }
        let context = ValueContext(nameStart: next, list: .comma)
        guard let extent = value(from: end + 1, context: context) else { return [] }
        return discover(found, extent)
    }

    /// `{value: x, name: DB_PASSWORD}`: the member right before in the same braces.
    private func flowValue(_ found: Named, before nameStart: Int) -> [Discovery]? {
        let comma = window.skipBlanksBack(nameStart)
        guard window[comma - 1] == .comma else { return nil }
        let line = window.lineStart(nameStart)
        guard let open = (max(line, nameStart - 512)..<comma - 1).last(where: { window[$0].isOne(of: "{,") }) else {
            return nil
        }
        return valueMember(found, from: open + 1, nameStart: window.skipBlanks(open + 1))
    }

    private func pairValue(_ found: Named, from end: Int, nameStart: Int) -> [Discovery]? {
        if window[end] == .comma {
            return valueMember(found, from: window.skipBlanks(end + 1, lines: true), nameStart: nameStart)
        }
        var position = end
        for _ in 0..<3 {
            guard window[position].isLineBreak else { return nil }
            position = window.nextLine(after: position)
            let text = window.skipBlanks(position)
            if window[text] == .dash { return nil }
            if let value = valueMember(found, from: text, nameStart: nameStart) { return value }
            position = window.lineEnd(text)
        }
        return nil
    }

    /// The value of a `value:` that starts a line.
    private func valueMember(_ found: Named, from start: Int, nameStart: Int) -> [Discovery]? {
        var position = window.skipBlanks(start)
        if window[position] == .dash { position = window.skipBlanks(position + 1) }
        var end = position
        while window[end].isName, end - position < 32 { end += 1 }
        guard isValuing(position, end), let separator = Separator.read(in: window, at: window.skipBlanks(end)),
            separator.kind == .colon
        else { return nil }
        let context = ValueContext(separator: .colon, nameStart: nameStart)
        guard let extent = value(from: window.skipBlanks(separator.after), context: context) else { return [] }
        return discover(extent, rule: found.rule, name: found.rules, strength: found.strength)
    }
}
