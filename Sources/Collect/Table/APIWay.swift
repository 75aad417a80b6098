internal import Documents
internal import EdgeAPI
internal import Redact
internal import SupportBundle

/// GETs of the management API as rows of the table name them.
struct APIWay {
    let source: ItemSource
    let context: RunContext

    /// Names of a list that are read one by one.
    private static let nameLimit = 200

    func collect(_ paths: [String]) async {
        guard let edge = context.requireEdge(for: [source.item]) else { return }
        guard context.knowsNames(of: paths, for: source) else { return }
        for path in paths where !context.isStopping { await collect(path, edge) }
    }

    private func collect(_ path: String, _ edge: EdgeClient) async {
        let answers = APIAnswers(source: source, context: context, role: .managementServer)
        var last: EdgeError?
        for choice in path.split(separator: " | ").map(String.init) {
            let isList = choice.hasSuffix("/*")
            let target = APITarget(isList ? String(choice.dropLast(2)) : choice, context.caseFile.current)
            do throws(EdgeError) {
                let response = try await target.get(edge)
                let value = answers.add(response, name: target.name(source.id))
                if isList { await each(value?.strings ?? [], of: target, edge, answers) }
                return
            } catch {
                last = error
                guard error.code == .notFound else { break }
            }
        }
        if let last { answers.add(last, name: source.id) }
    }

    private func each(_ names: [String], of list: APITarget, _ edge: EdgeClient, _ answers: APIAnswers) async {
        for name in names.prefix(Self.nameLimit) where !context.isStopping {
            let target = APITarget(segments: list.segments + [name], query: list.query)
            do throws(EdgeError) {
                answers.add(try await target.get(edge), name: "\(source.id)-\(name)")
            } catch {
                answers.add(error, name: "\(source.id)-\(name)")
            }
        }
        if names.count > Self.nameLimit {
            context.recordAbsent(
                source, .partial, reason: "the first \(Self.nameLimit) of \(names.count) names were read")
        }
    }
}

extension RunContext {
    /// Whether the case has all names that the paths ask for; those that are missing are told.
    func knowsNames(of paths: [String], for source: ItemSource) -> Bool {
        let facts = caseFile.current
        let unknown = Set(paths.flatMap { ItemSource.unknown($0, facts) }).sorted()
        guard !unknown.isEmpty else { return true }
        recordAbsent(
            source, reason: "not known: \(unknown.joined(separator: ", "))",
            hint: "run it again with " + unknown.map { "--\($0) \($0.uppercased())" }.joined(separator: " "))
        return false
    }
}

/// A path below `/v1` with the case's names in it.
struct APITarget: Sendable {
    let segments: [String]
    let query: [(String, String)]

    /// Bytes of one answer.
    static let limit = 8 << 20

    init(segments: [String], query: [(String, String)] = []) {
        self.segments = segments
        self.query = query
    }

    /// Names are filled in segment by segment, so that none can add one.
    init(_ template: String, _ facts: CaseFacts) {
        let parts = template.split(separator: "?", maxSplits: 1).map(String.init)
        let names = ItemSource.names(facts)
        segments = (parts.first ?? "").split(separator: "/").map { segment in
            names.first { segment == "{\($0.name)}" }?.value ?? String(segment)
        }
        query = parts.dropFirst().flatMap { $0.split(separator: "&") }.map { pair in
            let words = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return (words.first ?? "", words.dropFirst().first ?? "")
        }
    }

    /// What its file is called: two queries of one path differ in their values.
    func name(_ id: String) -> String { ([id] + query.map(\.1)).joined(separator: "-") }

    /// Of some calls, a server knows the short form of the path alone: it is tried where the long one is not found.
    func get(_ edge: EdgeClient) async throws(EdgeError) -> HTTPResponse {
        do throws(EdgeError) {
            return try await edge.get(segments, query: query, accept: .json, maxBytes: Self.limit)
        } catch {
            guard error.code == .notFound, let short else { throw error }
            do throws(EdgeError) {
                return try await edge.get(short, query: query, accept: .json, maxBytes: Self.limit)
            } catch let other {
                // What the documented form was answered tells more.
                if other.code == .notFound { throw error }
                throw other
            }
        }
    }

    /// `/o/ORG/e/ENV` for `/organizations/ORG/environments/ENV`.
    private var short: [String]? {
        guard let place = segments.firstIndex(of: "organizations"), place <= 1 else { return nil }
        var short = segments
        short[place] = "o"
        if segments.count > place + 2, segments[place + 2] == "environments" { short[place + 2] = "e" }
        return short
    }
}

/// Books answers of HTTP calls, whatever they are: JSON, something else, or an error, which is evidence as well.
struct APIAnswers {
    let source: ItemSource
    let context: RunContext
    let role: Manifest.Place.Role?

    /// - Returns: the JSON that it is, if it is.
    @discardableResult
    func add(_ response: HTTPResponse, name: String, notes: [String] = []) -> JSONValue? {
        let value = try? JSONAnswer(response).value
        let isJSON = value != nil
        context.addItem(
            source.item, file: name + (isJSON ? ".json" : ".txt"), title: title(name),
            source: .init(type: .api, location: response.url), mediaType: isJSON ? "application/json" : "text/plain",
            format: isJSON ? .json : .auto, bytes: response.body, state: isJSON ? .collected : .partial,
            reason: isJSON ? nil : "the answer is no JSON", notes: notes, on: role)
        return value
    }

    /// An answer with another status is what the playbook wants to see; no answer is an obstacle.
    func add(_ error: EdgeError, name: String) {
        let isTold: Bool =
            switch error.code {
            case .notFound, .server, .unexpectedStatus, .tooLarge: error.partial != nil
            default: false
            }
        if isTold, let answer = error.partial {
            context.addItem(
                source.item, file: name + "-error.txt", title: title(name) + ": HTTP \(answer.status)",
                source: .init(type: .api, location: answer.url), mediaType: "text/plain", format: .http,
                bytes: answer.asHTTPMessage(), state: .partial, reason: error.description, on: role)
        }
        context.record(source.item, .missing, reason: "\(source.id): \(error.description)", hint: error.hint)
    }

    private func title(_ name: String) -> String {
        name == source.id ? source.title : "\(source.title) (\(name.dropFirst(source.id.count + 1)))"
    }
}
