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

/// From facts to verdicts.
public enum Diagnosis {
    /// Weighs what the input holds. The most likely cause comes first; no verdict means that nothing tells of a failing
    /// handshake, or that it failed for a reason which no playbook here covers.
    public static func run(_ input: DiagnosisInput) -> DiagnosisReport {
        let verdicts = BadCertificateCase(input).verdicts.sorted { $0.confidence > $1.confidence }
        return DiagnosisReport(connections: input.connections.map(\.fact), verdicts: verdicts)
    }
}
