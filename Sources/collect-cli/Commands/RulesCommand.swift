import ArgumentParser
import Collect
import Documents
import Platform
import Redact

/// The redaction rules.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List the redaction rules, or test rule files.",
        discussion: """
            Exit codes: 0 done, all right; 1 a rule file is wrong or an example fails; 2 usage.

            Examples:
              apigee-collect rules
              apigee-collect rules list --json
              apigee-collect rules test
              apigee-collect rules test /etc/apigee-collect/rules.d/acme.yaml
            """,
        subcommands: [List.self, Test.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the rules: those of the program, and those of this site.",
            discussion: "Examples:\n  apigee-collect rules list\n  apigee-collect rules list --rules acme.yaml --json")

        @Option(help: ArgumentHelp("More rules (YAML).", valueName: "file")) var rules: [String] = []
        @Option(help: ArgumentHelp("Folder with own rules.", valueName: "dir")) var templates: String?
        @Flag(help: "Print the rules as JSON.") var json = false
        @OptionGroup(title: "Common") var common: CommonArguments

        func run() throws {
            var set = try RuleSet.builtIn()
            for file in try SiteConfiguration.rules(root: "/", templates: templates) { set = try set.adding(file) }
            for path in rules { set = try set.adding((name: path, bytes: try RulesCommand.read(path))) }
            guard json else {
                for rule in set.listing {
                    Terminal.writeOutput(
                        "\(rule.id)  \(rule.severity)  \(TerminalText.harmless(rule.title, maxColumns: 200))\n")
                }
                return
            }
            let rows = set.listing.map { rule in
                JSONValue.object([
                    "id": .string(rule.id), "title": .string(rule.title), "kind": .string(rule.kind),
                    "severity": .string(rule.severity), "file": .string(rule.file), "line": .integer(rule.line),
                    "examples": .integer(rule.examples),
                ])
            }
            RulesCommand.printJSON(["schema": 1, "sha256": .string(set.sha256), "rules": .array(rows)])
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Test rule files together with the built-in rules; without files, the built-in rules.",
            discussion: """
                Every example of every rule must come out right: what stands between « and » goes, all else stays, and \
                a second run changes nothing.

                Examples:
                  apigee-collect rules test acme.yaml
                  apigee-collect rules test --json acme.yaml other.yaml
                """)

        @Argument(help: ArgumentHelp("Rule files (YAML).", valueName: "file")) var files: [String] = []
        @Flag(help: "Print the outcome as JSON.") var json = false
        @OptionGroup(title: "Common") var common: CommonArguments

        /// What is wrong with one file.
        private struct Outcome {
            let path: String
            var rules = 0
            var problems: [String] = []
        }

        func run() throws {
            let standard = try RuleSet.builtIn()
            var outcomes: [Outcome] = []
            for path in files { outcomes.append(try test(path, with: standard)) }
            if files.isEmpty {
                let problems = standard.selfTest().map { "\($0.place): \($0)" }
                outcomes = [Outcome(path: "built-in rules", rules: standard.count, problems: problems)]
            }
            if json { printJSON(outcomes) } else { print(outcomes) }
            if outcomes.contains(where: { !$0.problems.isEmpty }) { throw ExitStatus.failed }
        }

        private func test(_ path: String, with standard: RuleSet) throws -> Outcome {
            var outcome = Outcome(path: path)
            let bytes = try RulesCommand.read(path)
            do throws(RedactionError) {
                let set = try standard.adding((name: path, bytes: bytes))
                let own = set.listing.filter { $0.file == path }
                outcome.rules = own.count
                outcome.problems = own.filter { $0.examples == 0 }.map {
                    "\(path):\($0.line): rule '\($0.id)' has no examples, so nothing proves it"
                }
                outcome.problems += set.selfTest().map { "\($0.place): \($0)" }
            } catch {
                outcome.problems = ["\(error)" + (error.hint.map { "; \($0)" } ?? "")]
            }
            return outcome
        }

        private func print(_ outcomes: [Outcome]) {
            for outcome in outcomes {
                for problem in outcome.problems { Messages.error(TerminalText.harmless(problem, maxColumns: 1_000)) }
                guard outcome.problems.isEmpty else { continue }
                Terminal.writeOutput("\(TerminalText.harmless(outcome.path)): \(outcome.rules) rules, right\n")
            }
        }

        private func printJSON(_ outcomes: [Outcome]) {
            let rows = outcomes.map { outcome in
                JSONValue.object([
                    "path": .string(outcome.path), "rules": .integer(outcome.rules),
                    "problems": .array(outcome.problems.map { .string($0) }),
                ])
            }
            let isRight = outcomes.allSatisfy { $0.problems.isEmpty }
            RulesCommand.printJSON(["schema": 1, "right": .bool(isRight), "files": .array(rows)])
        }
    }

    private static func read(_ path: String) throws -> [UInt8] { try InputFiles.read(path, limit: 4 << 20) }

    private static func printJSON(_ value: JSONObject) {
        Terminal.write(bytes: JSONValue.object(value).encoded(pretty: true)[...] + [0x0A], to: 1)
    }
}
