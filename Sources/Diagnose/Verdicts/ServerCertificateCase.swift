internal import SupportBundle

/// The playbook on PKIX failures: our side refuses the backend's certificate. Chain, name and dates tell why.
struct ServerCertificateCase {
    typealias Evidence = Verdict.Evidence

    private let input: DiagnosisInput
    private let symptoms: Symptoms

    init(_ input: DiagnosisInput, _ symptoms: Symptoms) {
        self.input = input
        self.symptoms = symptoms
    }

    var verdicts: [Verdict] {
        guard symptoms.isServerRefused else { return [] }
        return [verdict]
    }

    /// The chain of the handshake that failed, or, where it is hidden, of one with the same server.
    private var shown: Symptoms.Connection? {
        (symptoms.clientRefusals + symptoms.hiddenClientRefusals + symptoms.examples).first {
            !$0.fact.serverCertificates.isEmpty
        }
    }

    private var verdict: Verdict {
        let evidence = baseEvidence
        let settle = self.settle
        if let found = toldOnly([.hostNameMismatch]) {
            return Cause.hostName.verdict(.certain, "Java says that the name does not match", found + evidence)
        }
        if let found = toldOnly([.expired]) {
            return Cause.serverExpired.verdict(
                .certain, "Java says that a certificate of the backend's chain is not valid at this time",
                found + evidence)
        }
        if let (text, found) = outOfDate {
            let isTold = symptoms.clientRefusals.contains {
                $0.fact.alerts.contains { $0.description == "certificate_expired" }
            }
            return Cause.serverExpired.verdict(
                isTold ? .certain : .likely, text, [found] + evidence, wouldSettle: settle)
        }
        let isChain =
            !symptoms.evidence(of: [.untrustedChain]).isEmpty
            || symptoms.clientRefusals.contains { $0.fact.alerts.contains { $0.description == "unknown_ca" } }
        if !isChain, let (text, found) = wrongName {
            return Cause.hostName.verdict(.likely, text, [found] + evidence, wouldSettle: settle)
        }
        if let (text, found, isSure) = gap {
            return Cause.chainIncomplete.verdict(
                isChain && isSure ? .certain : .likely, text, found + evidence, wouldSettle: settle)
        }
        let clear = !symptoms.clientRefusals.isEmpty
        let told = !symptoms.toldRefusals.isEmpty
        return Cause.untrusted.verdict(
            clear && told ? .certain : clear || told ? .likely : .possible, Words.serverSummary, evidence,
            ruledOut: [Words.noCertificateCause, Words.issuerCause].map {
                .init(cause: $0, why: "the Message Processor gave up first, before the backend judged its certificate")
            }, wouldSettle: settle)
    }

    private func toldOnly(_ signs: Set<FailureText.Sign>) -> [Evidence]? {
        let found = symptoms.evidence(of: signs)
        return found.isEmpty ? nil : found
    }

    private var baseEvidence: [Evidence] {
        var evidence = symptoms.toldRefusals
        for connection in (symptoms.clientRefusals + symptoms.hiddenClientRefusals).prefix(3) {
            evidence += connection.alertEvidence
        }
        if let shown, let leaf = shown.fact.serverCertificates.first {
            evidence.append(
                shown.evidence(
                    certificateFrame(shown), "the backend's certificate: subject \(leaf.subject), issuer \(leaf.issuer)"
                ))
        }
        for probe in input.issuers.prefix(2) {
            guard let code = probe.fact.verifyCode, code != 0 else { continue }
            evidence.append(
                probe.evidence(
                    "Verify return code", "openssl: \(code) \(probe.fact.verifyText ?? "")"))
        }
        return evidence
    }

    private func certificateFrame(_ connection: Symptoms.Connection) -> String {
        let message = connection.fact.messages.first { $0.type == "certificate" && $0.from == .server }
        return "frame \(message?.frame ?? connection.fact.firstFrame)"
    }

    private var outOfDate: (String, Evidence)? {
        guard let shown, shown.fact.outcome == .failed else { return nil }
        let at = shown.fact.startedAt
        for certificate in shown.fact.serverCertificates where !certificate.notAfter.isEmpty {
            let name = certificate.subject
            if Moment.isBefore(certificate.notAfter, at) {
                return (
                    "the certificate \(name) expired on \(certificate.notAfter)",
                    shown.evidence(certificateFrame(shown), "notAfter \(certificate.notAfter), handshake at \(at)")
                )
            }
            if Moment.isBefore(at, certificate.notBefore) {
                return (
                    "the certificate \(name) is not valid before \(certificate.notBefore)",
                    shown.evidence(certificateFrame(shown), "notBefore \(certificate.notBefore), handshake at \(at)")
                )
            }
        }
        return nil
    }

