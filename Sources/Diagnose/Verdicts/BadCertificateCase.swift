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
                    symptoms.isStrong ? .certain : .likely, why, evidence + symptoms.evidence,
                    ruledOut: "there is no certificate whose issuer could be compared")
            ]
        case .present(let words, let certificate, let evidence):
            return worksNow ? [] : [present(words, certificate, evidence)]
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

    // MARK: With a certificate in the keystore

    private func present(
        _ words: String, _ certificate: DiagnosisInput.Sourced<CertificateInfo>?, _ evidence: [Verdict.Evidence]
    ) -> Verdict {
        let all = evidence + symptoms.evidence
        switch issuer {
        case .refused(let name, let count, let found):
            let hasStore = !input.keystores.isEmpty
            return notAccepted(
                symptoms.isStrong && hasStore ? .certain : .likely, Words.refused(name, count), found + all,
                ruledOut: words)
        case .unknown:
            return notAccepted(
                .likely,
                "\(words), yet the backend refuses it; which issuers the backend accepts is not known yet",
                all, ruledOut: words)
        case .accepted(let accepted, let found):
            if let expired = expired(certificate) {
                return notAccepted(.likely, Words.expired(accepted), [expired] + found + all, ruledOut: words)
            }
            return staleKeystore("\(words) and \(accepted), yet it was not sent", found + all)
        case .anyIssuer(let found):
            if let expired = expired(certificate) {
                return notAccepted(
                    .likely, Words.expired("the backend names no issuers"), [expired] + found + all, ruledOut: words)
            }
            if symptoms.emptyCertificates.isEmpty {
                return notAccepted(
                    .possible,
                    "\(words); the backend names no issuers that it accepts, and refuses the certificate all the same",
                    found + all, ruledOut: words)
            }
            return staleKeystore("\(words) and the backend names no issuers, yet no certificate was sent", found + all)
        }
    }

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
        let why = "the capture shows that a certificate was sent (frame \(sent.fact.clientCertificate?.frame ?? 0))"
        let alert = sent.fact.alerts.first { $0.from == .server }?.description ?? "alert"
        let evidence = symptoms.evidence
        let isStored = !input.keystores.isEmpty
        if case .refused(let name, let count, let found) = issuer {
            return notAccepted(
                isStored ? .certain : .likely, Words.refused(name, count), found + evidence, ruledOut: why)
        }
        if alert == "certificate_expired" {
            return notAccepted(.likely, Words.expired("the backend says so"), evidence, ruledOut: why)
        }
        if let leaf = sent.fact.clientCertificate?.certificates.first, !leaf.notAfter.isEmpty,
            Moment.isBefore(leaf.notAfter, sent.fact.startedAt)
        {
            let location = "frame \(sent.fact.clientCertificate?.frame ?? 0)"
            return notAccepted(
                .likely, Words.expired("it ended on \(leaf.notAfter)"),
                [sent.evidence(location, "notAfter \(leaf.notAfter)")] + evidence, ruledOut: why)
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
        return [
            noCertificate(.possible, Words.onlyAlert, evidence, ruledOut: nil),
            notAccepted(.possible, Words.onlyAlert, evidence, ruledOut: nil),
        ]
    }

    /// Whether the leaf had expired when the handshake failed, or when the management API answered.
    private func expired(_ certificate: DiagnosisInput.Sourced<CertificateInfo>?) -> Verdict.Evidence? {
        guard let certificate, let leaf = certificate.fact.certInfo.first else { return nil }
        let failedAt = symptoms.emptyCertificates.first?.fact.startedAt
        if let end = leaf.expiryDate, let failedAt {
            let text = TimeText.text(seconds: Int64(end / 1_000))
            return Moment.isBefore(text, failedAt)
                ? certificate.evidence("certInfo[0].expiryDate", "expired on \(text)") : nil
        }
        return leaf.isValid == false ? certificate.evidence("certInfo[0].isValid", "isValid: No") : nil
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
        if case .missing = identity { return list }
        if input.keystores.isEmpty { list.append(Words.settleKeystore) }
        if input.certificates.isEmpty, symptoms.sentCertificates.isEmpty { list.append(Words.settleCertificate) }
        if lists.isEmpty { list.append(Words.settleIssuers) }
        return list
    }

    private static func unique(_ evidence: [Verdict.Evidence]) -> [Verdict.Evidence] {
        evidence.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
