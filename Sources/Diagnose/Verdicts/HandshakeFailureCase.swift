internal import SupportBundle

/// The playbook on the alert handshake_failure: no version, cipher suite or server name that suits both ends.
///
/// A server tells with one alert of many causes. What it agrees to in other handshakes, captured or probed, tells them
/// apart.
struct HandshakeFailureCase {
    typealias Evidence = Verdict.Evidence

    private let input: DiagnosisInput
    private let symptoms: Symptoms

    init(_ input: DiagnosisInput, _ symptoms: Symptoms) {
        self.input = input
        self.symptoms = symptoms
    }

    var verdicts: [Verdict] {
        if let connection = symptoms.refusedHellos.first { return [refusedHello(connection)] }
        if let connection = symptoms.refusedServerHellos.first { return refusedServerHello(connection) }
        return told
    }

    /// The alert alone, and nothing that explains it.
    var unexplained: [Verdict] {
        guard !symptoms.handshakeFailures.isEmpty, symptoms.completed == 0 else { return [] }
        return [
            Cause.handshakeFailed.verdict(
                .possible,
                "the backend ends the handshake with handshake_failure, which has many causes: version, cipher suite, "
                    + "server name, or a client certificate that it misses; not enough evidence to tell which",
                symptoms.handshakeFailures, wouldSettle: [Words.settleCapture, Words.settleProbe, Words.settleKeystore])
        ]
    }

    private func refusedHello(_ connection: Symptoms.Connection) -> Verdict {
        let fact = connection.fact
        let alert = fact.alerts.first { $0.from == .server }?.description ?? ""
        let evidence = helloEvidence(connection) + connection.alertEvidence + toldEvidence
        switch alert {
        case "protocol_version", "inappropriate_fallback":
            return Cause.protocolMismatch.verdict(
                .certain,
                "the backend answers the Client Hello, which offers \(words(fact.offeredVersions)), with \(alert)",
                evidence, ruledOut: [.init(cause: "cipher-mismatch", why: "the alert names the protocol version")])
        case "unrecognized_name":
            return Cause.sniNeeded.verdict(
                .certain,
                fact.sni.map { "the backend does not know the server name \($0)" }
                    ?? "the backend misses a server name that it knows", evidence,
                ruledOut: [.init(cause: "cipher-mismatch", why: "the alert names the server name")])
        default: break
        }
        if let example = example(besides: connection), let verdict = compared(connection, example, evidence) {
            return verdict
        }
        if let verdict = probed(connection, evidence) { return verdict }
        let settle = [Words.settleHello, Words.settleProbe]
        if alert == "insufficient_security" {
            return Cause.cipherMismatch.verdict(
                .likely, "the backend asks for stronger cipher suites than are offered", evidence, wouldSettle: settle)
        }
        if !fact.offeredVersions.contains("TLS 1.2"), !fact.offeredVersions.contains("TLS 1.3") {
            return Cause.protocolMismatch.verdict(
                .likely,
                "the Client Hello offers \(words(fact.offeredVersions)) at best, which most backends refuse today",
                evidence, wouldSettle: settle)
        }
        if fact.sni == nil {
            return Cause.sniNeeded.verdict(
                .possible, "the Client Hello bears no server name, and the backend refuses it with \(alert)", evidence,
                wouldSettle: settle)
        }
        if !toldOf([.cipherMismatch]).isEmpty {
            return Cause.cipherMismatch.verdict(
                .likely, "the backend found no cipher suite in common", evidence, wouldSettle: settle)
        }
        return Cause.handshakeFailed.verdict(
            .possible,
            "the backend refuses the Client Hello with \(alert): there is no common cipher suite or version, or it wants "
                + "another server name; not enough evidence to tell which", evidence, wouldSettle: settle)
    }

    /// What the same server agreed to with another client.
    private func compared(
        _ connection: Symptoms.Connection, _ example: Symptoms.Connection, _ evidence: [Evidence]
    ) -> Verdict? {
        let fact = connection.fact
        guard let version = example.fact.version, let cipher = example.fact.cipher else { return nil }
        let found = example.evidence(
            "frame \(example.fact.firstFrame)", "the same backend agrees to \(version) with \(cipher)")
        if !fact.offeredVersions.contains(version) {
            return Cause.protocolMismatch.verdict(
                .likely, "the backend speaks \(version), the Client Hello offers \(words(fact.offeredVersions))",
                [found] + evidence, wouldSettle: [Words.settleProbe])
        }
        if fact.sni == nil, example.fact.sni != nil {
            return Cause.sniNeeded.verdict(
                .likely, "with a server name the backend completes the handshake, without one it refuses",
                [found] + evidence, wouldSettle: [Words.settleProbe])
        }
        if !fact.offeredCiphers.isEmpty, !fact.offeredCiphers.contains(cipher) {
            return Cause.cipherMismatch.verdict(
                .likely, "the backend agrees to \(cipher), which the Client Hello does not offer", [found] + evidence,
                wouldSettle: [Words.settleProbe])
        }
        return nil
    }

