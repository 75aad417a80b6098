internal import FoundationEssentials
public import SupportBundle

/// What `diagnose --json` prints.
public struct DiagnosisReport: Codable, Sendable, Equatable {
    public var schema = 1
    public var connections: [TLSConnection]
    public var verdicts: [Verdict]

    public init(connections: [TLSConnection], verdicts: [Verdict]) {
        self.connections = connections
        self.verdicts = verdicts
    }
}

extension DiagnosisReport {
    /// As `diagnose --json` prints it: pretty, keys sorted, a line feed at the end.
    /// - Throws: `FactError` when it cannot be encoded, which no report does.
    public func encoded() throws(FactError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [0x0A]
        } catch {
            throw FactError(.damaged, "diagnosis", "it could not be encoded")
        }
    }
}

/// From facts to verdicts.
public enum Diagnosis {
    /// Weighs what the input holds. The most likely cause comes first; no verdict means that nothing tells of a failing
    /// handshake, or that it failed for a reason which no playbook here covers.
    public static func run(_ input: DiagnosisInput) -> DiagnosisReport {
        let verdicts = BadCertificateCase(input).verdicts.sorted { $0.confidence > $1.confidence }
        return DiagnosisReport(connections: input.connections.map(\.fact), verdicts: verdicts)
    }
}
