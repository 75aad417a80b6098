internal import Diagnose
internal import Documents
internal import EdgeAPI
internal import Platform
internal import Redact
internal import SupportBundle

/// The API proxy's revision as Edge exports it: a zip, redacted inside, that still imports.
struct ApiProxyCollector: Collector {
    let name = "API proxy"
    let items: [ItemKind] = [.apiProxy]
    let provides: [Fact] = [.proxyBundle]

    func plan(_ context: PlanContext) -> [PlannedAction] {
        if let file = context.options.apiProxyFiles.first {
            return [PlannedAction(.apiProxy, .user, file.path, expectedBytes: file.bytes.count)]
        }
        let facts = context.facts
        return [
            PlannedAction(
                .apiProxy, .api,
                "\(context.managementURL)/organizations/\(facts.org)/apis/\(facts.api)/revisions/\(facts.revision)?format=bundle"
            )
        ]
    }

    func collect(_ context: RunContext) async {
        if !context.options.apiProxyFiles.isEmpty {
            for file in context.options.apiProxyFiles {
                add(
                    file.bytes, file: PathText.lastName(file.path), source: .init(type: .user, location: file.path),
                    context)
            }
            return
        }
        guard let edge = context.requireEdge(for: items) else { return }
        let facts = context.caseFile.current
        guard !facts.org.isEmpty, !facts.api.isEmpty else {
            context.record(
                .apiProxy, .missing, reason: "organization and API proxy are not known",
                hint: "run it again with --org ORG --api API")
            return
        }
        do throws(EdgeError) {
            let revision = try await deployedRevision(edge, facts)
            context.caseFile.update { $0.revision = revision }
            if context.mode == .public {
                _ = await context.addAnswer(
                    .apiProxy, file: "\(facts.api)_rev\(revision).json",
                    title: "API proxy \(facts.api), revision \(revision)"
                ) { () async throws(EdgeError) in
                    try await edge.revision(revision, of: facts.api, in: facts.org)
                }
            }
            let response = try await edge.revisionBundle(revision, of: facts.api, in: facts.org)
            add(
                response.body, file: "\(facts.api)_rev\(revision).zip",
                source: .init(type: .api, location: response.url), context)
        } catch {
            context.record(
                .apiProxy, .missing, reason: error.description,
                hint: error.hint + "; or: apigee-collect add %BUNDLE% --api-proxy FILE")
        }
    }

    /// The revision of the log record or the option; else the one that is deployed; else the newest.
    private func deployedRevision(_ edge: EdgeClient, _ facts: CaseFacts) async throws(EdgeError) -> String {
        if !facts.revision.isEmpty { return facts.revision }
        if !facts.env.isEmpty,
            let answer = try? await edge.deployments(of: facts.api, in: facts.org, env: facts.env),
            let deployed = Self.deployedRevision(answer.value)
        {
            return deployed
        }
        let revisions = try await edge.api(facts.api, in: facts.org).value["revision"]?.strings ?? []
        return revisions.max { (Int($0) ?? 0) < (Int($1) ?? 0) } ?? "1"
    }

    /// `{…, revision: [{name, state}]}`: the newest that is deployed.
    private static func deployedRevision(_ value: JSONValue) -> String? {
        let revisions = value["revision"]?.array ?? value["environment"]?.array?.first?["revision"]?.array ?? []
        return revisions.filter { ($0["state"]?.string ?? "deployed") == "deployed" }.compactMap { $0["name"]?.string }
            .max { (Int($0) ?? 0) < (Int($1) ?? 0) }
    }

    private func add(_ bytes: [UInt8], file: String, source: Manifest.Source, _ context: RunContext) {
        let added = context.addItem(
            .apiProxy, file: file, title: "API proxy bundle \(file)", source: source, mediaType: "application/zip",
            format: .zip, bytes: bytes, on: source.type == .api ? .managementServer : nil)
        guard added else { return }
        do {
            let endpoints = try TargetEndpointFacts.read(proxyZip: bytes)
            context.caseFile.update { facts in
                facts.endpoints = endpoints
                facts.adoptEndpoint()
            }
        } catch {
            context.log.write(.warning, "the target endpoints in \(file) can't be read: \(error)")
        }
    }
}

extension CaseFacts {
    /// Takes host, port and alias from the target endpoint that fits the backend of the log, or the only one with TLS.
    mutating func adoptEndpoint() {
        decideBackend()
        let secure = endpoints.filter { $0.sslInfo != nil }
        let ports = Set(backends.map(\.port))
        let fitting = secure.first { endpoint in endpoint.urlPort.map { ports.contains($0) } ?? false }
        guard let endpoint = fitting ?? secure.first ?? endpoints.first else { return }
        targetEndpoint = endpoint.name
        if let host = endpoint.urlHost, !host.isEmpty, hostName.isEmpty { hostName = host }
        if port == 0 { port = endpoint.urlPort ?? 0 }
        if keyAlias == nil { keyAlias = endpoint.sslInfo?.keyAlias }
    }

    /// The keystores and trust stores that the TLS settings in force name, as written (`ref://…` included).
    var namedStores: (keystores: [String], truststores: [String]) {
        let infos = endpoints.compactMap(\.sslInfo) + targetServers.compactMap(\.sslInfo)
        func unique(_ names: [String?]) -> [String] {
            var seen: Set<String> = []
            return names.compactMap { $0 }.filter { !$0.isEmpty && seen.insert($0).inserted }
        }
        return (unique(infos.map(\.keyStore)), unique(infos.map(\.trustStore)))
    }
}
