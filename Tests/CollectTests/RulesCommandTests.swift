import Foundation
import Testing

extension EndToEnd {
    /// `rules list` and `rules test`, and rules of a site in `redact`.
    @Suite("rules")
    struct RulesCommand {
        static let badge = """
            schema: 1
            rules:
              - id: acme-badge
                title: Badges of Acme
                kind: token
                severity: medium
                pattern: 'ACME-[0-9]{8}'
                examples: {match: ['a «ACME-12345678» b'], no_match: ['ACME-1234']}

            """

        @Test("help has an example", arguments: [["rules"], ["rules", "list"], ["rules", "test"]])
        func help(command: [String]) async throws {
            let outcome = try await Collect.run(command + ["--help"])
            #expect(outcome.status == 0 && outcome.outputText.contains("apigee-collect rules"), "\(outcome.printed)")
        }

        @Test("the list names every rule, as text and as JSON, with those of a file")
        func list() async throws {
            let scratch = try Scratch()
            let file = try scratch.write(Self.badge, to: "acme.yaml")
            let text = try await Collect.run(["rules", "list", "--rules", file.path])
            #expect(
                text.status == 0 && text.outputText.contains("acme-badge  medium  Badges of Acme"), "\(text.printed)")
            let listed = try await Collect.run(["rules", "list", "--rules", file.path, "--json"])
            let value = try #require(try JSONSerialization.jsonObject(with: Data(listed.output)) as? [String: Any])
            let rules = try #require(value["rules"] as? [[String: Any]])
            #expect(value["schema"] as? Int == 1 && rules.count > 150)
            #expect(rules.count == text.outputText.split(separator: "\n").count)
            let own = try #require(rules.last)
            #expect(
                own["id"] as? String == "acme-badge" && own["line"] as? Int == 3 && own["kind"] as? String == "token")
        }

        @Test("the test of the built-in rules, and of a right file, succeeds")
        func right() async throws {
            let scratch = try Scratch()
            let file = try scratch.write(Self.badge, to: "acme.yaml")
            let outcome = try await Collect.run(["rules", "test", file.path])
            #expect(
                outcome.status == 0 && outcome.outputText.contains("acme.yaml: 1 rules, right"), "\(outcome.printed)")
            let bare = try await Collect.run(["rules", "test", "--json"])
            let value = try #require(try JSONSerialization.jsonObject(with: Data(bare.output)) as? [String: Any])
            #expect(bare.status == 0 && value["right"] as? Bool == true, "\(bare.printed)")
        }

        @Test(
            "a wrong file is refused with file and line, and exit 1",
            arguments: [
                ("'ACME-[0-9]{8}'", "'ACME-[0-9'", "acme.yaml:3:"), ("kind: token", "kind: magic", "acme.yaml:3:"),
                ("a «ACME-12345678»", "a «ACME-1234567x»", "acme.yaml:3: rule 'acme-badge'"),
                ("no_match: ['ACME-1234']", "no_match: ['ACME-87654321']", "acme.yaml:3: rule 'acme-badge'"),
                ("id: acme-badge", "id: password", "exists already"),
                ("examples: {match: ['a «ACME-12345678» b'], no_match: ['ACME-1234']}", "", "no examples"),
            ])
        func wrong(part: String, instead: String, message: String) async throws {
            let scratch = try Scratch()
            let text = Self.badge.replacingOccurrences(of: part, with: instead)
            let file = try scratch.write(text, to: "acme.yaml")
            let outcome = try await Collect.run(["rules", "test", file.path])
            #expect(outcome.status == 1 && outcome.errorText.contains(message), "\(outcome.printed)")
            #expect(outcome.output.isEmpty)
        }

        @Test("a file that can't be read is a usage error")
        func missing() async throws {
            let outcome = try await Collect.run(["rules", "test", "/no/such/file.yaml"])
            #expect(outcome.status == 2 && outcome.errorText.contains("/no/such/file.yaml"), "\(outcome.printed)")
        }

        @Test("redact takes a site's rules")
        func redact() async throws {
            let scratch = try Scratch()
            let file = try scratch.write(Self.badge, to: "acme.yaml")
            let input = try scratch.write("badge ACME-87654321 of joe\n", to: "in.log")
            let outcome = try await Collect.run(["redact", "--rules", file.path, input.path])
            #expect(
                outcome.status == 0 && outcome.outputText.hasPrefix("badge REDACTED.acme-badge."), "\(outcome.printed)")
            #expect(outcome.outputText.hasSuffix(" of joe\n"))
        }
    }
}
