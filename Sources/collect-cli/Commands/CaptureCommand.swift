import ArgumentParser
import Collect
import Platform

/// The packet part alone.
struct CaptureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Capture packets, scrub them, diagnose them, and write a bundle with them alone.",
        discussion: """
            For the team that owns the backend. Runs tcpdump; needs no Apigee on this machine. Not a byte is written \
            before it is scrubbed: headers, TLS handshakes and alerts stay, all else becomes zero. tcpdump needs root, \
            or a user who may capture.

            Examples:
              sudo apigee-collect capture --host 10.1.2.3 --port 443 --until-failure
              sudo apigee-collect capture --host mp1.example.com --host mp2.example.com --duration 5m --size 50M
            """)

    @Option(
        help: ArgumentHelp(
            "The other end, such as a Message Processor: name or address, may be given again.", valueName: "host"))
    var host: [String] = []

    @Option(help: ArgumentHelp("Only packets of this port, such as 443.", valueName: "port"))
    var port: Int?

    @Option(help: ArgumentHelp("How long (default 60 s; an hour with --until-failure).", valueName: "time"))
    var duration: Seconds?

    @Option(help: ArgumentHelp("How many bytes at most, before scrubbing (default 100M).", valueName: "size"))
    var size: ByteSize?

    @Flag(name: .customLong("until-failure"), help: "Stop as soon as a failing handshake was caught.")
    var untilFailure = false

    @Option(help: ArgumentHelp("Organization, for the bundle's name.", valueName: "name"))
    var org: String?

    @Option(help: ArgumentHelp("Environment, for the bundle's name.", valueName: "name"))
    var env: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("File or folder for the bundle (default: this folder).", valueName: "path"))
    var output: String?

    @Option(
        help: ArgumentHelp("How much is removed: secrets, or strict (addresses and names too).", valueName: "level"))
    var redaction = "secrets"

    @OptionGroup var pseudonyms: PseudonymArguments

    @Option(name: .customLong("work-dir"), help: ArgumentHelp("Folder for the work in progress.", valueName: "dir"))
    var workDir: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @OptionGroup var language: LanguageArguments
    @OptionGroup(title: "Common") var common: CommonArguments

    func run() async throws {
        var options = CollectOptions()
        options.version = Version.current
        options.arguments = ProgramWords.all
        for name in host { options.hosts.append(try CollectOptionsBuilder.host(name)) }
        if let port, !(1...65_535).contains(port) {
            throw CollectError(.usage, "--port \(port)", "must be 1 to 65535")
        }
        options.org = org
        options.env = env
        options.output = output
        options.workParent = workDir
        options.redaction = redaction
        options.pseudonymKey = try pseudonyms.key(level: redaction)
        options.pseudonymMap = pseudonyms.pseudonymMap
        var limits = CaptureRun.Limits()
        limits.untilFailure = untilFailure
        limits.seconds = duration?.value ?? (untilFailure ? 3_600 : limits.seconds)
        guard (1...86_400).contains(limits.seconds) else {
            throw CollectError(.usage, "--duration", "must be one second to one day")
        }
        limits.bytes = size?.bytes ?? limits.bytes
        let capture = try CaptureRun(options, port: port, limits: limits)

        let interrupts = Interrupts()
        interrupts.listen()
        let progress = Progress(
            quiet: common.quiet, verbose: common.verbose, color: Color.allowed(on: 2, disabled: common.noColor))
        // Also when it fails: the message must not stand behind the bar.
        defer { progress.end() }
        let result = try await capture.run(
            interrupts: interrupts, pages: Pages.standard(language.chosen), observe: { progress.show($0) })
        progress.end()
        try ResultPrinter.print(
            result, json: json, quiet: common.quiet, noColor: common.noColor, language: language.chosen)
        if let kind = result.interrupted { throw ExitStatus.interrupted(kind) }
        if !result.isComplete { throw ExitStatus.partial }
    }
}
