internal import Diagnose
internal import Documents
internal import EdgeAPI
internal import Redact
internal import SupportBundle

/// Target servers, references, key and trust stores with their certificates, as the TLS settings of the proxy name
/// them. The certificate API's answers hold public data only; the private key never leaves Edge.
struct StoresCollector: Collector {
    let name = "keystores"
    let items: [ItemKind] = [.targetServers, .references, .keystoreCertificates, .truststoreCertificates]
    let needs: [Fact] = [.proxyBundle]
    let provides: [Fact] = [.targetServers]

    /// Certificates read of one store: a trust store may hold hundreds.
    private static let certificateLimit = 200

    func plan(_ context: PlanContext) -> [PlannedAction] {
        let base = "\(context.managementURL)/organizations/\(context.facts.org)/environments/\(context.facts.env)"
        return [
            PlannedAction(.targetServers, .api, "\(base)/targetservers/…"),
            PlannedAction(.references, .api, "\(base)/references/…"),
            PlannedAction(.keystoreCertificates, .api, "\(base)/keystores/…/certs/…"),
            PlannedAction(.truststoreCertificates, .api, "\(base)/keystores/…/certs/…"),
        ]
    }

    func collect(_ context: RunContext) async {
        guard let edge = context.requireEdge(for: items), context.requireEnvironment(for: items) else { return }
        await readTargetServers(edge, context)
        context.settle([.targetServers])
        let stores = context.caseFile.current.namedStores
        let fallback = stores.keystores.isEmpty ? await keystoresWithAlias(edge, context) : []
        await read(stores.keystores + fallback, .keystoreCertificates, edge, context)
        await read(stores.truststores, .truststoreCertificates, edge, context)
        if !(stores.keystores + stores.truststores).contains(where: { $0.hasPrefix("ref://") }) {
            context.record(
                .references, .skipped,
                reason: context.caseFile.current.endpoints.isEmpty
                    ? "the TLS settings are not known" : "the TLS settings name their stores without a reference")
        }
    }

    private func readTargetServers(_ edge: EdgeClient, _ context: RunContext) async {
        let facts = context.caseFile.current
        let names = facts.endpoints.flatMap(\.servers)
        guard !names.isEmpty else {
            context.record(
                .targetServers, .skipped,
                reason: facts.endpoints.isEmpty
                    ? "the proxy bundle is not known" : "the proxy names no target server, but its backend's address")
            return
        }
        for name in Set(names).sorted() where !context.isStopping {
            let answer = await context.addAnswer(.targetServers, file: "\(name).json", title: "Target server \(name)") {
                () async throws(EdgeError) in try await edge.targetServer(name, in: facts.scope)
            }
            guard let answer, let server = try? TargetServerFacts.read(json: answer) else { continue }
            context.caseFile.update { facts in
                facts.targetServers.append(server)
                facts.decideBackend()
                if facts.hostName.isEmpty { facts.hostName = server.host ?? "" }
                if facts.port == 0 { facts.port = server.port ?? 0 }
                if facts.keyAlias == nil { facts.keyAlias = server.sslInfo?.keyAlias }
            }
        }
    }

    /// Where the TLS settings are not known, the keystores that hold the alias of the log.
    private func keystoresWithAlias(_ edge: EdgeClient, _ context: RunContext) async -> [String] {
        let facts = context.caseFile.current
        guard facts.endpoints.isEmpty, let alias = facts.keyAlias,
            let names = try? await edge.keystores(in: facts.scope).value.strings
        else { return [] }
        var found: [String] = []
        for name in names.prefix(50) where !context.isStopping {
            guard let answer = try? await edge.keystore(name, in: facts.scope),
                let keystore = try? KeystoreFacts.read(json: answer.bytes)
            else { continue }
            if keystore.aliases.contains(where: { $0.name == alias }) { found.append(name) }
        }
        return found
    }

    private func read(_ names: [String], _ kind: ItemKind, _ edge: EdgeClient, _ context: RunContext) async {
        let word = kind == .keystoreCertificates ? "keystore" : "trust store"
        guard !names.isEmpty else {
            let known = !context.caseFile.current.endpoints.isEmpty
            context.record(
                kind, kind == .keystoreCertificates && !known ? .missing : .skipped,
                reason: known
                    ? "the TLS settings in force name no \(word)"
                    : "the TLS settings are not known, so neither is the \(word)",
                hint: known ? nil : "apigee-collect add %BUNDLE% --api-proxy FILE")
            return
        }
        for name in names where !context.isStopping {
            guard let store = await resolve(name, kind, edge, context) else { continue }
            await readStore(store, kind, edge, context)
        }
    }

    /// The store behind `ref://NAME`, or the name itself.
    private func resolve(_ name: String, _ kind: ItemKind, _ edge: EdgeClient, _ context: RunContext) async -> String? {
        guard name.hasPrefix("ref://") else { return name }
        let reference = String(name.dropFirst(6))
        let facts = context.caseFile.current
        let answer = await context.addAnswer(
            .references, file: "\(reference).json", title: "Reference \(reference)", absent: reference
        ) { () async throws(EdgeError) in try await edge.reference(reference, in: facts.scope)
        }
        guard let answer, let target = (try? ReferenceFacts.read(json: answer))?.refers, !target.isEmpty else {
            context.record(
                kind, .missing, reason: "the reference '\(reference)' names no store that can be read",
                hint: "look the reference up in the UI (Environments, References) and check the store that it names")
            return nil
        }
        return target
    }

    private func readStore(_ store: String, _ kind: ItemKind, _ edge: EdgeClient, _ context: RunContext) async {
        let facts = context.caseFile.current
        let title = kind == .keystoreCertificates ? "Keystore \(store)" : "Trust store \(store)"
        let answer = await context.addAnswer(kind, file: "keystore-\(store).json", title: title, absent: store) {
            () async throws(EdgeError) in try await edge.keystore(store, in: facts.scope)
        }
        guard let answer, let keystore = try? KeystoreFacts.read(json: answer) else { return }
        // Certificates can be listed under `certs`, under the aliases, or both.
        var seen: Set<String> = []
        let certificates = (keystore.certs + keystore.aliases.compactMap(\.cert)).filter {
            !$0.isEmpty && seen.insert($0).inserted
        }
        for certificate in certificates.prefix(Self.certificateLimit) where !context.isStopping {
            _ = await context.addAnswer(
                kind, file: "\(store)-\(certificate).json", title: "Certificate \(certificate) of \(store)"
            ) { () async throws(EdgeError) in
                try await edge.keystoreCert(certificate, of: store, in: facts.scope)
            }
        }
        if certificates.count > Self.certificateLimit {
            context.record(
                kind, .partial,
                reason:
                    "\(store) holds \(certificates.count) certificates; the first \(Self.certificateLimit) were read")
        }
    }
}
