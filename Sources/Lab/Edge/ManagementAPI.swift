import FlyingFox
import Foundation
import Synchronization

/// The management API under `/v1`, with authentication and faults.
final class ManagementAPI: HTTPHandler {
    let world: EdgeWorld
    let sessions: DebugSessions
    let faults: FaultSwitch
    let slowness: Double
    private let redirectTarget: String
    private let login: LoginDesk
    private let log = Mutex<[RecordedRequest]>([])

    init(
        world: EdgeWorld, sessions: DebugSessions, faults: FaultSwitch, slowness: Double, redirectTarget: String,
        login: LoginDesk
    ) {
        self.world = world
        self.sessions = sessions
        self.faults = faults
        self.slowness = slowness
        self.redirectTarget = redirectTarget
        self.login = login
    }

    /// Every request that arrived, in order.
    var requests: [RecordedRequest] { log.withLock { $0 } }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        var response = try await respond(to: request)
        // RFC 9110 section 6.6.1: a server with a clock tells its time.
        response.headers[HTTPHeader("Date")] = Self.date(Date().addingTimeInterval(world.variants.clockAhead))
        return response
    }

    private static func date(_ date: Date) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.string(from: date)
    }

    private func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        log.withLock { $0.append(RecordedRequest(request)) }
        let active = faults.active
        if let refusal = refusal(of: request, active) { return refusal }
        let call = Call(request)
        if active.contains(.notFound), call.isOfEnvironment {
            return Answer.error(
                "messaging.config.beans.EntityNotFound", "Entity \(call.path.last ?? "") does not exist")
        }
        let response = await answer(to: call)
        return try await spoiled(response, call: call, active)
    }

    /// What is answered before the API looks at the path.
    private func refusal(of request: HTTPRequest, _ active: Set<Fault>) -> HTTPResponse? {
        if active.contains(.redirect) {
            return HTTPResponse(statusCode: .found, headers: HTTPHeaders([.location: redirectTarget + request.path]))
        }
        if active.contains(.tooMany) {
            var response = Answer.error(
                "policies.ratelimit.QuotaViolation", "Rate limit exceeded",
                status: HTTPStatusCode(429, phrase: "Too Many Requests"))
            response.headers[HTTPHeader("Retry-After")] = "30"
            return response
        }
        if active.contains(.unauthorizedHTML) { return Answer.unauthorized(.html) }
        if active.contains(.unauthorizedEmpty) { return Answer.unauthorized(.empty) }
        guard isAuthorized(request) else { return Answer.unauthorized(world.variants.unauthorizedBody) }
        if active.contains(.forbidden) { return Answer.page(.forbidden) }
        if active.contains(.serverError) {
            return Answer.error("messaging.runtime.InternalError", "Internal error", status: .internalServerError)
        }
        return nil
    }

    private func isAuthorized(_ request: HTTPRequest) -> Bool {
        let credentials = "\(world.user):\(world.secrets[.managementPassword])"
        let given = request.headers[.authorization] ?? ""
        if given == "Basic \(credentials.base64)" { return !login.options.endsBasic }
        return given == "Bearer \(world.secrets[.managementToken])"
            || given.hasPrefix("Bearer ") && login.isGood(String(given.dropFirst("Bearer ".count)))
    }

    /// The answer with the faults that concern its body or its time.
    private func spoiled(_ response: HTTPResponse, call: Call, _ active: Set<Fault>) async throws -> HTTPResponse {
        var response = response
        if active.contains(.slow) { try await Task.sleep(for: .seconds(slowness)) }
        let isZip = response.headers[.contentType] == "application/octet-stream"
        if active.contains(.brokenZip), isZip {
            let whole = try await response.bodyData
            response = HTTPResponse(statusCode: .ok, headers: response.headers, body: whole.prefix(whole.count * 2 / 3))
        }
        if active.contains(.wrongContentType) {
            let page = Answer.page(.ok)
            return HTTPResponse(
                statusCode: .ok, headers: [.contentType: "application/json"], body: try await page.bodyData)
        }
        if active.contains(.jsonAsText), !isZip { response.headers[.contentType] = "text/plain" }
        if active.contains(.truncatedJSON), !isZip {
            let whole = try await response.bodyData
            response = HTTPResponse(
                statusCode: response.statusCode, headers: response.headers, body: whole.prefix(whole.count / 2))
        }
        return try await Self.slowed(response, active)
    }

    private static func slowed(_ response: HTTPResponse, _ active: Set<Fault>) async throws -> HTTPResponse {
        let kind: FaultyBody.Kind
        if active.contains(.cutOff) {
            kind = .cutOff
        } else if active.contains(.drip) {
            kind = .drip(bytes: 7, pause: .milliseconds(40))
        } else if active.contains(.endlessBody) {
            kind = .endless
        } else {
            return response
        }
        let content = Array(try await response.bodyData)
        let body = FaultyBody(content: content, kind: kind)
        let sequence =
            if case .endless = kind { HTTPBodySequence(from: body) } else {
                HTTPBodySequence(from: body, count: content.count)
            }
        return HTTPResponse(statusCode: response.statusCode, headers: response.headers, body: sequence)
    }
}

/// What a server of the lab was sent, without the body.
public struct RecordedRequest: Sendable {
    public let method: String
    /// Path and query as they arrived.
    public let target: String
    /// Whether an `Authorization` or `Cookie` header came along; its value isn't kept.
    public let hadCredentials: Bool

    init(_ request: HTTPRequest) {
        method = request.method.rawValue
        target = request.target.rawValue
        hadCredentials = request.headers[.authorization] != nil || request.headers[.cookie] != nil
    }
}
