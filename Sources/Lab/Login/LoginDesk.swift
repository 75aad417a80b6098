import Foundation
import Synchronization

/// Accounts and tokens of the login server: one user, one-time codes and passcodes, tokens that end.
final class LoginDesk: Sendable {
    /// What a form asks for.
    enum Outcome: Sendable {
        case granted(access: String, refresh: String)
        /// `error` and `error_description` (RFC 6749 section 5.2); public material shows only one of Edge's.
        case refused(error: String, words: String)
    }

    private struct State {
        var codes: Set<String>
        var passcodes: Set<String>
        /// Access tokens, and when they end.
        var tokens: [String: Date] = [:]
        /// Refresh tokens, and how often each may be used.
        var refreshes: [String: Int] = [:]
    }

    let options: LabLogin
    /// Codes of the second factor and passcodes, each good once.
    let codes: [String]
    let passcodes: [String]
    private let user: String
    private let password: String
    private let state: Mutex<State>

    init(user: String, secrets: PlantedSecrets, options: LabLogin) {
        self.options = options
        self.user = user
        password = secrets[.managementPassword]
        codes = (0..<3).map { _ in RandomValues.string(6, of: RandomValues.digits) }
        passcodes = [secrets[.loginPasscode]]
        state = Mutex(State(codes: Set(codes), passcodes: Set(passcodes)))
    }

    /// All tokens that were given out.
    var tokens: [String] { state.withLock { Array($0.tokens.keys) + Array($0.refreshes.keys) } }

    /// Whether the management API takes this token now.
    func isGood(_ token: String) -> Bool { state.withLock { $0.tokens[token].map { Date() < $0 } ?? false } }

    /// Ends every access token before its time.
    func endTokens() { state.withLock { state in for token in state.tokens.keys { state.tokens[token] = Date() } } }

    func answer(_ form: [String: String]) -> Outcome {
        switch form["grant_type"] {
        case "refresh_token": refreshed(form["refresh_token"] ?? "")
        case "password" where form["passcode"] != nil:
            state.withLock({ $0.passcodes.remove(form["passcode"] ?? "") }) != nil
                ? grant() : .refused(error: "unauthorized", words: "Invalid passcode")
        case "password": withPassword(form)
        default: .refused(error: "unsupported_grant_type", words: "Unsupported grant type")
        }
    }

    private func withPassword(_ form: [String: String]) -> Outcome {
        guard !options.takesPasscodesOnly, form["username"] == user, form["password"] == password else {
            return .refused(error: "unauthorized", words: "Bad credentials")
        }
        if options.asksForCode, state.withLock({ $0.codes.remove(form["mfa_token"] ?? "") }) == nil {
            return .refused(error: "unauthorized", words: "Error: Invalid MFA code.")
        }
        return grant()
    }

    private func refreshed(_ token: String) -> Outcome {
        let left = state.withLock { state -> Int? in
            guard let left = state.refreshes[token], left > 0 else { return nil }
            state.refreshes[token] = left - 1
            return left
        }
        return left == nil ? .refused(error: "invalid_token", words: "Invalid refresh token") : grant(refresh: token)
    }

    private func grant(refresh: String? = nil) -> Outcome {
        let now = Int(Date().timeIntervalSince1970)
        let header = Base64URL.encode(#"{"alg":"RS256","typ":"JWT"}"#)
        let claims = Base64URL.encode(
            #"{"jti":"\#(RandomValues.string(16))","iat":\#(now),"exp":\#(now + options.tokenLifetime)}"#)
        let access = "\(header).\(claims).\(RandomValues.string(86))"
        let again = refresh ?? RandomValues.string(40)
        state.withLock { state in
            state.tokens[access] = Date().addingTimeInterval(Double(options.tokenLifetime))
            if refresh == nil { state.refreshes[again] = options.refreshes ?? .max }
        }
        return .granted(access: access, refresh: again)
    }
}
