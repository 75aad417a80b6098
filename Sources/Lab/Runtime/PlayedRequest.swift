import FlyingFox
import Foundation

/// A request of a client application to the API.
struct PlayedRequest: Sendable {
    let method: String
    /// Path and query as they arrived.
    let target: String
    let query: [(name: String, value: String)]
    let headers: [(name: String, value: String)]
    let body: String

    var path: String { String(target.prefix { $0 != "?" }) }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}

extension PlayedRequest {
    /// Takes at most 1 MiB of the body.
    init(_ request: HTTPRequest) async throws {
        method = request.method.rawValue
        target = request.target.rawValue
        query = request.query.map { ($0.name, $0.value) }
        headers = request.headers.map { ($0.key.rawValue, $0.value) }.sorted { $0.0 < $1.0 }
        body = String(decoding: try await request.bodyData.prefix(1 << 20), as: UTF8.self)
    }

    /// The request that the lab's client application sends.
    static func sample(names: LabNames, secrets: PlantedSecrets, routerPort: Int) -> PlayedRequest {
        let apiKey = secrets[.clientAPIKey]
        return PlayedRequest(
            method: "GET", target: "\(names.basePath)?apikey=\(apiKey)&limit=20",
            query: [("apikey", apiKey), ("limit", "20")],
            headers: [
                ("Accept", "application/json"), ("Authorization", "Bearer \(secrets[.clientToken])"),
                ("Cookie", "JSESSIONID=\(secrets[.clientCookie]); theme=dark"), ("Host", "127.0.0.1:\(routerPort)"),
                ("User-Agent", "OrdersMobile/4.2"),
            ], body: "")
    }
}