    private var wrongName: (String, Evidence)? {
        guard let shown, let name = shown.fact.sni, let leaf = shown.fact.serverCertificates.first,
            !HostNames.match(name, leaf)
        else { return nil }
        let names = HostNames.names(of: leaf)
        return (
            "the host is \(name), the certificate is for \(names.isEmpty ? leaf.subject : names.joined(separator: ", "))",
            shown.evidence(certificateFrame(shown), "alternative names: \(names.joined(separator: ", "))")
        )
    }

    /// The chain stops at an issuer that neither was sent nor is trusted.
    private var gap: (String, [Evidence], Bool)? {
        guard let shown else { return probedGap }
        let chain = shown.fact.serverCertificates
        guard let last = chain.last, !CertificateChain.endsInRoot(chain),
            let issuer = DistinguishedName(text: last.issuer)
        else { return nil }
        let trusted = input.trustedCertificates.flatMap { $0.fact.certInfo.compactMap(\.subjectName) }
        guard !trusted.contains(where: { $0.matches(issuer) }) else { return nil }
        let found = shown.evidence(
            certificateFrame(shown),
            "the backend sends \(chain.count) certificate(s), the last one issued by \(last.issuer), which is not sent")
        // A root is rarely sent: only the trust store tells whether it is the root or an intermediate that is missing.
        let isIntermediate = input.trustedCertificates.contains { store in
            store.fact.certInfo.contains { entry in
                guard let root = entry.subjectName else { return false }
                return chain.first.flatMap { DistinguishedName(text: $0.issuer) }?.sharesOrganization(with: root)
                    == true
            }
        }
        guard chain.count == 1 || isIntermediate else { return nil }
        return (
            "the backend's chain stops at \(last.issuer), which it does not send and which the trust store does not hold",
            [found], isIntermediate && !trusted.isEmpty
        )
    }

    /// What openssl says of the chain: 20 and 21 are a missing issuer.
    private var probedGap: (String, [Evidence], Bool)? {
        for probe in input.issuers {
            guard let code = probe.fact.verifyCode, [20, 21].contains(code), probe.fact.chain.count == 1,
                let leaf = probe.fact.chain.first, leaf.subject != leaf.issuer
            else { continue }
            return (
                "the backend sends one certificate alone, whose issuer \(leaf.issuer) is not sent",
                [probe.evidence("line \(leaf.line)", "i:\(leaf.issuer), verify return code \(code)")], false
            )
        }
        return nil
    }

    private var settle: [String] {
        var list: [String] = []
        if shown == nil { list.append(Words.settleCapture) }
        if symptoms.toldRefusals.isEmpty { list.append(Words.settleLog) }
        if input.trustedCertificates.isEmpty { list.append(Words.settleTrust) }
        if input.issuers.isEmpty { list.append(Words.settleProbe) }
        return list
    }
}

/// Times as this program writes them: ISO 8601 in UTC.
enum Moment {
    /// To the second, since certificates have no fractions.
    static func isBefore(_ a: String, _ b: String) -> Bool { a.prefix(19) < b.prefix(19) }
}

/// Host names against certificates (RFC 6125 section 6.4).
enum HostNames {
    static func names(of certificate: TLSConnection.Certificate) -> [String] {
        let alternatives = certificate.subjectAltNames.filter { !$0.contains("@") && !$0.contains("=") }
        if !alternatives.isEmpty { return alternatives }
        return [DistinguishedName(text: certificate.subject)?.value(of: "CN")].compactMap(\.self)
    }

    static func match(_ host: String, _ certificate: TLSConnection.Certificate) -> Bool {
        let host = host.lowercased()
        return names(of: certificate).contains { name in
            let name = name.lowercased()
            guard name.hasPrefix("*."), let dot = host.firstIndex(of: ".") else { return name == host }
            return host[dot...] == name.dropFirst()
        }
    }
}

extension DistinguishedName {
    /// Whether both name the same organization, or lie in the same domain: a hint that one issued the other.
    func sharesOrganization(with other: DistinguishedName) -> Bool {
        if let mine = value(of: "O"), let its = other.value(of: "O") { return mine.lowercased() == its.lowercased() }
        return false
    }
}
