internal import SupportBundle

/// The playbooks on plain HTTP where TLS is expected, and the other way round.
struct PlainHTTPCase {
    let symptoms: Symptoms

    var verdicts: [Verdict] {
        for connection in symptoms.plainHTTP where connection.fact.tls {
            let warning = connection.fact.warnings.first { $0.contains("speaks plain HTTP") } ?? ""
            let evidence = [connection.evidence("frame \(connection.fact.firstFrame)", warning)] + told
            return warning.hasPrefix("the client")
                ? [
                    Cause.plainToTLS.verdict(
                        .certain, "the capture shows HTTP in clear to a port that answers in TLS", evidence)
                ]
                : [
                    Cause.tlsToPlain.verdict(
                        .certain, "the capture shows that the Client Hello is answered with HTTP in clear", evidence)
                ]
        }
        if let verdict = cutOff { return [verdict] }
        let pages = symptoms.evidence(of: [.plainHTTPToTLS])
        if !pages.isEmpty {
            return [Cause.plainToTLS.verdict(.certain, "a web server says so in its error page", pages)]
        }
        let answers = symptoms.evidence(of: [.answerNotTLS])
        if !answers.isEmpty {
            return [
                Cause.tlsToPlain.verdict(
                    .likely, "Java found no TLS in the backend's answer to its Client Hello", answers,
                    wouldSettle: [Words.settleCapture])
            ]
        }
        return []
    }

    private var told: [Verdict.Evidence] { symptoms.evidence(of: [.plainHTTPToTLS, .answerNotTLS]) }

    /// A request in clear that a port which speaks TLS with others ended without a word.
    private var cutOff: Verdict? {
        let speakers = symptoms.examples + symptoms.emptyCertificates + symptoms.sentCertificates
        for connection in symptoms.plainHTTP where !connection.fact.tls && connection.fact.closed?.from == .server {
            guard let speaker = speakers.first(where: { $0.fact.server == connection.fact.server }) else { continue }
            return Cause.plainToTLS.verdict(
                .likely, "a request in clear was cut off by a port that speaks TLS with others",
                [
                    connection.evidence(
                        "frame \(connection.fact.firstFrame)", connection.fact.warnings.first ?? "HTTP"),
                    speaker.evidence(
                        "frame \(speaker.fact.firstFrame)", "the same port speaks \(speaker.fact.version ?? "TLS")"),
                ], wouldSettle: [Words.settleProbe])
        }
        return nil
    }
}

/// The playbook on 502 by a handshake that is not finished in time.
struct TimeoutCase {
    let symptoms: Symptoms

    var verdicts: [Verdict] {
        let told = symptoms.evidence(of: [.handshakeTimeout])
        let silent = symptoms.unanswered.filter { ($0.fact.handshake ?? 0) >= 3 || !told.isEmpty }
        guard let connection = silent.first else {
            guard !told.isEmpty else { return abrupt }
            return [
                Cause.timeout.verdict(
                    .likely, "the Message Processor gave up waiting for the backend's part of the handshake", told,
                    wouldSettle: [Words.settleCapture])
            ]
        }
        let evidence = silent.prefix(3).flatMap { connection in
            connection.fact.warnings.prefix(2).map { connection.evidence("frame \(connection.fact.firstFrame)", $0) }
        }
        let wait = Seconds.text(connection.fact.handshake ?? 0)
        return [
            Cause.timeout.verdict(
                told.isEmpty ? .likely : .certain,
                "the capture shows a Client Hello that nothing answered for \(wait)", evidence + told,
                wouldSettle: [Words.settleLog])
        ]
    }

    /// The connection was ended right after the Client Hello.
    private var abrupt: [Verdict] {
        guard let connection = symptoms.unanswered.first(where: { $0.fact.closed?.from == .server }) else { return [] }
        let evidence = connection.fact.warnings.prefix(2).map {
            connection.evidence("frame \(connection.fact.firstFrame)", $0)
        }
        return [
            Cause.handshakeFailed.verdict(
                .possible,
                "the backend, or something before it, ended the connection right after the Client Hello, without an alert",
                Array(evidence), wouldSettle: [Words.settleProbe, Words.settleLog])
        ]
    }
}

/// The playbook on 400 SSL certificate error: a caller and the Router.
struct NorthboundCase {
    let symptoms: Symptoms

    var verdicts: [Verdict] {
        let none = symptoms.evidence(of: [.northboundNoCertificate])
        if !none.isEmpty {
            return [
                Cause.northboundNone.verdict(
                    .certain, "the Router's error page says that no certificate was sent", none)
            ]
        }
        let refused = symptoms.evidence(of: [.northboundCertificate])
        guard !refused.isEmpty else { return [] }
        return [
            Cause.northbound.verdict(
                .likely,
                "the Router's error page says that the certificate failed its check; whether it has expired, is the wrong "
                    + "one, or its issuer is missing in the trust store is not told", refused,
                wouldSettle: [Words.settleNorthbound])
        ]
    }
}
