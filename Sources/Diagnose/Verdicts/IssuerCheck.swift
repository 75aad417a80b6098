internal import SupportBundle

/// Whether the backend accepts the issuer of our certificate.
enum IssuerCheck {
    typealias Evidence = Verdict.Evidence

    /// No issuer in the chain is among those that are accepted.
    case refused(issuer: String, accepted: Int, evidence: [Evidence])
    case accepted(words: String, evidence: [Evidence])
    /// The backend names no issuers: any will do for the client's choice.
    case anyIssuer(evidence: [Evidence])
    case unknown

    /// A list of accepted issuers, from a capture or from a probe.
    struct List {
        var names: [DistinguishedName]
        var evidence: Evidence
        var isFromCapture: Bool
    }

    /// What we show, leaf first.
    struct Chain {
        var issuers: [(text: String, name: DistinguishedName, location: String)]
        var source: (String, String) -> Evidence
    }

    static func lists(in input: DiagnosisInput, _ symptoms: Symptoms) -> [List] {
        var lists: [List] = []
        for connection in symptoms.emptyCertificates + symptoms.sentCertificates {
            guard let request = connection.fact.certificateRequest else { continue }
            let names = request.authorities.compactMap { DistinguishedName(text: $0) }
            // A name that cannot be read might be the very one.
            guard names.count == request.authorities.count else { continue }
            lists.append(
                List(
                    names: names,
                    evidence: connection.evidence("frame \(request.frame)", words(request.authorities)),
                    isFromCapture: true))
        }
        for probe in input.issuers {
            let names = probe.fact.names.compactMap(\.name)
            guard probe.fact.answer != .unknown, names.count == probe.fact.names.count else { continue }
            // Without a list openssl does not tell whether a certificate was asked for at all.
            guard probe.fact.answer == .listed || symptoms.isKnown else { continue }
            let line = probe.fact.names.first.map { "line \($0.line)" } ?? "No client certificate CA names sent"
            lists.append(
                List(
                    names: names, evidence: probe.evidence(line, words(probe.fact.names.map(\.text))),
                    isFromCapture: false))
        }
        return lists
    }

    private static func words(_ names: [String]) -> String {
        guard !names.isEmpty else { return "the backend names no accepted issuers" }
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        return "accepted issuers: " + names.prefix(5).joined(separator: " | ") + more
    }

    static func check(_ chain: Chain?, against lists: [List]) -> IssuerCheck {
        // What was captured is what happened; a probe may have met another backend.
        guard let list = lists.first(where: \.isFromCapture) ?? lists.first else { return .unknown }
        guard !list.names.isEmpty else { return .anyIssuer(evidence: [list.evidence]) }
        guard let chain, let leaf = chain.issuers.first else { return .unknown }
        for issuer in chain.issuers where list.names.contains(where: { $0.matches(issuer.name) }) {
            return .accepted(
                words: "the backend accepts \(issuer.text)",
                evidence: [chain.source(issuer.location, "issuer \(issuer.text)"), list.evidence])
        }
        return .refused(
            issuer: leaf.text, accepted: list.names.count,
            evidence: [chain.source(leaf.location, "issuer \(leaf.text)"), list.evidence])
    }

    static func chain(of certificate: DiagnosisInput.Sourced<CertificateInfo>?) -> Chain? {
        guard let certificate else { return nil }
        let issuers = certificate.fact.certInfo.enumerated().compactMap { index, entry in
            entry.issuerName.map { (entry.issuer, $0, "certInfo[\(index)].issuer") }
        }
        // A chain with a name that cannot be read proves nothing.
        guard !issuers.isEmpty, issuers.count == certificate.fact.certInfo.count else { return nil }
        return Chain(issuers: issuers) { certificate.evidence($0, $1) }
    }

    static func chain(of connection: DiagnosisInput.Sourced<TLSConnection>) -> Chain? {
        guard let message = connection.fact.clientCertificate, !message.certificates.isEmpty else { return nil }
        let issuers = message.certificates.compactMap { certificate in
            DistinguishedName(text: certificate.issuer).map { (certificate.issuer, $0, "frame \(message.frame)") }
        }
        guard issuers.count == message.certificates.count else { return nil }
        return Chain(issuers: issuers) { connection.evidence($0, $1) }
    }

    /// A certificate, found anywhere in the input, that would lead from an issuer to one that is accepted.
    static func intermediate(
        named issuer: String, _ lists: [List], _ input: DiagnosisInput
    ) -> (issuer: String, evidence: Evidence)? {
        guard let list = lists.first(where: \.isFromCapture) ?? lists.first, let name = DistinguishedName(text: issuer)
        else { return nil }
        for store in input.trustedCertificates + input.certificates {
            for (index, entry) in store.fact.certInfo.enumerated() {
                guard let subject = entry.subjectName, let above = entry.issuerName, subject.matches(name),
                    !above.matches(name), list.names.contains(where: { $0.matches(above) })
                else { continue }
                return (
                    entry.issuer,
                    store.evidence(
                        "certInfo[\(index)]", "\(entry.subject) is issued by \(entry.issuer), which is accepted")
                )
            }
        }
        return nil
    }
}
