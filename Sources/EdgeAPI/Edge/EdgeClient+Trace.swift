/// Which requests a debug session records.
public enum DebugFilter: Sendable, Equatable {
    case header(name: String, value: String)
    case queryParameter(name: String, value: String)

    var pair: (String, String) {
        switch self {
        case .header(let name, let value): ("header_\(name)", value)
        case .queryParameter(let name, let value): ("qparam_\(name)", value)
        }
    }
}

/// A debug session of one revision in one environment.
public struct DebugSession: Sendable, Hashable {
    public var scope: EnvironmentScope
    public var api: String
    public var revision: String
    public var name: String

    public init(scope: EnvironmentScope, api: String, revision: String, name: String) {
        self.scope = scope
        self.api = api
        self.revision = revision
        self.name = name
    }

    var collection: [String] { scope.segments + ["apis", api, "revisions", revision, "debugsessions"] }
}

/// Debug sessions (trace). There is no call that closes one: that would discard its data, so it is left to expire.
extension EdgeClient {
    /// Starts a debug session: the only call that changes anything on Edge.
    ///
    /// The parameters travel in the query, the body is empty. Known clients send the misspelt content type
    /// `application/x-www-url-form-encoded`; the standard one is tried first, that one when it is refused.
    ///
    /// - Parameters:
    ///   - expiry: Seconds until the session ends by itself, 1 to 600.
    ///   - timeout: Time for the call.
    public func createDebugSession(
        _ session: DebugSession, expiry: Int = 600, filters: [DebugFilter] = [], timeout: Duration? = nil
    ) async throws(EdgeError) -> HTTPResponse {
        let query =
            [("session", session.name), ("timeout", String(min(max(expiry, 1), 600)))] + filters.map(\.pair)
        do throws(EdgeError) {
            return try await post(
                session.collection, query: query, contentType: "application/x-www-form-urlencoded", timeout: timeout)
        } catch {
            guard error.code == .unexpectedStatus(415) || error.code == .unexpectedStatus(400) else { throw error }
            return try await post(
                session.collection, query: query, contentType: "application/x-www-url-form-encoded", timeout: timeout)
        }
    }

    /// Ids of the transactions that a session recorded.
    public func debugTransactions(
        of session: DebugSession, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(session.collection + [session.name, "data"], timeout: timeout)
    }

    /// One recorded transaction as Edge gives it: XML, or JSON. Tried once only; full of secrets.
    public func debugTransaction(
        _ id: String, of session: DebugSession, as format: Accept = .xml, maxBytes: Int = 64 << 20,
        timeout: Duration? = nil
    ) async throws(EdgeError) -> HTTPResponse {
        try await get(
            session.collection + [session.name, "data", id], accept: format, maxBytes: maxBytes, timeout: timeout,
            retry: false)
    }
}
