/// The word lists that tell a name which holds a secret from one that only speaks about secrets.
struct Judgement: Sendable {
    /// Words after the key word that change nothing.
    var neutral = WordSet()
    /// Last words that make the name harmless.
    var safe = WordSet()
    /// Words before the key word, or first, that make the name harmless.
    var negative = WordSet()
    /// Words that are prose where a value might stand.
    var prose = WordSet()
    /// Words of headings and prompts.
    var labels = WordSet()
    /// Objects of source code whose members are secrets kept elsewhere.
    var objects = WordSet()
    /// Whole names that are harmless; `*` stands for any run of characters.
    var keptNames = WordSet()
    var keptShapes: [[UInt8]] = []

    mutating func add(_ other: Judgement) {
        neutral.formUnion(other.neutral)
        safe.formUnion(other.safe)
        negative.formUnion(other.negative)
        prose.formUnion(other.prose)
        labels.formUnion(other.labels)
        objects.formUnion(other.objects)
        keptNames.formUnion(other.keptNames)
        keptShapes += other.keptShapes
    }

    /// How much the name says about its value; nil if it names no secret.
    ///
    /// - Parameters:
    ///   - name: the whole name, as written.
    ///   - keyword: where in it the rule's key word stands.
    func strength(
        of name: [UInt8], keyword: Range<Int>, rule: NameRule, place: RuleAnchor.Place
    ) -> NameRule.Strength? {
        if place == .whole {
            let start = (name.lastIndex(of: .dot) ?? -1) + 1
            guard keyword.upperBound == name.count, keyword.lowerBound == start || keyword.lowerBound == 0 else {
                return nil
            }
            return isKept(name) ? nil : rule.strength
        }
        if place == .head {
            let isHead = keyword.lowerBound == 0 && keyword.upperBound < name.count
            return isHead && !isKept(name) ? rule.strength : nil
        }
        let words = Self.words(of: name)
        guard let first = words.firstIndex(where: { $0.contains(keyword.lowerBound) }),
            let last = words.lastIndex(where: {
                $0.upperBound >= keyword.upperBound && $0.lowerBound < keyword.upperBound
            })
        else { return nil }
        let isAtStart = words[first].lowerBound == keyword.lowerBound
        if !isAtStart, !rule.isLoose { return nil }
        // `credentialsId` has no `sid` in it.
        if !isAtStart, first != last, keyword.count <= 3 { return nil }
        if let qualifiers = rule.qualifiers {
            // `googleapikey`, `x-rapidapi-key`: another word may be joined to the one before; `jsonwebtoken` is a library.
            let before =
                isAtStart ? (first > 0 ? words[first - 1] : 0..<0) : words[first].lowerBound..<keyword.lowerBound
            let starts = keyword.count > 3 ? before.prefix(1) : before[...]
            guard starts.contains(where: { qualifiers.contains(name[$0..<before.upperBound]) }) else { return nil }
        }

        var strength = rule.strength
        let rest = name[keyword.upperBound..<words[last].upperBound]
        guard isEmptyWord(rest) || neutral.contains(rest) else { return nil }
        for word in words[(last + 1)...] where !isEmptyWord(name[word]) && !neutral.contains(name[word]) {
            guard place == .inside, rule.value == .plain else { return nil }
            strength = rule.strength == .strong ? .medium : .weak
        }
        // The key of an entry that holds the password, as charts name it: `existingSecretPasswordKey`.
        if rule.isLoose, last + 1 < words.count, let end = words.last, Self.keyWords.contains(name[end]),
            name[keyword].map(\.lowercased).starts(with: "passw".utf8), strength == .strong
        {
            strength = .medium
        }
        // `passwordSecret`, as manifests name a secret of the cluster.
        if strength == .strong, let end = words.last, Self.secretWord.contains(name[end]), words.count > 1,
            Self.passwordWords.contains(name[words[words.count - 2]])
        {
            strength = .medium
        }
        // `cookieSecret` holds no cookies.
        if rule.value != .plain, last + 1 < words.count, Self.ownSecrets.contains(name[words[words.count - 1]]) {
            return nil
        }
        if last + 1 < words.count, let end = words.last, safe.contains(name[end]) { return nil }
        if first > 0, isAtStart, rule.qualifiers == nil {
            if negative.contains(name[words[first - 1]]) || negative.contains(name[words[0]]) { return nil }
        }
        return isKept(name) ? nil : strength
    }

    private static let keyWords = WordSet(["key", "keys"])
    private static let secretWord = WordSet(["secret"])
    private static let passwordWords = WordSet(["password", "passwords", "passwd"])

    /// Words that name secrets of their own.
    private static let ownSecrets = WordSet(["secret", "key", "keys", "password", "token", "hash"])

    /// A number, or the `s` of a plural.
    private func isEmptyWord(_ word: ArraySlice<UInt8>) -> Bool {
        word.allSatisfy(\.isDigit) || (word.count == 1 && word.first?.lowercased == UInt8(ascii: "s"))
    }

    private func isKept(_ name: [UInt8]) -> Bool {
        keptNames.contains(name) || keptShapes.contains { Self.matches($0, name) }
    }

    /// The words of a name: they end at separators, where lower case turns to upper, and before the last capital of a run.
    static func words(of name: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start = 0
        for index in name.indices {
            let byte = name[index]
            // Letters of other alphabets join no words.
            if !byte.isAlphanumeric, byte < 0x80 {
                if start < index { words.append(start..<index) }
                start = index + 1
            } else if start < index {
                let before = name[index - 1]
                let next = index + 1 < name.count ? name[index + 1] : 0
                let turns = byte.isUpper && (!before.isUpper || next.isLower)
                if turns || (byte.isDigit && !before.isDigit) {
                    words.append(start..<index)
                    start = index
                }
            }
        }
        if start < name.count { words.append(start..<name.count) }
        return words
    }

    /// Compares with a pattern in which `*` stands for any run.
    static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        if let last = pattern.last, last != UInt8(ascii: "*"), name.last?.lowercased != last { return false }
        var (position, index) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while index < name.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                star = (position, index)
                position += 1
            } else if position < pattern.count, pattern[position] == name[index].lowercased {
                position += 1
                index += 1
            } else if let last = star {
                position = last.pattern + 1
                index = last.name + 1
                star = (last.pattern, index)
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
