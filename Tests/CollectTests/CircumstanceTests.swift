import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// Programs, rights and logins that are not there.
    @Suite("Circumstances", .lab())
    struct Circumstances {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        /// Runs and checks what holds for every partial run.
        private func partial(_ run: CollectRun, missing: [String]) async throws -> UnpackedBundle {
            let ending = try await run.run()
            #expect(ending.status == 3, "\(ending.printed)")
            #expect(run.left.count == 1 && run.leftInWork.isEmpty, "\(run.left) \(run.leftInWork)")
            let bundle = try await run.bundle()
            for item in missing {
                let wanted = try #require(bundle.manifest.wanted(item), "\(item)")
                #expect(["missing", "skipped"].contains(wanted.state), "\(wanted)")
                #expect(
                    wanted.reason?.isEmpty == false && wanted.hint?.isEmpty == false, "\(wanted) lacks reason or hint")
            }
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            let leaks = try bundle.leaks(SecretSearch(lab.secrets))
            #expect(leaks.isEmpty, "\(leaks)")
            return bundle
        }

        @Test("PATH without tcpdump, PATH without openssl", arguments: ["tcpdump", "openssl"])
        func withoutTool(name: String) async throws {
            var run = try CollectRun(lab, capture: 3)
            let bin = try run.scratch.folder("bin", mode: 0o755)
            for tool in ["tcpdump", "openssl", "gzip", "sh"] where tool != name {
                let path = try #require(Program.find(tool))
                try FileManager.default.createSymbolicLink(
                    atPath: bin.appendingPathComponent(tool).path, withDestinationPath: path)
            }
            run.environment["PATH"] = bin.path
            if name == "tcpdump" {
                let bundle = try await partial(run, missing: ["packet-capture"])
                #expect(bundle.manifest.wanted("packet-capture")?.reason?.contains("tcpdump") == true)
                #expect(bundle.manifest.wanted("trace")?.state == "collected")
            } else {
                // The issuers are no required item: the capture has them too.
                let ending = try await run.run()
                #expect(ending.status == 0 || ending.status == 3, "\(ending.printed)")
                let bundle = try await run.bundle()
                let wanted = try #require(bundle.manifest.wanted("accepted-issuers"))
                #expect(wanted.state != "collected" && wanted.reason?.contains("openssl") == true, "\(wanted)")
            }
        }

        @Test("a wrong password is named as such")
        func wrongPassword() async throws {
            var run = try CollectRun(lab, login: false, reproduces: false, capture: 0)
            let file = try run.scratch.write("wrong-\(UUID().uuidString)\n", to: "wrong")
            run.arguments += ["--user", lab.info.user, "--password-file", file.path]
            let bundle = try await partial(run, missing: ["api-proxy", "trace", "keystore-certificates"])
            let reason = bundle.manifest.wanted("api-proxy")?.reason ?? ""
            #expect(reason.contains("401") || reason.contains("password"), "\(reason)")
        }

        @Test("no login: what needs one is named, the rest is there")
        func noLogin() async throws {
            let run = try CollectRun(lab, login: false, reproduces: false, capture: 0)
            let seen = lab.managementRequests.count
            let bundle = try await partial(run, missing: ["api-proxy", "trace"])
            #expect(!lab.managementRequests.dropFirst(seen).contains { $0.hadCredentials })
            #expect(bundle.manifest.wanted("error-message")?.state == "collected")
        }

        @Test("a token from a file, a password from standard input and from the environment do the same")
        func logins() async throws {
            let password = try #require(lab.secrets.secret(named: "management-password")).value
            for way in ["token", "stdin", "environment"] {
                var run = try CollectRun(lab, login: false, reproduces: false, capture: 0)
                switch way {
                case "token": run.arguments += ["--token-file", lab.info.tokenFile]
                case "stdin":
                    run.arguments += ["--user", lab.info.user, "--password-stdin"]
                    run.input = Array((password + "\n").utf8)
                default:
                    run.arguments += ["--user", lab.info.user]
                    run.environment["APIGEE_PASSWORD"] = password
                }
                let bundle = try await partial(run, missing: ["trace"])
                #expect(bundle.manifest.wanted("api-proxy")?.state == "collected", "\(way)")
            }
        }

        @Test("no such proxy")
        func unknownProxy() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.arguments += ["--api", "no-such-proxy", "--org", lab.info.org, "--env", lab.info.env]
            let bundle = try await partial(run, missing: ["api-proxy"])
            let reason = bundle.manifest.wanted("api-proxy")?.reason ?? ""
            #expect(reason.contains("no-such-proxy") || reason.contains("404"), "\(reason)")
        }

        @Test("a management server that is not there")
        func noServer() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            try run.set("--mgmt", "http://127.0.0.1:1/v1")
            _ = try await partial(run, missing: ["api-proxy", "trace", "keystore-certificates"])
        }

        @Test("credentials never go over plain http to another machine")
        func plainHTTP() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            try run.set("--mgmt", "http://192.0.2.1:8080/v1")
            run.limit = 60
            let bundle = try await partial(run, missing: ["api-proxy"])
            let wanted = bundle.manifest.wanted("api-proxy")
            let said = (wanted?.reason ?? "") + (wanted?.hint ?? "")
            #expect(said.contains("http"), "\(said)")
        }

        @Test("--no-probe opens no connection to the backend, --capture 0 starts no tcpdump")
        func noProbe() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.arguments += ["--no-probe"]
            let bundle = try await partial(run, missing: ["packet-capture"])
            let wanted = try #require(bundle.manifest.wanted("accepted-issuers"))
            #expect(wanted.state == "skipped" && wanted.reason?.contains("--no-probe") == true, "\(wanted)")
            let kinds = bundle.manifest.items.compactMap { $0["kind"] as? String }
            #expect(!kinds.contains("packet-capture") && !kinds.contains("accepted-issuers"))
        }

        @Test(
            "as a normal user: a bundle of one's own, and what needs rights is named",
            .enabled(if: getuid() == 0 && Program.find("setpriv") != nil, "needs root and setpriv"))
        func asNobody() async throws {
            let password = try #require(lab.secrets.secret(named: "management-password")).value
            var run = try CollectRun(lab, login: false, reproduces: false, capture: 3, mode: 0o711)
            run.arguments += ["--user", lab.info.user, "--password-stdin", "--no-probe"]
            for folder in [run.output, run.work] { #expect(unsafe chown(folder.path, 65_534, 65_534) == 0) }
            // The build folder may be closed to others.
            let copy = run.scratch.url.appendingPathComponent("apigee-collect")
            try FileManager.default.copyItem(atPath: Collect.binary, toPath: copy.path)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path)
            let ending = try await Program.start(
                try #require(Program.find("setpriv")),
                ["--reuid=65534", "--regid=65534", "--clear-groups", copy.path] + run.arguments,
                environment: ["HOME": "/nonexistent"], input: Array((password + "\n").utf8),
                in: URL(fileURLWithPath: "/"), limit: 120
            ).end()
            #expect(ending.status == 3, "\(ending.printed)")
            let bundle = try await run.bundle()
            var status = stat()
            #expect(unsafe stat(bundle.file.path, &status) == 0 && status.st_uid == 65_534)
            #expect(status.st_mode & 0o777 == 0o600)
            let wanted = try #require(bundle.manifest.wanted("packet-capture"))
            #expect(wanted.state == "missing" && wanted.reason != nil && wanted.hint != nil, "\(wanted)")
            #expect(bundle.manifest.value("ranAs", "root") as? Bool == false)
            #expect(bundle.manifest.wanted("api-proxy")?.state == "collected")
            #expect(run.leftInWork.isEmpty)
            #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
        }

        @Test(
            "under sudo the bundle belongs to the calling user",
            .enabled(if: getuid() == 0, "needs root"))
        func underSudo() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.environment.merge(["SUDO_UID": "65534", "SUDO_GID": "65534", "SUDO_USER": "nobody"]) { $1 }
            let bundle = try await partial(run, missing: ["trace"])
            var status = stat()
            #expect(unsafe stat(bundle.file.path, &status) == 0 && status.st_uid == 65_534)
            #expect(status.st_mode & 0o777 == 0o600)
        }

        @Test("an output file that exists is not overwritten")
        func outputExists() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            let file = try run.scratch.write("mine", to: "mine.tar.gz")
            try run.set("--output", file.path)
            let ending = try await run.run()
            #expect(ending.status == 1 || ending.status == 2 || ending.status == 5, "\(ending.printed)")
            #expect(run.scratch.bytes("mine.tar.gz") == Array("mine".utf8))
            #expect(run.leftInWork.isEmpty)
        }

        @Test("the run's time limit ends it with what it has")
        func timeLimit() async throws {
            lab.faults.replace(with: [.slow])
            defer { lab.faults.replace(with: []) }
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.arguments += ["--time-limit", "2s"]
            run.limit = 90
            let bundle = try await partial(run, missing: ["api-proxy"])
            #expect(bundle.manifest.wanted("error-message") != nil)
        }
    }
}
