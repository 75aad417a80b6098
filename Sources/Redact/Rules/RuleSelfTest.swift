/// An example of a rule that does not behave as its rule file says.
public struct RuleTestFailure: Sendable, Equatable, CustomStringConvertible {
    public let rule: String
    /// File and line of the rule.
    public let place: String
    /// The example, with « and » around what must go.
    public let example: String
    /// What came out instead, markers without their fingerprints.
    public let got: String

    public var description: String { "rule '\(rule)': '\(example)' became '\(got)'" }
}

extension RuleSet {
    /// Runs every example of every rule: what must go goes, everything else stays, and a second run changes nothing.
    public func selfTest() -> [RuleTestFailure] {
        var failures: [RuleTestFailure] = []
        guard let redactor = try? Redactor(rules: self, key: [UInt8](repeating: 7, count: 32)) else { return failures }
        for (rule, summary) in zip(rules, listing) {
            for example in rule.mustMatch {
                let (input, expected) = Self.example(example)
                check(example, input, expected, summary, redactor, &failures)
            }
            for example in rule.mustNotMatch { check(example, example, example, summary, redactor, &failures) }
        }
        return failures
    }

    private func check(
        _ example: String, _ input: String, _ expected: String, _ rule: RuleSummary, _ shared: Redactor,
        _ failures: inout [RuleTestFailure]
    ) {
        // Each example has a vault of its own: what one teaches must not explain another.
        let redactor = (try? Redactor(rules: self, key: [UInt8](repeating: 7, count: 32))) ?? shared
        let once = redactor.redact(input)
        let twice = redactor.redact(once)
        let got = Self.withoutMarkers(once, in: input)
        if got != expected || once != twice {
            failures.append(
                RuleTestFailure(
                    rule: rule.id, place: "\(rule.file):\(rule.line)", example: example,
                    got: got == expected ? "\(twice) (second run)" : got))
        }
    }

    /// The text of an example, and the text with what must go as `•`.
    private static func example(_ text: String) -> (input: String, expected: String) {
        var (input, expected) = ("", "")
        var inside = false
        for character in text {
            switch character {
            case "«":
                inside = true
                expected += "•"
            case "»": inside = false
            default:
                input.append(character)
                if !inside { expected.append(character) }
            }
        }
        return (input, expected)
    }

    /// The text with each marker, and quotation marks that came with it, as `•`.
    private static func withoutMarkers(_ text: String, in input: String) -> String {
        if input.contains("REDACTED.") { return text }
        let bytes = Array(text.utf8)
        let result = Window.over(bytes) { window in
            var result: [UInt8] = []
            var index = 0
            while index < bytes.count {
                if let length = Marker.length(in: window, at: index) {
                    result += Array("•".utf8)
                    index += length
                } else {
                    result.append(bytes[index])
                    index += 1
                }
            }
            return result
        }
        return String(decoding: result, as: UTF8.self)
    }
}
