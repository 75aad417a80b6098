internal import Documents
internal import SupportBundle

/// What the client has to show beside what the backend accepts, and where the two differ.
struct CertificatePicture {
    private static let maximumIssuers = 12
    private static let maximumChain = 8

    private struct Shown {
        var subject: String
        var issuer: String
        var notBefore: String?
        var notAfter: String?
        var serial: String?
    }

    private let input: DiagnosisInput
    private let symptoms: Symptoms

    init(_ input: DiagnosisInput, _ symptoms: Symptoms) {
        self.input = input
        self.symptoms = symptoms
    }

    /// Null where neither a certificate nor a list of issuers is known.
    var json: JSONValue {
        let (chain, source) = chain
        let lists = IssuerCheck.lists(in: input, symptoms)
        let list = lists.first(where: \.isFromCapture) ?? lists.first
        let server = serverChain
        guard !chain.isEmpty || list != nil || !server.isEmpty else { return .null }
        var object: JSONObject = [
            "chain": .array(chain.map(json)), "chainFrom": source.map(json) ?? .null,
            "wasSent": .bool(!symptoms.sentCertificates.isEmpty), "server": .array(server.map(json)),
            "failedAt": symptoms.failedAt.map { .string($0) } ?? .null,
        ]
        if chain.isEmpty, case .missing(let why, _) = ClientIdentity.find(in: input) {
            object["missing"] = .string(why)
        }
        if let list {
            object["acceptedFrom"] = json(list.evidence)
            object["acceptedCount"] = .integer(list.names.count)
            compare(chain, list, into: &object)
        }
        return .object(object)
    }

    /// The chain that was sent, else the one in the keystore.
    private var chain: ([Shown], Verdict.Evidence?) {
        if let sent = symptoms.sentCertificates.first, let message = sent.fact.clientCertificate {
            return (
                message.certificates.prefix(Self.maximumChain).map(Self.shown),
                sent.evidence("frame \(message.frame)", "")
            )
        }
        guard case .present(_, let certificate?, _) = ClientIdentity.find(in: input) else { return ([], nil) }
        let entries = certificate.fact.certInfo.prefix(Self.maximumChain).map { entry in
            func time(_ milliseconds: Int?) -> String? {
                milliseconds.map { TimeText.text(seconds: Int64($0 / 1_000)) }
            }
            return Shown(
                subject: entry.subjectName?.description ?? entry.subject,
                issuer: entry.issuerName?.description ?? entry.issuer, notBefore: time(entry.validFrom),
                notAfter: time(entry.expiryDate), serial: entry.serialNumber)
        }
        return (entries, certificate.evidence("certInfo", ""))
    }

    /// What the backend shows of itself.
    private var serverChain: [Shown] {
        let seen = symptoms.emptyCertificates + symptoms.sentCertificates + symptoms.clientRefusals + symptoms.examples
        return seen.first { !$0.fact.serverCertificates.isEmpty }.map {
            $0.fact.serverCertificates.prefix(Self.maximumChain).map(Self.shown)
        } ?? []
    }

    private static func shown(_ certificate: TLSConnection.Certificate) -> Shown {
        Shown(
            subject: certificate.subject, issuer: certificate.issuer, notBefore: certificate.notBefore,
            notAfter: certificate.notAfter, serial: certificate.serial)
    }

    /// Which accepted name is an issuer of the chain; without any, which comes nearest to the leaf's issuer.
    private func compare(_ chain: [Shown], _ list: IssuerCheck.List, into object: inout JSONObject) {
        let issuers = chain.map { DistinguishedName(text: $0.issuer) }
        var matched: (issuer: Int, name: Int)?
        for (index, issuer) in issuers.enumerated() where matched == nil {
            guard let issuer, let name = list.names.firstIndex(where: { $0.matches(issuer) }) else { continue }
            matched = (index, name)
        }
        var nearest: Int?
        if matched == nil, let leaf = issuers.first ?? nil {
            nearest = list.names.indices.max { leaf.likeness(to: list.names[$0]) < leaf.likeness(to: list.names[$1]) }
        }
        var shown = Array(list.names.indices.prefix(Self.maximumIssuers))
        if let wanted = matched?.name ?? nearest, !shown.contains(wanted) { shown[shown.count - 1] = wanted }
        object["accepted"] = .array(
            shown.map { .object(["name": .string(list.names[$0].description), "matches": .bool($0 == matched?.name)]) })
        object["match"] =
            list.names.isEmpty ? "any" : matched != nil ? "accepted" : chain.isEmpty ? "unknown" : "refused"
        if let matched { object["matchedIssuer"] = .integer(matched.issuer) }
        if let nearest, let leaf = issuers.first ?? nil {
            object["nearest"] = shown.firstIndex(of: nearest).map { .integer($0) } ?? .null
            object["difference"] = .array(
                leaf.differences(from: list.names[nearest]).map {
                    .object([
                        "type": .string($0.type), "ours": .string($0.ours), "theirs": .string($0.theirs),
                        "same": .bool($0.isSame),
                    ])
                })
        }
    }

    private func json(_ certificate: Shown) -> JSONValue {
        var object: JSONObject = ["subject": .string(certificate.subject), "issuer": .string(certificate.issuer)]
        object["notBefore"] = certificate.notBefore.map { .string($0) }
        object["notAfter"] = certificate.notAfter.map { .string($0) }
        object["serial"] = certificate.serial.map { .string($0) }
        return .object(object)
    }

    private func json(_ evidence: Verdict.Evidence) -> JSONValue {
        [
            "item": .string(evidence.item.rawValue), "path": .string(evidence.path),
            "location": .string(evidence.location),
        ]
    }
}

extension DistinguishedName {
    /// A kind of attribute in two names.
    struct Difference {
        var type: String
        /// The values, joined by ` + `; empty where there is none.
        var ours: String
        var theirs: String
        var isSame: Bool
    }

    /// Attribute by attribute, the most specific first.
    func differences(from other: DistinguishedName) -> [Difference] {
        func values(_ name: DistinguishedName, _ type: String) -> [String] {
            name.relativeNames.reversed().joined().filter { $0.type.keyword == type }.map(\.value)
        }
        var types: [String] = []
        for attribute in relativeNames.reversed().joined() + Array(other.relativeNames.reversed().joined())
        where !types.contains(attribute.type.keyword) { types.append(attribute.type.keyword) }
        return types.map { type in
            let ours = values(self, type)
            let theirs = values(other, type)
            return Difference(
                type: type, ours: ours.joined(separator: " + "), theirs: theirs.joined(separator: " + "),
                isSame: ours.map(Self.prepare) == theirs.map(Self.prepare))
        }
    }

    /// How many kinds of attributes agree, less those that do not.
    fileprivate func likeness(to other: DistinguishedName) -> Int {
        differences(from: other).reduce(0) { $0 + ($1.isSame ? 3 : -1) }
    }
}
