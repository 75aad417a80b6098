internal import SupportBundle

/// What was seen of the failing handshake, by log, trace and capture.
struct Symptoms {
    typealias Evidence = Verdict.Evidence

    /// Alerts with which a server refuses a client's certificate, or its absence.
    static let certificateAlerts: Set<String> = [
        "bad_certificate", "unsupported_certificate", "certificate_revoked", "certificate_expired",
        "certificate_unknown", "unknown_ca", "access_denied", "certificate_required",
    ]

    typealias Connection = DiagnosisInput.Sourced<TLSConnection>

    /// Failed handshakes in which the client answered a CertificateRequest with an empty Certificate message.
    var emptyCertificates: [Connection] = []
    /// The same by lengths alone, in TLS 1.3.
    var hiddenEmptyCertificates: [Connection] = []
    /// Failed handshakes in which the client sent a certificate, and the server an alert about it.
    var sentCertificates: [Connection] = []
    /// By lengths alone, in TLS 1.3: the client sent a certificate, and the server an alert.
    var hiddenSentCertificates: [Connection] = []
    /// Handshakes in which our side refused the server.
    var clientRefusals: [Connection] = []
    /// The same by lengths alone, in TLS 1.3.
    var hiddenClientRefusals: [Connection] = []
    /// The server refused the Client Hello with an alert.
    var refusedHellos: [Connection] = []
    /// The client refused the Server Hello.
    var refusedServerHellos: [Connection] = []
    /// The Client Hello was not answered, or the connection was ended right after it.
    var unanswered: [Connection] = []
    /// One end spoke HTTP, the other TLS.
    var plainHTTP: [Connection] = []
    /// Alerts of the backend about our certificate, as log or trace tell.
    var toldAlerts: [(name: String, evidence: Evidence)] = []
    /// All alerts that log or trace tell of.
    var allToldAlerts: [(name: String, evidence: Evidence)] = []
    /// What else log and trace tell.
    var told: [(sign: FailureText.Sign, evidence: Evidence)] = []
    /// The alert handshake_failure, which some servers send for want of a client certificate, and many for other reasons.
    var handshakeFailures: [Evidence] = []
    var completed = 0
    var failed = 0
    /// Handshakes that completed, a few: what the server agrees to.
    var examples: [Connection] = []

    private static let maximumConnections = 64

    init(_ input: DiagnosisInput) {
        takeConnections(input)
        for log in Symptoms.relevantLogs(input) {
            for alert in log.fact.receivedAlerts {
                toldAlerts.append((alert.name, log.evidence("line \(alert.finding.line)", alert.finding.text)))
            }
            for (sign, finding) in log.fact.signs {
                told.append((sign, log.evidence("line \(finding.line)", finding.text)))
            }
        }
        for trace in input.traces {
            for (sign, cause) in trace.fact.signs {
                let evidence = trace.evidence(cause.location, cause.text)
                if case .receivedAlert(let name) = sign {
                    toldAlerts.append((name, evidence))
                } else {
                    told.append((sign, evidence))
                }
            }
        }
        allToldAlerts = toldAlerts
        handshakeFailures = toldAlerts.filter { $0.name == "handshake_failure" }.prefix(3).map(\.evidence)
        toldAlerts.removeAll { !Symptoms.certificateAlerts.contains($0.name) }
    }

    /// Signs that our side refused the backend's certificate, as the log tells.
    var toldRefusals: [Evidence] { evidence(of: [.untrustedChain, .hostNameMismatch, .expired, .refusedServer]) }

    func evidence(of signs: Set<FailureText.Sign>) -> [Evidence] {
        told.filter { signs.contains($0.sign) }.prefix(3).map(\.evidence)
    }

    /// The records of the failing request where there are any; else the slices, which hold other requests as well.
    static func relevantLogs(_ input: DiagnosisInput) -> [DiagnosisInput.Sourced<LogFacts>] {
        let records = input.logs.filter { $0.kind == .errorMessage }
        return records.contains { $0.fact.isTelling }
            ? records : input.logs
    }

    /// Takes the connections to the backend: by port where it is known, then by address if any has one of those. Of
    /// those that completed a few are enough.
    private mutating func takeConnections(_ input: DiagnosisInput) {
        func hasPort(_ preview: ConnectionPreview) -> Bool {
            (preview.tls || preview.hasPlainWords)
                && (input.serverPort == nil || preview.serverPort == input.serverPort)
        }
        var hasAddress = false
        if !input.backendIPs.isEmpty {
            for capture in input.captures {
                capture.fact.forEachConnection { preview in
                    if hasPort(preview), input.backendIPs.contains(preview.serverIP) { hasAddress = true }
                    return false
                } _: { _ in
                }
            }
        }
        for capture in input.captures {
            capture.fact.forEachConnection { preview in
                guard hasPort(preview), !hasAddress || input.backendIPs.contains(preview.serverIP) else { return false }
                guard preview.outcome == .completed, preview.tls else { return true }
                completed += 1
                return completed <= 8
            } _: { connection in
                take(.init(fact: connection, kind: .packetCapture, path: capture.path))
            }
        }
    }

