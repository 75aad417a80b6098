/// An option of curl and what becomes of it (names and arguments as in `curl --help all`).
struct CurlOption: Sendable {
    enum Treatment: Sendable {
        /// Shapes the request.
        case used
        /// Shapes curl's output or nothing that matters here.
        case ignored
        /// Shapes the transfer in a way that is left out, with a warning.
        case warned
        /// Makes it something other than one plain HTTP request.
        case unsupported
    }

    var long: String
    var short: UInt8?
    var takesValue: Bool
    var treatment: Treatment

    static let byLong: [String: CurlOption] = Dictionary(
        all.map { ($0.long, $0) }, uniquingKeysWith: { first, _ in first })
    static let byShort: [UInt8: CurlOption] = Dictionary(
        all.compactMap { option in option.short.map { ($0, option) } }, uniquingKeysWith: { first, _ in first })

    /// Entries `name` or `name/letter`.
    private static func options(_ treatment: Treatment, takesValue: Bool, _ names: String) -> [CurlOption] {
        names.split(separator: " ").map { entry in
            let parts = entry.split(separator: "/")
            return CurlOption(
                long: String(parts[0]), short: parts.count > 1 ? parts[1].utf8.first : nil, takesValue: takesValue,
                treatment: treatment)
        }
    }

    private static let all: [CurlOption] =
        options(
            .used, takesValue: true,
            """
            request/X header/H data/d data-ascii data-raw data-binary data-urlencode json form/F form-string url url-query \
            user/u cookie/b user-agent/A referer/e proxy/x noproxy cert/E key pass cacert max-time/m connect-timeout \
            oauth2-bearer resolve connect-to max-redirs range/r netrc-file
            """)
        + options(
            .used, takesValue: false,
            """
            get/G head/I location/L location-trusted insecure/k compressed http1.0/0 http1.1 http2 http2-prior-knowledge \
            ipv4/4 ipv6/6 netrc/n netrc-optional globoff/g path-as-is
            """)
        + options(
            .ignored, takesValue: true,
            """
            output/o write-out/w dump-header/D cookie-jar/c stderr trace trace-ascii trace-config output-dir libcurl \
            etag-save create-file-mode hsts alt-svc keepalive-time keepalive-cnt happy-eyeballs-timeout-ms \
            expect100-timeout proto proto-redir proto-default speed-limit/Y speed-time/y limit-rate rate max-filesize \
            parallel-max retry retry-delay retry-max-time cert-type key-type doh-url
            """)
        + options(
            .ignored, takesValue: false,
            """
            silent/s show-error/S verbose/v include/i show-headers no-buffer/N progress-bar/# no-progress-meter fail/f \
            fail-with-body fail-early remote-name/O remote-name-all remote-header-name/J remote-time/R remove-on-error \
            create-dirs no-clobber styled-output trace-time trace-ids disable/q basic tcp-nodelay tcp-fastopen \
            no-keepalive no-sessionid junk-session-cookies/j suppress-connect-headers retry-all-errors \
            retry-connrefused parallel/Z parallel-immediate xattr use-ascii/B disallow-username-in-url proxy-basic \
            skip-existing ssl-reqd ssl
            """)
        + options(
            .warned, takesValue: true,
            """
            ciphers tls13-ciphers tls-max curves interface local-port dns-servers dns-interface dns-ipv4-addr \
            dns-ipv6-addr capath crlfile pinnedpubkey time-cond/z etag-compare proxy-header proxy-cacert proxy-capath \
            proxy-ciphers proxy-tls13-ciphers haproxy-clientip request-target
            """)
        + options(
            .warned, takesValue: false,
            """
            tlsv1/1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 sslv2/2 sslv3/3 http3 http3-only cert-status no-alpn no-npn \
            false-start post301 post302 post303 raw tr-encoding proxytunnel/p proxy-insecure haproxy-protocol \
            ssl-allow-beast ssl-no-revoke ssl-auto-client-cert ignore-content-length ca-native crlf
            """)
        + options(
            .unsupported, takesValue: true,
            """
            config/K upload-file/T quote/Q unix-socket abstract-unix-socket aws-sigv4 proxy-user/U preproxy socks4 socks4a \
            socks5 socks5-hostname proxy1.0 proxy-cert proxy-key proxy-pass proxy-tlsuser proxy-tlspassword tlsuser \
            tlspassword tlsauthtype continue-at/C telnet-option/t ftp-port/P engine login-options delegation krb \
            service-name proxy-service-name sasl-authzid mail-from mail-rcpt mail-auth pubkey hostpubmd5 hostpubsha256 \
            variable ech help/h
            """)
        + options(
            .unsupported, takesValue: false,
            """
            next/: digest ntlm ntlm-wb negotiate anyauth proxy-digest proxy-ntlm proxy-negotiate proxy-anyauth http0.9 \
            append/a list-only/l manual/M version/V metalink
            """)
}
