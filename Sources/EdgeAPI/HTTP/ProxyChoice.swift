/// Which proxy a request goes through, decided here so that libcurl never reads the environment itself.
///
/// Rules as curl documents them: `http_proxy` in lower case only, since a CGI server turns a client's `Proxy:` header
/// into `HTTP_PROXY`; the others in both spellings; `NO_PROXY` for both.
struct ProxyChoice: Sendable, Equatable {
    /// Nil: connect directly.
    var url: String?
    /// Hosts that are reached directly, in the form of `NO_PROXY`.
    var exceptions: String?

    static let direct = ProxyChoice(url: nil, exceptions: nil)

    init(url: String?, exceptions: String?) {
        self.url = url
        self.exceptions = exceptions
    }

    /// - Parameter explicit: The proxy of the command line, which wins over the environment.
    init(for address: WebAddress, explicit: String?, noProxy: String?, environment: [String: String]) {
        func value(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        // A proxy cannot reach this machine's loopback; asking it would only show it the request.
        guard !address.isLoopback else {
            self = .direct
            return
        }
        exceptions = noProxy ?? value("no_proxy", "NO_PROXY")
        url =
            explicit ?? (address.isTLS ? value("https_proxy", "HTTPS_PROXY") : value("http_proxy"))
            ?? value("all_proxy", "ALL_PROXY")
    }

    /// True for a proxy URL that holds no user info and a scheme that is supported.
    static func isAcceptable(_ url: String) -> Bool {
        guard !url.isEmpty, !url.utf8.contains(where: { $0 <= 32 || $0 == 127 || $0 == UInt8(ascii: "@") }) else {
            return false
        }
        guard let separator = url.firstRange(of: "://") else { return true }
        return ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(
            url[..<separator.lowerBound].lowercased())
    }
}
