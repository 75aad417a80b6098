import ArgumentParser
import Collect
import Diagnose
import Documents
import Platform
import SupportBundle
import SystemPackage

/// Says what is wrong, with evidence.
struct DiagnoseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Say what is wrong, with evidence, from a bundle or from loose files.",
        discussion: """
            Examples:
              apigee-collect diagnose BUNDLE
              apigee-collect diagnose --pcap backend.pcap --certs certificate.json --accepted-issuers s_client.txt
              apigee-collect diagnose --pcap backend.pcap --json
            """)

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String?

    @Option(help: ArgumentHelp("A packet capture.", valueName: "file")) var pcap: [String] = []
    @Option(help: ArgumentHelp("A system.log.", valueName: "file")) var log: [String] = []
    @Option(help: ArgumentHelp("A trace file.", valueName: "file")) var trace: [String] = []
    @Option(name: .customLong("api-proxy"), help: ArgumentHelp("An API proxy bundle.", valueName: "file"))
    var apiProxy: [String] = []
    @Option(help: ArgumentHelp("Answers of the keystore API (JSON), or certificates (PEM).", valueName: "file"))
    var certs: [String] = []
    @Option(name: .customLong("accepted-issuers"), help: ArgumentHelp("Output of openssl s_client.", valueName: "file"))
    var acceptedIssuers: [String] = []

    @Flag(help: "Print connections and verdicts as JSON.")
    var json = false

    @OptionGroup(title: "Common") var common: CommonArguments

    func run() throws {
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: nil, serverPort: nil, backendIPs: [])
        if let bundle { input = try DiagnosisSource.input(bundle: bundle) }
        for path in pcap {
            let tracker = ConversationTracker()
            try NodeFiles.open(userFile: path).forEachBlock(limit: Int.max) { tracker.append($0) }
            tracker.finish()
            input.add(capture: tracker, path: path)
        }
        let loose: [(ItemKind, [String])] = [
            (.messageProcessorLog, log), (.trace, trace), (.apiProxy, apiProxy), (.keystoreCertificates, certs),
            (.acceptedIssuers, acceptedIssuers),
        ]
        for (kind, paths) in loose {
            for path in paths { input.add(kind: kind, path: path, bytes: try InputFiles.read(path)) }
        }
        if bundle == nil, pcap.isEmpty, loose.allSatisfy({ $0.1.isEmpty }) {
            throw CollectError(
                .usage, "diagnose", "needs a bundle or a file", hint: "see 'apigee-collect diagnose --help'")
        }
        let verdicts = Diagnosis.verdicts(input)
        if json {
            DiagnosisText.writeJSON(input, verdicts) { Terminal.write(bytes: $0[...], to: 1) }
        } else {
            DiagnosisText.write(input, verdicts) {
                Terminal.writeOutput(TerminalText.harmless($0, maxColumns: 2_000) + "\n")
            }
        }
    }
}
