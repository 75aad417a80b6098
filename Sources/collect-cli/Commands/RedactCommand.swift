import ArgumentParser
import Collect
import Platform
import Redact

extension RedactionError: Reportable {
    var text: String { description }
    var status: ExitStatus { .usage }
}

/// Redacts files, folders or standard input.
struct RedactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Redact a file, a folder or standard input.",
        discussion: """
            Each secret is replaced by REDACTED.<rule>.<fingerprint>; the same secret has the same fingerprint throughout
            one run. Exit codes: 0 done; 3 something was withheld; 4 --check found secrets.

            Examples:
              apigee-collect redact < system.log > clean.log
              apigee-collect redact trace.xml -o trace-clean.xml
              apigee-collect redact --check customer/application
              apigee-collect redact logs -o logs-clean --report report.json
              apigee-collect redact --redaction strict --pseudonym-key-file key system.log -o clean.log
            """)

    @Argument(help: ArgumentHelp("Files or folders ('-' or none: standard input).", valueName: "input"))
    var inputs: [String] = []

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("File or folder to write (default: standard output).", valueName: "path"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "auto, " + ContentFormat.allCases.dropFirst().map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "format"))
    var format = "auto"

    @Option(
        help: ArgumentHelp(
            "How much is removed: secrets, or strict (addresses, names, bodies too).", valueName: "level"))
    var redaction = "secrets"

    @Option(help: ArgumentHelp("More rules (YAML).", valueName: "file"))
    var rules: [String] = []

    @Option(help: ArgumentHelp("Write what was found, as JSON.", valueName: "file"))
    var report: String?

    @Flag(help: "Write nothing; print each finding as path:line:column: rule.")
    var check = false

    @Option(
        name: .customLong("literal-file"), help: ArgumentHelp("Secrets to remove, one on each line.", valueName: "file")
    )
    var literalFile: String?

    @OptionGroup(title: "Pseudonyms") var pseudonyms: PseudonymArguments
    @OptionGroup(title: "Common") var common: CommonArguments

    func run() throws {
        guard let format = ContentFormat(rawValue: format) else {
            throw CollectError(
                .usage, "--format '\(format)'", "is not known",
                hint: "one of " + ContentFormat.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let start = RunClock()
        let began = start.monotonicMilliseconds
        let redactor = try makeRedactor()
        let map = try pseudonyms.pseudonymMap.map { try PseudonymMapFile(path: $0, redactor: redactor) }
        let sources = try RedactSources(inputs: inputs, output: output, check: check)
        var job = RedactJob(redactor: redactor, format: format, quiet: common.quiet)
        if check {
            try job.check(sources)
        } else {
            try job.redact(sources)
        }
        if let report {
            try job.writeReport(to: report, durationMs: start.monotonicMilliseconds - began)
        }
        try map?.write(redactor)
        if check, job.found > 0 { throw ExitStatus.bad }
        if job.withheld > 0 { throw ExitStatus.partial }
    }

    private func makeRedactor() throws -> Redactor {
        guard let level = RedactionLevel(rawValue: redaction) else {
            throw CollectError(
                .usage, "--redaction '\(redaction)'", "is no level", hint: "the levels are: secrets, strict")
        }
        var set = try RuleSet.builtIn()
        for path in rules { set = try set.adding((name: path, bytes: try InputFiles.read(path, limit: 4 << 20))) }
        let key = try pseudonyms.key(level: redaction)?.withBytes { $0 } ?? PseudonymKey.random()
        let redactor = try Redactor(rules: set, level: level, key: key, recordsNames: pseudonyms.pseudonymMap != nil)
        if let literalFile {
            for line in try InputFiles.read(literalFile, limit: 64 << 20).split(separator: 0x0A) {
                redactor.vault.learn(Array(line.last == 0x0D ? line.dropLast() : line), rule: "literal")
            }
        }
        return redactor
    }
}
