public import Platform

/// A curl command line as the request it would send. Nothing of it is ever executed.
///
/// Its description shows method and server, never values.
public struct CurlCommand: Sendable, CustomStringConvertible, CustomReflectable {
    /// Longest command in bytes.
    public static let maxLength = 1 << 20

    public internal(set) var method = "GET"
    /// Absolute URL without user info.
    public internal(set) var url = ""
    public internal(set) var headers: [HTTPHeader] = []
    /// Default headers that the command leaves out (`-H 'Accept:'`).
    public internal(set) var omittedHeaders: [String] = []
    public internal(set) var body: [UInt8]?
    public internal(set) var login = Login.none
    public internal(set) var followsRedirects = false
    public internal(set) var maxRedirects = 50
    /// `-k` was given; certificates are verified all the same.
    public internal(set) var isInsecure = false
    public internal(set) var isCompressed = false
    public internal(set) var version = HTTPRequest.Version.automatic
    public internal(set) var family = HTTPRequest.AddressFamily.any
    public internal(set) var proxy: String?
    public internal(set) var noProxy: String?
    public internal(set) var caFile: String?
    public internal(set) var clientCertificate: String?
    public internal(set) var clientKey: String?
    public internal(set) var clientKeyPassphrase: Secret?
    public internal(set) var resolve: [String] = []
    public internal(set) var connectTo: [String] = []
    public internal(set) var maxTime: Duration?
    public internal(set) var connectTimeout: Duration?
    /// What of the command does not count here, for the person who gave it.
    public internal(set) var warnings: [String] = []
    /// True when a value looks like a credential: such a command does not belong on a command line.
    public internal(set) var containsCredential = false

    /// User and password of `-u` or the URL.
    public var user: (name: String, password: Secret)? {
        if case .basic(let name, let password) = login { (name, password) } else { nil }
    }

    /// Reads one curl command: POSIX shell syntax, or the command prompt's with carets at the line ends.
    ///
    /// - Parameter readFile: Gives the content of a file that a value such as `@body.json` names, nil when it must not or
    ///   cannot be read. Without it such values are refused.
    /// - Throws: ``CurlCommandError``.
    public static func parse(
        _ text: [UInt8], readFile: ((_ path: String) -> [UInt8]?)? = nil
    ) throws(CurlCommandError) -> CurlCommand {
        guard text.count <= maxLength else {
            throw CurlCommandError(
                .tooLong, "longer than \(maxLength) bytes", hint: "give the curl command alone, with a smaller body")
        }
        if let nul = text.firstIndex(of: 0) {
            throw CurlCommandError(
                .invalidValue("text"), at: TextPosition(of: nul, in: text), "a NUL byte, which no command can hold",
                hint: "save the command as plain UTF-8 text")
        }
        let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = Array(text[start...])
        var warnings: [String] = []
        let words: [CommandWord]
        if WindowsScanner.recognises(text) {
            var scanner = WindowsScanner(text)
            words = try scanner.scan()
        } else {
            var scanner = ShellScanner(text)
            words = try scanner.scan()
            warnings = scanner.warnings
        }
        var parser = CurlCommandParser(text: text, words: words, readFile: readFile)
        var command = try parser.parse()
        command.warnings = warnings + command.warnings
        return command
    }

    /// The request, with more headers than the command has.
    ///
    /// It goes where the command says, over plain http too. Redirects are followed within the same host alone.
    public func request(adding more: [HTTPHeader] = []) -> HTTPRequest {
        var request = HTTPRequest(method: method, url: url, headers: headers + more, body: body, login: login)
        request.omittedHeaders = omittedHeaders
        request.userAgent = "curl/" + CurlLibrary.version
        request.timeout = maxTime
        request.connectTimeout = connectTimeout
        request.maxRedirects = followsRedirects ? maxRedirects : 0
        request.plainHTTP = .asWritten
        request.version = version
        request.family = family
        request.compressed = isCompressed
        request.resolve = resolve
        request.connectTo = connectTo
        request.proxy = proxy
        request.noProxy = noProxy
        request.caFile = caFile
        request.clientCertificate = clientCertificate
        request.clientKey = clientKey
        request.clientKeyPassphrase = clientKeyPassphrase
        return request
    }

    public var description: String { "curl command: \(method) \(WebAddress.withoutValues(url))" }

    public var customMirror: Mirror { Mirror(reflecting: description) }
}
