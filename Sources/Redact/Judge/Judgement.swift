/// The word lists that tell a name which holds a secret from one that only speaks about secrets.
struct Judgement: Sendable {
    /// Words after the key word that change nothing.
    var neutral: Set<String> = []
    /// Last words that make the name harmless.
    var safe: Set<String> = []
    /// Words before the key word, or first, that make the name harmless.
    var negative: Set<String> = []
    /// Words that are prose where a value might stand.
    var prose: Set<String> = []
    /// Whole names that are harmless; `*` stands for any run of characters.
    var kept: [String] = []

    mutating func add(_ other: Judgement) {
        neutral.formUnion(other.neutral)
        safe.formUnion(other.safe)
        negative.formUnion(other.negative)
        prose.formUnion(other.prose)
        kept += other.kept
    }

    /// How much the name says about its value; nil if it names no secret.
    ///
    /// - Parameters:
    ///   - name: the whole name, as written.
    ///   - keyword: where in it the rule's key word stands.
    func strength(of name: [UInt8], keyword: Range<Int>, rule: NameRule, isWhole: Bool) -> NameRule.Strength? {
        let lower = name.map(\.lowercased)
        if isWhole {
            let start = (name.lastIndex(of: .dot) ?? -1) + 1
            guard keyword.lowerBound == start, keyword.upperBound == name.count else { return nil }
            return isKept(lower) ? nil : rule.strength
        }
        let words = Self.words(of: name)
        guard let first = words.firstIndex(where: { $0.contains(keyword.lowerBound) }),
            let last = words.lastIndex(where: {
                $0.upperBound >= keyword.upperBound && $0.lowerBound < keyword.upperBound
            })
        else { return nil }
        if words[first].lowerBound != keyword.lowerBound, !rule.isLoose { return nil }

        var strength = rule.strength
        let rest = String(decoding: lower[keyword.upperBound..<words[last].upperBound], as: UTF8.self)
        if !rest.isEmpty, rest != "s", !rest.utf8.allSatisfy(\.isDigit), !neutral.contains(rest) { return nil }
        let text = { (word: Range<Int>) in String(decoding: lower[word], as: UTF8.self) }
        for word in words[(last + 1)...].map(text)
        where !word.utf8.allSatisfy(\.isDigit) && !neutral.contains(word) && word != "s" {
            strength = .weak
        }
        if last + 1 < words.count, let end = words.last, safe.contains(text(end)) { return nil }
        if first > 0, words[first].lowerBound == keyword.lowerBound {
            if negative.contains(text(words[first - 1])) || negative.contains(text(words[0])) { return nil }
        }
        return isKept(lower) ? nil : strength
    }

    private func isKept(_ name: [UInt8]) -> Bool {
        kept.contains { Self.matches(Array($0.utf8), name) }
    }

    /// The words of a name: they end at separators, where lower case turns to upper, and before the last capital of a run.
    static func words(of name: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start = 0
        for index in name.indices {
            let byte = name[index]
            if !byte.isAlphanumeric {
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
        var (position, index) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while index < name.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                star = (position, index)
                position += 1
            } else if position < pattern.count, pattern[position] == name[index] {
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