    private mutating func take(_ connection: Connection) {
        let fact = connection.fact
        if fact.mixesPlainHTTP || !fact.tls {
            Symptoms.keep(connection, in: &plainHTTP)
            return
        }
        switch fact.outcome {
        case .completed:
            examples.append(connection)
            return
        case .incomplete:
            if fact.isUnanswered { Symptoms.keep(connection, in: &unanswered) }
            return
        case .failed: failed += 1
        }
        let fromClient = fact.alerts.first { $0.from == .client && $0.code != 0 && $0.code != 90 }
        let fromServer = fact.alerts.first { $0.from == .server && $0.code != 0 && $0.level != "warning" }
        if let fromClient, fromServer == nil || fromClient.frame < fromServer?.frame ?? 0 {
            takeRefusal(connection, fromClient)
            return
        }
        if fact.version == nil, fact.offeredVersions.isEmpty == false, fact.serverCertificates.isEmpty {
            if fromServer == nil {
                Symptoms.keep(connection, in: &unanswered)
            } else {
                Symptoms.keep(connection, in: &refusedHellos)
            }
            return
        }
        if let certificate = fact.clientCertificate {
            if certificate.count == 0 {
                Symptoms.keep(connection, in: &emptyCertificates)
            } else if fromServer.map({ Symptoms.certificateAlerts.contains($0.description) }) == true {
                Symptoms.keep(connection, in: &sentCertificates)
            }
        } else if fact.version == "TLS 1.3", let record = fact.messages.first(where: { $0.isHiddenClientRecord }),
            Conversation.hiddenEmptyCertificateLengths.contains(record.length)
        {
            Symptoms.keep(connection, in: &hiddenEmptyCertificates)
        } else if fact.version == "TLS 1.3", fromServer?.encrypted == true,
            let record = fact.messages.first(where: { $0.isHiddenClientRecord }),
            record.length > Symptoms.smallestCertificateRecord
        {
            Symptoms.keep(connection, in: &hiddenSentCertificates)
        }
    }

    /// A Finished message is much shorter, a Certificate message with one certificate is not.
    private static let smallestCertificateRecord = 200

    /// Our side ended the handshake.
    private mutating func takeRefusal(_ connection: Connection, _ alert: TLSConnection.Alert) {
        if alert.encrypted {
            if connection.fact.version == "TLS 1.3" { Symptoms.keep(connection, in: &hiddenClientRefusals) }
        } else if Symptoms.certificateAlerts.contains(alert.description) {
            Symptoms.keep(connection, in: &clientRefusals)
        } else if ["protocol_version", "illegal_parameter", "handshake_failure", "insufficient_security"].contains(
            alert.description)
        {
            Symptoms.keep(connection, in: &refusedServerHellos)
        }
    }

    private static func keep(_ connection: Connection, in list: inout [Connection]) {
        if list.count < maximumConnections { list.append(connection) }
    }

    /// The capture shows, in clear or by lengths, that no certificate was sent.
    var sawEmptyCertificate: Bool { !emptyCertificates.isEmpty || !hiddenEmptyCertificates.isEmpty }

    /// When a handshake failed, as the capture tells.
    var failedAt: String? {
        (emptyCertificates + hiddenEmptyCertificates + sentCertificates + hiddenSentCertificates).first?.fact.startedAt
    }

    /// Whether handshakes failed for reasons that are not these.
    var sawOtherFailure: Bool { failed > 0 && !isKnown && !isServerRefused }

    /// Whether anything tells that the backend refused our certificate or its absence.
    var isKnown: Bool {
        !emptyCertificates.isEmpty || !sentCertificates.isEmpty || !hiddenEmptyCertificates.isEmpty
            || !hiddenSentCertificates.isEmpty || !toldAlerts.isEmpty
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
        for connection in hiddenSentCertificates.prefix(3) {
            let record = connection.fact.messages.first { $0.isHiddenClientRecord }
            evidence.append(
                connection.evidence(
                    "frame \(record?.frame ?? 0)",
                    "the client's first encrypted record has \(record?.length ?? 0) bytes: by its length a certificate")
            )
            evidence += connection.alertEvidence
        }
        return evidence
    }
}

extension TLSConnection {
    /// A Client Hello, and nothing from the server.
    fileprivate var isUnanswered: Bool {
        !offeredVersions.isEmpty && !messages.contains { $0.from == .server }
    }

    /// The warning that one end speaks plain HTTP.
    fileprivate var mixesPlainHTTP: Bool { warnings.contains { $0.contains("speaks plain HTTP") } }
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
