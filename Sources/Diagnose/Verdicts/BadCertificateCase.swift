internal import SupportBundle

/// The playbook `tls-bad-certificate`: the backend refuses the TLS client certificate of the Message Processor.
///
/// Without a certificate to show, and with one from an issuer that the backend does not accept, a Java client sends the
/// same empty Certificate message and receives the same alert. Only the keystore and the list of accepted issuers tell
/// the two causes apart.
struct BadCertificateCase {
    static let playbook = "tls-bad-certificate"

    private let input: DiagnosisInput
    private let symptoms: Symptoms
    private let identity: ClientIdentity
    private let lists: [IssuerCheck.List]
    private let issuer: IssuerCheck

    init(_ input: DiagnosisInput, _ symptoms: Symptoms) {
        self.input = input
        self.symptoms = symptoms
        identity = ClientIdentity.find(in: input)
        lists = IssuerCheck.lists(in: input, symptoms)
        var chain: IssuerCheck.Chain?
        if let sent = symptoms.sentCertificates.first {
            chain = IssuerCheck.chain(of: sent)
        } else if case .present(_, let certificate, _) = identity {
            chain = IssuerCheck.chain(of: certificate)
        }
        issuer = IssuerCheck.check(chain, against: lists)
    }

    var verdicts: [Verdict] {
        if symptoms.isServerRefused { return [] }
        guard symptoms.isKnown else { return verdictsOnPaper }
        if !symptoms.sentCertificates.isEmpty { return [refusedThoughSent] }
        switch identity {
        case .missing(let why, let evidence):
            return [
                noCertificate(
                    alertsImplySent ? .possible : symptoms.isStrong ? .certain : .likely, why,
                    evidence + symptoms.evidence,
                    ruledOut: "there is no certificate whose issuer could be compared")
            ]
        case .present(let words, let certificate, let evidence):
            return worksNow ? [] : present(words, certificate, evidence)
        case .unknown:
            return unknownIdentity
        }
    }

    /// The failure is a thing of the past: keystore and issuer are right, and the capture shows handshakes with the
    /// backend that complete and none that fails.
    private var worksNow: Bool {
        guard symptoms.completed > 0, symptoms.failed == 0 else { return false }
        return switch issuer {
        case .accepted, .anyIssuer: true
        case .refused, .unknown: false
        }
    }

    /// Nothing tells that the backend refused a certificate, but configuration and certificates are at hand, and either
    /// nothing else is, or an alert that may mean it.
    private var verdictsOnPaper: [Verdict] {
        let isOnlyPaper = input.logs.isEmpty && input.traces.isEmpty && !input.hasCapture
        guard input.playbook == BadCertificateCase.playbook, symptoms.completed == 0, !symptoms.sawOtherFailure,
            isOnlyPaper || !symptoms.handshakeFailures.isEmpty
        else { return [] }
        if case .missing(let why, let evidence) = identity {
            return [noCertificate(.likely, why, evidence + symptoms.handshakeFailures, ruledOut: nil)]
        }
        if case .present(let words, _, let present) = identity,
            case .refused(let name, let count, let evidence) = issuer
        {
            return [
                notAccepted(
                    .likely, Words.refused(name, count), present + evidence + symptoms.handshakeFailures,
                    ruledOut: words)
            ]
        }
        return []
    }

    /// Alerts that a server sends about a certificate which it has seen, and never for want of one.
    private static let alertsAboutSent: Set<String> = [
        "unsupported_certificate", "certificate_revoked", "certificate_expired", "unknown_ca",
    ]

    /// Log or trace tell of such an alert, or the lengths in the capture of a certificate; it shows no empty message.
    private var alertsImplySent: Bool {
        guard !symptoms.sawEmptyCertificate else { return false }
        guard symptoms.hiddenSentCertificates.isEmpty else { return true }
        return !symptoms.toldAlerts.isEmpty
            && symptoms.toldAlerts.allSatisfy { Self.alertsAboutSent.contains($0.name) }
    }

    // MARK: With a certificate in the keystore

    private func present(
        _ words: String, _ certificate: DiagnosisInput.Sourced<CertificateInfo>?, _ evidence: [Verdict.Evidence]
    ) -> [Verdict] {
        let all = evidence + symptoms.evidence
        switch issuer {
        case .refused(let name, let count, let found):
            let hasStore = !input.keystores.isEmpty
            let confidence: Verdict.Confidence = symptoms.isStrong && hasStore ? .certain : .likely
            if let missing = IssuerCheck.intermediate(named: name, lists, input) {
                return [
                    notAccepted(
                        confidence, Words.intermediateMissing(name, missing.issuer), [missing.evidence] + found + all,
                        ruledOut: words)
                ]
            }
            let why =
                symptoms.sawEmptyCertificate ? Words.refused(name, count) : Words.notAmong(name, count)
            return [notAccepted(confidence, why, found + all, ruledOut: words)]
        case .unknown:
            if let dated = outOfDate(certificate) {
                return [
                    notAccepted(
                        toldExpired ? .certain : .likely, dated.words, [dated.evidence] + all, ruledOut: words)
                ]
            }
            return [
                notAccepted(
                    .likely, "\(words), yet the backend refuses it; which issuers the backend accepts is not known yet",
                    all, ruledOut: words)
            ]
        case .accepted(let issuer, let found): return accepted(words, issuer, certificate, found + all)
        case .anyIssuer(let found):
            return accepted(words, "the backend names no issuers", certificate, found + all)
        }
    }

