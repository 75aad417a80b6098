/// How the login server of a lab behaves.
public struct LabLogin: Sendable {
    /// The account has a second factor: a password alone gets no token.
    public var asksForCode = false
    /// The zone has single sign-on: passcodes alone get a token.
    public var takesPasscodesOnly = false
    /// Seconds that an access token lasts.
    public var tokenLifetime = 43_199
    /// How many tokens one refresh token brings; nil: any number.
    public var refreshes: Int?
    /// The management API takes no user and password any more.
    public var endsBasic = false

    public init() {}
}

/// What the login server was asked, without any value.
public struct LoginRequest: Sendable {
    public let method: String
    /// Path and query as they arrived.
    public let target: String
    /// The `Host` header.
    public let host: String
    /// Names of the form's fields, in their order.
    public let fields: [String]
    /// `password` or `refresh_token`.
    public let grant: String
    public let status: Int
}
