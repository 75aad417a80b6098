import Foundation
import Lab
import Testing

extension EndToEnd {
    /// The demo's run: everything is there, other programs read it, and no secret is in it.
    @Suite("The bundle of a complete run", .demonstration())
    struct DemoBundle {
        let demo: Demo
        var bundle: UnpackedBundle { demo.bundle }

        init() throws { demo = try LabTrait.demonstration }

        @Test("it ends with 0 and every required item is collected")
        func complete() {
            #expect(demo.ending.status == 0, "\(demo.ending.printed)")
            #expect(bundle.manifest.isComplete)
            let missing = bundle.manifest.mustCollect.filter { $0.isRequired && $0.state != "collected" }
            #expect(missing.isEmpty, "\(missing)")
            #expect(bundle.manifest.mustCollect.contains { $0.item == "packet-capture" && $0.isRequired })
        }

        @Test("the manifest knows the request from the log alone")
        func request() {
            let info = demo.lab.info
            let manifest = bundle.manifest
            #expect(manifest.value("schema") as? Int == 1)
            #expect(manifest.value("mode") as? String == "private")
            #expect(manifest.value("playbook", "id") as? String == "tls-bad-certificate")
            #expect(manifest.value("request", "org") as? String == info.org)
            #expect(manifest.value("request", "env") as? String == info.env)
            #expect(manifest.value("request", "api") as? String == info.api)
            #expect(manifest.value("request", "revision") as? String == info.revision)
            #expect(manifest.value("request", "keyAlias") as? String == info.keyAlias)
            #expect(manifest.value("request", "port") as? Int == info.backend.port)
            #expect(demo.lab.messageIDs.contains(manifest.value("request", "messageId") as? String ?? ""))
            #expect(manifest.value("failure", "signature") as? String != nil)
            #expect(manifest.value("leakScan", "state") as? String == "clean")
            #expect(manifest.value("redaction", "unredacted") as? Bool == false)
        }

        @Test("the verdict is the true cause, with evidence, and no other")
        func verdict() throws {
            let verdicts = bundle.manifest.verdicts
            let first = try #require(verdicts.first)
            #expect(first.cause == "no-client-certificate")
            #expect(first.confidence != "possible")
            #expect(first.evidence > 0 && first.resolution > 0)
            #expect(!verdicts.contains { $0.cause == "issuer-not-accepted" })
        }

        @Test("name, rights and layout are those of the contract")
        func layout() throws {
            let info = demo.lab.info
            let name = bundle.file.deletingPathExtension().deletingPathExtension().lastPathComponent
            #expect(name.hasPrefix("apigee-support-\(info.org)-\(info.env)-"))
            #expect(name.firstMatch(of: /-\d{8}T\d{6}Z(-[A-Za-z0-9._-]+)?$/) != nil, "\(name)")
            #expect(bundle.top.lastPathComponent == name)
            #expect(Tree.mode(bundle.file) == 0o600)
            let files = Set(Tree.list(bundle.top))
            for file in ["START-HERE.txt", "report.html", "manifest.json", "SHA256SUMS", "log/collect.jsonl"] {
                #expect(files.contains(file), "\(file) is missing")
                #expect(try !bundle.bytes(file).isEmpty, "\(file) is empty")
            }
            let start = try bundle.text("START-HERE.txt")
            #expect(start.split(separator: "\n", omittingEmptySubsequences: false).count <= 41)
            #expect(
                Set(bundle.manifest.itemPaths)
                    == files.filter { path in
                        path.hasPrefix("items/")
                            && (try? bundle.top.appendingPathComponent(path).resourceValues(forKeys: [.isRegularFileKey]
                            ))?
                            .isRegularFile == true
                    })
            #expect(demo.run.left.count == 1, "beside the bundle: \(demo.run.left)")
            #expect(demo.run.leftInWork.isEmpty, "left in the work folder: \(demo.run.leftInWork)")
        }

