import Foundation
import Lab
import Testing

extension EndToEnd {
    /// The commands that read a bundle or write it anew.
    @Suite("Commands on a bundle", .demonstration())
    struct BundleCommands {
        let demo: Demo
        let scratch: Scratch
        var bundle: UnpackedBundle { demo.bundle }

        init() throws {
            demo = try LabTrait.demonstration
            scratch = try Scratch()
        }

        @Test func verifyAcceptsIt() async throws {
            let outcome = try await Collect.verify(bundle.file)
            #expect(outcome.status == 0, "\(outcome.printed)")
            let json = try await Collect.run(["verify", "--json", bundle.file.path])
            #expect(json.status == 0)
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.output)) }
        }

        @Test("verify finds a changed byte wherever it is", arguments: [0.02, 0.3, 0.5, 0.7, 0.95])
        func flippedByte(place: Double) async throws {
            let copy = try demo.copy(in: scratch)
            var data = try Data(contentsOf: copy)
            let index = Int(Double(data.count - 1) * place)
            data[index] ^= 0x10
            try data.write(to: copy)
            let outcome = try await Collect.verify(copy)
            #expect(outcome.status == 4, "byte \(index) of \(data.count): \(outcome.printed)")
        }

        @Test(
            "verify refuses an archive that was packed anew with something else in it",
            arguments: ["extra", "changed", "removed", "link", "outside"])
        func tampered(how: String) async throws {
            let folder = try scratch.folder("t")
            _ = try await Program.tool("tar", ["xzf", bundle.file.path, "-C", folder.path])
            let top = bundle.top.lastPathComponent
            let place = folder.appendingPathComponent(top)
            var extra: [String] = []
            switch how {
            case "extra": try Data("x".utf8).write(to: place.appendingPathComponent("items/extra.txt"))
            case "changed":
                try Data("\n{}".utf8).write(to: place.appendingPathComponent("log/collect.jsonl"))
            case "removed":
                try FileManager.default.removeItem(at: place.appendingPathComponent("items/trace/trace.xml"))
            case "link":
                try FileManager.default.createSymbolicLink(
                    atPath: place.appendingPathComponent("items/link").path, withDestinationPath: "/etc/passwd")
            default:
                try Data("x".utf8).write(to: folder.appendingPathComponent("evil"))
                extra = ["--transform", "s,^evil,../evil,", "evil"]
            }
            let made = scratch.url.appendingPathComponent("tampered.tar.gz")
            let pack = try await Program.tool(
                "tar", ["czPf", made.path, "-C", folder.path] + [top] + extra)
            #expect(pack.status == 0, "\(pack.printed)")
            let outcome = try await Collect.verify(made)
            #expect(outcome.status == 4, "\(how): \(outcome.printed)")
        }

        @Test(arguments: ["cut", "empty", "text", "absent", "folder"])
        func verifyOfNoBundle(kind: String) async throws {
            let file = scratch.url.appendingPathComponent("no.tar.gz")
            switch kind {
            case "cut": try Data(contentsOf: bundle.file).prefix(4000).write(to: file)
            case "empty": try Data().write(to: file)
            case "text": try Data("hello\n".utf8).write(to: file)
            case "folder": try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            default: break
            }
            let outcome = try await Collect.verify(file)
            #expect([1, 2, 4, 5].contains(outcome.status) && !outcome.wasSignalled, "\(kind): \(outcome.printed)")
            #expect(!outcome.errors.isEmpty)
        }

        @Test func inspectListsEverything() async throws {
            let outcome = try await Collect.run(["inspect", bundle.file.path])
            #expect(outcome.status == 0, "\(outcome.printed)")
            for path in bundle.manifest.itemPaths { #expect(outcome.outputText.contains(path), "\(path)") }
            let json = try await Collect.run(["inspect", "--json", bundle.file.path])
            let root = try #require(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
            #expect(root["schema"] as? Int == 1)
        }

        @Test func showPrintsTheBytes() async throws {
            for path in ["items/error-message/records.log", "manifest.json", "items/packet-capture/capture.pcap"] {
                let outcome = try await Collect.run(["show", bundle.file.path, path])
                #expect(outcome.status == 0, "\(outcome.errorText)")
                #expect(outcome.output == (try bundle.bytes(path)), "\(path)")
            }
            let absent = try await Collect.run(["show", bundle.file.path, "items/absent"])
            #expect(absent.status == 1 || absent.status == 2, "\(absent.printed)")
            #expect(absent.output.isEmpty)
        }

        @Test func reportWritesTheFile() async throws {
            let file = scratch.url.appendingPathComponent("report.html")
            let outcome = try await Collect.run(["report", bundle.file.path, "-o", file.path])
            #expect(outcome.status == 0, "\(outcome.printed)")
            let html = String(decoding: scratch.bytes("report.html"), as: UTF8.self)
            #expect(html.contains("<html") && html.contains(demo.lab.info.api))
            // Written anew, it is what the bundle holds.
            #expect(scratch.bytes("report.html") == (try bundle.bytes("report.html")))
        }

        @Test("report draws the same from the items, where the bundle does not hold the diagnosis")
        func reportWithoutDiagnosis() async throws {
            let archive = scratch.url.appendingPathComponent("repacked.tar.gz")
            let top = bundle.top
            _ = try await Program.tool(
                "tar",
                [
                    "czf", archive.path, "--exclude=diagnosis.json", "-C", top.deletingLastPathComponent().path,
                    top.lastPathComponent,
                ])
            let outcome = try await Collect.run(["report", archive.path])
            #expect(outcome.status == 0, "\(outcome.errorText)")
            #expect(outcome.output == (try bundle.bytes("report.html")))
        }

        @Test("report speaks Chinese when asked to, or when the locale does")
        func reportInChinese() async throws {
            let asked = try await Collect.run(["report", bundle.file.path, "--lang", "zh-CN"])
            #expect(asked.status == 0 && asked.outputText.contains("<html lang=\"zh-CN\">"), "\(asked.errorText)")
            #expect(asked.outputText.contains("消息处理器没有可出示的客户端证书"))
            let unknown = try await Collect.run(["report", bundle.file.path, "--lang", "tlh"])
            #expect(unknown.status == 2, "\(unknown.printed)")
        }

        @Test("diagnose says the same of the bundle, as JSON of the contract's shape")
        func diagnoseBundle() async throws {
            let text = try await Collect.run(["diagnose", bundle.file.path])
            #expect(text.status == 0 && text.outputText.contains("no-client-certificate"), "\(text.printed)")
            let outcome = try await Collect.run(["diagnose", "--json", bundle.file.path])
            #expect(outcome.status == 0, "\(outcome.printed)")
            try check(report: outcome.output)
        }

        @Test("diagnose reads loose files")
        func diagnoseLoose() async throws {
            func path(_ name: String) -> String { bundle.top.appendingPathComponent(name).path }
            let certificates = bundle.manifest.itemPaths.filter { $0.hasPrefix("items/keystore-certificates/") }
            let issuers = try #require(bundle.manifest.itemPaths.first { $0.hasPrefix("items/accepted-issuers/") })
            let zip = try #require(bundle.manifest.itemPaths.first { $0.hasSuffix(".zip") })
            let outcome = try await Collect.run(
                [
                    "diagnose", "--json", "--pcap", path("items/packet-capture/capture.pcap"), "--log",
                    path("items/error-message/records.log"), "--trace", path("items/trace/trace.xml"), "--api-proxy",
                    path(zip), "--accepted-issuers", path(issuers),
                ] + certificates.flatMap { ["--certs", path($0)] })
            #expect(outcome.status == 0, "\(outcome.printed)")
            try check(report: outcome.output)
            let pcap = try await Collect.run(
                ["diagnose", "--json", "--pcap", path("items/packet-capture/capture.pcap")])
            #expect(pcap.status == 0, "\(pcap.printed)")
            #expect(try JSONSerialization.jsonObject(with: Data(pcap.output)) is [String: Any])
        }

        private func check(report: [UInt8]) throws {
            let root = try #require(try JSONSerialization.jsonObject(with: Data(report)) as? [String: Any])
            #expect(root["schema"] as? Int == 1)
            #expect(ManifestView.verdicts(root["verdicts"]).first?.cause == "no-client-certificate")
            let connections = try #require(root["connections"] as? [[String: Any]])
            let failed = try #require(
                connections.first { connection in
                    connection["outcome"] as? String == "failed"
                        && (connection["server"] as? [String: Any])?["port"] as? Int == demo.lab.info.backend.port
                        && connection["certificateRequest"] != nil
                })
            for key in [
                "client", "firstFrame", "startedAt", "tls", "offeredVersions", "serverCertificates", "messages",
            ] {
                #expect(failed[key] != nil, "\(key)")
            }
            #expect(failed["version"] as? String == "TLS 1.2")
            let alerts = try #require(failed["alerts"] as? [[String: Any]])
            let alert = try #require(alerts.first)
            #expect(alert["from"] as? String == "server")
            let names = [42: "bad_certificate", 40: "handshake_failure"]
            let code = try #require(alert["code"] as? Int)
            #expect(names[code] != nil && alert["description"] as? String == names[code], "\(alert)")
            let own = try #require(failed["clientCertificate"] as? [String: Any])
            #expect(own["count"] as? Int == 0)
            let request = try #require(failed["certificateRequest"] as? [String: Any])
            #expect(!((request["authorities"] as? [String]) ?? []).isEmpty)
        }

        @Test("add refuses a damaged bundle and leaves it as it is")
        func addToDamaged() async throws {
            let copy = try demo.copy(in: scratch)
            var data = try Data(contentsOf: copy)
            data[data.count / 2] ^= 1
            try data.write(to: copy)
            let outcome = try await Collect.run(["add", copy.path, "--note", "x", "--work-dir", scratch.path])
            #expect(outcome.status == 1 || outcome.status == 4, "\(outcome.printed)")
            #expect(try Data(contentsOf: copy) == data)
        }

        @Test("add with nothing to add is a usage error")
        func addNothing() async throws {
            let outcome = try await Collect.run(["add", bundle.file.path])
            #expect(outcome.status == 2, "\(outcome.printed)")
        }
    }

    /// Putting in afterwards what a run could not get.
    @Suite("add", .lab(engine: .automatic))
    struct Add {
        @Test("what was missing comes in, redacted, and the verdict with it")
        func missingItems() async throws {
            let lab = try LabTrait.current
            let whole = try await Demo(lab)
            // What operators would hand over: a trace with its secrets, as the UI gives it.
            let secret = try #require(lab.secrets.secret(named: "flow-variable-jwt")).value
            let trace = String(decoding: try whole.bundle.bytes("items/trace/trace.xml"), as: UTF8.self)
                .replacing(/REDACTED\.jwt\.[0-9a-f]{12}/, with: secret)
            #expect(trace.contains(secret))
            let traceFile = try whole.run.scratch.write(trace, to: "trace-1.xml")
            let pcap = whole.bundle.top.appendingPathComponent("items/packet-capture/capture.pcap")

            let bare = try CollectRun(lab, reproduces: false, capture: 0)
            let ending = try await bare.run()
            #expect(ending.status == 3, "\(ending.printed)")
            let before = try await bare.bundle()
            #expect(before.manifest.wanted("trace")?.state == "missing")
            #expect(["missing", "skipped"].contains(before.manifest.wanted("packet-capture")?.state))
            #expect(ending.outputText.contains("apigee-collect add") || ending.errorText.contains("apigee-collect add"))

            let error = try await Collect.run(
                [
                    "add", before.file.path, "--trace", traceFile.path, "--pcap", pcap.path, "--tried", "capture",
                    "--note", "captured by the backend team", "--work-dir", bare.work.path,
                ])
            #expect(error.status == 0, "\(error.printed)")
            let after = try await bare.bundle()
            #expect(after.manifest.isComplete)
            #expect(after.manifest.wanted("trace")?.state == "collected")
            #expect(after.manifest.wanted("packet-capture")?.state == "collected")
            #expect(after.manifest.verdicts.first?.cause == "no-client-certificate")
            #expect(after.manifest.verdicts.first?.confidence == "certain")
            #expect(Set(before.manifest.itemPaths).isSubset(of: Set(after.manifest.itemPaths)))
            #expect(try after.leaks(SecretSearch(lab.secrets)).isEmpty)
            #expect(Tree.mode(after.file) == 0o600)
            #expect(bare.left.count == 1 && bare.leftInWork.isEmpty, "\(bare.left) \(bare.leftInWork)")
            #expect(try await Collect.verify(after.file).status == 0)
        }
    }
}
