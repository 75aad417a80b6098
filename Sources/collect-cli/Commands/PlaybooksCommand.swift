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

        @Option(help: ArgumentHelp("Treat this folder as /, links resolved inside it.", valueName: "dir"))
        var root = "/"

        func catalog() throws -> PlaybookCatalog {
            let catalog = try PlaybookCatalog(site: SiteConfiguration.playbooks(root: root, templates: templates))
            for problem in catalog.problems { Messages.warning(problem) }
            return catalog
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the playbooks.",
            discussion: """
                Examples:
                  apigee-collect playbooks list
                  apigee-collect playbooks list --json
                """)
        @OptionGroup var source: Source
        @Flag(help: "As JSON.") var json = false
        @Flag(help: "As the tables of the guide: what each collects, and the collectors there are.") var markdown =
            false

        func validate() throws {
            if json, markdown { throw ValidationError("--json and --markdown can't both be given") }
        }

        func run() throws {
            let catalog = try source.catalog()
            if json {
                Terminal.write(bytes: PlaybookText.json(catalog)[...], to: 1)
            } else if markdown {
                Terminal.writeOutput(PlaybookText.markdown(catalog))
            } else {
                for playbook in catalog.playbooks { Terminal.writeOutput("\(playbook.id)  \(playbook.title)\n") }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a playbook: how it is known, what it collects, and what mends it.",
            discussion: "Example:\n  apigee-collect playbooks show tls-bad-certificate")
        @Argument(help: ArgumentHelp("Its id, as 'list' prints it.", valueName: "id")) var id: String
        @OptionGroup var source: Source

        func run() throws {
            let catalog = try source.catalog()
            Terminal.writeOutput(PlaybookText.page(try catalog.required(id), catalog))
        }
    }

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check playbook files against the schema, the collectors there are, and what they extend.",
            discussion: "Example:\n  apigee-collect playbooks validate my-playbook.yaml")
        @Argument(help: ArgumentHelp("YAML files; they may extend each other.", valueName: "file")) var files: [String]

        func run() throws {
            var inputs: [(name: String, bytes: [UInt8])] = []
            for file in files { inputs.append((file, try InputFiles.read(file, limit: 1 << 20))) }
            let problems = try PlaybookReader().problems(inputs)
            for problem in problems { Messages.error(problem) }
            for file in files where !problems.contains(where: { $0.contains(file + ":") }) {
                Terminal.writeOutput("\(TerminalText.harmless(file)): right\n")
            }
            if !problems.isEmpty { throw ExitStatus.failed }
        }
    }
}
