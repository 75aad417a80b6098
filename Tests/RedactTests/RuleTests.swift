import Redact
import Testing

@Suite struct RuleTests {
    @Test func everyExampleOfTheBuiltInRulesHolds() throws {
        let failures = try RuleSet.builtIn().selfTest()
        #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))")
    }
}

@Suite struct RuleFileTests {
    @Test func theBuiltInRulesHaveNamesAndASum() throws {
        let rules = try RuleSet.builtIn()
        #expect(rules.count >= 180 && rules.listing.count == rules.count)
        #expect(Set(rules.listing.map(\.id)).count == rules.count)
        let again = try RuleSet.builtIn()
        #expect(rules.sha256.count == 64 && rules.sha256 == again.sha256)
    }

    @Test func everyBuiltInRuleSaysWhereItIsAndHowItIsProved() throws {
        for rule in try RuleSet.builtIn().listing {
            #expect(rule.line > 0 && rule.file.hasPrefix("redaction/") && rule.file.hasSuffix(".yaml"))
            #expect(rule.examples > 0, "\(rule.id) has no example")
            #expect(["high", "medium", "low"].contains(rule.severity) && !rule.title.isEmpty)
        }
    }

    @Test func aSiteAddsARuleOfItsOwn() throws {
        let file = """
            schema: 1
            rules:
              - id: acme-badge
                title: Badges of Acme
                kind: token
                prefixes: [ACME-]
                alphabet: upper
                length: [8, 8]
                examples: {match: ['x «ACME-AB12CD34» y'], no_match: ['ACME-ab12cd34']}
            """
        let rules = try RuleSet.builtIn()
        let more = try rules.adding((name: "acme.yaml", bytes: Array(file.utf8)))
        #expect(more.count == rules.count + 1 && more.sha256 != rules.sha256 && more.selfTest().isEmpty)
        let output = try Redactor(rules: more, key: testKey).redact("badge ACME-AB12CD34 of joe")
        #expect(output.hasPrefix("badge REDACTED.acme-badge.") && output.hasSuffix(" of joe"))
    }

    @Test func anExampleThatDoesNotHoldIsReported() throws {
        let file = """
            schema: 1
            rules:
              - {id: pin, title: Pins, kind: name, strength: strong, names: [badge], examples: {match: ['badge=«a» b', 'bodge=«a1»'], no_match: ['badge=x1']}}
            """
        let failures = try RuleSet(files: [(name: "a.yaml", bytes: Array(file.utf8))]).selfTest()
        #expect(failures.map(\.example) == ["bodge=«a1»", "badge=x1"])
    }

    @Test(arguments: [
        ("", "not a mapping"), ("schema: 2\nrules: []", "schema"), ("schema: 1", "no rule"),
        ("schema: 1\nrule: []", "unknown key"),
        ("schema: 1\nrules:\n  - {id: A, title: t, kind: pem}", "id"),
        ("schema: 1\nrules:\n  - {id: a, title: t, kind: magic}", "magic"),
        ("schema: 1\nrules:\n  - {id: a, title: t, kind: name, strength: strong}", "names"), ("a: [", "a.yaml:"),
        (
            "schema: 1\nrules:\n  - {id: a, title: t, kind: token, prefixes: [abc], alphabet: hex, length: [5, 2]}",
            "length"
        ),
        ("schema: 1\nrules:\n  - {id: a, title: t, kind: pem}\n  - {id: a, title: t, kind: jwt}", "exists already"),
    ]) func aBadRuleFileIsRefusedWithItsPlace(text: String, part: String) {
        let error = #expect(throws: RedactionError.self) {
            _ = try RuleSet(files: [(name: "a.yaml", bytes: Array(text.utf8))])
        }
        #expect(error?.code == .badRule)
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
}
