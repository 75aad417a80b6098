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
        let report = Diagnosis.run(input)
        if json {
            try JSONPrinter.print(report)
        } else {
            Terminal.writeOutput(DiagnosisText.text(report))
        }
    }
}

/// Reads what a bundle holds for the diagnosis.
enum DiagnosisSource {
    static func input(bundle: String) throws -> DiagnosisInput {
        let reader = try BundleReader(path: FilePath(bundle))
        let manifest = try reader.manifest()
        let request = manifest.request
        var input = DiagnosisInput(
            playbook: manifest.playbook.id, keyAlias: request.keyAlias,
            serverPort: request.port > 0 ? request.port : nil,
            backendIPs: [request.backendIp].compactMap(\.self))
        for item in manifest.items where item.bytes <= 256 << 20 {
            let bytes = try reader.read(item.path, limit: 256 << 20)
            if item.capture != nil {
                let tracker = ConversationTracker()
                tracker.append(bytes[...])
                input.add(capture: tracker, path: item.path)
            } else {
                input.take(kind: item.kind, path: item.path, bytes: bytes)
            }
        }
        return input
    }
}

/// The diagnosis for people.
enum DiagnosisText {
    static func text(_ report: DiagnosisReport) -> String {
        var text = ""
        for connection in report.connections where connection.tls {
            text +=
                "\(connection.client.ip):\(connection.client.port) -> \(connection.server.ip):\(connection.server.port)"
            text += "  \(connection.version ?? "TLS")  \(connection.outcome.rawValue)\n"
            for message in connection.messages.prefix(40) {
                text += "  frame \(message.frame)  \(message.from.rawValue)  \(message.type)  \(message.length) bytes\n"
            }
            for alert in connection.alerts {
                text += "  frame \(alert.frame)  \(alert.from.rawValue)  ALERT \(alert.level) \(alert.description)\n"
            }
        }
        if report.verdicts.isEmpty { text += "No known cause shows in what was given.\n" }
        for verdict in report.verdicts {
            text +=
                "\n\(verdict.confidence.rawValue.uppercased()): \(verdict.title) (\(verdict.cause))\n  \(verdict.summary)\n"
            for evidence in verdict.evidence {
                text += "  - \(evidence.path), \(evidence.location): \(evidence.text)\n"
            }
            for out in verdict.ruledOut { text += "  not \(out.cause): \(out.why)\n" }
            for step in verdict.resolution { text += "  do: \(step)\n" }
            for step in verdict.wouldSettle { text += "  would settle it: \(step)\n" }
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { TerminalText.harmless(String($0), maxColumns: 1000) }.joined(separator: "\n") + "\n"
    }
}
