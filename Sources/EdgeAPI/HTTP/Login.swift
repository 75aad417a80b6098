public import Platform

/// How a request proves who sends it.
public enum Login: Sendable {
    case none
    /// HTTP Basic authentication (RFC 7617).
    case basic(user: String, password: Secret)
    /// An OAuth 2 bearer token (RFC 6750).
    case bearer(Secret)
    /// The entry for the host in a netrc file; `~/.netrc` for nil.
    case netrc(file: String?)
    /// Tokens that Edge's OAuth 2 service gives and renews. Only an ``EdgeClient`` knows how to get them.
    case oauth(OAuthGrant)

    /// The kind, for messages.
    var name: String {
        switch self {
        case .none: "no login"
        case .basic: "user and password"
        case .bearer: "a token"
        case .netrc: "the netrc file"
        case .oauth: "the login server's token"
        }
    }
}