    /// The issuer is one that the backend accepts, and still the handshake fails.
    private func accepted(
        _ words: String, _ accepted: String, _ certificate: DiagnosisInput.Sourced<CertificateInfo>?,
        _ evidence: [Verdict.Evidence]
    ) -> [Verdict] {
        if let dated = outOfDate(certificate) {
            return [
                notAccepted(
                    toldExpired ? .certain : .likely, "\(dated.words) (\(accepted))", [dated.evidence] + evidence,
                    ruledOut: words)
            ]
        }
        if let usage = wrongUsage(certificate) {
            let told = symptoms.toldAlerts.contains { $0.name == "unsupported_certificate" }
            return [
                notAccepted(
                    told ? .certain : .likely, usage.words, [usage.evidence] + evidence, ruledOut: words)
            ]
        }
        if symptoms.sawEmptyCertificate {
            return [staleKeystore("\(words) and \(accepted), yet no certificate was sent", evidence)]
        }
        let other = notAccepted(
            alertsImplySent ? .likely : .possible,
            "\(words) and \(accepted), yet the backend refuses it: an intermediate certificate may be missing, or the "
                + "backend has a reason of its own", evidence, ruledOut: alertsImplySent ? words : nil)
        if alertsImplySent { return [other] }
        return [staleKeystore("\(words) and \(accepted); whether it was sent is not known", evidence), other]
    }

    private var toldExpired: Bool { symptoms.toldAlerts.contains { $0.name == "certificate_expired" } }

    /// The management API shows a certificate that should have been sent: the Message Processor may hold another state.
    private func staleKeystore(_ words: String, _ evidence: [Verdict.Evidence]) -> Verdict {
        var verdict = noCertificate(
            .possible, "\(words): the Message Processor may still use an older state of the keystore", evidence,
            ruledOut: nil)
        verdict.resolution = Words.staleResolution
        verdict.ruledOut = [.init(cause: Words.issuerCause, why: "the issuer is one that the backend accepts")]
        return verdict
    }

    /// The capture shows that a certificate was sent, and refused.
    private var refusedThoughSent: Verdict {
        let sent = symptoms.sentCertificates[0]
        let frame = sent.fact.clientCertificate?.frame ?? 0
        let why = "the capture shows that a certificate was sent (frame \(frame))"
        let alert = sent.fact.alerts.first { $0.from == .server && $0.level != "warning" }?.description ?? "alert"
        let evidence = symptoms.evidence
        let leaf = sent.fact.clientCertificate?.certificates.first
        if let leaf, let words = LeafCheck.outOfDate(leaf, at: sent.fact.startedAt) {
            let found = sent.evidence(
                "frame \(frame)",
                "notBefore \(leaf.notBefore), notAfter \(leaf.notAfter), sent at \(sent.fact.startedAt)")
            return notAccepted(
                alert == "certificate_expired" ? .certain : .likely, words, [found] + evidence, ruledOut: why)
        }
        if let leaf, let words = LeafCheck.wrongUsage(leaf) {
            return notAccepted(
                alert == "unsupported_certificate" ? .certain : .likely, words,
                [sent.evidence("frame \(frame)", words)] + evidence, ruledOut: why)
        }
        if case .refused(let name, let count, let found) = issuer {
            let sure = !input.keystores.isEmpty || alert == "unknown_ca"
            if let missing = IssuerCheck.intermediate(named: name, lists, input) {
                return notAccepted(
                    sure ? .certain : .likely, Words.intermediateMissing(name, missing.issuer),
                    [missing.evidence] + found + evidence, ruledOut: why)
            }
            return notAccepted(
                sure ? .certain : .likely, Words.notAmong(name, count), found + evidence, ruledOut: why)
        }
        if alert == "certificate_expired" {
            return notAccepted(.likely, Words.expired("the backend says so"), evidence, ruledOut: why)
        }
        return notAccepted(
            alert == "unknown_ca" ? .likely : .possible,
            "a certificate was sent and refused with \(alert): the backend does not trust its issuer, misses an "
                + "intermediate certificate, or refuses this certificate for a reason of its own",
            evidence, ruledOut: why)
    }

    // MARK: Without facts about the keystore

