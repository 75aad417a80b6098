import Platform

extension CurlCommandParser {
    /// Takes the value of an option that shapes the request.
    mutating func setValue(_ value: CurlValue) throws(CurlCommandError) {
        switch value.option {
        case "--request":
            let method = try string(value)
            guard HTTPToken.isToken(method), method.count <= 40 else { throw invalid(value, "no HTTP method") }
            explicitMethod = method
        case "--header": try addHeader(value)
        case "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "--json":
            try addData(value)
        case "--form", "--form-string": try addForm(value)
        case "--url": urls.append((value.bytes, value.offset))
        case "--url-query": addedQuery.append(try urlEncoded(value, plainWithPlus: true))
        case "--user": try setUser(value)
        case "--oauth2-bearer": command.login = .bearer(Secret(value.bytes))
        case "--netrc-file": command.login = .netrc(file: try string(value))
        case "--cookie":
            let cookie = try string(value)
            guard cookie.contains("=") else {
                throw error(
                    .fileNotAllowed(value.option), value.offset,
                    "the option --cookie names a file, which is never read",
                    hint: "write the cookies themselves: -b 'name=value; name=value'")
            }
            try add(HTTPHeader("Cookie", cookie), value)
        case "--user-agent": try add(HTTPHeader("User-Agent", try string(value)), value)
        case "--referer":
            var referer = try string(value)
            if referer.hasSuffix(";auto") { referer.removeLast(5) }
            if !referer.isEmpty { try add(HTTPHeader("Referer", referer), value) }
        case "--range": try add(HTTPHeader("Range", "bytes=" + (try string(value))), value)
        case "--proxy":
            let proxy = try string(value)
            guard proxy.isEmpty || ProxyChoice.isAcceptable(proxy) else {
                throw error(
                    .unsupportedOption(value.option), value.offset,
                    "the proxy's URL holds a login or is not of a known kind",
                    hint: "put a proxy with its login into the variable https_proxy and leave --proxy out")
            }
            if proxy.isEmpty { command.noProxy = "*" } else { command.proxy = proxy }
        case "--noproxy": command.noProxy = try string(value)
        case "--cacert": command.caFile = try string(value)
        case "--cert": try setCertificate(value)
        case "--key": command.clientKey = try string(value)
        case "--pass": command.clientKeyPassphrase = Secret(value.bytes)
        case "--resolve": command.resolve.append(try string(value))
        case "--connect-to": command.connectTo.append(try string(value))
        case "--max-time": command.maxTime = try duration(value)
        case "--connect-timeout": command.connectTimeout = try duration(value)
        case "--max-redirs":
            guard let number = Int(try string(value)), (-1...1000).contains(number) else {
                throw invalid(value, "no number of redirects")
            }
            command.maxRedirects = number < 0 ? 50 : min(number, 50)
        default: break
        }
    }

    func invalid(_ value: CurlValue, _ what: String) -> CurlCommandError {
        error(
            .invalidValue(value.option), value.offset, "the value of \(value.option) is \(what)",
            hint: "correct the value of \(value.option)")
    }

    /// The value as text of one line.
    func string(_ value: CurlValue) throws(CurlCommandError) -> String {
        guard let text = String(validating: value.bytes, as: UTF8.self) else { throw invalid(value, "not UTF-8 text") }
        guard !value.bytes.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) else {
            throw invalid(value, "text with line breaks or control characters")
        }
        return text
    }

    private func duration(_ value: CurlValue) throws(CurlCommandError) -> Duration? {
        guard let seconds = Double(try string(value)), seconds >= 0, seconds < 1_000_000 else {
            throw invalid(value, "no number of seconds")
        }
        return seconds == 0 ? nil : .milliseconds(max(1, Int64(seconds * 1000)))
    }

    private mutating func add(_ header: HTTPHeader, _ value: CurlValue) throws(CurlCommandError) {
        guard HTTPToken.isToken(header.name) else { throw invalid(value, "no valid header") }
        command.headers.append(header)
    }

    /// `Name: value`, `Name;` for an empty value, `Name:` to leave a default header out.
    private mutating func addHeader(_ value: CurlValue) throws(CurlCommandError) {
        if value.bytes.first == UInt8(ascii: "@") {
            let lines = try file(value, path: value.bytes.dropFirst())
            for line in lines.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
                var one = value
                one.bytes = Array(line)
                if line.first != UInt8(ascii: "@") { try addHeader(one) }
            }
            return
        }
        let text = try string(value)
        if let colon = text.firstIndex(of: ":") {
            let name = String(text[..<colon])
            let content = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            if content.isEmpty {
                guard HTTPToken.isToken(name) else { throw invalid(value, "no valid header") }
                command.omittedHeaders.append(name)
            } else {
                try add(HTTPHeader(name, String(content)), value)
            }
        } else if text.hasSuffix(";") {
            try add(HTTPHeader(String(text.dropLast()), ""), value)
        } else {
            throw invalid(value, "no header of the form 'Name: value'")
        }
    }

    private mutating func setUser(_ value: CurlValue) throws(CurlCommandError) {
        guard let colon = value.bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw error(
                .passwordMissing, value.offset, "the option --user has no password, curl would ask for it",
                hint: "write it as -u 'name:password' into the file of --curl-file")
        }
        var name = value
        name.bytes = Array(value.bytes[..<colon])
        command.login = .basic(user: try string(name), password: Secret(Array(value.bytes[(colon + 1)...])))
    }

    /// `file` or `file:passphrase`; a backslash protects a colon.
    private mutating func setCertificate(_ value: CurlValue) throws(CurlCommandError) {
        var path: [UInt8] = []
        var index = 0
        while index < value.bytes.count {
            let byte = value.bytes[index]
            if byte == UInt8(ascii: "\\"), index + 1 < value.bytes.count,
                [UInt8(ascii: ":"), UInt8(ascii: "\\")].contains(value.bytes[index + 1])
            {
                index += 1
                path.append(value.bytes[index])
            } else if byte == UInt8(ascii: ":") {
                command.clientKeyPassphrase = Secret(Array(value.bytes[(index + 1)...]))
                break
            } else {
                path.append(byte)
            }
            index += 1
        }
        var file = value
        file.bytes = path
        command.clientCertificate = try string(file)
    }

    /// The content of a file that a value names, if the caller allows it.
    func file(_ value: CurlValue, path: some Sequence<UInt8>) throws(CurlCommandError) -> [UInt8] {
        var name = value
        name.bytes = Array(path)
        guard let readFile, name.bytes != [UInt8(ascii: "-")] else {
            throw error(
                .fileNotAllowed(value.option), value.offset,
                "the option \(value.option) reads a file or standard input",
                hint: "write the content itself into the command")
        }
        guard let content = readFile(try string(name)) else {
            throw error(
                .fileNotReadable(value.option), value.offset, "the file that \(value.option) names cannot be read",
                hint: "check path and permissions; it must be a small regular file")
        }
        return content
    }
}
