internal import EdgeAPI
internal import Platform
internal import Redact
internal import SupportBundle

extension Collection {
    /// The redactor of the run; it knows the tool's own credentials from the start.
    func makeRedactor(_ facts: CaseFacts) throws(CollectError) -> Redactor {
        guard let level = RedactionLevel(rawValue: options.redaction) else {
            throw CollectError(
                .usage, "--redaction '\(options.redaction)'", "is no level",
                hint: "levels: " + RedactionLevel.allCases.map(\.rawValue).joined(separator: ", "))
        }
        do throws(RedactionError) {
            let key = options.pseudonymKey.map { secret in secret.withBytes { $0 } } ?? Identifier.randomKey()
            var rules = try RuleSet.builtIn()
            for file in options.ruleFiles { rules = try rules.adding((name: file.path, bytes: file.bytes)) }
            let redactor = try Redactor(
                rules: rules, level: level, key: key, recordsNames: options.pseudonymMap != nil,
                spillFolders: WorkPlace(options: options).candidates)
            redactor.vault.protect(facts.names)
            redactor.expect(hosts: facts.hosts + [NodeFacts(files: files).hostname], evidence: facts.evidence)
            learnLogin(redactor.vault)
            return redactor
        } catch {
            throw CollectError(.usage, "redaction", error.description, hint: error.hint)
        }
    }

    private func learnLogin(_ vault: SecretVault) {
        switch options.login {
        case .basic(let user, let password):
            password.withBytes { bytes in
                vault.learn(bytes, rule: "own-credential")
                vault.learn(Array("\(user):".utf8) + bytes, rule: "own-credential")
            }
        case .bearer(let token):
            token.withBytes { vault.learn($0, rule: "own-credential") }
        case .oauth(let grant):
            for secret in grant.secrets { secret.withBytes { vault.learn($0, rule: "own-credential") } }
        case .netrc, .none:
            break
        }
    }

    /// The client of the management API, or why there is none.
    ///
    /// One-time codes do not last, so a token is asked for at once.
    func makeEdgeClient(observe: @Sendable (RunEvent) -> Void) async -> (EdgeClient?, Outcome?) {
        if case .none = options.login {
            return (
                nil,
                Outcome(
                    state: .missing, reason: "no login to the management API was given",
                    hint:
                        "run it again with --user NAME (the password is asked for), --login-url URL or --token-file FILE"
                )
            )
        }
        do throws(EdgeError) {
            let client = try EdgeClient(base: managementURL, login: options.login, options: options.httpOptions)
            if let server = client.loginServer {
                observe(.phase("logging in at \(server)"))
                try await client.logIn(timeout: .seconds(min(30, max(1, options.timeLimitSeconds / 5))))
            }
            return (client, nil)
        } catch {
            if case .oauth = options.login { observe(.phase("\(error.description); going on without Edge's API")) }
            return (nil, Outcome(state: .missing, reason: error.description, hint: error.hint))
        }
    }
}

extension CollectOptions {
    /// The management API's base address.
    func managementURL(_ mode: Manifest.Mode) -> String {
        managementURL ?? (mode == .private ? "http://localhost:8080/v1" : "https://api.enterprise.apigee.com/v1")
    }

    /// How HTTP is done for this run.
    var httpOptions: HTTPOptions {
        var http = HTTPOptions()
        http.caFile = caCertificateFile
        http.clientCertificate = clientCertificateFile
        http.clientKey = clientKeyFile
        http.proxy = httpProxy
        http.allowHTTP = allowHTTP
        http.userAgent = "apigee-collect/\(version)"
        return http
    }
}

extension RunContext {
    var httpOptions: HTTPOptions { options.httpOptions }
}

extension CaseFacts {
    /// Names that are evidence and never a secret, however they look.
    var names: [String] {
        [org, env, api, hostName, messageID, keyAlias ?? "", targetEndpoint ?? "", faultCode ?? ""].filter {
            !$0.isEmpty
        }
            + backends.map(\.host)
    }

    /// Hosts of the case, which level `strict` replaces wherever they stand.
    var hosts: [String] { ([hostName] + backends.map(\.host)).filter { !$0.isEmpty } }

    /// Names that level `strict` takes for no host's or user's.
    var evidence: [String] { [org, env, api, keyAlias ?? "", targetEndpoint ?? ""].filter { !$0.isEmpty } }

    /// Takes status and fault code of a saved error response.
    mutating func adoptErrorFiles(_ files: [CollectOptions.InputFile]) {
        for file in files {
            httpStatus = httpStatus ?? FaultBody.status(file.bytes)
            faultCode = faultCode ?? FaultBody(file.bytes).errorCode
        }
    }

    /// The facts as the manifest has them.
    func request(clock: RunClock) -> Manifest.FailingRequest {
        var request = Manifest.FailingRequest(
            org: org, env: env, api: api, revision: revision, messageId: messageID,
            host: hostName.isEmpty ? backends.first?.host ?? "" : hostName, port: backendPort ?? 0,
            time: time.map { TimeText.iso8601($0) } ?? "",
            window: .init(from: TimeText.iso8601(window.lowerBound), to: TimeText.iso8601(window.upperBound)))
        request.backendIp = backends.first?.host
        request.targetEndpoint = targetEndpoint
        request.keyAlias = keyAlias
        request.httpStatus = httpStatus
        request.faultCode = faultCode
        request.faultSource = faultSource
        return request
    }
}
