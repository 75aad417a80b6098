internal import Documents
internal import EdgeAPI
internal import Platform
internal import Redact
internal import SupportBundle

/// A debug session of the management API (POST …/debugsessions): it records at most 20 messages or 10 minutes.
struct TraceSession: Sendable {
    let session: DebugSession
    let edge: EdgeClient

    /// Opens a session for the case's proxy, or records why not.
    static func open(_ context: RunContext, filters: [DebugFilter], seconds: Int) async -> TraceSession? {
        let kinds: [ItemKind] = [.trace]
        guard let edge = context.requireEdge(for: kinds), context.requireEnvironment(for: kinds) else { return nil }
        let facts = context.caseFile.current
        guard !facts.api.isEmpty, !facts.revision.isEmpty else {
            context.record(
                .trace, .missing, reason: "API proxy and revision are not known",
                hint: "run it again with --api API --revision N")
            return nil
        }
        let session = DebugSession(
            scope: EnvironmentScope(org: facts.org, env: facts.env), api: facts.api, revision: facts.revision,
            name: "apigee-collect-\(Identifier.random(using: context))")
        do throws(EdgeError) {
            _ = try await edge.createDebugSession(session, expiry: seconds, filters: filters)
        } catch {
            context.record(
                .trace, .missing, reason: "no debug session could be opened: \(error)",
                hint: "\(error.hint); or download a trace from the UI: apigee-collect add %BUNDLE% --trace FILE")
            return nil
        }
        // Message Processors learn of a session a moment after the answer.
        try? await Task.sleep(for: .milliseconds(500))
        return TraceSession(session: session, edge: edge)
    }

    /// Waits for transactions and books them as one trace file.
    ///
    /// - Parameters:
    ///   - seconds: to wait at most.
    ///   - atLeast: transactions after which waiting ends; `nil`: when one of them failed.
    func collect(_ context: RunContext, seconds: Int, atLeast: Int?) async {
        var transactions: [String: [UInt8]] = [:]
        var last: EdgeError?
        let start = ContinuousClock.now
        var failed = false
        while !context.isStopping {
            do throws(EdgeError) {
                let names = try await edge.debugTransactions(of: session).value.strings
                for id in names.prefix(20) where transactions[id] == nil {
                    let response = try await edge.debugTransaction(id, of: session)
                    transactions[id] = response.body
                    if TraceText.failed(response.body) { failed = true }
                }
                last = nil
            } catch {
                last = error
            }
            if let atLeast, transactions.count >= atLeast { break }
            if atLeast == nil, failed { break }
            if ContinuousClock.now - start > .seconds(seconds) { break }
            try? await Task.sleep(for: .milliseconds(700))
        }
        guard !transactions.isEmpty else {
            context.record(
                .trace, .missing,
                reason: last.map { "the debug session gave no data: \($0)" }
                    ?? "the debug session recorded no request within \(seconds) s",
                hint:
                    "check that the request reaches this environment and revision, or: apigee-collect add %BUNDLE% --trace FILE"
            )
            return
        }
        let bodies = transactions.sorted { $0.key < $1.key }
        if let failing = bodies.first(where: { TraceText.failed($0.value) }) {
            context.caseFile.update { $0.trace = Array(failing.value.prefix(1 << 20)) }
        }
        let isXML = bodies.allSatisfy { TraceText.isXML($0.value) }
        context.addItem(
            .trace, file: isXML ? "trace.xml" : "trace.json", title: "Trace of debug session \(session.name)",
            source: .init(type: .api, location: "debugsessions/\(session.name)/data"),
            mediaType: isXML ? "application/xml" : "application/json", format: isXML ? .xml : .json,
            bytes: TraceText.join(bodies, session: session, isXML: isXML),
            notes: ["\(bodies.count) transactions"], on: .managementServer)
    }
}
