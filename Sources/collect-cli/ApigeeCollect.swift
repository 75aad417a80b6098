import ArgumentParser
import Collect
import Glibc
import Platform

/// The program: picks the command, and turns whatever comes of it into an exit code, in this one place.
@main
struct ApigeeCollect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apigee-collect",
        abstract: "Collects what support needs for a failing Apigee Edge API into one redacted bundle.",
        discussion: """
            Without arguments it finds the failing request in the log of this node, collects every item that the \
            matching playbook asks for, removes all secrets before anything is written, says what is wrong, and writes \
            one tar.gz to attach to the case.

            Examples:
              sudo apigee-collect
              apigee-collect tls-bad-certificate --org acme --env prod --api orders --user me@example.com
              apigee-collect add apigee-support-acme-prod-20261123T100000Z.tar.gz --trace trace-1.xml

            Exit codes: 0 complete, 1 failed, 2 usage, 3 partial bundle written, 4 verify failed or secrets found,
            5 refused for safety, 6 suspicion only, 130/143 interrupted (a partial bundle was written first).
            """,
        version: Version.current,
        subcommands: [
            CollectCommand.self, AddCommand.self, CaptureCommand.self, RedactCommand.self, DiagnoseCommand.self,
            InspectCommand.self, ShowCommand.self, VerifyCommand.self, ReportCommand.self, MergeCommand.self,
            AttachCommand.self, ResumeCommand.self,
            PlaybooksCommand.self, RulesCommand.self, RevealCommand.self,
            DoctorCommand.self,
        ],
        defaultSubcommand: CollectCommand.self)

    static func main() async {
        Hardening.forbidLeaks()
        Hardening.boundMemory()
        RunClock().settleZone()
        let arguments = Array(ProgramWords.all.dropFirst())
        do {
            var command = try parseAsRoot(SiteConfiguration.adding(to: arguments))
            try requireProc()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
        ExitStatus.done.leave()
    }

    /// libdispatch counts its threads below /proc, and traps in the midst of the work where it can't.
    private static func requireProc() throws(CollectError) {
        guard unsafe access("/proc/self/task", F_OK) == 0 else {
            throw CollectError(.unavailable, "/proc", "is not mounted", hint: "mount -t proc proc /proc")
        }
    }

    /// Says what went wrong and ends with the code of the contract.
    private static func leave(with error: any Error) -> Never {
        switch error {
        case let status as ExitStatus:
            status.leave()
        case let problem as any Reportable:
            Messages.error(problem.text, hint: problem.hint)
            problem.status.leave()
        default:
            let code = exitCode(for: error)
            if code == .success {
                Terminal.writeOutput(fullMessage(for: error) + "\n")
                ExitStatus.done.leave()
            }
            let text = fullMessage(for: error)
            Terminal.writeError(text.hasSuffix("\n") ? text : text + "\n")
            ExitStatus.usage.leave()
        }
    }
}

enum Version {
    static let current = "0.1.0"
}
