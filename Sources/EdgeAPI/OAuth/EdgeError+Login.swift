import Documents
import Platform

extension EdgeError {
    /// A transfer to the login server failed: hints name the option that leads there.
    func ofLogin(_ server: String) -> EdgeError {
        let hint: String? =
            switch code {
            case .insecureHTTP: "give an https URL with --login-url; --allow-http is for the management server alone"
            case .dns:
                "check the name, and the zone in it, of --login-url (https://ZONE.login.apigee.com), or whether a proxy "
                    + "is needed (--http-proxy)"
            case .connectionRefused, .connectionFailed: "check host and port of --login-url"
            case .protocolViolation, .tooLarge: "check that --login-url names Edge's login server"
            default: nil
            }
        return EdgeError(code, subject: subject, reason: reason, hint: hint ?? self.hint)
    }

    /// One-time codes are used up and the session is over.
    static func sessionOver(_ server: String, _ grant: OAuthGrant) -> EdgeError {
        EdgeError(
            .loginRefused, subject: server, reason: "the session is over, and a one-time code can't be used again",
            hint: "run it again with a new \(grant.passcode == nil ? "code (--mfa-stdin)" : passcodeHint(server))")
    }

    private static func passcodeHint(_ server: String) -> String {
        "passcode of \(server)/passcode (--passcode-stdin)"
    }

    /// What an answer of a login server without a token means.
    ///
    /// - Parameter form: what it was asked; never repeated, even if the answer does.
    init(
        login response: HTTPResponse, subject: String, server: String, grant: OAuthGrant, form: [(String, Secret)]
    ) {
        let answer = try? JSONValue(parsing: Array(response.body.prefix(64 << 10)))
        let words = Self.words(answer, hiding: form)
        let told = words.map { ": \($0)" } ?? ""
        let status = response.status
        func error(_ code: Code, _ reason: String, _ hint: String) -> EdgeError {
            EdgeError(code, subject: subject, reason: "\(reason) (\(status))\(told)", hint: hint)
        }
        let lower = words?.lowercased() ?? ""
        let isRefresh = form.contains { $0.0 == "refresh_token" }
        let noServer =
            "check --login-url: it must be Edge's login server, https://login.apigee.com or "
            + "https://ZONE.login.apigee.com, or the one of your installation"
        self =
            switch status {
            case 300...399:
                error(
                    .redirected(host: response.redirectHost ?? ""),
                    "the login server points to \(response.redirectHost ?? "another place")",
                    "credentials do not follow a redirect. " + noServer)
            case 404, 405: error(.notLoginServer, "there is no login server, or no such zone", noServer)
            case 407: error(.proxy, "the proxy wants a login", "put it into the URL in the variable https_proxy")
            case 429:
                error(.tooManyRequests(retryAfter: response.retryAfter), "too many logins", "wait, then run it again")
            case 500...599: error(.server(status: status), "the login server failed", "try again later")
            case 400...403 where answer?["error"]?.string != nil:
                if lower.contains("client") {
                    error(.notLoginServer, "the server does not know Edge's clients", noServer)
                } else if isRefresh {
                    error(.loginRefused, "the session is over", "run it again")
                } else if grant.passcode != nil {
                    error(
                        .loginRefused, "passcode not accepted",
                        "it is good for one login, for a short time and in its zone alone: get a new "
                            + Self.passcodeHint(server))
                } else if lower.contains("mfa") {
                    grant.mfaCode == nil
                        ? error(.loginRefused, "the account has a second factor", "give its code with --mfa-stdin")
                        : error(
                            .loginRefused, "code of the second factor not accepted",
                            "a code is good once and for 30 seconds: run it again with a new one, and check the clock "
                                + "of the device that shows it")
                } else {
                    error(
                        .loginRefused, "user or password not accepted",
                        "check both, and the zone in --login-url; where single sign-on is on, give a "
                            + Self.passcodeHint(server))
                }
            default: error(.notLoginServer, "the answer holds no bearer token", noServer)
            }
    }

    /// `error` and `error_description` (RFC 6749 section 5.2), where they repeat nothing that was sent.
    private static func words(_ answer: JSONValue?, hiding form: [(String, Secret)]) -> String? {
        let parts = ["error", "error_description"].compactMap { answer?[$0]?.string }
        guard !parts.isEmpty else { return nil }
        let text = Array(parts.joined(separator: ": ").utf8)
        let isRepeated = form.contains { name, value in
            ["username", "password", "mfa_token", "passcode", "refresh_token"].contains(name)
                && value.withBytes { !$0.isEmpty && text.firstRange(of: $0) != nil }
        }
        return isRepeated ? nil : Excerpt.clean(String(decoding: text, as: UTF8.self), limit: 160)
    }
}

extension EdgePath {
    /// A form body (`application/x-www-form-urlencoded`).
    static func form(_ fields: [(String, Secret)]) -> [UInt8] {
        Array(
            fields.map { name, value in "\(name)=" + value.withBytes { encoded($0) } }.joined(separator: "&").utf8)
    }
}
