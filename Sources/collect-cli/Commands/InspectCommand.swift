import ArgumentParser
import Documents
import Platform
import SupportBundle
import SystemPackage

/// Lists a bundle.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "List what is in a bundle, as a tree with sizes, states and redaction counts.",
        discussion: """
            Paths are as 'show' takes them.

            Example:
              apigee-collect inspect apigee-support-acme-prod-20261123T100000Z.tar.gz
            """)

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String

    @Flag(help: "Print the entries and the manifest as JSON.")
    var json = false

    @OptionGroup(title: "Encrypted bundles") var opening: OpeningArguments

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() throws {
        let reader = try BundleReader(path: FilePath(bundle), identities: opening.identities())
        let tree = BundleTree(entries: try reader.entries(), manifest: try reader.manifest())
        if json {
            Terminal.write(bytes: try tree.json().encoded(pretty: true)[...] + [0x0A], to: 1)
        } else {
            Terminal.writeOutput(tree.text)
        }
    }
}
