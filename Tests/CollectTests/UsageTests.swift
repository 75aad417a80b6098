import Foundation
import Lab
import Testing

extension EndToEnd {
    /// What is said without a run.
    @Suite("Usage")
    struct Usage {
        @Test(
            "the help of every command has an example",
            arguments: [
                [], ["collect"], ["add"], ["capture"], ["redact"], ["diagnose"], ["inspect"], ["show"], ["verify"],
                ["report"],
                ["playbooks"], ["playbooks", "list"], ["playbooks", "show"], ["playbooks", "validate"], ["rules"],
                ["rules", "list"],
                ["rules", "test"], ["reveal"],
                ["doctor"],
            ])
        func help(command: [String]) async throws {
            let outcome = try await Collect.run(command + ["--help"])
            #expect(outcome.status == 0)
            #expect(outcome.outputText.contains("Example"), "\(command)")
            #expect(outcome.outputText.contains("apigee-collect"))
            #expect(outcome.errors.isEmpty)
        }

        @Test func version() async throws {
            let outcome = try await Collect.run(["--version"])
            #expect(outcome.status == 0)
            #expect(outcome.outputText.firstMatch(of: /^\d+\.\d+\.\d+/) != nil)
        }

        @Test(
            "usage errors end with 2, say what is wrong, and print nothing on standard output",
            arguments: [
                ["--no-such-option"], ["collect", "--no-such-option"], ["collect", "no-such-playbook"],
                ["collect", "--capture", "soon"], ["collect", "--mode", "hybrid"], ["collect", "--level", "99"],
                ["collect", "--reproduce"], ["collect", "--host", "a b"], ["collect", "--trace", "/no/such/file"],
                ["collect", "--since", "yesterdayish"], ["collect", "--redaction", "lax"], ["redact", "--format", "x"],
                ["capture"], ["capture", "--host", "a", "--port", "0"], ["capture", "--host", "a;b"],
                ["verify"], ["show"], ["diagnose"], ["add"], ["playbooks", "show", "no-such-playbook"],
            ])
        func usage(arguments: [String]) async throws {
            let scratch = try Scratch()
            let outcome = try await Collect.run(arguments, in: scratch.url)
            #expect(outcome.status == 2, "\(outcome.printed)")
            #expect(!outcome.errors.isEmpty && outcome.output.isEmpty, "\(outcome.printed)")
            #expect(Tree.list(scratch.url).isEmpty, "\(Tree.list(scratch.url))")
        }

        @Test("a bare --proxy names both things that may be meant")
        func bareProxy() async throws {
            let outcome = try await Collect.run(["collect", "--proxy", "x"])
            #expect(outcome.status == 2, "\(outcome.printed)")
            #expect(outcome.errorText.contains("--http-proxy") && outcome.errorText.contains("--api-proxy"))
        }

        @Test(
            "a secret on the command line is refused and not repeated",
            arguments: [
                ["--password", "Hunter2Hunter2"], ["--token", "Hunter2Hunter2"], ["--user", "me:Hunter2Hunter2"],
                ["--curl", "curl -H 'Authorization: Basic SHVudGVyMkh1bnRlcjI=' https://a.example/Hunter2Hunter2"],
                ["--curl", "curl -u me:Hunter2Hunter2 https://a.example/"],
                ["--curl", "curl https://me:Hunter2Hunter2@a.example/"],
                ["--mgmt", "https://me:Hunter2Hunter2@a.example/v1"],
                ["--http-proxy", "http://me:Hunter2Hunter2@proxy.example:3128"],
                ["--password=Hunter2Hunter2"], ["--mfa", "Hunter2Hunter2"], ["--passcode", "Hunter2Hunter2"],
                ["--login-url", "https://me:Hunter2Hunter2@login.example"],
            ])
        func secrets(arguments: [String]) async throws {
            let scratch = try Scratch()
            let outcome = try await Collect.run(
                ["collect", "--mode", "public", "-o", scratch.path] + arguments, in: scratch.url, limit: 60)
            #expect(outcome.status == 5, "\(outcome.printed)")
            #expect(!outcome.errorText.contains("Hunter2") && !outcome.outputText.contains("Hunter2"))
            #expect(!outcome.errorText.contains("SHVudGVyMkh1bnRlcjI"))
            #expect(Tree.list(scratch.url).isEmpty)
        }

        @Test("a misspelt option with a secret is not repeated")
        func misspelt() async throws {
            let outcome = try await Collect.run(["collect", "--pasword=Hunter2Hunter2"])
            #expect(outcome.status == 2, "\(outcome.printed)")
            #expect(!outcome.errorText.contains("Hunter2"), "\(outcome.errorText)")
        }

