public import Platform

/// What a login to Edge's OAuth 2 service is made of: user and password, with a code of the second factor where the
/// account has one, or a one-time passcode of a zone with single sign-on.
public struct OAuthGrant: Sendable {
    /// The login server of the public cloud.
    public static let publicLogin = "https://login.apigee.com"
    /// The management API to which it belongs.
    static let publicManagement = "api.enterprise.apigee.com"

    public var user: String?
    public var password: Secret?
    public var mfaCode: Secret?
    public var passcode: Secret?
    /// The login server, `https://ZONE.login.apigee.com`; nil: the public cloud's own.
    public var loginURL: String?

    public init(
        user: String? = nil, password: Secret? = nil, mfaCode: Secret? = nil, passcode: Secret? = nil,
        loginURL: String? = nil
    ) {
        self.user = user
        self.password = password
        self.mfaCode = mfaCode
        self.passcode = passcode
        self.loginURL = loginURL
    }

    /// All that must not be shown.
    public var secrets: [Secret] { [password, mfaCode, passcode].compactMap(\.self) }

    /// The login server's address without what belongs to one of its pages; nil when it is no plain http or https URL.
    public static func server(_ url: String) -> String? {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        for page in ["/oauth/token", "/passcode"] where url.hasSuffix(page) { url.removeLast(page.utf8.count) }
        guard let address = WebAddress(url), address.user == nil, address.password == nil, address.query == nil,
            !url.utf8.contains(UInt8(ascii: "#"))
        else { return nil }
        return address.path == "/" ? String(address.text.dropLast()) : address.text
    }

    /// The fields of the form that asks for a token. A passcode takes the place of user and password.
    var form: [(String, Secret)] {
        let grant = ("grant_type", Secret("password"))
        if let passcode { return [grant, ("response_type", Secret("token")), ("passcode", passcode)] }
        let fields: [(String, Secret?)] = [
            ("username", user.map { Secret($0) }), ("password", password), ("mfa_token", mfaCode),
        ]
        return [grant] + fields.compactMap { name, value in value.map { (name, $0) } }
    }

    /// Whether it can be sent a second time.
    var isReusable: Bool { passcode == nil && mfaCode == nil }
}
