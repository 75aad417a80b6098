internal import SupportBundle

/// Which SSL settings the failing request used, from target endpoints and target servers.
struct TargetSettings {
    var sslInfo: SSLInfoFacts?
    /// Where the settings stand.
    var evidence: Verdict.Evidence
    /// The endpoint or target server, in words.
    var owner: String

    /// Nil when there are no facts, or several endpoints that differ and nothing tells which one it was.
    static func find(in input: DiagnosisInput, alias: String?) -> TargetSettings? {
        guard let endpoint = endpoint(in: input, alias: alias) else {
            guard input.endpoints.isEmpty, input.targetServers.count == 1 else { return nil }
            return settings(of: input.targetServers[0])
        }
        let fact = endpoint.fact
        let servers = input.targetServers.filter { fact.servers.contains($0.fact.name) && $0.fact.isEnabled }
        let byPort = servers.filter { input.serverPort != nil && $0.fact.port == input.serverPort }
        let used = byPort.isEmpty ? servers : byPort
        // A target server's own settings come before those of the endpoint.
        let own = used.filter { $0.fact.sslInfo?.enabled == true }
        if let first = own.first {
            return own.allSatisfy { $0.fact.sslInfo == first.fact.sslInfo } ? settings(of: first) : nil
        }
        let unread = fact.servers.contains { name in !input.targetServers.contains { $0.fact.name == name } }
        if unread, fact.sslInfo?.keyStore == nil { return nil }
        if fact.sslInfo == nil, !fact.usesTLS { return nil }
        return TargetSettings(
            sslInfo: fact.sslInfo,
            evidence: endpoint.evidence("\(fact.file) line \(fact.line)", words(fact.sslInfo)),
            owner: "target endpoint \(fact.name)")
    }

    private static func settings(of server: DiagnosisInput.Sourced<TargetServerFacts>) -> TargetSettings? {
        guard let info = server.fact.sslInfo else { return nil }
        return TargetSettings(
            sslInfo: info, evidence: server.evidence("sSLInfo", words(info)), owner: "target server \(server.fact.name)"
        )
    }

    private static func endpoint(in input: DiagnosisInput, alias: String?) -> DiagnosisInput.Sourced<
        TargetEndpointFacts
    >? {
        var candidates = input.endpoints.filter {
            $0.fact.usesTLS || $0.fact.sslInfo != nil || !$0.fact.servers.isEmpty
        }
        let narrow: [(TargetEndpointFacts) -> Bool] = [
            { alias != nil && $0.sslInfo?.keyAlias == alias },
            { input.serverPort != nil && $0.urlPort == input.serverPort },
            { $0.urlHost.map(input.backendIPs.contains) == true },
        ]
        for test in narrow where candidates.count > 1 {
            let fitting = candidates.filter { test($0.fact) }
            if !fitting.isEmpty { candidates = fitting }
        }
        guard let first = candidates.first else { return nil }
        return candidates.allSatisfy { $0.fact.sslInfo == first.fact.sslInfo && $0.fact.servers == first.fact.servers }
            ? first : nil
    }

    private static func words(_ info: SSLInfoFacts?) -> String {
        guard let info else { return "no SSLInfo" }
        return "SSLInfo: Enabled \(info.enabled), ClientAuthEnabled \(info.clientAuthEnabled), KeyStore "
            + "\(info.keyStore ?? "none"), KeyAlias \(info.keyAlias ?? "none")"
    }
}
