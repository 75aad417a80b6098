import FoundationEssentials
public import Platform

/// What holds for every request of an ``HTTPClient``.
public struct HTTPOptions: Sendable, CustomStringConvertible, CustomReflectable {
    /// Variables that name proxies and certificate authorities; a proxy's URL may hold a password.
    public var environment: [String: String]
    /// PEM file with the only certificate authorities to trust; the system's for nil.
    public var caFile: String?
    /// PEM file with the client's certificate, and its private key if `clientKey` is nil.
    public var clientCertificate: String?
    public var clientKey: String?
    public var clientKeyPassphrase: Secret?
    /// URL of a proxy; it wins over those of the environment. `NO_PROXY` holds for it too.
    public var proxy: String?
    /// Sends credentials over plain http to other machines too.
    public var allowHTTP = false
    public var connectTimeout: Duration = .seconds(15)
    /// Default of a whole request.
    public var timeout: Duration = .seconds(60)
    /// A transfer that is slower than `lowSpeedLimit` bytes a second for `lowSpeedTime` is given up.
    public var lowSpeedLimit = 1
    public var lowSpeedTime: Duration = .seconds(60)
    /// Default cap of a body in bytes.
    public var maxBytes = 32 << 20
    public var userAgent = "apigee-collect"

    /// Defaults, with the environment of this process.
    public init() { self.init(environment: ProcessInfo.processInfo.environment) }

    /// - Parameter environment: Of it, only the variables that matter here are kept.
    public init(environment: [String: String]) {
        let names = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]
        self.environment = environment.filter { names.contains($0.key.lowercased()) || $0.key == "SSL_CERT_FILE" }
    }

    public var description: String { "HTTP options" }

    public var customMirror: Mirror { Mirror(reflecting: description) }
}
