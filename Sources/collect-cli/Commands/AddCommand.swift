import ArgumentParser
import Collect
import Platform

/// Puts a missing item into a bundle.
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put a missing item into a bundle: redact it, diagnose again, pack again.",
        discussion: """
            The bundle is replaced in one step at the end; when anything goes wrong it stays as it is.

            Examples:
              apigee-collect add apigee-support-acme-prod-20261123T100000Z.tar.gz --trace trace-1461989184623.xml
              apigee-collect add BUNDLE --pcap backend.pcap --tried capture --note "captured on the backend"
            """)

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String

    @OptionGroup(title: "Items") var files: FileArguments

    @Option(help: ArgumentHelp("A step of the playbook that you have tried; may be given again.", valueName: "step"))
    var tried: [String] = []

    @Option(help: ArgumentHelp("A note for support; may be given again.", valueName: "text"))
    var note: [String] = []

    @Option(help: ArgumentHelp("How much is removed: as in the bundle.", valueName: "level"))
    var redaction: String?

    @OptionGroup(title: "Pseudonyms") var pseudonyms: PseudonymArguments

    @Option(name: .customLong("work-dir"), help: ArgumentHelp("Folder for the work in progress.", valueName: "dir"))
    var workDir: String?

    @Option(help: ArgumentHelp("Folder with own playbooks and rules.", valueName: "dir"))
    var templates: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @OptionGroup var language: LanguageArguments
    @OptionGroup(title: "Common") var common: CommonArguments

    func run() async throws {
        var options = CollectOptions()
        options.version = Version.current
        options.arguments = ProgramWords.all
        for path in files.error { options.errorFiles.append(.init(path: path, bytes: try InputFiles.read(path))) }
        for path in files.trace { options.traceFiles.append(.init(path: path, bytes: try InputFiles.read(path))) }
        for path in files.apiProxy { options.apiProxyFiles.append(.init(path: path, bytes: try InputFiles.read(path))) }
        for path in files.pcap + files.log { try CollectOptionsBuilder.checkReadable(path) }
        options.captureFiles = files.pcap
        options.logFiles = files.log
        options.redaction = redaction ?? ""
        options.pseudonymKey = try pseudonyms.key(level: redaction ?? "strict")
        options.pseudonymMap = pseudonyms.pseudonymMap
        options.tried = tried
        options.notes = note
        options.workParent = workDir
        options.sitePlaybooks = try SiteConfiguration.playbooks(root: "/", templates: templates)
        if files.isEmpty, tried.isEmpty, note.isEmpty {
            throw CollectError(
                .usage, "add", "there is nothing to add",
                hint: "give one of --trace --pcap --error --log --api-proxy --tried --note")
        }
        let interrupts = Interrupts()
        interrupts.listen()
        let progress = Progress(
            quiet: common.quiet, verbose: common.verbose, color: Color.allowed(on: 2, disabled: common.noColor))
        // Also when it fails: the message must not stand behind the bar.
        defer { progress.end() }
        let result = try await Addition(bundle: bundle, options: options).run(
            interrupts: interrupts, pages: Pages.standard(language.chosen), observe: { progress.show($0) })
        progress.end()
        try ResultPrinter.print(
            result, json: json, quiet: common.quiet, noColor: common.noColor, language: language.chosen)
        if let kind = result.interrupted { throw ExitStatus.interrupted(kind) }
        if !result.isComplete { throw ExitStatus.partial }
    }
}

extension FileArguments {
    var isEmpty: Bool { error.isEmpty && trace.isEmpty && apiProxy.isEmpty && pcap.isEmpty && log.isEmpty }
}
