internal import Documents

/// Reads the rules of kind `token`: `pattern` or `patterns`, also as `prefixes`, `alphabet` and `length`.
struct TokenRuleParser {
    let rules: RuleParser

    private static let alphabets = [
        "base64url": "[A-Za-z0-9_-]", "word": "[A-Za-z0-9_]", "alnum": "[A-Za-z0-9]", "upper": "[A-Z0-9]",
        "lower": "[a-z0-9]", "hex": "[0-9A-Fa-f]", "dotted": "[A-Za-z0-9_.-]", "path": "[A-Za-z0-9_/-]",
        "crypt": "[A-Za-z0-9+/._=,$-]", "base64": "[A-Za-z0-9+/=]",
    ]

    func parse(_ node: YAMLNode) throws(RedactionError) -> (Rule.Kind, [RuleAnchor]) {
        let keywords = try rules.words(node["keywords"])
        guard keywords.allSatisfy({ (3...64).contains($0.utf8.count) }) else {
            throw rules.bad(node, "a key word has 3 to 64 characters")
        }
        var token = TokenRule(patterns: [])
        token.isKeyed = !keywords.isEmpty
        token.isAnywhere = try rules.flag(node, "anywhere", false)
        for name in try rules.strings(node["checks"]) {
            guard let check = TokenRule.Check(rawValue: name) else {
                throw rules.bad(node, "the check '\(name)' is none of digit, mixed, luhn, mod97, entropy")
            }
            token.checks.append(check)
        }
        for text in try sources(node) {
            do throws(PatternParser.Problem) {
                token.patterns.append(try PatternParser.parse(text, isKeyed: token.isKeyed))
            } catch {
                throw rules.bad(node, "in the pattern '\(text)': \(error.reason)")
            }
        }
        var anchors = keywords.map { RuleAnchor(literal: Array($0.utf8)) }
        if !token.isKeyed {
            for (index, pattern) in token.patterns.enumerated() {
                anchors.append(RuleAnchor(literal: pattern.anchor.map(\.lowercased), pattern: index))
            }
        }
        return (.token(token), anchors)
    }

    /// The patterns as text.
    private func sources(_ node: YAMLNode) throws(RedactionError) -> [String] {
        var sources = try rules.strings(node["patterns"])
        if node["pattern"] != nil { sources.append(try rules.text(node, "pattern")) }
        if node["prefixes"] != nil { sources += try fromPrefixes(node) }
        guard !sources.isEmpty else { throw rules.bad(node, "a token rule needs 'pattern', 'patterns' or 'prefixes'") }
        return sources
    }

    private func fromPrefixes(_ node: YAMLNode) throws(RedactionError) -> [String] {
        guard let alphabet = Self.alphabets[try rules.text(node, "alphabet")] else {
            throw rules.bad(node, "unknown alphabet")
        }
        guard let low = node["length"]?[0]?.int, let high = node["length"]?[1]?.int, low >= 1, low <= high,
            high <= PatternParser.longest
        else { throw rules.bad(node, "the length is no pair of numbers from 1 to \(PatternParser.longest)") }
        let keepsPrefix = try rules.flag(node, "keep_prefix", false)
        return try rules.strings(node["prefixes"]).map { prefix in
            let literal = prefix.map { $0.isLetter || $0.isNumber ? String($0) : "\\\($0)" }.joined()
            return literal + (keepsPrefix ? "(" : "") + "\(alphabet){\(low),\(high)}" + (keepsPrefix ? ")" : "")
        }
    }
}
