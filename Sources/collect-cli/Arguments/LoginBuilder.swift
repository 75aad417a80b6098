import Collect
import EdgeAPI
import Glibc
import Platform

/// Makes the login out of options, environment, netrc and at last one question. A secret is never taken from the
/// command line, since every user of the machine can read it there.
enum LoginBuilder {
    static func login(_ edge: EdgeArguments, interactive: Bool) throws(CollectError) -> Login {
        try refuseSecrets(edge)
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
        if let user = edge.user, user.contains(":") {
            throw CollectError(
                .refused, "--user name:password", why, hint: "give the name alone; the password is asked for")
        }
        for (option, value) in [("--mgmt", edge.mgmt), ("--http-proxy", edge.httpProxy)] {
            guard let value else { continue }
            let authority = value.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: true).dropFirst().first
            if value.contains("://"), authority?.contains("@") == true {
                throw CollectError(
                    .refused, option, "user info in an address \(why)", hint: "give the address without it")
            }
        }
    }
}
