import Foundation
import Lab
import Testing

extension EndToEnd {
    /// `redact` on its own.
    @Suite("redact")
    struct RedactCommand {
        static let bearer = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmNkZWZnaCJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbi0xMjM0NTY3ODkw"
        static let word = "Zr7#kQ2!mVx9pL"

        struct Sample: Sendable, CustomTestStringConvertible {
            var file: String
            var text: String
            var secrets: [String]
            /// A check that the output is still of its kind.
            var check: [String]
            var kept: [String]
            var testDescription: String { file }
        }

        static let samples = [
            Sample(
                file: "request.sh",
                text:
                    "curl -i -H 'Authorization: Bearer \(bearer)' --cookie 'session=\(word)' 'https://api.example/v1/orders?apikey=Kq7vX2mN9bT4wZ8rJ3sL6yH1dF5gC0pA&limit=5'\n",
                secrets: [bearer, word, "Kq7vX2mN9bT4wZ8rJ3sL6yH1dF5gC0pA"], check: ["sh", "-n"],
                kept: ["curl -i", "Authorization: Bearer", "limit=5", "https://api.example/v1/orders"]),
            Sample(
                file: "login.xml",
                text:
                    "<?xml version=\"1.0\"?>\n<login><user>batch</user><password>Zr7&amp;kQ2!mVx9pL</password><messageId>rrt331ea-28215-7515740-33</messageId></login>\n",
                secrets: ["Zr7&amp;kQ2!mVx9pL"],
                check: ["python3", "-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])"],
                kept: ["<user>batch</user>", "rrt331ea-28215-7515740-33", "<password>"]),
            Sample(
                file: "answer.json",
                text:
                    "{\"client_id\":\"batch\",\"client_secret\":\"Zr7\\\"kQ2!mVx9pL\",\"password\":12345678901234,\"fault\":{\"faultstring\":\"The Service is temporarily unavailable\",\"detail\":{\"errorcode\":\"messaging.adaptors.http.flow.ServiceUnavailable\"}}}\n",
                secrets: ["Zr7\\\"kQ2!mVx9pL", "12345678901234"],
                check: ["python3", "-c", "import sys, json; json.load(open(sys.argv[1]))"],
                kept: ["The Service is temporarily unavailable", "messaging.adaptors.http.flow.ServiceUnavailable"]),
            Sample(
                file: "server.properties",
                text:
                    "conf_security_ldap.server.admin.password=\(word)\nconf_message-processor-communication_password.policy.min.length=8\nkernel.pod=gateway\n",
                secrets: [word], check: ["test", "-s"], kept: ["password.policy.min.length=8", "kernel.pod=gateway"]),
            Sample(
                file: "system.log",
                text:
                    "2026-11-23 05:28:57,813 org:acme env:prod api:orders rev:3 messageid:rrt331ea-28215-7515740-33 NIOThread@1 DEBUG HTTP.CLIENT - headers={Authorization=Basic YmF0Y2g6WnI3I2tRMiFtVng5cEw=, Accept=*/*}\n\tat com.apigee.nio.NIOSelector.run(NIOSelector.java:10)\n",
                secrets: ["YmF0Y2g6WnI3I2tRMiFtVng5cEw="], check: ["test", "-s"],
                kept: [
                    "rrt331ea-28215-7515740-33", "Accept=*/*", "NIOSelector.java:10", "org:acme env:prod api:orders",
                ]),
        ]

