import Platform

extension CurlCommandParser {
    /// Puts the parts together once all options are known.
    mutating func finish() throws(CurlCommandError) -> CurlCommand {
        try finishContent()
        try finishURL()
        command.method = explicitMethod ?? (isHead ? "HEAD" : command.body == nil ? "GET" : "POST")
        if command.isInsecure {
            command.warnings.append("the option --insecure is left out: certificates are always verified")
        }
        if command.clientKey != nil, command.clientCertificate == nil {
            command.warnings.append("the option --key is left out: there is no --cert")
        }
        command.containsCredential = hasCredential()
        return command
    }

    private mutating func finishContent() throws(CurlCommandError) {
        if !content.parts.isEmpty {
            guard content.data == nil, !sendsDataInURL else {
                throw CurlCommandError(
                    .unsupportedOption("--form"), "--form together with --data or --get",
                    hint: "give either form fields or data")
            }
            let (type, body) = content.multipart()
            command.headers.removeAll { $0.name.lowercased() == "content-type" }
            command.headers.append(HTTPHeader("Content-Type", type))
            command.body = body
            return
        }
        guard let data = content.data else { return }
        if sendsDataInURL {
            addedQuery.append(data)
            return
        }
        command.body = data
        if content.isJSON {
            for name in ["Content-Type", "Accept"] where !command.hasHeader(name) {
                command.headers.append(HTTPHeader(name, "application/json"))
            }
        }
    }

    private mutating func finishURL() throws(CurlCommandError) {
        guard let (bytes, offset) = urls.first else {
            throw CurlCommandError(.noURL, "there is no URL", hint: "give the complete curl command")
        }
        guard urls.count == 1 else {
            throw error(
                .severalURLs, urls[1].offset, "a second URL, or a value without quotes",
                hint: "give one URL; put values with spaces in single quotes")
        }
        guard var text = String(validating: bytes, as: UTF8.self) else { throw badURL(offset, "not UTF-8 text") }
        if globs, Self.hasGlob(text) {
            throw badURL(offset, "a pattern with braces or brackets that curl would expand")
        }
        if text.firstRange(of: "://") == nil {
            text = "http://" + text
            command.warnings.append("the URL names no scheme: http is taken, as curl does")
        }
        let fragment = text.firstIndex(of: "#") ?? text.endIndex
        text = String(text[..<fragment])
        for query in addedQuery where !query.isEmpty {
            guard let query = String(validating: query, as: UTF8.self) else { throw badURL(offset, "not UTF-8 text") }
            text += (text.contains("?") ? (text.hasSuffix("?") || text.hasSuffix("&") ? "" : "&") : "?") + query
        }
        guard var address = WebAddress(text, keepsDots: !resolvesDots) else {
            throw badURL(offset, "no http or https URL that can be read")
        }
        if let user = address.user {
            if case .basic = command.login {
            } else {
                command.login = .basic(user: user, password: Secret(Array((address.password ?? "").utf8)))
            }
        }
        address.user = nil
        address.password = nil
        command.url = address.text
    }

    private func badURL(_ offset: Int, _ what: String) -> CurlCommandError {
        error(
            .invalidURL, offset, "the URL is \(what)",
            hint:
                "put the URL in single quotes, encode spaces as %20, and add -g if braces or brackets are meant as they stand"
        )
    }

    /// True for `{…}` and for `[…]` that is no IPv6 address.
    private static func hasGlob(_ text: String) -> Bool {
        if text.contains("{") { return true }
        var rest = text[...]
        while let open = rest.firstIndex(of: "[") {
            guard let close = rest[open...].firstIndex(of: "]") else { return true }
            let inside = rest[rest.index(after: open)..<close]
            guard inside.contains(":"), inside.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." || $0 == "%" })
            else {
                return true
            }
            rest = rest[close...].dropFirst()
        }
        return false
    }

    private func hasCredential() -> Bool {
        if case .none = command.login {} else { return true }
        if command.clientKeyPassphrase != nil || command.headers.contains(where: \.namesCredential) { return true }
        if let query = WebAddress(command.url)?.query, Self.namesCredential(Array(query.utf8)) { return true }
        return command.body.map(Self.namesCredential) ?? false
    }

    /// Looks at every run of name characters, so that it need not know how the text is built.
    private static func namesCredential(_ text: [UInt8]) -> Bool {
        let names = text.split { byte in
            !((48...57).contains(byte) || (65...90).contains(byte & 0xDF) || byte == 95 || byte == 45)
        }
        return names.contains { CredentialNames.contains(String(decoding: $0.prefix(100), as: UTF8.self)) }
    }
}

extension CurlCommand {
    fileprivate func hasHeader(_ name: String) -> Bool {
        headers.contains { $0.name.lowercased() == name.lowercased() }
    }
}
