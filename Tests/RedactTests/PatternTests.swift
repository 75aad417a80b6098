import Redact
import Testing

/// The patterns that a site can write.
@Suite struct PatternTests {
    private static func rules(_ body: String) throws -> RuleSet {
        let text = "schema: 1\nrules:\n  - id: site\n    title: Of the site\n    kind: token\n" + body
        return try RuleSet.builtIn().adding((name: "site.yaml", bytes: Array(text.utf8)))
    }

    private static func redact(_ text: String, _ body: String) throws -> String {
        let output = try Redactor(rules: rules(body), key: testKey).redact(text)
        guard let range = output.firstRange(of: "REDACTED.site.") else { return output }
        return output[..<range.lowerBound] + "•" + output[range.upperBound...].dropFirst(12)
    }

    @Test(
        arguments: [
            ("pattern: 'CUST-[0-9]{8}'", "order of CUST-12345678, paid", "order of •, paid"),
            ("pattern: 'CUST-[0-9]{8}'", "CUST-1234567 CUST-123456789 XCUST-12345678", nil),
            ("pattern: 'CUST-[0-9]{8}'", "cust-12345678", nil),
            ("pattern: '[0-9]{3,5}:AA-[a-f]+'", "id 1234:AA-abc end", "id • end"),
            ("pattern: 'door=(\\d{4})\\w?'", "door=2580x", "door=•x"),
            ("pattern: '(\\d{4})-door'", "x 2580-door y", "x •-door y"),
            ("pattern: 'id\\.no\\x{2,}'", "got id.no1f2.", "got •."),
            ("pattern: '[A-Z]{2}[0-9]{6}'\n    keywords: [badge]", "badge no. AB123456 lost", "badge no. • lost"),
            ("pattern: '[A-Z]{2}[0-9]{6}'\n    keywords: [badge]", "AB123456 is no badge", nil),
            ("pattern: 'LUHN-[0-9]{16}'\n    checks: [luhn]", "LUHN-4111111111111112", nil),
            ("pattern: 'LUHN-[0-9]{16}'\n    checks: [luhn]", "x LUHN-4111111111111111 y", "x • y"),
            ("pattern: 'RND-[a-z0-9]{12}'\n    checks: [entropy]", "RND-aaaabbbbaaaa", nil),
            ("pattern: 'RND-[a-z0-9]{12}'\n    checks: [entropy]", "RND-a1b2c3d4e5f6", "•"),
            ("prefixes: [ACME-]\n    alphabet: upper\n    length: [8, 8]", "a ACME-AB12CD34 b", "a • b"),
        ] as [(String, String, String?)])
    func patternFinds(body: String, text: String, expected: String?) throws {
        #expect(try Self.redact(text, "    " + body + "\n") == expected ?? text)
    }

    @Test(arguments: [
        ("'CUST-[0-9]+[0-9]{4}'", "may take what part"), ("'[a-z]{3}'", "three literal characters"),
        ("'a|bcd'", "write two patterns"), ("'abc(d'", "without ')'"), ("'abc[d'", "without ']'"),
        ("'abc{2'", "without '}'"), ("'abc.d'", "'.' alone"), ("'*abc'", "nothing stands before"),
        ("'abc(d)(e)'", "a second '('"), ("'abc[z-a]'", "a range"), ("'abcd{9,3}'", "a count"),
        ("'abcd{0,99999}'", "a count"), ("'abc\\y'", "not known"), ("''", "is missing"),
    ]) func aBadPatternIsRefusedWithItsLine(pattern: String, reason: String) {
        let error = #expect(throws: RedactionError.self) { _ = try Self.rules("    pattern: \(pattern)\n") }
        #expect(error?.code == .badRule && error?.description.hasPrefix("site.yaml:3:") == true)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// A hostile text must not make a pattern slow or crash it.
    @Test func longRunsAreFine() throws {
        let text = String(repeating: "CUST-", count: 20_000) + String(repeating: "1", count: 100_000)
        #expect(try Self.redact(text, "    pattern: 'CUST-[0-9]{8,16384}'\n") == text)
    }
}
