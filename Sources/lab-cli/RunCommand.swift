import ArgumentParser
import Foundation
import Lab

/// Starts a lab and keeps it until it is told to end.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Starts a lab and prints where it is, as one line of JSON.",
        discussion: """
            It runs until SIGINT or SIGTERM, until standard input closes if that is a pipe, or for --for seconds.

            EXAMPLE
              apigee-lab run --scenario issuer-not-accepted --tls 1.3 --ready-file ready.json
            """)

    @Option(help: "What happens between the Message Processor and the backend.")
    var scenario = Scenario.noClientCertificate

    @Option(help: "The TLS version that the backend speaks.")
    var tls = TLSVersion.tls12

    @Option(help: ArgumentHelp("The folder that plays / of the node; it stays afterwards.", valueName: "dir"))
    var root: String?

    @Option(name: .customLong("fault"), help: "A fault of the management API; repeatable.")
    var faults: [Fault] = []

    @Option(help: ArgumentHelp("How long the fault 'slow' waits.", valueName: "seconds"))
    var slowness = 30.0

    @Option(help: "How the target endpoint names its keystore.")
    var wiring = Wiring.endpoint

    @Flag(
        name: .customLong("mfa"),
        help: "The account has a second factor; the codes stand in the ready file's codesFile.")
    var asksForCode = false

    @Flag(name: .customLong("saml"), help: "The login server takes passcodes only.")
    var takesPasscodesOnly = false

    @Option(
        name: .customLong("token-lifetime"), help: ArgumentHelp("How long its tokens last.", valueName: "seconds"))
    var tokenLifetime = 43_199

    @Option(help: "Who does TLS.")
    var engine = EngineChoice.automatic

    @Option(
        help: ArgumentHelp(
            "Let requests fail like this ('apigee-lab list' names the symptoms); the scenario should be ok.",
            valueName: "id"))
    var symptom: String?

    @Flag(
        name: .customLong("kernel"), help: "Run a Java process that looks like the Message Processor's (needs a JDK).")
    var runsKernel = false

    @Option(help: ArgumentHelp("Play a request every so many seconds.", valueName: "seconds"))
    var traffic: Double?

    @Option(help: ArgumentHelp("Write the line of JSON to this file too, when the lab is ready.", valueName: "file"))
    var readyFile: String?

    @Option(help: ArgumentHelp("Write every planted secret to this new file.", valueName: "file"))
    var secretsFile: String?

    @Option(help: ArgumentHelp("Write what a bundle must still show to this file.", valueName: "file"))
    var evidenceFile: String?

    @Option(name: .customLong("for"), help: ArgumentHelp("End by itself after this time.", valueName: "seconds"))
    var duration: Double?

    func validate() throws {
        if let symptom, !Symptom.all.contains(where: { $0.id == symptom }) {
            throw ValidationError("there is no symptom '\(symptom)'; see 'apigee-lab list'")
        }
        for (name, value) in [("--traffic", traffic), ("--for", duration), ("--slowness", slowness)] {
            if let value, !(value > 0 && value < 1e6) { throw ValidationError("\(name) must be a number above 0") }
        }
    }

    func run() async throws {
        let end = EndSignal()
        var options = LabOptions()
        options.root = root.map { URL(fileURLWithPath: $0) }
        options.faults = Set(faults)
        options.slowness = slowness
        options.wiring = wiring
        options.engine = engine
        options.runsKernel = runsKernel
        options.login.asksForCode = asksForCode
        options.login.takesPasscodesOnly = takesPasscodesOnly
        options.login.tokenLifetime = tokenLifetime
        options.symptom = Symptom.all.first { $0.id == symptom }
        let lab = try await Lab.start(scenario: scenario, tls: tls, options: options)
        do {
            try tell(of: lab)
            await stay(with: lab, until: end)
        } catch {
            await lab.stop()
            throw error
        }
        await lab.stop()
    }

    private func tell(of lab: Lab) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let secretsFile { try lab.secrets.write(to: URL(fileURLWithPath: secretsFile)) }
        if let evidenceFile { try encoder.encode(lab.evidence).write(to: URL(fileURLWithPath: evidenceFile)) }
        let line = try encoder.encode(lab.info) + Data("\n".utf8)
        // The ready file appears whole, by a rename: whoever waits for it never reads half of it.
        if let readyFile { try line.write(to: URL(fileURLWithPath: readyFile), options: .atomic) }
        try FileHandle.standardOutput.write(contentsOf: line)
    }

    private func stay(with lab: Lab, until end: EndSignal) async {
        let limit = duration
        let period = traffic
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await end.wait() }
            if let limit { group.addTask { try? await Task.sleep(for: .seconds(limit)) } }
            if let period {
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(period))
                        if !Task.isCancelled { _ = try? await lab.playRequest() }
                    }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
