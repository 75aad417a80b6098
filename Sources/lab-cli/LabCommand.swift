public import ArgumentParser
public import Lab

/// The program `apigee-lab`.
@main
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apigee-lab", abstract: "Plays Apigee Edge on 127.0.0.1, for demonstrations and tests.",
        discussion: """
            Nothing of it is real: names, certificates and secrets are new in every run.

            EXAMPLE
              apigee-lab run --scenario no-client-certificate --traffic 5
            """,
        subcommands: [RunCommand.self, ScenariosCommand.self])
}

/// Lists what the lab can play.
struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the scenarios and the faults.",
        discussion: """
            EXAMPLE
              apigee-lab list
            """)

    func run() {
        print("scenarios: \(Scenario.allCases.map(\.rawValue).joined(separator: " "))")
        print("symptoms: \(Symptom.all.map(\.id).joined(separator: " "))")
        print("of them of requests: \(Symptom.all.filter(\.isRequest).map(\.id).joined(separator: " "))")
        print("faults: \(Fault.allCases.map(\.rawValue).joined(separator: " "))")
    }
}

extension Scenario: ExpressibleByArgument {}
extension TLSVersion: ExpressibleByArgument {}
extension Fault: ExpressibleByArgument {}
extension Wiring: ExpressibleByArgument {}
extension EngineChoice: ExpressibleByArgument {}
