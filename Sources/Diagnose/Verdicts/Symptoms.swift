internal import SupportBundle

/// What was seen of the failing handshake, by log, trace and capture.
struct Symptoms {
    typealias Evidence = Verdict.Evidence

    /// Alerts with which a server refuses a client's certificate, or its absence.
    static let certificateAlerts: Set<String> = [
        "bad_certificate", "unsupported_certificate", "certificate_revoked", "certificate_expired",
        "certificate_unknown", "unknown_ca", "access_denied", "certificate_required",
    ]

    /// Failed handshakes in which the client answered a CertificateRequest with an empty Certificate message.
    var emptyCertificates: [DiagnosisInput.Sourced<TLSConnection>] = []
    /// The same by lengths alone, in TLS 1.3.
    var hiddenEmptyCertificates: [DiagnosisInput.Sourced<TLSConnection>] = []
    /// Failed handshakes in which the client sent a certificate, and the server an alert about it.
    var sentCertificates: [DiagnosisInput.Sourced<TLSConnection>] = []
    /// Handshakes in which our side refused the server.
    var clientRefusals: [DiagnosisInput.Sourced<TLSConnection>] = []
    /// The same by lengths alone, in TLS 1.3.
    var hiddenClientRefusals: [DiagnosisInput.Sourced<TLSConnection>] = []
    /// Alerts of the backend about our certificate, as log or trace tell.
    var toldAlerts: [(name: String, evidence: Evidence)] = []
    /// Our side refused the server's certificate, as the log tells.
    var toldRefusals: [Evidence] = []
    /// The alert handshake_failure, which some servers send for want of a client certificate, and many for other reasons.
    var handshakeFailures: [Evidence] = []
    var completed = 0
    var failed = 0

    init(_ input: DiagnosisInput) {
        for connection in Symptoms.relevant(input) { take(connection) }
        let logs = Symptoms.relevantLogs(input)
        for log in logs {
            for alert in log.fact.receivedAlerts {
                toldAlerts.append((alert.name, log.evidence("line \(alert.finding.line)", alert.finding.text)))
            }
            toldRefusals += log.fact.serverRefused.map { log.evidence("line \($0.line)", $0.text) }
        }
        for trace in input.traces {
            for alert in trace.fact.receivedAlerts {
                toldAlerts.append((alert.name, trace.evidence(alert.cause.location, alert.cause.text)))
            }
        }
        handshakeFailures = toldAlerts.filter { $0.name == "handshake_failure" }.prefix(3).map(\.evidence)
        toldAlerts.removeAll { !Symptoms.certificateAlerts.contains($0.name) }
    }

    /// The records of the failing request where there are any; else the slices, which hold other requests as well.
    static func relevantLogs(_ input: DiagnosisInput) -> [DiagnosisInput.Sourced<LogFacts>] {
        let records = input.logs.filter { $0.kind == .errorMessage }
        return records.contains { !$0.fact.receivedAlerts.isEmpty || !$0.fact.serverRefused.isEmpty }
            ? records : input.logs
    }

    /// Connections to the backend: by port where it is known, then by address if any has one of those.
    private static func relevant(_ input: DiagnosisInput) -> [DiagnosisInput.Sourced<TLSConnection>] {
        let byPort = input.connections.filter {
            $0.fact.tls && (input.serverPort == nil || $0.fact.server.port == input.serverPort)
        }
        let byAddress = byPort.filter { input.backendIPs.contains($0.fact.server.ip) }
        return byAddress.isEmpty ? byPort : byAddress
    }

