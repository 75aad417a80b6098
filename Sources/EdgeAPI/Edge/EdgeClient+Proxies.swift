/// Organizations, environments, API proxies and their revisions (`/organizations/{org}/…`).
extension EdgeClient {
    public func organization(_ org: String, timeout: Duration? = nil) async throws(EdgeError) -> JSONAnswer {
        try await json(["organizations", org], timeout: timeout)
    }

    public func environment(
        _ env: String, in org: String, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(["organizations", org, "environments", env], timeout: timeout)
    }

    /// Names of the organization's API proxies.
    public func apis(in org: String, timeout: Duration? = nil) async throws(EdgeError) -> JSONAnswer {
        try await json(["organizations", org, "apis"], timeout: timeout)
    }

    /// Name, revisions and metadata of an API proxy.
    public func api(_ api: String, in org: String, timeout: Duration? = nil) async throws(EdgeError) -> JSONAnswer {
        try await json(["organizations", org, "apis", api], timeout: timeout)
    }

    /// Metadata of a revision: its endpoints, policies, resources and target servers.
    public func revision(
        _ revision: String, of api: String, in org: String, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(["organizations", org, "apis", api, "revisions", revision], timeout: timeout)
    }

    /// The exported revision, a zip archive.
    ///
    /// - Throws: ``EdgeError``; `notAZip` when the answer does not begin like a zip archive, `tooLarge` past `maxBytes`.
    ///   Tried once only.
    public func revisionBundle(
        _ revision: String, of api: String, in org: String, maxBytes: Int = 256 << 20, timeout: Duration? = nil
    ) async throws(EdgeError) -> HTTPResponse {
        let response = try await get(
            ["organizations", org, "apis", api, "revisions", revision], query: [("format", "bundle")],
            accept: .octetStream, maxBytes: maxBytes, timeout: timeout, retry: false)
        // Local file header, or the end record of an archive without entries (APPNOTE.TXT 4.3.7 and 4.3.16).
        let starts: [[UInt8]] = [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]
        guard starts.contains(where: { response.body.starts(with: $0) }) else {
            let found =
                if response.body.isEmpty {
                    "empty"
                } else if let told = Excerpt.ofError(response.body) {
                    told
                } else {
                    "\(response.body.count) bytes of something else"
                }
            throw EdgeError(
                .notAZip, subject: "GET \(WebAddress.withoutValues(response.url))",
                reason: "the answer is no zip archive: \(found)",
                hint:
                    "export the revision in the user interface (Project, Download Revision) and give it with --api-proxy",
                partial: response)
        }
        return response
    }

    /// Where the API proxy is deployed: in one environment, or in all for nil.
    public func deployments(
        of api: String, in org: String, env: String? = nil, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        let scope = env.map { ["environments", $0] } ?? []
        return try await json(["organizations", org] + scope + ["apis", api, "deployments"], timeout: timeout)
    }
}
