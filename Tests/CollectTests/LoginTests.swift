import Foundation
import Lab
import Testing

extension EndToEnd {
    /// `--login-url`, `--mfa-stdin`, `--passcode-stdin`: the real program against the lab's login server.
    @Suite("Login for a token")
    struct LoginTests {
        /// How a user logs in, and what the account wants.
        enum Way: String, CaseIterable { case password, code, passcode, shortTokens }

        private func lab(_ way: Way) -> LabOptions {
            var options = LabOptions()
            options.engine = .openssl
            options.login.endsBasic = true
            switch way {
            case .password: break
            case .code: options.login.asksForCode = true
            case .passcode: options.login.takesPasscodesOnly = true
            case .shortTokens:
                options.login.tokenLifetime = 1
                options.login.refreshes = 2
            }
            return options
        }

        private static func run(_ lab: Lab, _ arguments: [String], input: String? = nil) throws -> CollectRun {
            var run = try CollectRun(lab, login: false, reproduces: false, capture: 0)
            run.arguments += ["--no-probe"] + arguments
            run.input = input.map { Array($0.utf8) }
            return run
        }

        private static func line(_ file: String) throws -> String {
            String(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")[0])
        }

        @Test("each way brings what the management API has, and no token stays anywhere", arguments: Way.allCases)
        func ways(way: Way) async throws {
            try await withLab(.noClientCertificate, options: lab(way)) { lab in
                let info = lab.info
                let password = lab.secrets.secret(named: "management-password")?.value ?? ""
                let run: CollectRun
                switch way {
                case .password, .shortTokens:
                    run = try Self.run(
                        lab, ["--login-url", info.loginUrl, "--user", info.user, "--password-file", info.passwordFile])
                case .code:
                    run = try Self.run(
                        lab, ["--login-url", info.loginUrl, "--user", info.user, "--password-stdin", "--mfa-stdin"],
                        input: "\(password)\n\(try Self.line(info.codesFile))\n")
                case .passcode:
                    run = try Self.run(
                        lab, ["--login-url", info.zoneLoginUrl, "--passcode-stdin"],
                        input: try Self.line(info.passcodeFile) + "\n")
                }
                let ending = try await run.run()
                #expect(ending.status == 3, "\(ending.printed)")
                let bundle = try await run.bundle()
                for item in ["api-proxy", "references"] {
                    #expect(
                        bundle.manifest.wanted(item)?.state ?? "collected" == "collected", "\(item): \(bundle.manifest)"
                    )
                }
                #expect(bundle.manifest.items.contains { $0["kind"] as? String == "api-proxy" })
                let asked = lab.loginRequests
                #expect(asked.allSatisfy { $0.target == "/oauth/token" && $0.method == "POST" }, "\(asked)")
                #expect(asked.first?.status == 200)
                if way == .shortTokens {
                    #expect(asked.contains { $0.grant == "refresh_token" && $0.status == 200 }, "\(asked)")
                } else {
                    #expect(asked.count == 1, "\(asked)")
                }
                let tokens = lab.loginTokens.enumerated().map {
                    PlantedSecret(name: "token-\($0.offset)", value: $0.element, places: [])
                }
                #expect(!tokens.isEmpty)
                let search = SecretSearch(lab.secrets.all + tokens)
                #expect(try bundle.leaks(search).isEmpty)
                #expect(search.findings(in: ending.output + ending.errors).isEmpty)
                #expect(run.leftInWork.isEmpty)
                #expect(!lab.managementRequests.contains { $0.target.contains("token") })
            }
        }

        @Test("a token that ends early is renewed, once for all calls")
        func ended() async throws {
            try await withLab(.noClientCertificate, options: lab(.password)) { lab in
                let info = lab.info
                let run = try Self.run(
                    lab, ["--login-url", info.loginUrl, "--user", info.user, "--password-file", info.passwordFile])
                let program = try run.start()
                // As soon as the API is asked, what was given is over.
                let until = ContinuousClock.now + .seconds(60)
                while lab.managementRequests.isEmpty, ContinuousClock.now < until {
                    try await Task.sleep(for: .milliseconds(2))
                }
                lab.endTokens()
                let ending = await program.end()
                #expect(ending.status == 3, "\(ending.printed)")
                let asked = lab.loginRequests
                #expect(asked.map(\.grant).prefix(2) == ["password", "refresh_token"], "\(asked)")
                #expect(asked.count == 2, "\(asked)")
                let bundle = try await run.bundle()
                #expect(bundle.manifest.items.contains { $0["kind"] as? String == "api-proxy" })
            }
        }

