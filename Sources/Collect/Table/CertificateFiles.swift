internal import Diagnose
internal import Documents
internal import Platform
internal import Redact
internal import SupportBundle

/// The certificates on this node's disk and when they end: those of the Router's virtual hosts, and those that settings
/// and Java processes name. What is written is about the certificates; a key is never read into anything.
struct CertificateFiles {
    let kind: ItemKind
    let context: RunContext

    private static let countLimit = 200
    private static let sizeLimit = 4 << 20
    private static let nginx = "/opt/nginx/conf.d"
    /// Directives of nginx whose value is a file of certificates; those with `_key` are not among them.
    private static let directives: Set<String> = [
        "ssl_certificate", "ssl_client_certificate", "ssl_trusted_certificate", "proxy_ssl_certificate",
        "proxy_ssl_trusted_certificate",
    ]
    private static let settings = ["/opt/apigee/token/application", "/opt/apigee/customer/application"]
    private static let endings = [".pem", ".crt", ".cer", ".der", ".jks", ".jceks", ".p12", ".pfx", ".ks"]

    func add() {
        var problems: [String] = []
        let named = files()
        guard !named.isEmpty else { return }
        let rows = named.prefix(Self.countLimit).compactMap { file -> JSONValue? in
            context.isStopping ? nil : row(file.path, namedBy: file.by, &problems)
        }
        if named.count > Self.countLimit { problems.append("only the first \(Self.countLimit) files were read") }
        context.addItem(
            kind, file: "certificates.json", title: "Certificates on disk, and when they end",
            source: .init(type: .file, location: named.prefix(20).map(\.path).joined(separator: ", ")),
            mediaType: "application/json", format: .json,
            bytes: JSONValue.object(["files": .array(rows)]).encoded(pretty: true) + [0x0A],
            state: problems.isEmpty ? .collected : .partial,
            reason: problems.isEmpty ? nil : problems.joined(separator: "; "))
    }

    private func row(_ path: String, namedBy by: String, _ problems: inout [String]) -> JSONValue? {
        var row: [(String, JSONValue)] = [("path", .string(path)), ("namedBy", .string(by))]
        do throws(PlatformError) {
            let file = try context.files.open(path)
            guard file.size <= Self.sizeLimit else {
                problems.append("'\(path)' is larger than \(Self.sizeLimit >> 20) MiB")
                return nil
            }
            guard let stored = StoredCertificates(try file.readAll(limit: Self.sizeLimit)) else {
                row.append(("note", .string("it is no file of certificates that can be read")))
                return .object(JSONObject(row))
            }
            row.append(("format", .string(stored.format)))
            if let note = stored.note { row.append(("note", .string(note))) }
            row.append(("certificates", .array(stored.entries.map(certificate))))
        } catch {
            // A file that settings name and that is not there is a finding, no obstacle.
            if error.code == .notFound {
                row.append(("note", .string("there is no such file")))
            } else {
                row.append(("note", .string(error.reason)))
                problems.append("\(error)")
            }
        }
        return .object(JSONObject(row))
    }

    private func certificate(_ entry: StoredCertificates.Entry) -> JSONValue {
        let told = entry.certificate
        var row: [(String, JSONValue)] = entry.alias.map { [("alias", .string($0))] } ?? []
        row += [
            ("subject", .string(told.subject)), ("issuer", .string(told.issuer)), ("serial", .string(told.serial)),
            ("notBefore", .string(told.notBefore)), ("notAfter", .string(told.notAfter)),
            ("expired", entry.end.map { .bool($0 < Int64(context.clock.milliseconds / 1000)) } ?? .null),
            ("subjectAltNames", .array(told.subjectAltNames.map { .string($0) })), ("key", .string(told.key)),
            ("sha256", .string(told.sha256)),
        ]
        return .object(JSONObject(row))
    }

    // MARK: Which files

    private func files() -> [(path: String, by: String)] {
        var found: [(path: String, by: String)] = []
        for entry in (try? context.files.list(Self.nginx)) ?? [] where entry.isRegular {
            let path = Self.nginx + "/" + entry.name
            if entry.name.hasSuffix("-client.pem") { found.append((path, "its name")) }
            if entry.name.hasSuffix(".conf"), let text = context.files.text(path, limit: Self.sizeLimit) {
                found += Self.nginxFiles(text).map { ($0, path) }
            }
        }
        for folder in Self.settings {
            for entry in (try? context.files.list(folder)) ?? [] where entry.name.hasSuffix(".properties") {
                guard let text = context.files.text(folder + "/" + entry.name, limit: Self.sizeLimit) else { continue }
                found += EffectiveTokens.settings(text).compactMap { key, line in
                    Self.path(line.dropFirst(key.utf8.count).drop { " \t=:".contains($0) })
                }.map { ($0, folder + "/" + entry.name) }
            }
        }
        for process in JavaProcess.all(root: context.options.root) {
            for argument in process.arguments where argument.hasPrefix("-D") {
                guard let equals = argument.firstIndex(of: "="),
                    let path = Self.path(argument[argument.index(after: equals)...])
                else { continue }
                found.append((inside(path), "process \(process.pid) of \(process.component)"))
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.path).inserted }
    }

    /// A process tells its paths from the system's root.
    private func inside(_ path: String) -> String {
        let root = context.options.root
        return root != "/" && path.hasPrefix(root + "/") ? String(path.dropFirst(root.utf8.count)) : path
    }

    private static func path(_ value: some StringProtocol) -> String? {
        let value = value.trimmed
        let lower = value.lowercased()
        guard value.hasPrefix("/"), value.utf8.count <= 1024, !value.contains("/../"),
            endings.contains(where: { lower.hasSuffix($0) })
        else { return nil }
        return value
    }

    /// The files of ``directives`` in a file of nginx: `ssl_certificate /path;`.
    private static func nginxFiles(_ text: String) -> [String] {
        text.split(whereSeparator: { $0 == ";" || $0 == "{" || $0 == "}" || $0.isNewline }).compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count == 2, directives.contains(String(words[0])) else { return nil }
            let path = words[1].filter { $0 != "\"" && $0 != "'" }
            return path.hasPrefix("/") ? path : nil
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var text = self[...].drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
