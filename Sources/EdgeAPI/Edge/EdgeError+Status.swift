extension EdgeError {
    /// The error that an answer's status means; nil for 2xx.
    init?(response: HTTPResponse, subject: String, login: Login) {
        guard !(200...299).contains(response.status) else { return nil }
        // The body of a 401 is never shown: some servers repeat the login in it.
        let told = response.status == 401 ? nil : Excerpt.ofError(response.body)
        func error(_ code: Code, _ words: String, _ hint: String) -> EdgeError {
            let reason = "\(words) (\(response.status))" + (told.map { ": \($0)" } ?? "")
            return EdgeError(code, subject: subject, reason: reason, hint: hint, partial: response)
        }
        self =
            switch response.status {
            case 401:
                if let scheme = response.otherScheme(than: login) {
                    error(
                        .unauthorized, "the server wants \(scheme), not \(login.name)",
                        scheme == "Bearer"
                            ? "give --login-url URL for a token of its login server, or --token-file FILE"
                            : "give a login that it takes (--user, --token-file, --login-url), or ask who runs it")
                } else {
                    error(.unauthorized, "\(login.refusal)", login.refusalHint)
                }
            case 403:
                error(
                    .forbidden, "the login has no right to this",
                    "the user needs the role Read-only Organization Administrator in the organization; a debug session "
                        + "needs a role that may create one")
            case 404:
                error(.notFound, "not found", "check organization, environment and name; names are case-sensitive")
            case 407:
                error(
                    .proxy, "the proxy wants a login",
                    "put it into the URL in the variable http_proxy or https_proxy")
            case 429:
                error(
                    .tooManyRequests(retryAfter: response.retryAfter), "too many requests",
                    response.retryAfter.map { "wait \($0) seconds, then run it again" }
                        ?? "wait a minute, then run it again")
            case 500...599:
                error(
                    .server(status: response.status), "the server failed",
                    "try again later; its own log (edge-management-server/logs/system.log) says why")
            case 300...399 where response.redirectHost != nil:
                error(
                    .redirected(host: response.redirectHost ?? ""),
                    "points to \(response.redirectHost ?? "another place")",
                    "credentials do not follow a redirect; give the right address with --mgmt")
            default:
                error(
                    .unexpectedStatus(response.status), "unexpected answer",
                    "check that the URL (--mgmt) is the management API's and ends in /v1")
            }
    }
}

extension HTTPResponse {
    /// Seconds of a `Retry-After` header (RFC 9110 section 10.2.3), at most a day; nil for a date or nonsense.
    var retryAfter: Int? {
        header("retry-after").flatMap { Int($0) }.flatMap { (0...86_400).contains($0) ? $0 : nil }
    }
}

extension HTTPResponse {
    /// The schemes of `WWW-Authenticate` (RFC 9110 section 11.6.1) where the login's own is not among them.
    fileprivate func otherScheme(than login: Login) -> String? {
        let own: String
        switch login {
        case .none: return nil
        case .basic, .netrc: own = "basic"
        case .bearer, .oauth: own = "bearer"
        }
        // Each challenge begins with its scheme; parameters have an equals sign or stand behind one.
        let schemes = headers.filter { $0.name.lowercased() == "www-authenticate" }.flatMap { header in
            header.value.split(separator: ",").compactMap { $0.split(separator: " ").first }.filter {
                HTTPToken.isToken(String($0))
            }
        }.map(String.init)
        // A bearer token may be taken by a server that tells browsers to use Basic.
        guard !schemes.isEmpty, own == "basic" || !schemes.contains(where: { $0.lowercased() == "basic" }),
            !schemes.contains(where: { $0.lowercased() == own })
        else { return nil }
        return Excerpt.clean(schemes.joined(separator: " or "), limit: 60)
    }
}

extension Login {
    fileprivate var refusal: String {
        switch self {
        case .none: "a login is needed"
        default: "\(name) not accepted"
        }
    }

    fileprivate var refusalHint: String {
        switch self {
        case .none: "give --user NAME, --token-file FILE or an entry in ~/.netrc"
        case .basic:
            "check user and password; users with multi-factor or single sign-on need a token: --mfa-stdin, --passcode-stdin "
                + "or --token-file"
        case .bearer:
            "the token may have expired: get a new one (get_token) and give it with --token-file or APIGEE_TOKEN"
        case .netrc: "check the entry for this host in the netrc file"
        case .oauth:
            "a new token was not accepted either: check that --mgmt and --login-url belong together, and the user's "
                + "organization"
        }
    }
}
