import Collect
import EdgeAPI
import Glibc
import Platform

/// Makes the login out of options, environment, netrc and at last one question. A secret is never taken from the
/// command line, since every user of the machine can read it there.
enum LoginBuilder {
    ///
    /// - Parameter isNeeded: false for a plan: then nothing is asked for that only a login server would be sent.
    static func login(_ edge: EdgeArguments, interactive: Bool, isNeeded: Bool) throws(CollectError) -> Login {
        try refuseSecrets(edge)
        if edge.loginURL != nil || edge.mfaStdin || edge.passcodeStdin {
            try checkServer(edge)
            return isNeeded ? .oauth(try grant(edge, interactive: interactive)) : .none
        }
        if let file = edge.tokenFile { return .bearer(try InputFiles.secret(file)) }
        if let token = environment("APIGEE_TOKEN"), !token.isEmpty {
            unsafe unsetenv("APIGEE_TOKEN")
            return .bearer(Secret(token))
        }
        if let password = try password(edge) {
            guard let user = edge.user else {
                throw CollectError(.usage, "--user", "is needed with a password")
            }
            return .basic(user: user, password: password)
        }
        if edge.user == nil, let home = environment("HOME"), unsafe access(home + "/.netrc", R_OK) == 0 {
            return .netrc(file: nil)
        }
        return interactive ? ask(user: edge.user) : .none
    }

    private static func password(_ edge: EdgeArguments) throws(CollectError) -> Secret? {
        if edge.passwordStdin {
            guard let line = Terminal.readLineBytes() else {
                throw CollectError(.usage, "--password-stdin", "standard input held no line")
            }
            return Secret(line)
        }
        if let file = edge.passwordFile { return try InputFiles.secret(file) }
        if let value = environment("APIGEE_PASSWORD"), !value.isEmpty {
            unsafe unsetenv("APIGEE_PASSWORD")
            return Secret(value)
        }
        return nil
    }

    private static func checkServer(_ edge: EdgeArguments) throws(CollectError) {
        if edge.tokenFile != nil {
            throw CollectError(
                .usage, "--token-file", "goes without --login-url, --mfa-stdin and --passcode-stdin",
                hint: "a token is used as it is; those ask a login server for one")
        }
        if let url = edge.loginURL, OAuthGrant.server(url) == nil {
            throw CollectError(
                .usage, "--login-url '\(url)'", "is no plain http or https address",
                hint: "write it like https://ZONE.login.apigee.com")
        }
    }

    /// What the login server is sent. Standard input holds a line each for password, code and passcode, in this order.
    private static func grant(_ edge: EdgeArguments, interactive: Bool) throws(CollectError) -> OAuthGrant {
        unsafe unsetenv("APIGEE_TOKEN")
        var grant = OAuthGrant(user: edge.user, password: try password(edge), loginURL: edge.loginURL)
        if grant.password == nil, !edge.passcodeStdin, grant.user != nil, interactive {
            grant.password = Terminal.readHiddenLine(prompt: "Password (not shown): ")
        }
        if edge.mfaStdin { grant.mfaCode = try line("--mfa-stdin", "Code of the second factor: ") }
        if edge.passcodeStdin {
            let page = OAuthGrant.server(edge.loginURL ?? OAuthGrant.publicLogin) ?? ""
            grant.passcode = try line("--passcode-stdin", "Passcode of \(page)/passcode: ")
            return grant
        }
        guard grant.user?.isEmpty == false, let password = grant.password, !password.isEmpty else {
            throw CollectError(
                .usage, edge.mfaStdin ? "--mfa-stdin" : "--login-url", "needs user and password",
                hint: "give --user NAME with --password-stdin or --password-file, or --passcode-stdin alone")
        }
        return grant
    }

    /// A code, without the spaces in which some devices show it.
    private static func line(_ option: String, _ prompt: String) throws(CollectError) -> Secret {
        let code =
            Terminal.isTerminal(0)
            ? Terminal.readHiddenLine(prompt: prompt).map { secret in secret.withBytes { $0 } }
            : Terminal.readLineBytes()
        let bytes = (code ?? []).filter { $0 > 0x20 }
        guard !bytes.isEmpty else {
            throw CollectError(
                .usage, option, "standard input held no line for it",
                hint: "one line each, in the order password, code, passcode")
        }
        return Secret(bytes)
    }

    /// One question for user and password; Enter skips.
    private static func ask(user: String?) -> Login {
        var user = user
        if user == nil {
            Terminal.writeError(
                "The proxy, its keystore and a trace come from the management API. Enter alone goes on without it.\n")
            user = Terminal.readLine(prompt: "Management API user: ")
        }
        guard let user, !user.isEmpty else { return .none }
        guard let password = Terminal.readHiddenLine(prompt: "Password (not shown): "), !password.isEmpty else {
            return .none
        }
        return .basic(user: user, password: password)
    }

    private static func refuseSecrets(_ edge: EdgeArguments) throws(CollectError) {
        if edge.bareProxy != nil {
            throw CollectError(
                .usage, "--proxy", "is ambiguous",
                hint: "--http-proxy URL names a proxy server, --api-proxy FILE an API proxy bundle")
        }
        let why = "would show the secret to every user of this machine"
        if edge.password != nil {
            throw CollectError(.refused, "--password", why, hint: "use --password-stdin, --password-file or the prompt")
        }
        if edge.token != nil {
            throw CollectError(.refused, "--token", why, hint: "use --token-file or APIGEE_TOKEN")
        }
        if edge.mfa != nil { throw CollectError(.refused, "--mfa", why, hint: "use --mfa-stdin") }
        if edge.passcode != nil { throw CollectError(.refused, "--passcode", why, hint: "use --passcode-stdin") }
        if let user = edge.user, user.contains(":") {
            throw CollectError(
                .refused, "--user name:password", why, hint: "give the name alone; the password is asked for")
        }
        for (option, value) in [
            ("--mgmt", edge.mgmt), ("--http-proxy", edge.httpProxy), ("--login-url", edge.loginURL),
        ] {
            guard let value else { continue }
            let authority = value.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: true).dropFirst().first
            if value.contains("://"), authority?.contains("@") == true {
                throw CollectError(
                    .refused, option, "user info in an address \(why)", hint: "give the address without it")
            }
        }
    }
}
