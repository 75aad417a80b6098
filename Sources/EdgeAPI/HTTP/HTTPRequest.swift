public import Platform

/// One request. Its description shows method, scheme, host and path, never values.
public struct HTTPRequest: Sendable, CustomStringConvertible, CustomReflectable {
    /// Where credentials may go without TLS.
    public enum PlainHTTP: Sendable {
        /// To this machine alone, unless ``HTTPOptions/allowHTTP`` is set.
        case thisMachineOnly
        /// Anywhere: the request is the user's own and says so.
        case asWritten
    }

    public enum Version: Sendable { case automatic, http10, http11, http2 }

    public enum AddressFamily: Sendable { case any, ipv4, ipv6 }

    public var method: String
    /// Absolute URL without user info.
    public var url: String
    public var headers: [HTTPHeader]
    /// Names of headers that libcurl adds by itself and that shall not be sent.
    public var omittedHeaders: [String] = []
    /// The client's for nil.
    public var userAgent: String?
    public var body: [UInt8]?
    /// A body that is read from a file; it takes the place of ``body``.
    public var upload: HTTPUpload?
    /// Opens a connection of its own: on a kept one that turns out to be closed, libcurl sends a request again by itself,
    /// and what must not be done twice might be.
    public var isFresh = false
    public var login: Login
    /// Cap of the body in bytes; the client's default for nil.
    public var maxBytes: Int?
    /// Time from the start to the last byte; the client's default for nil.
    public var timeout: Duration?
    public var connectTimeout: Duration?
    /// How many redirects are followed, always within the same host; elsewhere the redirect itself is the answer.
    public var maxRedirects = 0
    public var plainHTTP = PlainHTTP.thisMachineOnly
    public var version = Version.http11
    public var family = AddressFamily.any
    /// Asks for and undoes a gzip content coding.
    public var compressed = false
    /// Entries `HOST:PORT:ADDRESS` and `HOST:PORT:HOST:PORT` as libcurl reads them.
    public var resolve: [String] = []
    public var connectTo: [String] = []
    /// Proxy, proxy exceptions and certificate files that replace those of the client.
    public var proxy: String?
    public var noProxy: String?
    public var caFile: String?
    public var clientCertificate: String?
    public var clientKey: String?
    public var clientKeyPassphrase: Secret?

    public init(
        method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil, login: Login = .none,
        maxBytes: Int? = nil, timeout: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.login = login
        self.maxBytes = maxBytes
        self.timeout = timeout
    }

    /// Whether a login or a header would show a secret to whoever reads the line.
    var carriesCredentials: Bool {
        if case .none = login { return headers.contains(where: \.namesCredential) }
        return true
    }

    public var description: String { "\(method) \(WebAddress.withoutValues(url))" }

    public var customMirror: Mirror { Mirror(reflecting: description) }
}