    private func example(besides connection: Symptoms.Connection) -> Symptoms.Connection? {
        symptoms.examples.first { $0.fact.server == connection.fact.server }
    }

    /// A probe with a server name that came through, where the failing handshake had none.
    private func probed(_ connection: Symptoms.Connection, _ evidence: [Evidence]) -> Verdict? {
        guard let probe = input.issuers.first(where: { !$0.fact.chain.isEmpty }) else { return nil }
        let found = probe.evidence(
            "line \(probe.fact.chain[0].line)", "the backend completes a probe: it sends its chain")
        if let version = probe.fact.protocolVersion, !connection.fact.offeredVersions.contains(version) {
            return Cause.protocolMismatch.verdict(
                .likely,
                "a probe agrees on \(version), the Client Hello offers \(words(connection.fact.offeredVersions))",
                [found] + evidence, wouldSettle: [Words.settleHello])
        }
        if connection.fact.sni == nil, probe.fact.sentServerName != false {
            return Cause.sniNeeded.verdict(
                .likely, "a probe with a server name completes, the Client Hello without one is refused",
                [found] + evidence, wouldSettle: [Words.settleHello])
        }
        if let cipher = probe.fact.cipher, !connection.fact.offeredCiphers.contains(cipher),
            !connection.fact.offeredCiphers.isEmpty
        {
            return Cause.cipherMismatch.verdict(
                .likely, "a probe agrees on \(cipher), which the Client Hello does not offer", [found] + evidence,
                wouldSettle: [Words.settleHello])
        }
        return nil
    }

    private func refusedServerHello(_ connection: Symptoms.Connection) -> [Verdict] {
        let fact = connection.fact
        guard let version = fact.version else { return [] }
        let evidence = helloEvidence(connection) + connection.alertEvidence + toldEvidence
        guard fact.alerts.first?.description == "protocol_version" || !fact.offeredVersions.contains(version) else {
            return [
                Cause.handshakeFailed.verdict(
                    .possible, "the client refuses what the backend chose: \(version) with \(fact.cipher ?? "?")",
                    evidence, wouldSettle: [Words.settleHello, Words.settleProbe])
            ]
        }
        return [
            Cause.protocolMismatch.verdict(
                .certain, "the backend chose \(version), which the client does not allow", evidence)
        ]
    }

    /// What log and trace alone tell.
    private var told: [Verdict] {
        guard !symptoms.isKnown, !symptoms.isServerRefused else { return [] }
        let settle = [Words.settleCapture, Words.settleProbe]
        if let alert = symptoms.allToldAlerts.first(where: { $0.name == "protocol_version" }) {
            return [
                Cause.protocolMismatch.verdict(
                    .certain, "the backend answers with the alert protocol_version", [alert.evidence],
                    ruledOut: [.init(cause: "cipher-mismatch", why: "the alert names the protocol version")])
            ]
        }
        if let alert = symptoms.allToldAlerts.first(where: { $0.name == "unrecognized_name" }) {
            return [
                Cause.sniNeeded.verdict(
                    .certain, "the backend answers with the alert unrecognized_name", [alert.evidence])
            ]
        }
        let versions = toldOf([.protocolMismatch])
        if !versions.isEmpty {
            return [
                Cause.protocolMismatch.verdict(
                    .likely, "Java finds no protocol version that both ends allow", versions, wouldSettle: settle)
            ]
        }
        let suites = toldOf([.cipherMismatch])
        if !suites.isEmpty {
            return [
                Cause.cipherMismatch.verdict(
                    .likely, "there is no cipher suite in common", suites, wouldSettle: settle)
            ]
        }
        return []
    }

    private var toldEvidence: [Evidence] {
        symptoms.allToldAlerts.prefix(2).map(\.evidence)
            + toldOf([.protocolMismatch, .cipherMismatch, .unknownName])
    }

    private func toldOf(_ signs: Set<FailureText.Sign>) -> [Evidence] { symptoms.evidence(of: signs) }

    private func helloEvidence(_ connection: Symptoms.Connection) -> [Evidence] {
        let fact = connection.fact
        let frame = fact.messages.first { $0.type == "client_hello" }?.frame ?? fact.firstFrame
        let name = fact.sni.map { ", server name \($0)" } ?? ", no server name"
        let more = fact.offeredCiphers.count > 8 ? " and \(fact.offeredCiphers.count - 8) more" : ""
        return [
            connection.evidence("frame \(frame)", "the client offers \(words(fact.offeredVersions))\(name)"),
            connection.evidence(
                "frame \(frame)", "cipher suites: " + fact.offeredCiphers.prefix(8).joined(separator: ", ") + more),
        ]
    }

    private func words(_ versions: [String]) -> String {
        versions.isEmpty ? "nothing" : versions.joined(separator: ", ")
    }
}
