import ArgumentParser
import Collect
import Documents
import Platform
import SupportBundle

/// The must-collect lists.
struct PlaybooksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "playbooks",
        abstract: "List, show or check playbooks.",
        discussion: """
            Examples:
              apigee-collect playbooks
              apigee-collect playbooks show tls-bad-certificate
              apigee-collect playbooks validate my-playbook.yaml
            """,
        subcommands: [List.self, Show.self, Validate.self],
        defaultSubcommand: List.self)

    struct Source: ParsableArguments {
        @Option(help: ArgumentHelp("Folder with own playbooks.", valueName: "dir"))
        var templates: String?

        func catalog() throws -> PlaybookCatalog {
            let catalog = try PlaybookCatalog(site: SiteConfiguration.playbooks(root: "/", templates: templates))
            for problem in catalog.problems { Messages.warning(problem) }
            return catalog
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the playbooks.", discussion: "Example:\n  apigee-collect playbooks list")
        @OptionGroup var source: Source

        func run() throws {
            for playbook in try source.catalog().playbooks {
                Terminal.writeOutput("\(playbook.id)  \(playbook.title)\n")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a playbook: what it is about and what it collects.",
            discussion: "Example:\n  apigee-collect playbooks show tls-bad-certificate")
        @Argument(help: ArgumentHelp("Its id, as 'list' prints it.", valueName: "id")) var id: String
        @OptionGroup var source: Source

        func run() throws {
            let playbook = try source.catalog().required(id)
            var text = "\(playbook.title)\n\(playbook.source)\n"
            for (name, list) in [("private", playbook.privateList), ("public", playbook.publicList)] {
                text += "\nCollected for \(name) cloud:\n"
                for entry in list { text += "  \(entry.item.rawValue)\(entry.required ? "" : " (if it can be had)")\n" }
            }
            if !playbook.steps.isEmpty { text += "\nSteps (for --tried):\n" }
            for step in playbook.steps { text += "  \(step.id): \(step.title)\n" }
            if !playbook.causes.isEmpty { text += "\nCauses that are told apart:\n" }
            for cause in playbook.causes { text += "  \(cause.id): \(cause.title)\n" }
            Terminal.writeOutput(text)
        }
    }

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check playbook files against the schema.",
            discussion: "Example:\n  apigee-collect playbooks validate my-playbook.yaml")
        @Argument(help: ArgumentHelp("YAML files.", valueName: "file")) var files: [String]

        func run() throws {
            let reader = try PlaybookReader()
            var wrong = false
            for file in files {
                let problems = reader.problems(try InputFiles.read(file, limit: 1 << 20), name: file)
                for problem in problems { Messages.error(problem) }
                if problems.isEmpty { Terminal.writeOutput("\(TerminalText.harmless(file)): right\n") }
                wrong = wrong || !problems.isEmpty
            }
            if wrong { throw ExitStatus.failed }
        }
    }
}
