import Platform
import Synchronization

/// The tokens of one login to Edge: asked for when first needed, renewed before they expire and after a refusal.
///
/// They and the credentials go to the login server and, as a bearer token, to the management API; nowhere else.
final class EdgeTokens: Sendable {
    /// A token, and which one it is.
    struct Ticket: Sendable {
        let token: Secret
        let number: Int
    }

    private struct Held {
        var ticket: Ticket
        var refresh: Secret?
        /// When it should be renewed, and when it is over.
        var renewal: ContinuousClock.Instant?
        var end: ContinuousClock.Instant?
    }

    private struct State {
        var held: Held?
        var count = 0
        var isGrantSpent = false
        /// What the server said to credentials that it will not take later either: asking again could lock the account.
        var refusal: EdgeError?
        /// The last renewal that failed for a passing reason: whoever waited for it need not wait for another.
        var failure: (at: ContinuousClock.Instant, error: EdgeError)?
        /// Tokens refused by the API one after the other.
        var refused = 0
        var listener: (@Sendable (Secret) -> Void)?
    }

    /// Edge's own clients all name themselves so; it is no secret.
    private static let client = Login.basic(user: "edgecli", password: Secret("edgeclisecret"))
    /// A token is renewed that long before its end.
    private static let margin = 30
    private static let patience: Duration = .seconds(30)

    let grant: OAuthGrant
    /// The login server, without a path of its own pages.
    let server: String
    private let http: HTTPClient
    private let state = Mutex(State())
    private let gate = Gate()

    /// - Parameter base: of the management API.
    /// - Throws: ``EdgeError`` `invalidRequest` when it is not known which login server to ask.
    init(_ grant: OAuthGrant, base: String, options: HTTPOptions) throws(EdgeError) {
        let management = WebAddress(base)?.host
        guard let url = grant.loginURL ?? (management == OAuthGrant.publicManagement ? OAuthGrant.publicLogin : nil)
        else {
            throw .invalid(
                WebAddress.withoutValues(base), "it is not known which server logs in to this management API",
                hint: "give the address of its login server with --login-url")
        }
        guard let server = OAuthGrant.server(url) else {
            throw .invalid(
                "login", "not a plain http or https URL of a login server",
                hint: "write it like https://ZONE.login.apigee.com (--login-url)")
        }
        self.grant = grant
        self.server = server
        var options = options
        // The permission is for the management server alone.
        options.allowHTTP = options.allowHTTP && WebAddress(server)?.host == management
        http = HTTPClient(options: options)
    }

    /// Tells of every token, those that are known already too.
    func tell(_ listener: @escaping @Sendable (Secret) -> Void) {
        let known = state.withLock { state -> [Secret] in
            state.listener = listener
            return [state.held?.ticket.token, state.held?.refresh].compactMap(\.self)
        }
        for secret in known { listener(secret) }
    }

    /// A token that is good for a while.
    func ticket(timeout: Duration) async throws(EdgeError) -> Ticket {
        if let good = current() { return good }
        let begun = ContinuousClock.now
        return try await gate.pass { () async -> Result<Ticket, EdgeError> in
            // Someone else may have renewed it meanwhile.
            if let good = current() { return .success(good) }
            do throws(EdgeError) {
                return .success(try await renew(timeout: timeout, since: begun))
            } catch {
                // The old one may serve until the login server is well again.
                return lasting().map { .success($0) } ?? .failure(error)
            }
        }.get()
    }

    /// Another token than the one that the API refused; nil when there is no use in that.
    func ticket(after refused: Ticket, timeout: Duration) async throws(EdgeError) -> Ticket? {
        let begun = ContinuousClock.now
        return try await gate.pass { () async -> Result<Ticket?, EdgeError> in
            let (now, isVain) = state.withLock { state -> (Ticket?, Bool) in
                guard state.held?.ticket.number == refused.number else { return (state.held?.ticket, false) }
                state.refused += 1
                return (nil, state.refused > 1)
            }
            if let now { return .success(now) }
            if isVain { return .success(nil) }
            do throws(EdgeError) {
                return .success(try await renew(timeout: timeout, since: begun))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// The API took the token.
    func accepted(_ ticket: Ticket) {
        state.withLock { state in
            if state.held?.ticket.number == ticket.number { state.refused = 0 }
        }
    }

    private func current() -> Ticket? {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard let held = state.held, held.renewal.map({ now < $0 }) ?? true else { return nil }
            return held.ticket
        }
    }

    private func lasting() -> Ticket? {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard let held = state.held, let end = held.end, now < end else { return nil }
            return held.ticket
        }
    }

    private func renew(
        timeout: Duration, since begun: ContinuousClock.Instant
    ) async throws(EdgeError) -> Ticket {
        if let failure = state.withLock({ $0.failure }), failure.at > begun { throw failure.error }
        do throws(EdgeError) {
            return try await renew(timeout: timeout)
        } catch {
            if error.code != .cancelled { state.withLock { $0.failure = (.now, error) } }
            throw error
        }
    }

    /// By the refresh token, else by the credentials, each of which may be used up.
    private func renew(timeout: Duration) async throws(EdgeError) -> Ticket {
        let end = ContinuousClock.now + min(timeout, Self.patience)
        let (refresh, refusal) = state.withLock { ($0.held?.refresh, $0.refusal) }
        if let refusal { throw refusal }
        if let refresh {
            do throws(EdgeError) {
                return try await ask([("grant_type", Secret("refresh_token")), ("refresh_token", refresh)], until: end)
            } catch {
                guard error.code == .loginRefused else { throw error }
                state.withLock { $0.held?.refresh = nil }
            }
        }
        let isSpent = state.withLock { state -> Bool in
            defer { state.isGrantSpent = !grant.isReusable }
            return state.isGrantSpent
        }
        do throws(EdgeError) {
            if isSpent { throw .sessionOver(server, grant) }
            return try await ask(grant.form, until: end)
        } catch {
            if error.code == .loginRefused { state.withLock { $0.refusal = error } }
            throw error
        }
    }

    private func ask(_ form: [(String, Secret)], until end: ContinuousClock.Instant) async throws(EdgeError) -> Ticket {
        let request = HTTPRequest(
            method: "POST", url: server + "/oauth/token",
            headers: [
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded;charset=utf-8"),
                HTTPHeader("Accept", "application/json;charset=utf-8"),
            ], body: EdgePath.form(form), login: Self.client, maxBytes: 1 << 20, timeout: end - .now)
        let asked = ContinuousClock.now
        let response: HTTPResponse
        do throws(EdgeError) {
            response = try await http.send(request)
        } catch {
            throw error.ofLogin(server)
        }
        guard (200...299).contains(response.status), let answer = TokenAnswer(response.body) else {
            throw EdgeError(login: response, subject: request.description, server: server, grant: grant, form: form)
        }
        return keep(answer, since: asked)
    }

    private func keep(_ answer: TokenAnswer, since asked: ContinuousClock.Instant) -> Ticket {
        let (ticket, listener) = state.withLock { state in
            state.count += 1
            let ticket = Ticket(token: answer.access, number: state.count)
            let lifetime = answer.lifetime
            state.held = Held(
                ticket: ticket, refresh: answer.refresh ?? state.held?.refresh,
                renewal: lifetime.map { asked + .seconds(max($0 - Self.margin, $0 / 2)) },
                end: lifetime.map { asked + .seconds($0) })
            return (ticket, state.listener)
        }
        if let listener { for secret in [answer.access, answer.refresh].compactMap(\.self) { listener(secret) } }
        return ticket
    }
}
