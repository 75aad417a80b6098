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

/// What is looked for; a playbook names those that make sense for it.
public enum Analysis: String, Sendable, CaseIterable {
    /// No client certificate, or one whose issuer the backend does not accept.
    case clientCertificate = "client-certificate"
    /// A backend's certificate that is not trusted.
    case serverCertificate = "server-certificate"
    /// Versions, ciphers and names on which the two sides do not agree.
    case handshake
    /// Plain HTTP to a port that speaks TLS, or the other way round.
    case plainHTTP = "plain-http"
    case timeout
    /// TLS between client and Router.
    case clientConnection = "client-connection"
}

/// From facts to verdicts.
public enum Diagnosis {
    /// Weighs what the input holds. The most likely cause comes first; no verdict means that nothing tells of a failing
    /// handshake, or that it failed for a reason which no playbook here covers.
    public static func run(_ input: DiagnosisInput) -> DiagnosisReport {
        var connections: [TLSConnection] = []
        input.forEachConnection { connection, _ in connections.append(connection) }
        return DiagnosisReport(connections: connections, verdicts: verdicts(input))
    }

    /// The verdicts alone: of a large capture the connections are many.
    ///
    /// - Parameter only: what is looked for; `nil`: all that is known.
    public static func verdicts(_ input: DiagnosisInput, only: Set<Analysis>? = nil) -> [Verdict] {
        let wanted = only ?? Set(Analysis.allCases)
        guard !wanted.isEmpty else { return [] }
        let symptoms = Symptoms(input)
        func found(_ analysis: Analysis, _ verdicts: @autoclosure () -> [Verdict]) -> [Verdict] {
            wanted.contains(analysis) ? verdicts() : []
        }
        var verdicts = found(.clientCertificate, BadCertificateCase(input, symptoms).verdicts)
        var others = found(.serverCertificate, ServerCertificateCase(input, symptoms).verdicts)
        others += found(.handshake, HandshakeFailureCase(input, symptoms).verdicts)
        others += found(.plainHTTP, PlainHTTPCase(symptoms: symptoms).verdicts)
        others += found(.timeout, TimeoutCase(symptoms: symptoms).verdicts)
        others += found(.clientConnection, NorthboundCase(symptoms: symptoms).verdicts)
        if verdicts.contains(where: { $0.confidence > .possible }) {
            // A capture may hold other clients' troubles too: beside a cause that is known they need a record's word.
            others.removeAll { verdict in
                !verdict.evidence.contains { [.errorMessage, .messageProcessorLog, .trace].contains($0.item) }
            }
        } else if verdicts.isEmpty, others.isEmpty, wanted.contains(.handshake) {
            others = HandshakeFailureCase(input, symptoms).unexplained
        }
        verdicts += others
        return verdicts.sorted { $0.confidence > $1.confidence }
    }
}
