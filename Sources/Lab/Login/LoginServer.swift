import FlyingFox
import Foundation
import Synchronization

/// Edge's OAuth 2 service, as far as its documentation tells: `POST /oauth/token` with a form, under the name of Edge's
/// command-line client, in zones that stand before the host name.
final class LoginServer: HTTPHandler {
    let desk: LoginDesk
    /// The one zone there is besides none.
    let zone: String
    private let log = Mutex<[LoginRequest]>([])

    init(desk: LoginDesk, zone: String) {
        self.desk = desk
        self.zone = zone
    }

    var requests: [LoginRequest] { log.withLock { $0 } }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = String(decoding: try await request.bodyData, as: UTF8.self)
        let fields = Self.fields(body)
        let form = Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
        let response = respond(to: request, form)
        let seen = LoginRequest(
            method: request.method.rawValue, target: request.target.rawValue,
            host: request.headers[HTTPHeader("Host")] ?? "", fields: fields.map(\.name),
            grant: form["grant_type"] ?? "", status: response.statusCode.code)
        log.withLock { $0.append(seen) }
        return response
    }

    private func respond(to request: HTTPRequest, _ form: [String: String]) -> HTTPResponse {
        let host = (request.headers[HTTPHeader("Host")] ?? "").split(separator: ":").first.map(String.init) ?? ""
        guard ["127.0.0.1", "localhost", "\(zone).localhost"].contains(host), request.path == "/oauth/token" else {
            return Answer.page(.notFound)
        }
        guard request.method == .POST else { return Answer.page(.methodNotAllowed) }
        guard request.headers[.authorization] == "Basic \("edgecli:edgeclisecret".base64)" else {
            return Self.refusal("invalid_client", "Bad client credentials")
        }
        // Its documentation warns of credentials in a URI, and names one type of content.
        let type = request.headers[.contentType]?.split(separator: ";").first.map(String.init)
        guard request.query.isEmpty, type == "application/x-www-form-urlencoded" else {
            return Self.refusal("invalid_request", "Parameters belong into the form", status: .badRequest)
        }
        switch desk.answer(form) {
        case .refused(let error, let words): return Self.refusal(error, words)
        case .granted(let access, let refresh):
            return Answer.json(
                [
                    "access_token": access, "refresh_token": refresh, "token_type": "bearer",
                    "expires_in": desk.options.tokenLifetime,
                ] as [String: Any])
        }
    }

    private static func refusal(
        _ error: String, _ words: String, status: HTTPStatusCode = .unauthorized
    ) -> HTTPResponse {
        Answer.json(["error": error, "error_description": words], status: status)
    }

    private static func fields(_ body: String) -> [(name: String, value: String)] {
        body.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? ""
            }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }
}