        @Test("a file: secrets go, the rest stays, and it is still of its kind", arguments: samples)
        func file(sample: Sample) async throws {
            let scratch = try Scratch()
            let source = try scratch.write(sample.text, to: sample.file)
            let target = try scratch.folder("clean").appendingPathComponent(sample.file)
            let report = scratch.url.appendingPathComponent("report.json")
            let outcome = try await Collect.run(
                ["redact", source.path, "-o", target.path, "--report", report.path])
            #expect(outcome.status == 0, "\(outcome.printed)")
            let text = String(decoding: scratch.bytes("clean/\(sample.file)"), as: UTF8.self)
            for secret in sample.secrets { #expect(!text.contains(secret), "\(text)") }
            for kept in sample.kept { #expect(text.contains(kept), "\(kept) in \(text)") }
            #expect(text.firstMatch(of: /REDACTED\.[a-z0-9-]+\.[0-9a-f]{12}/) != nil)
            #expect(
                text.split(separator: "\n", omittingEmptySubsequences: false).count
                    == sample.text.split(separator: "\n", omittingEmptySubsequences: false).count)
            let check = try await Program.tool(sample.check[0], Array(sample.check.dropFirst()) + [target.path])
            #expect(check.status == 0, "\(check.printed) \(text)")
            #expect(scratch.bytes(sample.file) == Array(sample.text.utf8), "the input was changed")

            let root = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: report)) as? [String: Any])
            #expect(root["schema"] as? Int == 1)
            let input = try #require((root["inputs"] as? [[String: Any]])?.first)
            #expect(input["bytesIn"] as? Int == sample.text.utf8.count)
            #expect(input["bytesOut"] as? Int == text.utf8.count)
            #expect((root["findings"] as? [String: Int])?.values.reduce(0, +) ?? 0 > 0)
            #expect(root["learnedSecrets"] as? Int != nil && root["durationMs"] as? Int != nil)