        /// What goes wrong, what the manifest must say, and what its hint must name.
        struct Failure: Sendable, CustomTestStringConvertible {
            let name: String
            var way = Way.password
            let reason: String
            let hint: String
            var testDescription: String { name }
        }

        static let failures = [
            Failure(name: "wrong password", reason: "user or password not accepted", hint: "zone"),
            Failure(name: "code missing", way: .code, reason: "second factor", hint: "--mfa-stdin"),
            Failure(name: "code wrong", way: .code, reason: "second factor not accepted", hint: "30 seconds"),
            Failure(name: "passcode used up", way: .passcode, reason: "passcode not accepted", hint: "/passcode"),
            Failure(name: "zone wrong", way: .passcode, reason: "no such zone", hint: "ZONE"),
            Failure(name: "no login server", reason: "no bearer token", hint: "--login-url"),
            Failure(name: "nothing listens", reason: "refuses the connection", hint: "--login-url"),
        ]

        @Test("each failure is told with what to do, and the rest is collected", arguments: failures)
        func fails(failure: Failure) async throws {
            try await withLab(.noClientCertificate, options: lab(failure.way)) { lab in
                let info = lab.info
                let password = lab.secrets.secret(named: "management-password")?.value ?? ""
                let withPassword = ["--login-url", info.loginUrl, "--user", info.user, "--password-stdin"]
                let (arguments, input): ([String], String)
                switch failure.name {
                case "wrong password": (arguments, input) = (withPassword, "not-the-password-4711\n")
                case "code missing": (arguments, input) = (withPassword, password + "\n")
                case "code wrong": (arguments, input) = (withPassword + ["--mfa-stdin"], password + "\n12345x\n")
                case "passcode used up":
                    (arguments, input) = (["--login-url", info.zoneLoginUrl, "--passcode-stdin"], "us3d-up-passcode\n")
                case "zone wrong":
                    let other = info.zoneLoginUrl.replacingOccurrences(of: "://", with: "://not")
                    (arguments, input) = (["--login-url", other, "--passcode-stdin"], "any-passcode\n")
                case "nothing listens":
                    (arguments, input) = (
                        ["--login-url", "http://127.0.0.1:1", "--user", info.user, "--password-stdin"], password + "\n"
                    )
                default:
                    (arguments, input) = (
                        ["--login-url", info.mgmt, "--user", info.user, "--password-stdin"], password + "\n"
                    )
                }
                let run = try Self.run(lab, arguments, input: input)
                let ending = try await run.run()
                #expect(ending.status == 3, "\(ending.printed)")
                let bundle = try await run.bundle()
                let proxy = try #require(bundle.manifest.wanted("api-proxy"))
                #expect(proxy.state == "missing")
                #expect(proxy.reason?.contains(failure.reason) == true, "\(proxy)")
                #expect(proxy.hint?.contains(failure.hint) == true, "\(proxy.hint ?? "-")")
                #expect(ending.errorText.contains(failure.reason), "\(ending.errorText)")
                #expect(bundle.manifest.wanted("message-processor-log")?.state == "collected")
                // Once: a second wrong password could lock the account.
                #expect(lab.loginRequests.count <= 1)
                let all = try bundle.bytes("log/collect.jsonl") + ending.output + ending.errors
                for typed in input.split(separator: "\n") where typed.utf8.count >= 8 {
                    #expect(!SecretSearch.contains(all, String(typed)))
                }
            }
        }

        @Test(
            "usage errors of the login are told before anything is done",
            arguments: [
                ["--login-url", "http://127.0.0.1:1"], ["--mfa-stdin"], ["--passcode-stdin"],
                ["--user", "a", "--mfa-stdin"], ["--login-url", "ftp://a", "--passcode-stdin"],
                ["--login-url", "https://a.example", "--token-file", "/etc/hostname"],
                [
                    "--mgmt", "https://edge.example/v1", "--user", "a", "--password-file", "/etc/hostname",
                    "--mfa-stdin",
                ],
            ])
        func usage(arguments: [String]) async throws {
            let scratch = try Scratch()
            let outcome = try await Collect.run(
                ["collect", "--mode", "public", "-o", scratch.path] + arguments, in: scratch.url, limit: 60)
            #expect(outcome.status == 2, "\(outcome.printed)")
            #expect(Tree.list(scratch.url).isEmpty)
        }
    }
}
