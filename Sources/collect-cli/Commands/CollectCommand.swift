import ArgumentParser
import Collect
import EdgeAPI
import Platform
import Report
import SupportBundle

/// The main job.
struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Find the failing request, collect, redact, diagnose, and write the bundle (the default command).",
        discussion: """
            Examples:
              sudo apigee-collect
              sudo apigee-collect collect --message-id rrt331ea-28215-7515740-33 --user me@example.com
              apigee-collect collect tls-bad-certificate --mode public --org acme --env prod --api orders \\
                --token-file token --curl-file request.sh --reproduce
              printf '%s\\n' "$password" "$code" | apigee-collect collect --user me@example.com --password-stdin --mfa-stdin
              apigee-collect collect --login-url https://ZONE.login.apigee.com --passcode-stdin
              apigee-collect collect --dry-run
            """)

    @Argument(
        help: ArgumentHelp(
            "Playbook (default: the one that fits; see 'apigee-collect playbooks').", valueName: "playbook"))
    var playbook: String?

    @OptionGroup(title: "What") var what: WhatArguments
    @OptionGroup(title: "From files") var files: FileArguments
    @OptionGroup(title: "Reproduce") var reproduce: ReproduceArguments
    @OptionGroup(title: "Edge") var edge: EdgeArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup var language: LanguageArguments
    @OptionGroup(title: "Common") var common: CommonArguments

    func run() async throws { try await run(resuming: nil) }

    /// - Parameter stale: the killed run that this one finishes.
    func run(resuming stale: StaleRun?) async throws {
        let interactive = Terminal.isTerminal(0) && Terminal.isTerminal(2) && !output.yes
        try refuseUnknownCommand()
        var options = try CollectOptionsBuilder(
            what: what, files: files, reproduce: reproduce, edge: edge, output: output
        ).build(playbook: playbook, interactive: interactive, needsLogin: !output.dryRun, resuming: stale)
        try confirmReproduction(&options, interactive: interactive)
        try confirmPlainHTTP(&options, interactive: interactive)
        let collection = try Collection(options)
        let choose: (@Sendable ([FailureChoice]) -> Int?)? = interactive ? FailureMenu.choose : nil
        if output.dryRun { return try await PlanPrinter.print(collection.plan(choose: choose), json: output.json) }

        Hardening.yieldToOthers()
        let interrupts = Interrupts()
        interrupts.listen()
        let progress = Progress(
            quiet: common.quiet, verbose: common.verbose, color: Color.allowed(on: 2, disabled: common.noColor))
        // Also when it fails: the message must not stand behind the bar.
        defer { progress.end() }
        let result = try await collection.run(
            interrupts: interrupts, pages: Pages.standard(language.chosen), choose: choose,
            observe: { progress.show($0) })
        progress.end()
        try ResultPrinter.print(
            result, json: output.json, quiet: common.quiet, noColor: common.noColor, language: language.chosen)
        if let kind = result.interrupted { throw ExitStatus.interrupted(kind) }
        if !result.isComplete { throw ExitStatus.partial }
    }

    /// A word that is no playbook may be a command of the contract that this version does not have, or a slip.
    private func refuseUnknownCommand() throws(CollectError) {
        let later = ["merge", "attach"]
        if let playbook, later.contains(playbook) {
            throw CollectError(
                .usage, "'\(playbook)'", "is not in this version", hint: "see 'apigee-collect --help' for what is")
        }
    }

    /// Requests that may change something are sent only after a typed yes.
    private func confirmReproduction(_ options: inout CollectOptions, interactive: Bool) throws(CollectError) {
        guard options.reproduce, let text = options.curlCommand else { return }
        let command: CurlCommand
        do {
            command = try CurlCommand.parse(text)
        } catch {
            throw CollectError(.usage, "--curl-file", error.description, hint: error.hint)
        }
        guard !["GET", "HEAD", "OPTIONS"].contains(command.method), !options.reproduceUnsafe else { return }
        if interactive {
            let answer = Terminal.readLine(
                prompt: "The request is a \(command.method), which may change something. Type yes to send it once: ")
            if answer == "yes" { return }
        }
        throw CollectError(
            .refused, "--reproduce", "a \(command.method) may change something and was not confirmed",
            hint: "give --reproduce-unsafe if it may be sent again")
    }

    private static func isLoopback(_ url: String) -> Bool {
        let host = url.lowercased().dropFirst("http://".count)
        return ["localhost", "127.", "[::1]"].contains { host.hasPrefix($0) }
    }

    /// Credentials go over plain http to this machine; elsewhere only after one question.
    private func confirmPlainHTTP(_ options: inout CollectOptions, interactive: Bool) throws {
        guard interactive, !options.allowHTTP, let url = options.managementURL, url.lowercased().hasPrefix("http://"),
            !Self.isLoopback(url)
        else { return }
        if case .none = options.login { return }
        let answer = Terminal.readLine(
            prompt: "\(url) is plain http: user and password can be read on the way. Type yes to send them: ")
        if answer == "yes" { options.allowHTTP = true }
    }
}
