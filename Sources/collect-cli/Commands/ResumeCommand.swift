import ArgumentParser
import Collect
import Documents
import Glibc
import Platform

/// Finishes a run that was killed.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish a run that was killed: pack what is whole, collect the rest again.",
        discussion: """
            The command line of the killed run is run again in its folder, with what it had finished already. A \
            password is asked for again, or taken from where the first run took it; without it, what the management \
            API knows is collected no more, and the bundle says so.

            Example:
              sudo apigee-collect resume /var/tmp/apigee-collect-0123456789abcdef
            """)

    @Argument(help: ArgumentHelp("The work folder of the killed run.", valueName: "dir"))
    var folder: String

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() async throws {
        let stale = try StaleRun(folder)
        if let bundle = stale.published {
            stale.remove()
            Terminal.writeOutput("\(TerminalText.harmless(bundle)): was written already, nothing is left to do\n")
            return
        }
        stale.removeHalf()
        guard unsafe chdir(stale.folder) == 0 else {
            throw CollectError(.failed, "resume", "the folder '\(stale.folder)' of that run is gone")
        }
        guard
            let command = try ApigeeCollect.parseAsRoot(SiteConfiguration.adding(to: stale.arguments))
                as? CollectCommand
        else { throw CollectError(.failed, "resume", "that was no run of 'collect'") }
        try await command.run(resuming: stale)
    }
}
