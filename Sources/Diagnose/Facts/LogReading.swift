public import SupportBundle

/// Reads a log of any size piece by piece for a ``DiagnosisInput``, in bounded memory.
public struct LogReading: Sendable {
    private var facts = LogFacts()
    private var lines = 0
    private var held: [UInt8] = []
    /// Inside of a line of which the rest is passed over.
    private var isOverlong = false

    /// More of a line is not looked at.
    private static let longestLine = 1 << 20

    public init() {}

    /// Takes the next bytes.
    public mutating func append(_ bytes: [UInt8]) {
        var piece = bytes[...]
        if isOverlong {
            guard let end = piece.firstIndex(of: 0x0A) else { return }
            piece = piece[(end + 1)...]
            isOverlong = false
        }
        held += piece
        if let end = held.lastIndex(of: 0x0A) {
            lines = facts.append(Array(held[...end]), after: lines)
            held.removeSubrange(...end)
        }
        if held.count > Self.longestLine {
            lines = facts.append(held, after: lines)
            held = []
            isOverlong = true
        }
    }

    /// Ends the log.
    public mutating func finish() {
        lines = facts.append(held, after: lines)
        held = []
    }

    fileprivate var result: LogFacts { facts }
}

extension DiagnosisInput {
    /// Takes a log that was read piece by piece and is finished.
    public mutating func add(log: LogReading, kind: ItemKind, path: String) {
        logs.append(Sourced(fact: log.result, kind: kind, path: path))
    }

    /// Takes over what another input holds.
    public mutating func add(_ other: DiagnosisInput) {
        endpoints += other.endpoints
        targetServers += other.targetServers
        references += other.references
        keystores += other.keystores
        certificates += other.certificates
        trustedCertificates += other.trustedCertificates
        issuers += other.issuers
        logs += other.logs
        traces += other.traces
        captures += other.captures
        refusals += other.refusals
    }

    /// How many records and connections tell of a failing handshake, and where the first of them is.
    public var failureSigns: (count: Int, first: Verdict.Evidence?) {
        var count = 0
        var first: Verdict.Evidence?
        for log in logs {
            let findings = log.fact.receivedAlerts.map(\.finding) + log.fact.signs.map(\.finding)
            count += findings.count
            if first == nil, let finding = findings.min(by: { $0.line < $1.line }) {
                first = log.evidence("line \(finding.line)", finding.text)
            }
        }
        forEachConnection { connection, path in
            guard connection.outcome == .failed else { return }
            count += 1
            first =
                first
                ?? Verdict.Evidence(
                    item: .packetCapture, path: path, location: "frame \(connection.firstFrame)",
                    text: "a TLS handshake failed")
        }
        return (count, first)
    }
}
