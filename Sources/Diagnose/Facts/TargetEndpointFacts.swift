internal import Archive
internal import Documents

/// What a proxy revision says of one of its target endpoints (`apiproxy/targets/*.xml`).
public struct TargetEndpointFacts: Codable, Equatable, Sendable {
    public var name: String
    /// Path of the file in the archive, or the name given for a loose one.
    public var file: String
    public var urlHost: String?
    public var urlPort: Int?
    public var usesTLS: Bool
    /// Names of the target servers of its load balancer.
    public var servers: [String]
    public var sslInfo: SSLInfoFacts?
    /// Line of the `SSLInfo` element, or of the connection where there is none.
    public var line: Int

    /// Reads all target endpoints of an exported revision (`?format=bundle`).
    /// - Throws: `FactError` when the zip is damaged or holds no API proxy.
    public static func read(proxyZip bytes: [UInt8]) throws(FactError) -> [TargetEndpointFacts] {
        let subject = "API proxy"
        var endpoints: [TargetEndpointFacts] = []
        var entries = 0
        do {
            let limits = ArchiveLimits()
            let reader = try ArchiveReader(bytes: bytes, name: subject, limits: limits)
            while let entry = try reader.next() {
                entries += 1
                let path = entry.path
                guard isTarget(path), entry.kind == .file else { continue }
                let content = try reader.readAll(limit: 1 << 20)
                if let endpoint = try? read(targetXML: content, file: path) { endpoints.append(endpoint) }
            }
        } catch {
            throw FactError(.damaged, subject, "the zip cannot be read: \(error)", hint: "export the revision again")
        }
        guard entries > 0 else { throw FactError(.unexpectedFormat, subject, "the archive is empty") }
        return endpoints
    }

    /// Reads one target endpoint.
    /// - Throws: `FactError` when it is no such XML.
    public static func read(targetXML bytes: [UInt8], file: String = "target endpoint") throws(FactError)
        -> TargetEndpointFacts
    {
        let root: XMLElement
        do {
            root = try XMLElement.parse(bytes, name: file)
        } catch {
            throw FactError(.damaged, file, "\(error.reason) in line \(error.line)")
        }
        guard root.name == "TargetEndpoint" else {
            throw FactError(.unexpectedFormat, file, "the root element is \(root.name.prefix(60)), not TargetEndpoint")
        }
        let connection = root.first("HTTPTargetConnection")
        let url = connection?.first("URL")?.trimmedText ?? ""
        let (isTLS, host, port) = parts(of: url)
        let ssl = connection?.first("SSLInfo")
        let servers = connection?.first("LoadBalancer")?.all("Server").compactMap { $0["name"] } ?? []
        return TargetEndpointFacts(
            name: root["name"] ?? "default", file: file, urlHost: host, urlPort: port,
            usesTLS: isTLS || ssl.map { SSLInfoFacts(element: $0).enabled } == true, servers: servers,
            sslInfo: ssl.map { SSLInfoFacts(element: $0) }, line: ssl?.line ?? connection?.line ?? root.line)
    }

    private static func isTarget(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count >= 2 && parts[parts.count - 2] == "targets" && path.hasSuffix(".xml")
    }

    /// Scheme, host and port of a URL; a host with a flow variable in it counts as unknown.
    private static func parts(of url: String) -> (isTLS: Bool, host: String?, port: Int?) {
        let lower = url.lowercased()
        let isTLS = lower.hasPrefix("https://")
        guard isTLS || lower.hasPrefix("http://"), let start = url.firstRange(of: "://")?.upperBound else {
            return (false, nil, nil)
        }
        var authority = url[start...].prefix { !"/?#".contains($0) }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        guard !authority.isEmpty, !authority.contains("{") else { return (isTLS, nil, nil) }
        var port: Int?
        var host = authority
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            port = Int(authority[authority.index(after: colon)...])
            host = authority[..<colon]
        }
        return (isTLS, String(host), port ?? (isTLS ? 443 : 80))
    }
}
