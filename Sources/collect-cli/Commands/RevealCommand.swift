import ArgumentParser
import Collect
import Documents
import Platform
import Redact

/// Tells what pseudonyms stand for, on the customer's side.
struct RevealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reveal",
        abstract: "Tell which address, host or user a pseudonym stands for.",
        discussion: """
            The map was written with --pseudonym-map; it opens only with the key file of that run. IP and hardware \
            addresses need the key alone, as text (ip-10.81.3.77) or as captures show them (10.81.3.77). Secrets are in \
            no map. Exit codes: 0 done; 3 a name is not known.

            Examples:
              apigee-collect reveal --map case.map --pseudonym-key-file key mp-09b4c1d2e3f40516 ip-10.81.3.77
              apigee-collect reveal --map node1.map --map node2.map --pseudonym-key-file key --json user-cd77eec083ffff96
              apigee-collect reveal --map case.map --pseudonym-key-file key          (the whole map)
            """)

    @Option(help: ArgumentHelp("A map; may be given again.", valueName: "file"))
    var map: [String] = []

    @Option(
        name: .customLong("pseudonym-key-file"),
        help: ArgumentHelp("The key file of the run that wrote the map.", valueName: "file"))
    var pseudonymKeyFile: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Argument(help: ArgumentHelp("Pseudonyms (none: all that the maps know).", valueName: "name"))
    var names: [String] = []

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() throws {
        guard let pseudonymKeyFile else {
            throw CollectError(
                .usage, "--pseudonym-key-file", "is missing: a map opens only with the key of the run that wrote it",
                hint: "give the key file of that run")
        }
        guard !map.isEmpty || !names.isEmpty else {
            throw CollectError(.usage, "reveal", "there is nothing to look up", hint: "give --map FILE, and names")
        }
        let key = try PseudonymArguments.key(pseudonymKeyFile, isStrict: true)
        let pseudonyms = try key.withBytes { try Pseudonymizer(key: $0) }
        var known: [String: String] = [:]
        for path in map {
            do {
                known.merge(try pseudonyms.openMap(InputFiles.read(path, limit: 64 << 20))) { old, _ in old }
            } catch let error as RedactionError {
                throw CollectError(.usage, "--map '\(path)'", error.reason, hint: error.hint)
            }
        }
        let wanted = names.isEmpty ? known.keys.sorted() : names
        let found = wanted.map { (name: $0, original: pseudonyms.original(of: $0, in: known)) }
        show(found)
        if found.contains(where: { $0.original == nil }) { throw ExitStatus.partial }
    }

    private func show(_ found: [(name: String, original: String?)]) {
        if json {
            let rows = found.map { row in
                JSONValue.object(["name": .string(row.name), "original": row.original.map { .string($0) } ?? .null])
            }
            let value = JSONValue.object(["schema": 1, "names": .array(rows)])
            Terminal.writeOutput(String(decoding: value.encoded(pretty: true), as: UTF8.self) + "\n")
            return
        }
        for row in found {
            if let original = row.original {
                Terminal.writeOutput("\(TerminalText.harmless(row.name))\t\(TerminalText.harmless(original))\n")
            } else {
                Messages.warning("'\(TerminalText.harmless(row.name))' \(Self.reason(row.name))")
            }
        }
    }

    private static func reason(_ name: String) -> String {
        name.hasPrefix("REDACTED.")
            ? "stands for a secret or a body, which no map keeps" : "is in none of these maps, or is no pseudonym"
    }
}
