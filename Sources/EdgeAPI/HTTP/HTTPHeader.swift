/// A header field of a request or a response.
///
/// The value may be a credential, so descriptions and mirrors show the name alone.
public struct HTTPHeader: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    public var description: String { "\(name): <\(value.utf8.count) bytes>" }

    public var customMirror: Mirror { Mirror(reflecting: description) }

    /// True for a name that usually carries a credential: `Authorization`, `Cookie`, `x-api-key` and their kin.
    public var namesCredential: Bool { CredentialNames.contains(name) }
}

/// Names of headers, query keys and form fields whose values are credentials.
enum CredentialNames {
    private static let exact: Set<String> = [
        "authorization", "cookie", "cookie2", "set-cookie", "key", "sig", "signature", "assertion", "code",
        "passcode", "passwd", "pwd", "pin", "sid", "jsessionid", "bearer", "jwt", "saml", "samlresponse",
    ]
    private static let parts = [
        "authorization", "auth-", "-auth", "apikey", "api-key", "api_key", "token", "secret", "password", "credential",
        "session", "consumerkey", "client_id", "clientid", "client-id", "private",
    ]

    static func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        return exact.contains(name) || parts.contains { name.contains($0) }
    }
}
