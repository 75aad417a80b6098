import CCurl

/// The parts of an http or https URL, as libcurl itself reads them, so that checks and transfers agree.
struct WebAddress: Sendable, Equatable {
    var scheme: String
    /// Lower case; IPv6 addresses in brackets.
    var host: String
    var port: Int
    /// Begins with a slash; percent-encoded as given.
    var path: String
    var query: String?
    /// Decoded user info.
    var user: String?
    var password: String?

    /// Longest URL that is read, in bytes.
    static let maxLength = 1 << 20

    /// Nil for anything but a whole http or https URL.
    ///
    /// - Parameter keepsDots: Leaves `.` and `..` in the path; otherwise they are resolved as browsers and curl do.
    init?(_ text: String, keepsDots: Bool = true) {
        let length = text.utf8.count
        guard length > 0, length <= Self.maxLength, !text.utf8.contains(0), let handle = unsafe curl_url() else {
            return nil
        }
        defer { unsafe curl_url_cleanup(handle) }
        let flags = keepsDots ? UInt32(CURLU_PATH_AS_IS) : 0
        guard unsafe curl_url_set(handle, CURLUPART_URL, text, flags) == CURLUE_OK else { return nil }
        func part(_ what: CURLUPart, _ flags: Int32 = 0) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard unsafe curl_url_get(handle, what, &value, UInt32(flags)) == CURLUE_OK, let found = unsafe value else {
                return nil
            }
            defer { unsafe curl_free(found) }
            return unsafe String(cString: found)
        }
        guard let scheme = part(CURLUPART_SCHEME)?.lowercased(), scheme == "http" || scheme == "https",
            let host = part(CURLUPART_HOST), !host.isEmpty,
            let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) })
        else { return nil }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        path = part(CURLUPART_PATH) ?? "/"
        query = part(CURLUPART_QUERY)
        user = part(CURLUPART_USER, CURLU_URLDECODE)
        password = part(CURLUPART_PASSWORD, CURLU_URLDECODE)
    }

    var isTLS: Bool { scheme == "https" }

    /// Host and port, the port left out where the scheme implies it.
    var authority: String { port == (isTLS ? 443 : 80) ? host : "\(host):\(port)" }

    /// The URL without user info and fragment.
    var text: String { "\(scheme)://\(authority)\(path)\(query.map { "?" + $0 } ?? "")" }

    /// True when a request for `self` may go on to `other` with its credentials: the same server, or its TLS twin.
    func sharesServer(with other: WebAddress) -> Bool {
        guard host == other.host else { return false }
        if scheme == other.scheme, port == other.port { return true }
        return !isTLS && port == 80 && other.isTLS && other.port == 443
    }

    /// True for names and addresses that never leave this machine (RFC 6761 section 6.3).
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }

    /// Scheme, server and path of a URL: what a message may show.
    static func withoutValues(_ url: String) -> String {
        guard let address = WebAddress(url) else { return "<URL that cannot be read>" }
        return "\(address.scheme)://\(address.authority)\(address.path)"
    }
}
