/// Tells values that are secrets from references, paths, truth values and other harmless ones.
struct ValueJudge {
    let rules: RuleSet

    /// Tells whether `value` (decoded) is no secret although its name is one.
    ///
    /// - Parameter isProse: the value is unquoted in running text, where words may follow a colon.
    func isHarmless(_ value: [UInt8], rule: NameRule, strength: NameRule.Strength, isProse: Bool) -> Bool {
        if rule.shape == .any, strength != .weak, rule.allowsWords || strength == .strong, isOrdinary(value) {
            return false
        }
        if isStandIn(value) || isPath(value) || Self.constants.contains(value) { return true }
        if isPlainURL(value) || isClassName(value) || isLabel(value) || HarmlessShapes.contains(value) { return true }
        if isProse, isProseWord(value) || isExpression(value) || isBinding(value) { return true }
        switch rule.shape {
        case .any: break
        case .digits:
            let digits = value.count { $0.isDigit }
            return digits < 3 || value.contains { !$0.isDigit && $0 != .dash && $0 != .space && $0 != .dot }
        case .code:
            let isCode = value.contains(where: \.isDigit) || isScrambled(value, from: 8)
            return value.count < 4 || !isCode || value.contains(UInt8(ascii: "("))
        case .text:
            return value.count < 16
        case .token:
            return value.count < 24 || !value.allSatisfy { $0.isWord || $0 == .dash }
                || value.count(where: \.isDigit) < 2 || !value.contains(where: \.isUpper)
                || !value.contains(where: \.isLower)
        }
        if !rule.allowsWords, value.count < 24,
            value.allSatisfy({ $0.isLetter || $0 == .dash || $0 == UInt8(ascii: "_") }),
            !isScrambled(value, from: strength == .strong ? 8 : 12)
        {
            return strength != .strong || isProse || !isJoinedWords(value)
        }
        return strength == .strong ? false : !looksSecret(value, isWeak: strength == .weak)
    }

    /// Letters and digits mixed and nothing else: most secrets are so, and none of the harmless shapes.
    private func isOrdinary(_ value: [UInt8]) -> Bool {
        guard value.count >= 8 else { return false }
        var (letters, digits) = (0, 0)
        for byte in value {
            if byte.isLetter { letters += 1 } else if byte.isDigit { digits += 1 } else { return false }
        }
        return letters > 0 && digits > 0
            && !value.startsFolded("valuefrom")
    }

    /// Letters of both cases without the shape of words: a capital in less than every fourth place, as in
    /// `PwIybfWanEyU`, where words joined by capitals have longer humps.
    private func isScrambled(_ value: [UInt8], from shortest: Int = 12) -> Bool {
        guard value.count >= shortest else { return false }
        var (capitals, humps, consonants, longest) = (0, 0, 0, 0)
        for (index, byte) in value.enumerated() {
            if byte.isUpper {
                capitals += 1
                if index == 0 || !value[index - 1].isUpper { humps += 1 }
            } else if index == 0 {
                humps += 1
            }
            consonants = byte.isLower && !byte.isOne(of: "aeiouy") ? consonants + 1 : 0
            longest = max(longest, consonants)
        }
        if longest >= 6 || (longest == 5 && capitals == 0) { return true }
        guard capitals >= 3, capitals < value.count else { return false }
        if value.count < capitals * 4 && capitals >= 4 || value.count * 10 < humps * 36 { return true }
        return value.count >= 16 && hasOddWords(value)
    }

    private static let endings = [
        "tion", "tions", "ment", "ments", "able", "ible", "ated", "ized", "ised", "ing", "ness", "ity", "ager", "ation",
        "name", "key", "keys", "token", "tokens", "header", "only", "type", "value", "values", "secret", "policy",
        "based",
        "specific", "level", "service", "managed", "default", "disabled", "enabled", "server", "client", "param",
        "query",
    ]

