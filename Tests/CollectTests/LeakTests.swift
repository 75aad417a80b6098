import Foundation
import Lab
import Testing

extension EndToEnd {
    /// What the scan of the finished archive finds: a part of a secret that no rule can know, for the redactor looks for
    /// whole secrets.
    @Suite("Leaks", .lab())
    struct Leaks {
        private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        let lab: Lab
        private let secret: String
        private var tail: String { String(secret.suffix(60)) }

        init() throws {
            lab = try LabTrait.current
            var secret = "q1"
            for _ in 0..<88 { secret.append(try #require(Self.alphabet.randomElement())) }
            self.secret = secret
        }

        private func run(error: URL, extra: [String], scratch: CollectRun) async throws -> UnpackedBundle {
            var run = scratch
            run.arguments += ["--error", error.path] + extra
            let ending = try await run.run()
            #expect(ending.status == 3, "\(ending.printed)")
            let bundle = try await run.bundle()
            #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
            let holders = Tree.files(bundle.top).filter { SecretSearch.contains($0.bytes, tail) }.count
            #expect(holders == 0)
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            return bundle
        }

        @Test("a known secret in a text is masked, and the rest of it stays")
        func masked() async throws {
            let base = try CollectRun(lab, reproduces: false, capture: 0)
            let error = try base.scratch.write(
                "password=\(secret)\nthe backend saw \(tail) there\nand \(tail)\nlast line\n", to: "error.txt")
            let bundle = try await run(error: error, extra: [], scratch: base)
            let item = try #require(
                bundle.manifest.items.first { ($0["redactions"] as? [String: Int])?["known-secret"] != nil })
            let path = try #require(item["path"] as? String)
            #expect(path.hasPrefix("items/error-message/") && item["state"] as? String == "partial")
            #expect((item["redactions"] as? [String: Int])?["known-secret"] == 2)
            let marker = /REDACTED\.(known-secret|password)\.[0-9a-f]{12}/
            let text = try bundle.text(path).replacing(marker, with: "*")
            #expect(text.contains("password=*\nthe backend saw * there\nand *\nlast line\n"), "\(text)")
            #expect(bundle.manifest.wanted("error-message")?.state == "partial")
            #expect(bundle.manifest.wanted("error-message")?.reason?.contains("masked") == true)
        }

        @Test("an archive with a known secret is withheld")
        func withheld() async throws {
            let base = try CollectRun(lab, reproduces: false, capture: 0)
            let error = try base.scratch.write("password=\(secret)\n", to: "error.txt")
            let folder = try base.scratch.folder("apiproxy")
            try Data("<APIProxy name=\"orders\"><Description>saw \(tail) there</Description></APIProxy>\n".utf8)
                .write(to: folder.appendingPathComponent("orders.xml"))
            let zip = base.scratch.url.appendingPathComponent("orders.zip")
            let made = try await Program.tool("sh", ["-c", "cd '\(base.scratch.path)' && zip -qr orders.zip apiproxy"])
            try #require(made.status == 0, "\(made.printed)")
            let bundle = try await run(
                error: error, extra: ["--api-proxy", zip.path], scratch: base)
            let wanted = try #require(bundle.manifest.wanted("api-proxy"))
            #expect(wanted.state != "collected" && wanted.reason?.contains("withheld") == true, "\(wanted)")
            #expect(!bundle.manifest.itemPaths.contains { $0.contains("orders.zip") })
        }
    }
}
