import Foundation
import Lab
import Testing

extension EndToEnd {
    /// A complete run at level `strict`: support still sees what is wrong, but not who and where.
    @Suite("Level strict", .lab())
    struct Strict {
        let lab: Lab
        /// The domain of the lab's customer.
        var company: String { lab.info.org.replacing(/-\d+$/, with: "") + ".example" }

        init() throws { lab = try LabTrait.current }

        @Test("the verdict is right, the evidence is there, names and addresses are not, and reveal brings them back")
        func strict() async throws {
            var run = try CollectRun(lab)
            let key = try run.scratch.write(String(repeating: "0123456789abcdef", count: 4), to: "key")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
            let map = run.scratch.url.appendingPathComponent("map")
            run.arguments += [
                "--redaction", "strict", "--pseudonym-key-file", key.path, "--pseudonym-map", map.path,
            ]
            let ending = try await run.run()
            #expect(ending.status == 0, "\(ending.printed)")
            let bundle = try await run.bundle()
            let manifest = bundle.manifest
            #expect(manifest.value("redaction", "level") as? String == "strict")
            #expect(manifest.verdicts.first?.cause == "no-client-certificate", "\(manifest.verdicts)")
            #expect(manifest.verdicts.first?.confidence != "possible")
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0, "\(verify.printed)")
            #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)

            // The certificate's subject names a host.
            let evidence = lab.evidence.filter { $0.name != "client-certificate-subject" }
            let lost = bundle.lostEvidence(evidence)
            #expect(lost.isEmpty, "\(lost.joined(separator: "\n"))")

            for file in Tree.files(bundle.top) where !file.path.hasSuffix(".pcap") {
                #expect(!SecretSearch.contains(file.bytes, company), "\(file.path)")
                #expect(!file.path.contains(company))
            }
            for kind in ["api-proxy", "trace", "keystore-certificates"] {
                #expect(!SecretSearch.contains(bundle.content(of: [kind]), company), "\(kind)")
            }
            let shown = try #require(manifest.value("node", "hostname") as? String)
            #expect(bundle.file.lastPathComponent.hasSuffix("Z-\(shown).tar.gz") && shown.contains(/-[0-9a-f]{16}/))
            let reveal = try await Collect.run([
                "reveal", "--map", map.path, "--pseudonym-key-file", key.path, shown,
            ])
            #expect(
                reveal.status == 0 && reveal.outputText.hasSuffix("\t\(ProcessInfo.processInfo.hostName)\n"),
                "\(reveal.printed)")
            #expect(Tree.mode(map) == 0o600)
            #expect(!Tree.list(bundle.top).contains { $0.hasSuffix("map") })
            try await addition(to: bundle, key: key, in: run.scratch)
        }

        /// What is added later is redacted at the level of the bundle, with the same pseudonyms.
        private func addition(to bundle: UnpackedBundle, key: URL, in scratch: Scratch) async throws {
            let log = try scratch.write(
                "Remote:backend7.\(company)/10.44.0.7:8443 user=jroe\n", to: "more.log")
            let ending = try await Collect.run([
                "add", bundle.file.path, "--log", log.path, "--pseudonym-key-file", key.path, "--work-dir",
                scratch.path,
            ])
            #expect(ending.status == 0, "\(ending.printed)")
            let after = try await UnpackedBundle(bundle.file)
            let text = try after.text("items/message-processor-log/more.log")
            #expect(
                text.hasPrefix("Remote:backend-") && text.contains("/ip-10.") && text.contains("user=user-"), "\(text)")
            #expect(after.manifest.value("redaction", "level") as? String == "strict")
            #expect(
                after.manifest.value("request", "host") as? String == bundle.manifest.value("request", "host")
                    as? String)
            let weaker = try await Collect.run([
                "add", bundle.file.path, "--log", log.path, "--redaction", "secrets", "--work-dir", scratch.path,
            ])
            #expect(weaker.status == 2, "\(weaker.printed)")
        }
    }

    @Suite("Pseudonyms on the command line")
    struct PseudonymCommands {
        @Test("two runs with one key file agree, and a map opens with that key alone")
        func agreement() async throws {
            let scratch = try Scratch()
            let key = try scratch.write("one passphrase of sixteen and more", to: "key")
            let other = try scratch.write("another one of sixteen and more", to: "other")
            for file in [key, other] {
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            }
            let input = try scratch.write("user=jroe at 10.1.2.3 on https://mp01.acme.com/\n", to: "in.log")
            let maps = ["a.map", "b.map"].map { scratch.url.appendingPathComponent($0).path }
            func redact(_ map: String, _ key: URL) async throws -> Program.Ending {
                try await Collect.run([
                    "redact", input.path, "--redaction", "strict", "--pseudonym-key-file", key.path,
                    "--pseudonym-map", map,
                ])
            }
            let one = try await redact(maps[0], key)
            let two = try await redact(maps[1], key)
            #expect(one.status == 0 && one.output == two.output, "\(one.printed)")
            let second = try await redact(maps[0], other)
            #expect(second.status == 2 && second.output.isEmpty, "a map of another key is not overwritten")

            let words = one.outputText.split(whereSeparator: { " =/\n".contains($0) }).map(String.init)
            let names = words.filter { $0.contains("-") }
            #expect(names.count == 3, "\(words)")
            let arguments = ["reveal", "--map", maps[0], "--map", maps[1], "--pseudonym-key-file"]
            let shown = try await Collect.run(arguments + [key.path, "--json"] + names)
            #expect(shown.status == 0, "\(shown.printed)")
            let json = try JSONSerialization.jsonObject(with: Data(shown.output)) as? [String: Any]
            let rows = json?["names"] as? [[String: String]]
            #expect(rows?.compactMap { $0["original"] } == ["jroe", "10.1.2.3", "mp01.acme.com"])
            let wrong = try await Collect.run(arguments + [other.path] + names)
            #expect(wrong.status == 2 && wrong.output.isEmpty, "\(wrong.printed)")
            let unknown = try await Collect.run(arguments + [key.path, "mp-0123456789abcdef"])
            #expect(unknown.status == 3 && unknown.output.isEmpty, "\(unknown.printed)")
        }

        @Test("a map needs a key that no one else can read, and level strict")
        func conditions() async throws {
            let scratch = try Scratch()
            let key = try scratch.write("one passphrase of sixteen and more", to: "key")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key.path)
            let input = try scratch.write("x\n", to: "in.log")
            let map = scratch.url.appendingPathComponent("map").path
            func status(_ arguments: [String]) async throws -> Int32 {
                try await Collect.run(["redact", input.path] + arguments).status
            }
            #expect(try await status(["--redaction", "strict", "--pseudonym-map", map]) == 2)
            #expect(try await status(["--pseudonym-key-file", key.path, "--pseudonym-map", map]) == 2)
            let open = ["--redaction", "strict", "--pseudonym-key-file", key.path]
            #expect(try await status(open + ["--pseudonym-map", map]) == 5)
            // Without a map it is a warning: the file may come from another tool's vault.
            #expect(try await status(open) == 0)
            #expect(!FileManager.default.fileExists(atPath: map))
        }
    }
}