    private mutating func take(_ connection: DiagnosisInput.Sourced<TLSConnection>) {
        let fact = connection.fact
        switch fact.outcome {
        case .completed: completed += 1
        case .incomplete: return
        case .failed: failed += 1
        }
        guard fact.outcome == .failed else { return }
        let fromClient = fact.alerts.first { $0.from == .client && $0.code != 0 && $0.code != 90 }
        let fromServer = fact.alerts.first { $0.from == .server && $0.code != 0 }
        if let fromClient, fromServer == nil || fromClient.frame < fromServer?.frame ?? 0 {
            if fromClient.encrypted {
                hiddenClientRefusals.append(connection)
            } else if Symptoms.certificateAlerts.contains(fromClient.description) {
                clientRefusals.append(connection)
            }
            return
        }
        if let certificate = fact.clientCertificate {
            if certificate.count == 0 {
                emptyCertificates.append(connection)
            } else if fromServer.map({ Symptoms.certificateAlerts.contains($0.description) }) == true {
                sentCertificates.append(connection)
            }
        } else if fact.version == "TLS 1.3", let record = fact.messages.first(where: { $0.isHiddenClientRecord }),
            Conversation.hiddenEmptyCertificateLengths.contains(record.length)
        {
            hiddenEmptyCertificates.append(connection)
        }
    }

    /// Whether handshakes failed for reasons that are not these.
    var sawOtherFailure: Bool { failed > 0 && !isKnown && !isServerRefused }

    /// Whether anything tells that the backend refused our certificate or its absence.
    var isKnown: Bool {
        !emptyCertificates.isEmpty || !sentCertificates.isEmpty || !hiddenEmptyCertificates.isEmpty
            || !toldAlerts.isEmpty
    }

    /// Whether what is known is that our side refused the backend.
    var isServerRefused: Bool {
        guard emptyCertificates.isEmpty, sentCertificates.isEmpty, toldAlerts.isEmpty else { return false }
        return !clientRefusals.isEmpty || !toldRefusals.isEmpty || !hiddenClientRefusals.isEmpty
    }

    /// A strong sign: the capture shows it in clear, or the log names the alert.
    var isStrong: Bool { !emptyCertificates.isEmpty || !sentCertificates.isEmpty || !toldAlerts.isEmpty }

    /// The evidence of the symptom: at most three connections and three lines.
    var evidence: [Evidence] {
        var evidence = toldAlerts.prefix(3).map(\.evidence)
        for connection in emptyCertificates.prefix(3) { evidence += connection.emptyCertificateEvidence }
        for connection in sentCertificates.prefix(3) { evidence += connection.sentCertificateEvidence }
        for connection in hiddenEmptyCertificates.prefix(3) {
            evidence += connection.fact.warnings.map { connection.evidence("frame \(connection.fact.firstFrame)", $0) }
        }
        return evidence
    }
}

extension TLSConnection.Message {
    fileprivate var isHiddenClientRecord: Bool { from == .client && type == "encrypted" }
}

extension DiagnosisInput.Sourced {
    func evidence(_ location: String, _ text: String) -> Verdict.Evidence {
        Verdict.Evidence(item: kind, path: path, location: location, text: text)
    }
}

extension DiagnosisInput.Sourced<TLSConnection> {
    var alertEvidence: [Verdict.Evidence] {
        fact.alerts.filter { $0.code != 0 }.prefix(1).map { alert in
            evidence(
                "frame \(alert.frame)",
                "the \(alert.from.rawValue) sends "
                    + (alert.encrypted ? "an encrypted alert" : "the \(alert.level) alert \(alert.description)"))
        }
    }

    fileprivate var emptyCertificateEvidence: [Verdict.Evidence] {
        var list: [Verdict.Evidence] = []
        if let request = fact.certificateRequest {
            list.append(
                evidence(
                    "frame \(request.frame)",
                    "the backend asks for a client certificate"
                        + (request.authorities.isEmpty
                            ? " of any issuer"
                            : " of one of \(request.authorities.count) issuer(s)")))
        }
        if let certificate = fact.clientCertificate {
            list.append(evidence("frame \(certificate.frame)", "the client answers with an empty Certificate message"))
        }
        return list + alertEvidence
    }

    fileprivate var sentCertificateEvidence: [Verdict.Evidence] {
        guard let message = fact.clientCertificate else { return alertEvidence }
        let leaf = message.certificates.first
        return [
            evidence(
                "frame \(message.frame)",
                "the client sends a certificate: subject \(leaf?.subject ?? "?"), issuer \(leaf?.issuer ?? "?")")
        ] + alertEvidence
    }
}
