import Foundation
import Synchronization

/// The debug sessions of the environment: filters, expiry and what they recorded (Edge API, debug sessions).
final class DebugSessions: Sendable {
    /// Messages at most that a session records.
    static let capacity = 20

    private struct Session {
        let headers: [String: String]
        let parameters: [String: String]
        let expiry: Date
        var transactions: [(id: String, trace: Trace)] = []
    }

    private let sessions = Mutex<[String: Session]>([:])

    /// Opens a session; a session of the same name is replaced.
    ///
    /// - Parameter query: the query of the request: `header_X=` and `qparam_X=` are filters, all of which must match.
    func open(_ name: String, timeout: Double, query: [(name: String, value: String)]) {
        func filters(_ prefix: String) -> [String: String] {
            query.reduce(into: [:]) { result, item in
                if item.name.hasPrefix(prefix) { result[String(item.name.dropFirst(prefix.count))] = item.value }
            }
        }
        let headers = filters("header_").reduce(into: [String: String]()) { $0[$1.key.lowercased()] = $1.value }
        let session = Session(
            headers: headers, parameters: filters("qparam_"), expiry: Date().addingTimeInterval(timeout))
        sessions.withLock { $0[name] = session }
    }

    /// Names of the sessions that have not expired.
    var names: [String] {
        sessions.withLock { sessions in sessions.filter { $0.value.expiry > Date() }.keys.sorted() }
    }

    /// The transaction ids of a session, or nil if there is no such session.
    func transactions(of name: String) -> [String]? {
        sessions.withLock { $0[name]?.transactions.map(\.id) }
    }

    func trace(of name: String, id: String) -> Trace? {
        sessions.withLock { $0[name]?.transactions.first { $0.id == id }?.trace }
    }

    /// Closes a session and discards its data.
    func close(_ name: String) -> Bool {
        sessions.withLock { $0.removeValue(forKey: name) != nil }
    }

    /// Records a transaction in every open session whose filter matches.
    func record(_ trace: Trace, request: PlayedRequest) {
        let headers = request.headers.reduce(into: [String: String]()) { $0[$1.name.lowercased()] = $1.value }
        let parameters = request.query.reduce(into: [String: String]()) { $0[$1.name] = $1.value }
        sessions.withLock { sessions in
            for (name, session) in sessions where session.expiry > Date() && session.transactions.count < Self.capacity
            {
                let matches =
                    session.headers.allSatisfy { headers[$0.key] == $0.value }
                    && session.parameters.allSatisfy { parameters[$0.key] == $0.value }
                if matches { sessions[name]?.transactions.append((UUID().uuidString.lowercased() + "__1", trace)) }
            }
        }
    }
}
