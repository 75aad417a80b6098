import CCurl

extension TransferPlan {
    /// Sets every option of the transfer.
    /// - Parameter source: of the request's upload, if it has one.
    func apply(to options: inout EasyOptions, source: UploadSource? = nil) {
        options.setWebProtocolsOnly()
        options.set(CURLOPT_NOSIGNAL, true)
        options.set(CURLOPT_VERBOSE, false)
        options.set(CURLOPT_NOPROGRESS, true)
        options.set(CURLOPT_FOLLOWLOCATION, false)
        options.set(CURLOPT_UNRESTRICTED_AUTH, false)
        options.set(CURLOPT_PATH_AS_IS, true)
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        options.set(CURLOPT_URL, address.text)
        options.set(CURLOPT_TIMEOUT_MS, timeout.boundedMilliseconds)
        options.set(
            CURLOPT_CONNECTTIMEOUT_MS, (request.connectTimeout ?? self.options.connectTimeout).boundedMilliseconds)
        options.set(CURLOPT_LOW_SPEED_LIMIT, max(0, self.options.lowSpeedLimit))
        options.set(CURLOPT_LOW_SPEED_TIME, self.options.lowSpeedTime.boundedSeconds)
        applyMethod(to: &options)
        if let source, let upload = request.upload {
            options.set(CURLOPT_UPLOAD, true)
            if request.method != "PUT" { options.set(CURLOPT_CUSTOMREQUEST, request.method) }
            options.set(source: source, count: upload.count, rate: upload.rate)
        }
        applyHeaders(to: &options)
        applyLogin(to: &options)
        applyRoute(to: &options)
        applyTLS(to: &options)
    }

    private func applyMethod(to options: inout EasyOptions) {
        if request.upload != nil { return }
        if request.method == "HEAD" { return options.set(CURLOPT_NOBODY, true) }
        if let body = request.body {
            options.set(CURLOPT_POST, true)
            options.set(body: body)
            if request.method != "POST" { options.set(CURLOPT_CUSTOMREQUEST, request.method) }
        } else if request.method == "GET" {
            options.set(CURLOPT_HTTPGET, true)
        } else {
            options.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private func applyHeaders(to options: inout EasyOptions) {
        var lines = request.headers.map { header in
            // libcurl reads "Name:" as "leave this header out" and "Name;" as an empty value.
            header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
        }
        lines += request.omittedHeaders.map { "\($0):" }
        if !request.headers.contains(where: { $0.name.lowercased() == "expect" }) { lines.append("Expect:") }
        options.set(CURLOPT_HTTPHEADER, lines)
        options.set(CURLOPT_USERAGENT, request.userAgent ?? self.options.userAgent)
        if request.compressed { options.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        let version =
            switch request.version {
            case .automatic: CURL_HTTP_VERSION_2TLS
            case .http10: CURL_HTTP_VERSION_1_0
            case .http11: CURL_HTTP_VERSION_1_1
            case .http2: CURL_HTTP_VERSION_2_0
            }
        options.set(CURLOPT_HTTP_VERSION, Int(version))
    }

    private func applyLogin(to options: inout EasyOptions) {
        // Netrc is off unless asked for, whatever a login says.
        options.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        switch request.login {
        case .none, .oauth: break
        case .basic(let user, let password):
            options.set(CURLOPT_HTTPAUTH, ccurl_auth_basic())
            options.set(CURLOPT_USERNAME, user)
            options.set(CURLOPT_PASSWORD, password)
        case .bearer(let token):
            options.set(CURLOPT_HTTPAUTH, ccurl_auth_bearer())
            options.set(CURLOPT_XOAUTH2_BEARER, token)
        case .netrc(let file):
            options.set(CURLOPT_HTTPAUTH, ccurl_auth_basic())
            options.set(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue))
            if let file { options.set(CURLOPT_NETRC_FILE, file) }
        }
    }

    private func applyRoute(to options: inout EasyOptions) {
        // An empty string keeps libcurl from reading the environment itself.
        options.set(CURLOPT_PROXY, proxy.url ?? "")
        options.set(CURLOPT_NOPROXY, proxy.exceptions ?? "")
        if request.family != .any {
            options.set(
                CURLOPT_IPRESOLVE, Int(request.family == .ipv4 ? CURL_IPRESOLVE_V4 : CURL_IPRESOLVE_V6))
        }
        options.set(CURLOPT_RESOLVE, request.resolve)
        options.set(CURLOPT_CONNECT_TO, request.connectTo)
        // A kept connection was perhaps opened without the check of its address.
        if thisMachineOnly || request.isFresh { options.set(CURLOPT_FRESH_CONNECT, true) }
    }

    private func applyTLS(to options: inout EasyOptions) {
        options.set(CURLOPT_SSL_VERIFYPEER, true)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        options.set(CURLOPT_SSLVERSION, ccurl_tls_1_2_or_newer())
        if let caFile {
            options.set(CURLOPT_CAINFO, caFile)
            options.set(CURLOPT_PROXY_CAINFO, caFile)
        }
        if hasOwnAuthorities {
            options.clear(CURLOPT_CAPATH)
            options.clear(CURLOPT_PROXY_CAPATH)
        }
        guard let certificate = request.clientCertificate ?? self.options.clientCertificate else { return }
        options.set(CURLOPT_SSLCERT, certificate)
        let own = request.clientCertificate != nil
        options.set(CURLOPT_SSLKEY, (own ? request.clientKey : self.options.clientKey) ?? certificate)
        // Without a passphrase OpenSSL would ask for one on the terminal.
        let passphrase = own ? request.clientKeyPassphrase : self.options.clientKeyPassphrase
        if let passphrase { options.set(CURLOPT_KEYPASSWD, passphrase) } else { options.set(CURLOPT_KEYPASSWD, "") }
    }
}