        @Test("standard error has no colours when it is no terminal")
        func colours() async throws {
            let outcome = try await Collect.run(["doctor"])
            #expect(!(outcome.output + outcome.errors).contains(0x1B))
        }

        @Test("doctor says what can be collected; its JSON parses")
        func doctor() async throws {
            let scratch = try Scratch()
            let text = try await Collect.run(["doctor", "--work-dir", scratch.path])
            #expect([0, 3].contains(text.status), "\(text.printed)")
            for subject in ["redactor", "tcpdump", "openssl", "work folder"] {
                #expect(text.outputText.contains(subject), "\(subject): \(text.outputText)")
            }
            let json = try await Collect.run(["doctor", "--json", "--work-dir", scratch.path])
            let root = try #require(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
            let findings = try #require(root["findings"] as? [[String: Any]])
            #expect(!findings.isEmpty)
            for finding in findings where finding["state"] as? String == "missing" {
                #expect(finding["hint"] as? String != nil, "\(finding)")
            }
            #expect(Tree.list(scratch.url).isEmpty)
            let empty = try await Collect.run(["doctor", "--json"], environment: ["PATH": scratch.path])
            #expect(empty.status == 3, "\(empty.printed)")
        }

        @Test("playbooks: list, show, validate")
        func playbooks() async throws {
            let list = try await Collect.run(["playbooks", "list"])
            #expect(list.status == 0 && list.outputText.contains("tls-bad-certificate"))
            let bare = try await Collect.run(["playbooks"])
            #expect(bare.output == list.output)
            let show = try await Collect.run(["playbooks", "show", "tls-bad-certificate"])
            #expect(show.status == 0)
            for word in ["packet-capture", "keystore-certificates", "no-client-certificate", "issuer-not-accepted"] {
                #expect(show.outputText.contains(word), "\(word)")
            }
            let scratch = try Scratch()
            let source = Collect.package.appendingPathComponent("templates/playbooks/tls-bad-certificate.yaml")
            let right = try await Collect.run(["playbooks", "validate", source.path])
            #expect(right.status == 0, "\(right.printed)")
            let text = try String(contentsOf: source, encoding: .utf8)
            for (line, broken) in [
                ("item: trace", text.replacingOccurrences(of: "item: trace,", with: "item: tracee,")),
                ("version:", text.replacingOccurrences(of: "version: 1", with: "version: one")),
                ("nonsense:", text + "\nnonsense: 1\n"),
            ] {
                let file = try scratch.write(broken, to: "broken.yaml")
                let outcome = try await Collect.run(["playbooks", "validate", file.path])
                #expect(outcome.status == 1, "\(line): \(outcome.printed)")
                let number = broken.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
                    $0.contains(line == "item: trace" ? "tracee" : line)
                }.map { $0 + 1 }
                #expect(outcome.errorText.contains("broken.yaml:\(number ?? 0)"), "\(line): \(outcome.errorText)")
            }
            let noYAML = try scratch.write("a: [1, 2\nb: }", to: "no.yaml")
            let outcome = try await Collect.run(["playbooks", "validate", noYAML.path])
            #expect(outcome.status == 1 && outcome.errorText.contains("no.yaml:"), "\(outcome.printed)")
        }
    }

    /// Plans, and runs from files alone.
    @Suite("Plans and files", .demonstration())
    struct PlansAndFiles {
        let demo: Demo
        var lab: Lab { demo.lab }

        init() throws { demo = try LabTrait.demonstration }

        @Test("--dry-run prints the plan and touches nothing", arguments: [false, true])
        func dryRun(json: Bool) async throws {
            var run = try CollectRun(lab)
            run.arguments += ["--dry-run"] + (json ? ["--json"] : [])
            let root = URL(fileURLWithPath: lab.info.root)
            let before = (Tree.picture(root), Tree.picture(run.scratch.url))
            let requests = lab.managementRequests.count
            let played = lab.messageIDs.count
            let ending = try await run.run()
            #expect(ending.status == 0, "\(ending.printed)")
            #expect(Tree.picture(root) == before.0 && Tree.picture(run.scratch.url) == before.1)
            #expect(lab.managementRequests.count == requests && lab.messageIDs.count == played)
            for item in ["error-message", "api-proxy", "trace", "packet-capture", "keystore-certificates"] {
                #expect(ending.outputText.contains(item), "\(item)")
            }
            #expect(ending.outputText.contains("tcpdump"))
            if json {
                let plan = try #require(try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any])
                #expect(plan["playbook"] as? String == "tls-bad-certificate")
                #expect(demo.lab.messageIDs.contains(plan["messageId"] as? String ?? ""))
            }
        }

        @Test("--json prints one object and nothing else on standard output")
        func json() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.arguments += ["--json"]
            let ending = try await run.run()
            #expect(ending.status == 3, "\(ending.printed)")
            let root = try #require(try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any])
            #expect(root["bundle"] as? String == run.output.appendingPathComponent(run.left[0]).path)
            #expect(root["complete"] as? Bool == false)
        }

        @Test("the last lines of a partial run give the command that adds what is missing")
        func hints() async throws {
            let run = try CollectRun(lab, reproduces: false, capture: 0)
            let ending = try await run.run()
            let lines = ending.outputText.split(separator: "\n").suffix(12).joined(separator: "\n")
            #expect(lines.contains("apigee-collect add"), "\(ending.outputText)")
            #expect(lines.contains(run.left.first ?? "?"), "\(lines)")
            #expect(!lines.contains("%BUNDLE%"))
            let start = try await run.bundle().text("START-HERE.txt")
            #expect(!start.contains("%BUNDLE%") && start.contains("apigee-collect add"))
        }

        private func fromFiles(_ scratch: Scratch, _ out: URL, key: URL) -> [String] {
            func path(_ name: String) -> String { demo.bundle.top.appendingPathComponent(name).path }
            let zip = demo.bundle.manifest.itemPaths.first { $0.hasSuffix(".zip") } ?? ""
            return [
                "collect", "tls-bad-certificate", "--root", scratch.path, "--mode", "public", "--org", lab.info.org,
                "--env", lab.info.env, "--api", lab.info.api, "--revision", lab.info.revision, "--log",
                path("items/message-processor-log/system.log"), "--trace", path("items/trace/trace.xml"), "--api-proxy",
                path(zip), "--pcap", path("items/packet-capture/capture.pcap"), "--error",
                path("items/error-message/response.http"), "--no-probe", "--capture", "0", "--curl-file",
                lab.info.curlFile, "--pseudonym-key-file", key.path, "--output", out.path, "--work-dir", scratch.path,
            ]
        }

        @Test("from files alone, the same inputs give the same bytes")
        func deterministic() async throws {
            let scratch = try Scratch()
            let key = try scratch.write(String(repeating: "0123456789abcdef", count: 4), to: "key")
            var bundles: [URL] = []
            // The command line is part of the manifest, so it is the same too.
            let out = try scratch.folder("out")
            for round in ["one", "two"] {
                let ending = try await Collect.run(
                    fromFiles(scratch, out, key: key),
                    environment: [
                        "SOURCE_DATE_EPOCH": "1763900000", "LC_ALL": round == "one" ? "C" : "C.UTF-8",
                        "TZ": round == "one" ? "Asia/Tokyo" : "America/New_York",
                    ], in: scratch.url)
                #expect([0, 3].contains(ending.status), "\(ending.printed)")
                let name = try #require(Tree.list(out).first)
                let kept = try scratch.folder(round).appendingPathComponent(name)
                try FileManager.default.moveItem(at: out.appendingPathComponent(name), to: kept)
                bundles.append(kept)
            }
            #expect(bundles[0].lastPathComponent == bundles[1].lastPathComponent)
            let compare = try await Program.tool("cmp", bundles.map(\.path))
            if compare.status != 0 {
                let (one, two) = (try await UnpackedBundle(bundles[0]), try await UnpackedBundle(bundles[1]))
                let differing = Tree.files(one.top).filter { (try? two.bytes($0.path)) != $0.bytes }.map(\.path)
                Issue.record("they differ: \(compare.printed) \(differing)")
            }
        }

        @Test("public cloud: the curl command stays a valid shell command with markers in it")
        func curlCommand() async throws {
            let scratch = try Scratch()
            let key = try scratch.write(String(repeating: "0123456789abcdef", count: 4), to: "key")
            let out = try scratch.folder("out")
            let ending = try await Collect.run(fromFiles(scratch, out, key: key), in: scratch.url)
            #expect([0, 3].contains(ending.status), "\(ending.printed)")
            let bundle = try await UnpackedBundle(out.appendingPathComponent(try #require(Tree.list(out).first)))
            for item in ["curl-command", "api-proxy", "trace", "packet-capture"] {
                #expect(bundle.manifest.wanted(item)?.state == "collected", "\(bundle.manifest.mustCollect)")
            }
            let leaks = try bundle.leaks(SecretSearch(lab.secrets))
            #expect(leaks.isEmpty, "\(leaks)")
            let file = try #require(bundle.manifest.itemPaths.first { $0.hasPrefix("items/curl-command/") })
            let check = try await Program.tool("sh", ["-n", bundle.top.appendingPathComponent(file).path])
            #expect(check.status == 0, "\(check.printed)")
            let text = try bundle.text(file)
            #expect(text.contains("curl") && text.contains("REDACTED.") && text.contains(lab.info.basePath))
            #expect(bundle.manifest.value("mode") as? String == "public")
        }
    }
}