            // Once more changes nothing.
            let again = try await Collect.run(["redact", target.path])
            #expect(again.output == Array(text.utf8), "\(again.outputText)")
        }

        @Test("standard input streams to standard output", arguments: samples)
        func stream(sample: Sample) async throws {
            let outcome = try await Collect.run(["redact"], input: Array(sample.text.utf8))
            #expect(outcome.status == 0, "\(outcome.errorText)")
            for secret in sample.secrets { #expect(!outcome.outputText.contains(secret), "\(outcome.outputText)") }
            for kept in sample.kept { #expect(outcome.outputText.contains(kept), "\(kept)") }
            #expect(outcome.errors.isEmpty)
        }

        @Test("--check prints path:line:column: rule, never the secret, and ends with 4", arguments: samples)
        func check(sample: Sample) async throws {
            let scratch = try Scratch()
            let source = try scratch.write(sample.text, to: sample.file)
            let before = Tree.picture(scratch.url)
            let outcome = try await Collect.run(["redact", "--check", source.path])
            #expect(outcome.status == 4, "\(outcome.printed)")
            let lines = outcome.outputText.split(separator: "\n")
            #expect(!lines.isEmpty)
            for line in lines {
                #expect(line.hasPrefix(source.path + ":"), "\(line)")
                #expect(line.firstMatch(of: /:(\d+):(\d+): ([a-z0-9-]+)$/) != nil, "\(line)")
            }
            for secret in sample.secrets { #expect(!outcome.outputText.contains(secret)) }
            #expect(Tree.picture(scratch.url) == before)
            let clean = try scratch.write("nothing to see here\n", to: "clean.txt")
            let none = try await Collect.run(["redact", "--check", clean.path])
            #expect(none.status == 0 && none.output.isEmpty, "\(none.printed)")
        }

        @Test("a folder is mirrored, with names kept and the same marker for the same secret")
        func folder() async throws {
            let scratch = try Scratch()
            _ = try scratch.folder("in/deep/er")
            for sample in Self.samples { try scratch.write(sample.text, to: "in/deep/\(sample.file)") }
            try scratch.write("password=\(Self.word)\n", to: "in/a.properties")
            // Known from elsewhere, so gone here too, without a key word beside it.
            try scratch.write("the word \(Self.word) alone\n", to: "in/deep/er/z.txt")
            try FileManager.default.createSymbolicLink(
                atPath: scratch.url.appendingPathComponent("in/link").path, withDestinationPath: "/etc/passwd")
            let out = scratch.url.appendingPathComponent("out")
            let outcome = try await Collect.run(
                ["redact", scratch.url.appendingPathComponent("in").path, "-o", out.path])
            #expect(outcome.status == 0 || outcome.status == 3, "\(outcome.printed)")
            let files = Tree.files(out)
            #expect(
                Set(files.map(\.path))
                    == Set(Self.samples.map { "deep/\($0.file)" } + ["a.properties", "deep/er/z.txt"]))
            for file in files {
                for sample in Self.samples {
                    for secret in sample.secrets + [Self.word] {
                        #expect(!SecretSearch.contains(file.bytes, secret), "\(file.path)")
                    }
                }
            }
            func marker(_ name: String) -> Substring? {
                let text = String(decoding: scratch.bytes("out/" + name), as: UTF8.self)
                return text.firstMatch(of: /REDACTED\.[a-z0-9-]+\.([0-9a-f]{12})/)?.output.1
            }
            #expect(marker("a.properties") != nil && marker("a.properties") == marker("deep/er/z.txt"))
            let without = try await Collect.run(["redact", scratch.url.appendingPathComponent("in").path])
            #expect(without.status == 2, "\(without.printed)")
        }

        @Test("literals from a file go wherever they are")
        func literals() async throws {
            let scratch = try Scratch()
            let list = try scratch.write("Plain-Literal-4711\n", to: "literals")
            let text = "x Plain-Literal-4711 y \(Data("Plain-Literal-4711".utf8).base64EncodedString())\n"
            let outcome = try await Collect.run(
                ["redact", "--literal-file", list.path], input: Array(text.utf8))
            #expect(outcome.status == 0, "\(outcome.printed)")
            #expect(
                !outcome.outputText.contains("Literal-4711") && !outcome.outputText.contains("UGxhaW4tTGl0ZXJhbC00NzEx")
            )
        }

        @Test("bad input is redacted all the same: invalid UTF-8, broken XML, cut archives, long lines")
        func badInput() async throws {
            let secret = "password=\(Self.word)"
            let inputs: [(String, [UInt8])] = [
                ("latin.log", [0xE9, 0xFF, 0xFE, 0x0A] + Array("\(secret)\n".utf8) + [0xC3]),
                ("broken.xml", Array("<a><b \(secret) <password>\(Self.word)</passw".utf8)),
                ("broken.json", Array("{\"password\": \"\(Self.word)\", ".utf8)),
                (
                    "long.log",
                    Array(repeating: 0x61, count: 3_000_000) + Array(" \(secret) ".utf8)
                        + Array(repeating: 0x62, count: 3_000_000)
                ),
                ("nul.log", Array("a\0b \(secret)\0\n".utf8)),
                ("utf16.txt", [0xFF, 0xFE] + "\(secret)\r\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
            ]
            let wide = Self.word.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            for (name, bytes) in inputs {
                let scratch = try Scratch()
                let source = try scratch.write(Data(bytes), to: name)
                let target = scratch.url.appendingPathComponent("clean")
                let outcome = try await Collect.run(["redact", source.path, "-o", target.path])
                #expect([0, 3].contains(outcome.status), "\(name): \(outcome.printed)")
                let clean = scratch.bytes("clean")
                #expect(!SecretSearch.contains(clean, Self.word), "\(name)")
                #expect(!SecretSearch.contains(clean, wide), "\(name)")
                if outcome.status == 0 { #expect(!clean.isEmpty, "\(name)") }
            }
            // A zip and a gzip that are cut off.
            let scratch = try Scratch()
            try scratch.write("\(secret)\n" + String(repeating: "filler \(UUID())\n", count: 200), to: "in.txt")
            _ = try await Program.tool("gzip", ["-k", "in.txt"], in: scratch.url)
            let gzip = scratch.bytes("in.txt.gz")
            let cut = try scratch.write(Data(gzip.prefix(gzip.count * 2 / 3)), to: "cut.gz")
            for file in [scratch.url.appendingPathComponent("in.txt.gz"), cut] {
                let target = scratch.url.appendingPathComponent(file.lastPathComponent + ".clean")
                let outcome = try await Collect.run(["redact", file.path, "-o", target.path])
                #expect([0, 3].contains(outcome.status), "\(outcome.printed)")
                let plain = try await Program.tool("gzip", ["-dcf", target.path])
                #expect(!plain.outputText.contains(Self.word))
            }
        }
    }
}
