internal import SupportBundle

/// Whether the Message Processor has a client certificate to show, as its configuration tells.
enum ClientIdentity {
    typealias Evidence = Verdict.Evidence

    /// There is none, and why.
    case missing(why: String, evidence: [Evidence])
    /// There is one. `certificate` is nil where its contents were not collected.
    case present(words: String, certificate: DiagnosisInput.Sourced<CertificateInfo>?, evidence: [Evidence])
    case unknown

    static func find(in input: DiagnosisInput) -> ClientIdentity {
        let logged = Symptoms.relevantLogs(input).flatMap { log in log.fact.sslInfo.map { (log, $0) } }
        let loggedAlias = input.keyAlias ?? logged.compactMap { $0.1.keyAlias }.first
        let settings = TargetSettings.find(in: input, alias: loggedAlias)
        if let settings, let missing = missing(in: settings) { return missing }
        if let (log, info) = logged.first, info.keyStore == nil, input.keyAlias == nil, settings == nil {
            return .missing(
                why: "the Message Processor had no keystore for this target",
                evidence: [log.evidence("line \(info.finding.line)", info.finding.text)])
        }
        var evidence = [settings?.evidence].compactMap { $0 }
        switch keystoreName(settings, input, &evidence) {
        case .missing(let why): return .missing(why: why, evidence: evidence)
        case .name(let name):
            let configured = settings?.sslInfo?.keyAlias.flatMap { $0.contains("{") ? nil : $0 }
            return look(into: name, alias: loggedAlias ?? configured, input, evidence)
        case .unknown: return loose(input, alias: loggedAlias, evidence)
        }
    }

    private static func missing(in settings: TargetSettings) -> ClientIdentity? {
        guard let info = settings.sslInfo else {
            return .missing(why: "the \(settings.owner) has no SSLInfo", evidence: [settings.evidence])
        }
        if !info.clientAuthEnabled {
            return .missing(
                why: "ClientAuthEnabled is not true in the SSLInfo of the \(settings.owner)",
                evidence: [settings.evidence])
        }
        if info.keyStore == nil {
            return .missing(
                why: "the SSLInfo of the \(settings.owner) names no KeyStore", evidence: [settings.evidence])
        }
        return nil
    }

    private enum StoreName {
        case name(String)
        case missing(String)
        case unknown
    }

    /// The name of the keystore, references resolved.
    private static func keystoreName(
        _ settings: TargetSettings?, _ input: DiagnosisInput, _ evidence: inout [Evidence]
    ) -> StoreName {
        let only = input.keystores.count == 1 ? StoreName.name(input.keystores[0].fact.name) : .unknown
        guard let text = settings?.sslInfo?.keyStore else { return only }
        switch StoreReference(text) {
        case .variable: return only
        case .keystore(let name): return .name(name)
        case .reference(let name):
            if let reference = input.references.first(where: { $0.fact.name == name }) {
                guard let store = reference.fact.refers else {
                    evidence.append(reference.evidence("refers", "the reference names no keystore"))
                    return .missing("the reference \(name) names no keystore")
                }
                evidence.append(reference.evidence("refers", "the reference \(name) stands for keystore \(store)"))
                return .name(store)
            }
            if let refusal = refusal(of: name, kind: .references, input) {
                evidence.append(refusal.evidence("code", refusal.fact.reason))
                return .missing("the reference \(name) does not exist")
            }
            return only
        }
    }

    /// An answer of the API that says there is no such thing.
    private static func refusal(of name: String, kind: ItemKind, _ input: DiagnosisInput) -> DiagnosisInput.Sourced<
        FactError
    >? {
        input.refusals.first { refusal in
            let words = refusal.fact.reason.lowercased()
            return refusal.kind == kind && refusal.fact.code == .apiError && refusal.path.contains(name)
                && ["notfound", "not_found", "not found", "doesnotexist", "does not exist"].contains {
                    words.contains($0)
                }
        }
    }

    private static func look(
        into name: String, alias: String?, _ input: DiagnosisInput, _ before: [Evidence]
    ) -> ClientIdentity {
        var evidence = before
        guard let store = input.keystores.first(where: { $0.fact.name == name }) else {
            guard let refusal = refusal(of: name, kind: .keystoreCertificates, input) else {
                return loose(input, alias: alias, evidence)
            }
            evidence.append(refusal.evidence("code", refusal.fact.reason))
            return .missing(why: "the keystore \(name) does not exist", evidence: evidence)
        }
        let fact = store.fact
        func missing(_ why: String, _ location: String, _ text: String) -> ClientIdentity {
            .missing(why: why, evidence: evidence + [store.evidence(location, text)])
        }
        let names = fact.aliases.map(\.name).joined(separator: ", ")
        if fact.aliases.isEmpty, fact.certs.isEmpty, fact.keys.isEmpty {
            return missing("the keystore \(name) is empty", "aliases", "no certs, no keys, no aliases")
        }
        let withKey = fact.aliases.filter { fact.hasKey($0) && $0.cert != nil }
        if withKey.isEmpty, fact.keys.isEmpty {
            return missing(
                "the keystore \(name) holds no private key, so none of its certificates can be shown", "keys",
                "certs: \(fact.certs.joined(separator: ", ")); no keys")
        }
        guard let alias else {
            guard withKey.count == 1 else { return .unknown }
            return present(withKey[0], store, input, evidence)
        }
        guard let entry = fact.alias(alias) else {
            if fact.aliases.isEmpty { return .unknown }
            return missing(
                "the keystore \(name) has no alias \(alias)", "aliases", "aliases: \(names)")
        }
        guard fact.hasKey(entry), entry.cert != nil else {
            return missing(
                "the alias \(alias) of keystore \(name) has no \(entry.cert == nil ? "certificate" : "private key")",
                "aliases", "alias \(alias): cert \(entry.cert ?? "none"), key \(entry.key ?? "none")")
        }
        return present(entry, store, input, evidence)
    }

    private static func present(
        _ alias: KeystoreFacts.Alias, _ store: DiagnosisInput.Sourced<KeystoreFacts>, _ input: DiagnosisInput,
        _ before: [Evidence]
    ) -> ClientIdentity {
        let words = "the alias \(alias.name) of keystore \(store.fact.name) has a certificate and a private key"
        let fitting = input.certificates.filter { $0.fact.certName == alias.cert }
        let file = store.fact.name + "-"
        let certificate = fitting.first { $0.path.contains("/" + file) } ?? fitting.first
        return .present(
            words: words, certificate: certificate,
            evidence: before + [store.evidence("aliases", "alias \(alias.name): cert \(alias.cert ?? ""), with a key")])
    }

    /// Certificates without a keystore around them, as `diagnose --certs` gives them: the only one, or the one that bears
    /// the alias in its name.
    private static func loose(_ input: DiagnosisInput, alias: String?, _ evidence: [Evidence]) -> ClientIdentity {
        guard input.keystores.isEmpty else { return .unknown }
        let named = input.certificates.filter { certificate in
            alias.map { [$0, $0 + "-cert"].contains(certificate.fact.certName) } ?? false
        }
        let fitting = named.isEmpty ? input.certificates : named
        guard fitting.count == 1, let certificate = fitting.first else { return .unknown }
        return .present(words: "there is a certificate for the client", certificate: certificate, evidence: evidence)
    }
}
