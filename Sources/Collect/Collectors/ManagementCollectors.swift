internal import EdgeAPI
internal import Redact
internal import SupportBundle

/// Calls of the management API, with their answers booked as items.
extension RunContext {
    /// The client, or `nil` after recording for each kind why there is none.
    func requireEdge(for kinds: [ItemKind]) -> EdgeClient? {
        if let edge { return edge }
        let obstacle = edgeObstacle ?? Outcome(state: .missing, reason: "there is no login to the management API")
        for kind in kinds {
            record(kind, obstacle.state, reason: obstacle.reason ?? "", hint: obstacle.hint)
        }
        return nil
    }

    /// True when organization and environment are known; otherwise records that they are not.
    func requireEnvironment(for kinds: [ItemKind]) -> Bool {
        let facts = caseFile.current
        if !facts.org.isEmpty, !facts.env.isEmpty { return true }
        for kind in kinds {
            record(
                kind, .missing, reason: "organization and environment are not known",
                hint: "run it again with --org ORG --env ENV")
        }
        return false
    }

    /// Books one JSON answer. Returns its bytes, or `nil` after recording what went wrong.
    func addAnswer(
        _ kind: ItemKind, file: String, title: String, absent: String? = nil,
        _ call: () async throws(EdgeError) -> JSONAnswer
    ) async -> [UInt8]? {
        do throws(EdgeError) {
            let response = try await call().response
            let added = addItem(
                kind, file: file, title: title, source: .init(type: .api, location: response.url),
                mediaType: "application/json", format: .json, bytes: response.body, on: .managementServer)
            return added ? response.body : nil
        } catch {
            if error.code == .notFound, let absent { addAbsence(kind, absent, error) }
            record(kind, .missing, reason: error.description, hint: error.hint)
            return nil
        }
    }

    /// That Edge knows nothing of that name is evidence, so it is an item.
    private func addAbsence(_ kind: ItemKind, _ name: String, _ error: EdgeError) {
        addItem(
            kind, file: Absence.fileName(name), title: "\(name): the management API knows none",
            source: .init(type: .api, location: error.subject), mediaType: "application/json", format: .json,
            bytes: Absence(name: name, answer: error.description).encoded(), state: .partial,
            reason: "there is no \(name)", on: .managementServer)
    }
}

/// Organization and environment as the management API describes them (public cloud).
struct OrganizationCollector: Collector {
    let name = "organization and environment"
    let items: [ItemKind] = [.organization, .environment]

    func plan(_ context: PlanContext) -> [PlannedAction] {
        let base = "\(context.managementURL)/organizations/\(context.facts.org)"
        return [
            PlannedAction(.organization, .api, base),
            PlannedAction(.environment, .api, "\(base)/environments/\(context.facts.env)"),
        ]
    }

    func collect(_ context: RunContext) async {
        guard let edge = context.requireEdge(for: items), context.requireEnvironment(for: items) else { return }
        let facts = context.caseFile.current
        _ = await context.addAnswer(.organization, file: "organization.json", title: "Organization \(facts.org)") {
            () async throws(EdgeError) in try await edge.organization(facts.org)
        }
        _ = await context.addAnswer(.environment, file: "environment.json", title: "Environment \(facts.env)") {
            () async throws(EdgeError) in try await edge.environment(facts.env, in: facts.org)
        }
    }
}