    /// `copperviolet`: longer than nearly all words that stand in the place of a key, and not made like one of those.
    private func isJoinedWords(_ value: [UInt8]) -> Bool {
        value.count >= 11 && value.allSatisfy(\.isLower)
            && !Self.endings.contains { value.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// Abbreviations without a vowel that stand in names.
    private static let abbreviations = WordSet([
        "http", "https", "xml", "html", "ssl", "tls", "sql", "jwt", "jms", "mgmt", "cfg", "db", "ws", "kvm", "ldp",
        "txt",
        "str", "ctx", "msg", "grp", "tmp", "src", "ptr", "pwd", "prd", "tst", "dns", "tcp", "rpc", "rsp", "xsd", "xslt",
    ])

    /// Two or more of the words that capitals begin can't be words: no vowel in them, a `q` without its `u`, four
    /// consonants in a row at their start, or five anywhere.
    private func hasOddWords(_ value: [UInt8]) -> Bool {
        func isVowel(_ byte: UInt8) -> Bool { byte.isOne(of: "aeiouyAEIOUY") }
        var odd = 0
        var start = 0
        while start < value.count {
            var end = start + 1
            while end < value.count, !value[end].isUpper { end += 1 }
            let word = value[start..<end]
            start = end
            guard word.count >= 3, !Self.abbreviations.contains(word) else { continue }
            let loneQ = word.indices.contains { index in
                word[index].lowercased == UInt8(ascii: "q")
                    && (index + 1 == word.endIndex || word[index + 1].lowercased != UInt8(ascii: "u"))
            }
            var (run, longest) = (0, 0)
            for byte in word {
                run = isVowel(byte) ? 0 : run + 1
                longest = max(longest, run)
            }
            let isBlocked = word.count >= 4 && !word.prefix(4).contains(where: isVowel)
            if longest == word.count || longest >= 5 || loneQ || isBlocked { odd += 1 }
        }
        return odd >= 2
    }

    /// Tells whether `value` is nothing, a marker, a mask, or a reference to where the secret is.
    func isStandIn(_ value: [UInt8]) -> Bool {
        guard let first = value.first(where: { !$0.isSpace }) else { return true }
        if Marker.isMarker(value) || isMask(value) || isReference(value, first) { return true }
        // Too little is left beside what was removed before.
        return Marker.rest(of: value).map { $0.count(where: \.isAlphanumeric) < 4 } ?? false
    }

    private static let constants = WordSet([
        "true", "false", "yes", "no", "on", "off", "null", "none", "nil", "undefined", "n/a", "0", "1", "-1", "[]",
        "{}", "string", "number", "integer", "boolean", "redacted", "masked", "hidden", "filtered", "removed",
        "omitted",
        "sanitized", "obfuscated", "(null)", "(hidden)", "(redacted)", "required", "optional", "[object", "undefined;",
        "inherit", "secure", "sensitive", "concealed", "read-host", "get-credential", "!0", "!1", "%s", "%d", "%v",
        "%q", "?", "optional.empty",
    ])

    /// Letters and digits mixed, long enough, and none of the well-known harmless shapes.
    private func looksSecret(_ value: [UInt8], isWeak: Bool) -> Bool {
        if isObjectIdentity(value) || isAddress(value) { return false }
        if isScrambled(value) { return true }
        guard value.count >= 8, value.contains(where: \.isDigit) || value.contains(where: { !$0.isName }) else {
            return false
        }
        guard value.contains(where: \.isLetter) else { return false }
        if value.contains(.space) || value.contains(UInt8(ascii: "(")) { return false }
        return !isWeak || (value.contains(where: \.isDigit) && !isUUID(value) && !value.contains(.colon))
    }

    /// A number in hexadecimal, as ZooKeeper and stack dumps print them.
    private func isAddress(_ value: [UInt8]) -> Bool {
        value.count <= 18 && value.starts(with: "0x".utf8) && value.dropFirst(2).allSatisfy(\.isHex)
    }

    /// All of one masking character, or a placeholder in brackets.
    private func isMask(_ value: [UInt8]) -> Bool {
        guard let first = value.first, let last = value.last else { return true }
        if !first.isAlphanumeric || first.lowercased == UInt8(ascii: "x"),
            value.allSatisfy({ $0 == first || ($0 == .dash && value.count >= 8) })
        {
            return true
        }
        // U+2022, the bullet of masked input fields.
        if value.count % 3 == 0,
            stride(from: 0, to: value.count, by: 3).allSatisfy({
                value[$0] == 0xE2 && value[$0 + 1] == 0x80 && value[$0 + 2] == 0xA2
            })
        {
            return true
        }
        if isPartlyMasked(value) || isPlaceholder(value) { return true }
        // `***REMOVED***`
        if first == UInt8(ascii: "*") || last == UInt8(ascii: "*") {
            return Self.constants.contains(value.filter { $0 != UInt8(ascii: "*") })
        }
        let inner = value.dropFirst().dropLast()
        let isWordy = inner.allSatisfy { $0.isName || $0.isBlank }
        return value.count > 2 && isWordy
            && (first == .less && last == .greater || first == UInt8(ascii: "[") && last == UInt8(ascii: "]"))
    }

    /// `****1234`, `sk_live_****`: four masking characters in a row and little else.
    private func isPartlyMasked(_ value: [UInt8]) -> Bool {
        var (run, longest) = (0, 0)
        for byte in value {
            run = byte == UInt8(ascii: "*") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest >= 4 && value.count - longest <= 12
    }

    /// `YOUR_API_KEY`, `your-token-here`, `<token>`: what documentation writes where a secret belongs.
    private func isPlaceholder(_ value: [UInt8]) -> Bool {
        guard value.count >= 8,
            value.allSatisfy({ $0.isLetter || $0 == .dash || $0 == UInt8(ascii: "_") || $0 == .space })
        else { return false }
        let parts = value.split { !$0.isLetter }
        guard parts.count >= 2, let first = parts.first else { return false }
        return first.map(\.lowercased).elementsEqual("your".utf8) || parts.last?.map(\.lowercased) == Array("here".utf8)
    }

    private static let tells = WordSet(["is", "must", "may", "can", "cannot", "not", "was", "has", "should", "access"])

    /// A text for people, such as `Enter your password`: two words or more, and nothing but words that such texts have.
    private func isLabel(_ value: [UInt8]) -> Bool {
        guard value.contains(.space) else {
            // The heading of a field, `Password`.
            return value.first?.isUpper == true && value.dropFirst().allSatisfy(\.isLower)
                && rules.judgement.labels.contains(value)
        }
        guard value.allSatisfy({ $0.isAlphanumeric || $0 == .space || $0.isOne(of: ".,:;?!'-()") || $0 >= 0x80 })
        else {
            return false
        }
        // `must not be blank`, `is too short (minimum is 8 characters)`
        let words = value.split { !$0.isAlphanumeric && $0 < 0x80 }.filter { word in
            // The `t` of `can't` stands alone.
            !(word.count <= 3 && word.allSatisfy(\.isDigit)) && !(word.count == 1 && word.first != UInt8(ascii: "a"))
        }
        let isTold = words.first.map { Self.tells.contains($0) } ?? false
        return words.count >= (isTold || words.contains { rules.judgement.labels.contains($0) } ? 2 : 3)
            && words.allSatisfy { rules.judgement.prose.contains($0) || rules.judgement.labels.contains($0) }
    }

    /// A parameter of a prepared SQL statement: `:password`.
    private func isBinding(_ value: [UInt8]) -> Bool {
        value.count >= 4 && value.first == .colon
            && value.dropFirst().allSatisfy { $0.isLower || $0 == UInt8(ascii: "_") }
    }

    /// Source code that gets the secret from elsewhere: a call, an index, a member of an object.
    private func isExpression(_ value: [UInt8]) -> Bool {
        var index = 0
        var parts = 0
        while index < value.count, value[index].isLetter || value[index] == UInt8(ascii: "_") || value[index] == .dollar
        {
            while index < value.count, value[index].isWord || value[index] == .dollar { index += 1 }
            parts += 1
            guard index < value.count, value[index] == .dot else { break }
            index += 1
        }
        guard parts > 0 else { return false }
        guard index < value.count else {
            let head = value.prefix { $0.isWord }
            if parts >= 2, rules.judgement.objects.contains(head) { return true }
            // Terraform's `random_password.db.result`.
            return parts >= 3 && value.contains(UInt8(ascii: "_"))
                && value.allSatisfy { $0.isLower || $0 == .dot || $0 == UInt8(ascii: "_") }
        }
        guard value[index] == UInt8(ascii: "(") || value[index] == UInt8(ascii: "[") else {
            return value[index] == .semicolon && index == value.count - 1 && parts >= 2
        }
        let next = index + 1 < value.count ? value[index + 1] : 0
        let isClosed = value[index...].contains(
            value[index] == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]"))
        if next.isDigit { return value.last == UInt8(ascii: "]") && value.count - index <= 4 }
        // `wer(tyu)iop9`: nothing goes on so behind a call.
        if let close = value.lastIndex(of: UInt8(ascii: ")")), close > index, close + 1 < value.count,
            value[close + 1].isAlphanumeric
        {
            return false
        }
        // `f(a`, cut off at the comma that follows; `aB3(xYz91kQ` is none.
        if next.isLetter, !isClosed, value.contains(where: \.isDigit) { return false }
        return next == 0 || next.isQuote || next.isLetter || next == UInt8(ascii: ")") || next == .backslash
    }

    /// A name of something that holds the secret: `${x}`, `{x.y}`, `$(x)`, `$X`, `%X%`, `@X@`, `ref://x`, `private.x`.
    private func isReference(_ value: [UInt8], _ first: UInt8) -> Bool {
        let last = value.last ?? 0
        let brace = UInt8(ascii: "}")
        if first == UInt8(ascii: "{") {
            if isTemplate(value) { return true }
            // What Jenkins and Maven encrypted: `{AQAAABAAAAAg2KwV…}`.
            if value.count >= 28, value.contains(where: \.isDigit), !value.contains(.dot), isScrambled(value) {
                return false
            }
            return last == brace
                && !value.dropFirst().dropLast().contains(where: {
                    !$0.isName && $0 != UInt8(ascii: "{") && $0 != brace && $0 != .space
                })
        }
        if first == UInt8(ascii: "!"), isTag(value) { return true }
        // `%(password)s` of Python.
        if first == .percent, value.startsFolded("%("), value.suffix(2).startsFolded(")s") { return true }
        if first == .dollar || first == UInt8(ascii: "#") {
            let second = value.count > 1 ? value[1] : 0
            // `"${var.tokens["prod"]}"`: cut off at the mark inside.
            if second == UInt8(ascii: "{") { return last == brace || last.isOne(of: "[(") }
            if second == UInt8(ascii: "(") { return last == UInt8(ascii: ")") }
            if first == .dollar, second.isLetter || second == UInt8(ascii: "_") {
                return value.dropFirst().allSatisfy { $0.isUpper || $0.isDigit || $0 == UInt8(ascii: "_") }
                    || value.dropFirst().allSatisfy { $0.isLower || $0 == UInt8(ascii: "_") }
            }
            return false
        }
        if value.count > 2, first == last, first == .percent || first == .at {
            return value.drop { $0 == first }.reversed().drop { $0 == first }.allSatisfy(\.isName)
        }
        if Self.schemes.contains(where: { value.startsFolded($0) }) { return true }
        return value.startsFolded("projects/") && value.allSatisfy { $0.isName || $0 == .slash }
            || ((value.startsFolded("private.") || value.startsFolded("var."))
                && value.dropFirst(8).allSatisfy { $0.isLetter || $0 == .dot || $0 == UInt8(ascii: "_") })
    }

    /// `{{ lookup('env', 'PW') }}`, `{{resolve:…}}`: an expression in double braces, without a text to fall back to.
    private func isTemplate(_ value: [UInt8]) -> Bool {
        guard value.startsFolded("{{"), value.suffix(2).startsFolded("}}") else { return false }
        let inner = value.dropFirst(2).dropLast(2).drop { $0 == .space || $0 == .dash }
        return (inner.first?.isLetter ?? false || inner.first == .dot)
            && !value.map(\.lowercased).text.contains("default")
    }

    private static let schemes: [StaticString] = [
        "ref://", "secretref:", "env:", "valuefrom", "vault:", "vault://", "secretsmanager:", "arn:aws:", "request.",
        "flow.", "ssm:", "op://", "keychain:", "prompt:",
    ]

    /// A tag of YAML that stands for a value kept elsewhere.
    private func isTag(_ value: [UInt8]) -> Bool {
        Self.tags.contains(value.dropFirst().prefix { $0.isLetter || $0 == .colon })
    }

    private static let tags = WordSet([
        "ref", "sub", "getatt", "importvalue", "findinmap", "join", "select", "vault", "env", "secret", "encrypted",
        "include", "reference", "var",
    ])

    private static let roots = WordSet([
        "opt", "etc", "var", "usr", "home", "tmp", "root", "mnt", "srv", "run", "data", "private", "users", "app",
        "proc",
        "dev", "keys", "secrets", "certs", "conf", "config",
    ])

    private func isPath(_ value: [UInt8]) -> Bool {
        let heads: [StaticString] = ["file:", "classpath:", "./", "../", "~/"]
        if heads.contains(where: { value.startsFolded($0) }) { return true }
        if value.count > 3, value[0].isLetter, value[1] == .colon, value[2] == .backslash { return true }
        // The type of a parameter as the Java virtual machine writes it.
        let types: [StaticString] = ["ljava/", "ljavax/", "lcom/", "lorg/"]
        if types.contains(where: { value.startsFolded($0) }) { return true }
        guard value.first == .slash, value.allSatisfy({ $0.isName || $0 == .slash }) else { return false }
        let parts = value.split(separator: .slash)
        guard parts.count >= 2 else { return false }
        return Self.roots.contains(parts[0]) || (value.contains(where: \.isLower) && !value.contains(where: \.isUpper))
    }

    private func isPlainURL(_ value: [UInt8]) -> Bool {
        guard let colon = value.firstIndex(of: .colon), colon > 1, value[..<colon].allSatisfy(\.isLetter) else {
            return false
        }
        return value[(colon + 1)...].starts(with: "//".utf8)
    }

    /// `com.acme.Thing`: at least three parts, the last one capitalised.
    private func isClassName(_ value: [UInt8]) -> Bool {
        guard value.allSatisfy({ $0.isWord || $0 == .dot || $0 == .dollar }) else { return false }
        let parts = value.split(separator: .dot, omittingEmptySubsequences: false)
        return parts.count >= 3 && parts.last?.first?.isUpper == true
            && parts.dropLast().allSatisfy { $0.first?.isLower == true && $0.allSatisfy { $0.isLower || $0.isDigit } }
    }

    /// Java's `Type@1a2b3c4d`.
    private func isObjectIdentity(_ value: [UInt8]) -> Bool {
        guard let at = value.firstIndex(of: .at) else { return false }
        let hash = value[(at + 1)...]
        let type = value[..<at]
        // `Prod@65515` is none: of digits alone only where the type is written like one.
        return (5...8).contains(hash.count) && hash.allSatisfy(\.isHex)
            && type.allSatisfy { $0.isName || $0 == .dollar }
            && (hash.contains(where: \.isLetter) || type.contains(.dot) || type.dropFirst().contains(where: \.isUpper))
    }

    private func isUUID(_ value: [UInt8]) -> Bool {
        value.count == 36
            && value.enumerated().allSatisfy {
                [8, 13, 18, 23].contains($0.offset) ? $0.element == .dash : $0.element.isHex
            }
    }

    private func isProseWord(_ value: [UInt8]) -> Bool {
        var word = value[...]
        while let last = word.last, last == .dot || last == .comma || last.isOne(of: "!?") {
            word = word.dropLast()
        }
        return rules.judgement.prose.contains(word)
    }
}