    private var unknownIdentity: [Verdict] {
        if case .anyIssuer(let found) = issuer, !symptoms.emptyCertificates.isEmpty {
            return [
                noCertificate(
                    .likely,
                    "the backend takes certificates of any issuer, and still none was sent",
                    found + symptoms.evidence, ruledOut: "the backend names no issuers, so none is excluded")
            ]
        }
        let evidence = symptoms.evidence + lists.prefix(1).map(\.evidence)
        if alertsImplySent {
            let alert = symptoms.toldAlerts.first?.name ?? "an alert that TLS 1.3 hides"
            return [
                notAccepted(
                    alert == "unknown_ca" ? .likely : .possible,
                    "the backend refuses the client certificate with \(alert), after a certificate was sent", evidence,
                    ruledOut: "the backend judges a certificate that was sent")
            ]
        }
        return [
            noCertificate(.possible, Words.onlyAlert, evidence, ruledOut: nil),
            notAccepted(.possible, Words.onlyAlert, evidence, ruledOut: nil),
        ]
    }

    /// Whether the leaf was out of date when the handshake failed, or when the management API answered.
    private func outOfDate(
        _ certificate: DiagnosisInput.Sourced<CertificateInfo>?
    ) -> (words: String, evidence: Verdict.Evidence)? {
        guard let certificate, let leaf = certificate.fact.certInfo.first else { return nil }
        func text(_ milliseconds: Int?) -> String? { milliseconds.map { TimeText.text(seconds: Int64($0 / 1_000)) } }
        if let failedAt = symptoms.failedAt {
            if let end = text(leaf.expiryDate), Moment.isBefore(end, failedAt) {
                return (
                    Words.expired("on \(end)"),
                    certificate.evidence("certInfo[0].expiryDate", "expired on \(end), handshake at \(failedAt)")
                )
            }
            if let begin = text(leaf.validFrom), Moment.isBefore(failedAt, begin) {
                return (
                    Words.notYetValid(begin),
                    certificate.evidence("certInfo[0].validFrom", "valid from \(begin), handshake at \(failedAt)")
                )
            }
            return nil
        }
        guard leaf.isValid == false else { return nil }
        let dates = "valid from \(text(leaf.validFrom) ?? "?") to \(text(leaf.expiryDate) ?? "?")"
        return (
            "the client certificate is out of date: \(dates)",
            certificate.evidence("certInfo[0].isValid", "isValid: No, \(dates)")
        )
    }

    private func wrongUsage(
        _ certificate: DiagnosisInput.Sourced<CertificateInfo>?
    ) -> (words: String, evidence: Verdict.Evidence)? {
        guard let certificate, let leaf = certificate.fact.certInfo.first,
            let words = LeafCheck.wrongUsage(keyUsage: leaf.keyUsage, extended: leaf.extendedKeyUsage)
        else { return nil }
        return (words, certificate.evidence("certificate 1", words))
    }

    // MARK: Verdicts

    private func noCertificate(
        _ confidence: Verdict.Confidence, _ summary: String, _ evidence: [Verdict.Evidence], ruledOut: String?
    ) -> Verdict {
        Verdict(
            playbook: BadCertificateCase.playbook, cause: Words.noCertificateCause, title: Words.noCertificateTitle,
            confidence: confidence, summary: Words.sentence(summary), evidence: Self.unique(evidence),
            resolution: Words.noCertificateResolution,
            ruledOut: ruledOut.map { [.init(cause: Words.issuerCause, why: $0)] } ?? [],
            wouldSettle: confidence == .certain ? [] : wouldSettle)
    }

    private func notAccepted(
        _ confidence: Verdict.Confidence, _ summary: String, _ evidence: [Verdict.Evidence], ruledOut: String?
    ) -> Verdict {
        Verdict(
            playbook: BadCertificateCase.playbook, cause: Words.issuerCause, title: Words.issuerTitle,
            confidence: confidence, summary: Words.sentence(summary), evidence: Self.unique(evidence),
            resolution: Words.issuerResolution,
            ruledOut: ruledOut.map { [.init(cause: Words.noCertificateCause, why: $0)] } ?? [],
            wouldSettle: confidence == .certain ? [] : wouldSettle)
    }

    private var wouldSettle: [String] {
        var list: [String] = []
        let captured =
            !symptoms.emptyCertificates.isEmpty || !symptoms.sentCertificates.isEmpty
            || !symptoms.clientRefusals.isEmpty
        if !captured { list.append(Words.settleCapture) }
        if symptoms.toldAlerts.isEmpty, symptoms.toldRefusals.isEmpty { list.append(Words.settleLog) }
        if input.endpoints.isEmpty { list.append(Words.settleProxy) }
        if case .missing = identity { return list.isEmpty ? [Words.settleBackend] : list }
        if input.keystores.isEmpty { list.append(Words.settleKeystore) }
        if input.certificates.isEmpty, symptoms.sentCertificates.isEmpty { list.append(Words.settleCertificate) }
        if lists.isEmpty { list.append(Words.settleIssuers) }
        return list.isEmpty ? [Words.settleBackend] : list
    }

    private static func unique(_ evidence: [Verdict.Evidence]) -> [Verdict.Evidence] {
        evidence.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
