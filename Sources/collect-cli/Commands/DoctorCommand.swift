import ArgumentParser
import Collect
import Documents
import Platform

/// Says beforehand what can be collected here.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what can and cannot be collected on this machine as this user, and how to mend it.",
        discussion: """
            Example:
              sudo apigee-collect doctor
            """)

    @Option(help: ArgumentHelp("Treat this folder as /.", valueName: "dir")) var root = "/"
    @Option(name: .customLong("work-dir"), help: ArgumentHelp("Folder for the work in progress.", valueName: "dir"))
    var workDir: String?
    @Option(
        name: .customLong("component-port"),
        help: ArgumentHelp(
            "A component's port where it is not the documented one; may be given again.", valueName: "port=port"))
    var componentPort: [String] = []
    @Flag(help: "Print the findings as JSON.") var json = false
    @OptionGroup(title: "Common") var common: CommonArguments

    func run() async throws {
        var options = CollectOptions()
        options.root = root
        options.workParent = workDir
        options.componentPorts = try CollectOptionsBuilder.ports(componentPort)
        for file in try SiteConfiguration.rules(root: root, templates: nil) {
            options.ruleFiles.append(.init(path: file.name, bytes: file.bytes))
        }
        let findings = await Doctor(options: options).examine()
        if json {
            let rows = findings.map { finding in
                JSONValue.object([
                    "state": .string(finding.state.rawValue), "subject": .string(finding.subject),
                    "text": .string(finding.text), "hint": finding.hint.map { .string($0) } ?? .null,
                ])
            }
            let value = JSONValue.object(["schema": 1, "findings": .array(rows)])
            Terminal.write(bytes: value.encoded(pretty: true)[...] + [0x0A], to: 1)
        } else {
            for finding in findings {
                Terminal.writeOutput(
                    "\(finding.state.rawValue)  \(finding.subject): \(TerminalText.harmless(finding.text, maxColumns: 400))\n"
                )
                if let hint = finding.hint { Terminal.writeOutput("    \(hint)\n") }
            }
        }
        if findings.contains(where: { $0.state == .missing }) { throw ExitStatus.partial }
    }
}
