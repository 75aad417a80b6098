/// What belongs to one environment (`/organizations/{org}/environments/{env}/…`).
extension EdgeClient {
    private func json(
        _ scope: EnvironmentScope, _ segments: String..., timeout: Duration?
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope.segments + segments, timeout: timeout)
    }

    /// Names of the target servers.
    public func targetServers(in scope: EnvironmentScope, timeout: Duration? = nil) async throws(EdgeError)
        -> JSONAnswer
    {
        try await json(scope, "targetservers", timeout: timeout)
    }

    /// `{name, host, port, isEnabled, sSLInfo}`.
    public func targetServer(
        _ name: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "targetservers", name, timeout: timeout)
    }

    /// Names of the references.
    public func references(in scope: EnvironmentScope, timeout: Duration? = nil) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "references", timeout: timeout)
    }

    /// `{name, refers, resourceType}`.
    public func reference(
        _ name: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "references", name, timeout: timeout)
    }

    /// Names of the keystores and trust stores.
    public func keystores(in scope: EnvironmentScope, timeout: Duration? = nil) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "keystores", timeout: timeout)
    }

    /// `{name, certs[], keys[], aliases[]}`.
    public func keystore(
        _ name: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "keystores", name, timeout: timeout)
    }

    /// Names of the certificates in a keystore.
    public func keystoreCerts(
        _ keystore: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "keystores", keystore, "certs", timeout: timeout)
    }

    /// `{certInfo[], certName}`; public data only.
    public func keystoreCert(
        _ cert: String, of keystore: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "keystores", keystore, "certs", cert, timeout: timeout)
    }

    /// Names of the aliases in a keystore.
    public func aliases(
        of keystore: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "keystores", keystore, "aliases", timeout: timeout)
    }

    /// `{alias, keyName, certsInfo}`.
    public func alias(
        _ alias: String, of keystore: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "keystores", keystore, "aliases", alias, timeout: timeout)
    }

    /// The alias's certificate chain as PEM text.
    public func aliasCertificate(
        _ alias: String, of keystore: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> HTTPResponse {
        try await get(
            scope.segments + ["keystores", keystore, "aliases", alias, "certificate"], accept: .any, maxBytes: 1 << 20,
            timeout: timeout)
    }

    /// Names of the virtual hosts.
    public func virtualHosts(in scope: EnvironmentScope, timeout: Duration? = nil) async throws(EdgeError) -> JSONAnswer
    {
        try await json(scope, "virtualhosts", timeout: timeout)
    }

    public func virtualHost(
        _ name: String, in scope: EnvironmentScope, timeout: Duration? = nil
    ) async throws(EdgeError) -> JSONAnswer {
        try await json(scope, "virtualhosts", name, timeout: timeout)
    }

    /// The component's own description, at the local API of every component: ports 8080 to 8084.
    public func serversSelf(timeout: Duration? = nil) async throws(EdgeError) -> JSONAnswer {
        try await json(["servers", "self"], timeout: timeout)
    }
}