        @Test("entries belong to nobody, are 0644 or 0755, sorted, and lie below the top folder")
        func entries() async throws {
            let script = """
                import sys, tarfile, json
                out = []
                with tarfile.open(sys.argv[1], 'r:gz') as t:
                    for m in t:
                        out.append([m.name, m.mode, m.uid, m.gid, m.isfile() or m.isdir()])
                print(json.dumps(out))
                """
            let outcome = try await Program.tool("python3", ["-c", script, bundle.file.path])
            #expect(outcome.status == 0, "\(outcome.printed)")
            let rows = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [[Any]])
            let names = rows.compactMap { ($0[0] as? String).map { Array($0.utf8) } }
            #expect(
                names.map { String(decoding: $0, as: UTF8.self) }
                    == names.sorted { $0.lexicographicallyPrecedes($1) }
                    .map { String(decoding: $0, as: UTF8.self) })
            for row in rows {
                #expect([0o644, 0o755].contains(row[1] as? Int), "\(row)")
                #expect(row[2] as? Int == 0 && row[3] as? Int == 0 && row[4] as? Bool == true, "\(row)")
                let name = row[0] as? String ?? ""
                #expect(name == bundle.top.lastPathComponent || name.hasPrefix(bundle.top.lastPathComponent + "/"))
            }
        }

        @Test(
            "other programs read it",
            arguments: [["gzip", "-t"], ["tar", "tzf"], ["bsdtar", "-tzf"], ["python3", "-m", "tarfile", "-t"]])
        func readers(command: [String]) async throws {
            let outcome = try await Program.tool(command[0], Array(command.dropFirst()) + [bundle.file.path])
            #expect(outcome.status == 0, "\(command[0]): \(outcome.printed)")
        }

        @Test("sha256sum -c agrees and lists every other file")
        func sums() async throws {
            let outcome = try await Program.tool("sha256sum", ["-c", "--strict", "SHA256SUMS"], in: bundle.top)
            #expect(outcome.status == 0, "\(outcome.printed)")
            let listed = Set(
                try bundle.text("SHA256SUMS").split(separator: "\n").map { line in
                    String(line.dropFirst(66))
                })
            let files = Set(Tree.files(bundle.top).map(\.path)).subtracting(["SHA256SUMS"])
            #expect(listed == files)
        }

        @Test(
            "Python's jsonschema accepts the manifest",
            .enabled(if: Program.pythonWithSchemas != nil, "needs Python's jsonschema"))
        func schema() async throws {
            let schema = Collect.package.appendingPathComponent("templates/bundle/manifest.schema.json").path
            let script = """
                import json, sys, jsonschema
                schema = json.load(open(sys.argv[1]))
                cls = jsonschema.validators.validator_for(schema)
                cls.check_schema(schema)
                bad = [e.json_path + ': ' + e.message for e in cls(schema).iter_errors(json.load(open(sys.argv[2])))]
                print('\\n'.join(bad)); sys.exit(1 if bad else 0)
                """
            let manifest = bundle.top.appendingPathComponent("manifest.json").path
            let outcome = try await Program.tool(
                try #require(Program.pythonWithSchemas), ["-c", script, schema, manifest])
            #expect(outcome.status == 0, "\(outcome.printed)")
        }

        @Test("the manifest's sizes and hashes are those of the files")
        func items() async throws {
            for item in bundle.manifest.items {
                let path = try #require(item["path"] as? String)
                #expect(try bundle.bytes(path).count == item["bytes"] as? Int, "\(path)")
                let sum = try await Program.tool("sha256sum", [path], in: bundle.top)
                #expect(String(sum.outputText.prefix(64)) == item["sha256"] as? String, "\(path)")
            }
        }

        @Test("no planted secret is in it, in any form, at any depth")
        func secrets() throws {
            let leaks = try bundle.leaks(SecretSearch(demo.lab.secrets))
            #expect(leaks.isEmpty, "\(leaks.joined(separator: "\n"))")
            let printed = SecretSearch(demo.lab.secrets).findings(in: demo.ending.output + demo.ending.errors)
            #expect(printed.isEmpty, "printed: \(printed)")
        }

        @Test("the search finds a secret that is there")
        func canary() throws {
            let secret = try #require(demo.lab.secrets.secret(named: "flow-variable-jwt"))
            let search = SecretSearch([secret])
            for form in secret.forms.values { #expect(!search.findings(in: [0x20] + form + [0x20]).isEmpty) }
            let wrapped = Data("user:\(secret.value)".utf8).base64EncodedString()
            #expect(!search.findings(in: Array(wrapped.utf8)).isEmpty)
        }

        @Test("the evidence is still there")
        func evidence() {
            let lost = bundle.lostEvidence(demo.lab.evidence)
            #expect(lost.isEmpty, "\(lost.joined(separator: "\n"))")
        }

        @Test("markers have the fixed form, and one secret has one marker")
        func markers() throws {
            var byRule: [String: Set<String>] = [:]
            for file in Tree.files(bundle.top) {
                let text = String(decoding: file.bytes, as: UTF8.self)
                for match in text.matches(of: /REDACTED\.([^.\s"'<>&]{1,40})\.([0-9A-Za-z]{1,20})/) {
                    let (rule, print) = (String(match.output.1), String(match.output.2))
                    #expect(rule.wholeMatch(of: /[a-z0-9-]+/) != nil, "\(file.path): \(match.output.0)")
                    #expect(print.wholeMatch(of: /[0-9a-f]{12}/) != nil, "\(file.path): \(match.output.0)")
                    byRule[rule, default: []].insert(print)
                }
            }
            #expect(!byRule.isEmpty)
        }

        @Test("the proxy's zip opens and is still a proxy bundle")
        func proxy() async throws {
            let path = try #require(bundle.manifest.itemPaths.first { $0.hasSuffix(".zip") })
            #expect(path == "items/api-proxy/\(demo.lab.info.api)_rev\(demo.lab.info.revision).zip")
            let file = bundle.top.appendingPathComponent(path).path
            let test = try await Program.tool("unzip", ["-t", file])
            #expect(test.status == 0, "\(test.printed)")
            let list = try await Program.tool("unzip", ["-Z1", file])
            let names = list.outputText.split(separator: "\n").map(String.init)
            #expect(names.contains("apiproxy/\(demo.lab.info.api).xml"), "\(names)")
            for name in names where name.hasSuffix(".xml") {
                let xml = try await Program.tool("unzip", ["-p", file, name])
                let check = try await Program.tool(
                    "python3", ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.stdin.buffer)"],
                    input: xml.output)
                #expect(check.status == 0, "\(name): \(check.printed)")
            }
        }

        @Test("the trace is well-formed XML")
        func trace() async throws {
            let check = try await Program.tool(
                "python3", ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.stdin.buffer)"],
                input: bundle.bytes("items/trace/trace.xml"))
            #expect(check.status == 0, "\(check.printed)")
        }

        @Test(
            "tshark decodes handshake and alert and sees no application data",
            .enabled(if: Program.find("tshark") != nil))
        func capture() async throws {
            let file = bundle.top.appendingPathComponent("items/packet-capture/capture.pcap").path
            let port = "\(demo.lab.info.backend.port)"
            func fields(_ filter: String, _ fields: String...) async throws -> [String] {
                let outcome = try await Program.tool(
                    "tshark",
                    ["-r", file, "-d", "tcp.port==\(port),tls", "-Y", filter, "-T", "fields"]
                        + fields.flatMap { ["-e", $0] })
                #expect(outcome.status == 0, "\(outcome.printed)")
                return outcome.outputText.split(separator: "\n").map(String.init)
            }
            let types = try await fields("tls.handshake", "tls.handshake.type").joined(separator: ",")
            // Client hello, server hello, certificate, certificate request.
            for type in ["1", "2", "11", "13"] {
                #expect(types.split { ",;".contains($0) }.contains { $0 == type }, "type \(type) not in \(types)")
            }
            let alerts = try await fields("tls.alert_message", "tls.alert_message.desc")
            #expect(!alerts.isEmpty)
            // bad_certificate, or what newer Java servers send in its place: handshake_failure, certificate_required.
            let refusals: Set<Substring> = ["42", "40", "116"]
            #expect(alerts.allSatisfy { !refusals.isDisjoint(with: $0.split(separator: ",")) }, "\(alerts)")
            // What is left of other payload is zeros, and so nobody's record or request.
            #expect(try await fields("tls.record.content_type == 23", "frame.number").isEmpty)
            #expect(try await fields("tls.app_data", "frame.number").isEmpty)
            for field in ["http.authorization", "http.cookie", "http.file_data"] {
                let values = try await fields(field, field)
                #expect(values.allSatisfy { $0.allSatisfy { "0:,\\\t\u{0}".contains($0) } }, "\(field): \(values)")
            }
            let bad = try await fields("_ws.malformed", "frame.number")
            #expect(bad.isEmpty, "malformed frames: \(bad)")
        }

        @Test("the tool's log is JSON lines")
        func log() throws {
            for line in try bundle.text("log/collect.jsonl").split(separator: "\n") {
                #expect((try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]) != nil)
            }
        }

        @Test("the report stands alone: no script of others, no address to load")
        func report() throws {
            let html = try bundle.text("report.html")
            #expect(html.contains("<html"))
            #expect(html.contains(demo.lab.info.api))
            for load in [
                "src=\"http", "src='http", "href=\"http://fonts", "@import", "<script src",
                "<link rel=\"stylesheet\" href=\"http",
            ] {
                #expect(!html.contains(load), "\(load)")
            }
        }
    }
}
