import ArgumentParser
import Collect
import Documents
import Fleet
import Platform
import SupportBundle

/// One case bundle out of those of several nodes.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Make one case bundle out of the bundles of several nodes.",
        discussion: """
            Every byte is checked, and copied as it is packed. Nodes that are damaged, missing or given twice are named \
            in the case bundle and hold up nothing. With the key file of the nodes' runs, what one node knows for a secret \
            is masked on the others, too (docs/fleet.md tells the limits).

            Exit codes: 0 all nodes and required items are there; 3 written, but something is missing; 1 none could be read.

            Examples:
              apigee-collect merge rmp1.tar.gz rmp2.tar.gz ms.tar.gz -o case.tar.gz
              apigee-collect merge --nodes nodes.json --pseudonym-key-file key --case 12345678 -o cases/
            """)

    @Argument(help: ArgumentHelp("The nodes' bundles.", valueName: "bundle"))
    var bundles: [String] = []

    @Option(
        help: ArgumentHelp(
            "What an inventory knows of the nodes: JSON with name, bundle, state, reason and clock of each.",
            valueName: "file"))
    var nodes: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("File or folder to write to (default: current folder).", valueName: "file"))
    var output: String?

    @Option(
        name: .customLong("message-id"),
        help: ArgumentHelp("The failing request (default: the one that the bundles tell).", valueName: "id"))
    var messageID: String?

    @Option(name: .customLong("case"), help: ArgumentHelp("Number of the support case.", valueName: "id"))
    var caseID: String?

    @Option(
        name: .customLong("pseudonym-key-file"),
        help: ArgumentHelp(
            "The key file of the nodes' runs: masks what other nodes know for a secret.", valueName: "file"))
    var pseudonymKeyFile: String?

    @OptionGroup(title: "Encrypted bundles") var opening: OpeningArguments

    @Option(help: ArgumentHelp("Encrypt for age or SSH recipients; may be given again.", valueName: "recipient"))
    var encrypt: [String] = []

    @Option(help: ArgumentHelp("Sign with an Ed25519 SSH key.", valueName: "key")) var sign: String?

    @Option(help: ArgumentHelp("Write parts of this size.", valueName: "size")) var split: ByteSize?

    @Option(help: ArgumentHelp("Compression of what is packed anew, 1 (fast) to 12 (small).", valueName: "n"))
    var level = BundleWriter.defaultLevel

    @Option(help: ArgumentHelp("Threads (default: the cores, 4 at most).", valueName: "n"))
    var threads: Int?

    @Option(name: .customLong("work-dir"), help: ArgumentHelp("Folder for the work in progress.", valueName: "dir"))
    var workDir: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @OptionGroup var language: LanguageArguments

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() async throws {
        let options = try options()
        let progress = Progress(
            quiet: common.quiet, verbose: common.verbose, color: Color.allowed(on: 2, disabled: common.noColor))
        let interrupts = Interrupts()
        interrupts.listen()
        let result = try await Merge(
            options, pages: Pages.standard(language.chosen), observe: { progress.show(.phase($0)) }
        ).run(
            interrupts: interrupts)
        progress.end()
        try printed(result)
        if !result.isComplete { throw ExitStatus.partial }
    }

    private func options() throws -> MergeOptions {
        var options = MergeOptions()
        options.bundles = bundles
        if let nodes { options.nodes = try NodeList(json: InputFiles.read(nodes, limit: 64 << 20), path: nodes) }
        guard !bundles.isEmpty || !options.nodes.entries.isEmpty else {
            throw CollectError(
                .usage, "merge", "there is nothing to merge", hint: "name the nodes' bundles, or --nodes FILE")
        }
        options.output = output
        options.identities = try opening.identities()
        options.pseudonymKey = try pseudonymKeyFile.map { try PseudonymArguments.key($0, isStrict: false) }
        options.caseID = caseID
        options.messageID = messageID
        options.workParent = workDir
        guard (1...12).contains(level) else { throw CollectError(.usage, "--level", "must be 1 to 12") }
        options.level = level
        // Controllers have nothing else to do.
        options.threads = max(1, threads ?? min(4, Hardening.usableCores))
        options.delivery = try OutputArguments.delivery(encrypt: encrypt, sign: sign, split: split, keepPlain: false)
        options.version = Version.current
        options.arguments = ProgramWords.all
        return options
    }

    private func printed(_ result: Merge.Result) throws {
        if json {
            let rows = (result.manifest.nodes ?? []).map { node in
                JSONValue.object([
                    "name": .string(node.name ?? node.hostname), "state": node.state.map { .string($0) } ?? .null,
                    "reason": node.reason.map { .string($0) } ?? .null,
                    "roles": .array((node.roles ?? []).map { .string($0) }),
                    "clockOffsetMs": node.clockOffsetMs.map { .integer($0) } ?? .null,
                    "sawMessageId": node.sawMessageId.map { .bool($0) } ?? .null,
                    "failures": node.failures.map { .integer($0) } ?? .null,
                ])
            }
            let value = JSONValue.object([
                "schema": 1, "bundle": .string(result.path), "bytes": .integer(result.bytes),
                "complete": .bool(result.isComplete), "files": .array(result.files.map { .string($0) }),
                "joinCommand": result.joinCommand.map { .string($0) } ?? .null,
                "maskedFiles": .integer(result.maskedFiles), "nodes": .array(rows),
            ])
            Terminal.write(bytes: value.encoded(pretty: true)[...] + [0x0A], to: 1)
            return
        }
        if common.quiet {
            Terminal.writeOutput(result.path + "\n")
            return
        }
        var lines = result.manifest.diagnosis.prefix(6).map { "\($0.title) (\($0.confidence.rawValue))" }
        let all = result.manifest.nodes ?? []
        let merged = all.count { $0.bundle != nil }
        lines.append("\(merged) of \(all.count) nodes are in it.")
        for node in all where node.bundle == nil || node.reason != nil {
            let why = node.reason.map { ": \($0)" } ?? ""
            lines.append("  \(node.name ?? node.hostname): \(node.state ?? "missing")\(why)")
        }
        if result.maskedFiles > 0 {
            lines.append("Secrets that other nodes know were masked in \(result.maskedFiles) files.")
        }
        lines.append("\(result.path) (\(ByteText.short(result.bytes)))")
        if let join = result.joinCommand { lines.append("Join the parts with: " + join) }
        Terminal.writeOutput(
            lines.map { TerminalText.harmless($0, maxColumns: 400) }.joined(separator: "\n") + "\n")
    }
}
