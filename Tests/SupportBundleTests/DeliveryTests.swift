import Foundation
import SupportBundle
import SystemPackage
import Testing

/// Encryption, signatures and parts, judged by age, ssh-keygen and coreutils.
@Suite("The delivery")
struct DeliveryTests {
    /// A sound bundle, delivered in `folder`.
    static func deliver(
        _ folder: URL, log: String = "2026-11-23 ERROR handshake_failure\n", name: String = "b.tar.gz",
        _ change: (inout BundleDelivery) throws -> Void
    ) throws -> BundleDelivery.Delivered {
        var delivery = BundleDelivery()
        try change(&delivery)
        let archive = try OutputFile(path: FilePath(folder.appendingPathComponent(name).path))
        try archive.write(VerifierTests.pack(VerifierTests.content(log: log)))
        return try delivery.deliver(archive) { path throws(BundleError) in try OutputFile(path: path) }
    }

    struct Keys {
        let recipient: String
        let identityFile: String

        var identities: [AgeIdentity] {
            get throws {
                try AgeIdentity.list(file: Array(Data(contentsOf: URL(fileURLWithPath: identityFile))), name: "i")
            }
        }
    }

    static func keys(_ kind: String, _ folder: URL) throws -> Keys {
        let file = folder.appendingPathComponent("key-\(kind)").path
        if kind == "age" {
            let made = try Tool.run("age-keygen", ["-o", file])
            let recipient = try #require(made.text.split(whereSeparator: \.isWhitespace).last.map(String.init))
            return Keys(recipient: recipient, identityFile: file)
        }
        #expect(try Tool.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "a key", "-f", file]).status == 0)
        return Keys(recipient: try String(contentsOfFile: file + ".pub", encoding: .utf8), identityFile: file)
    }

    static func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix("key-") }.sorted()
    }

    static func recipient(_ keys: Keys) throws -> AgeRecipient {
        try AgeRecipient(keys.recipient.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test("encrypts what age opens, and opens what age encrypts", arguments: ["age", "ssh"])
    func age(kind: String) throws {
        try withTemporaryFolder { folder in
            let keys = try Self.keys(kind, folder)
            let other = try Self.keys(kind == "age" ? "ssh" : "age", folder)
            for lines in [1, 3000, 40_000] {
                // Of chunks that end anywhere.
                let log = (0..<lines).map { "2026-11-23 \($0 &* 2_654_435_761) line\n" }.joined()
                let delivered = try Self.deliver(folder, log: log) {
                    $0.recipients = [try Self.recipient(other), try Self.recipient(keys)]
                }
                #expect(try Self.names(folder) == ["b.tar.gz.age"])
                let plain = folder.appendingPathComponent("plain")
                let opened = try Tool.run(
                    "age", ["-d", "-i", keys.identityFile, "-o", plain.path, delivered.path.string])
                #expect(opened.status == 0, "\(opened.text)")
                #expect(try BundleVerifier.verify(path: FilePath(plain.path)).exitCode == 0)
                let report = try BundleVerifier().verify(path: delivered.path, identities: keys.identities)
                #expect(report.problems == [] && report.encrypted == true)
                #expect { try BundleReader(path: delivered.path) } throws: { ($0 as? BundleError)?.code == .encrypted }

                let theirs = folder.appendingPathComponent("theirs.age").path
                #expect(
                    try Tool.run(
                        "age", ["-r", keys.recipient.trimmingCharacters(in: .newlines), "-o", theirs, plain.path]
                    )
                    .status == 0)
                #expect(try BundleVerifier().verify(path: FilePath(theirs), identities: keys.identities).problems == [])
                #expect { try BundleReader(path: FilePath(theirs), identities: other.identities) } throws: {
                    ($0 as? BundleError)?.code == .encrypted
                }
                for name in try Self.names(folder) {
                    try FileManager.default.removeItem(atPath: folder.path + "/" + name)
                }
            }
        }
    }

    @Test("notices every changed byte and every cut of an encrypted bundle")
    func tampering() throws {
        try withTemporaryFolder { folder in
            let keys = try Self.keys("age", folder)
            let delivered = try Self.deliver(folder) { $0.recipients = [try Self.recipient(keys)] }
            let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: delivered.path.string)))
            let identities = try keys.identities
            let place = folder.appendingPathComponent("bad.age")
            func isFound(_ bytes: [UInt8]) throws -> Bool {
                try Data(bytes).write(to: place)
                let report = try? BundleVerifier().verify(path: FilePath(place.path), identities: identities)
                return report.map { $0.exitCode == 4 } ?? true
            }
            for index in good.indices {
                var bad = good
                bad[index] ^= 1
                #expect(try isFound(bad), "byte \(index)")
            }
            for count in stride(from: 0, to: good.count, by: 41) { #expect(try isFound(Array(good.prefix(count)))) }
            #expect(try isFound(good + [0]))
        }
    }

    @Test("keeps the plain bundle only when asked, and nothing of what fails")
    func closed() throws {
        try withTemporaryFolder { folder in
            let keys = try Self.keys("age", folder)
            _ = try Self.deliver(folder) {
                $0.recipients = [try Self.recipient(keys)]
                $0.keepPlain = true
            }
            #expect(try Self.names(folder) == ["b.tar.gz", "b.tar.gz.age"])
            try Data().write(to: folder.appendingPathComponent("c.tar.gz.sig"))
            let signer = try Self.keys("ssh", folder)
            #expect(throws: BundleError.self) {
                try Self.deliver(folder, name: "c.tar.gz") {
                    $0.recipients = [try Self.recipient(keys)]
                    $0.splitBytes = 500
                    $0.signingKey = try SigningKey(
                        file: Array(Data(contentsOf: URL(fileURLWithPath: signer.identityFile))), name: "k")
                    try Data().write(to: folder.appendingPathComponent("c.tar.gz.age.sig"))
                }
            }
            #expect(
                try Self.names(folder) == ["b.tar.gz", "b.tar.gz.age", "c.tar.gz.age.sig", "c.tar.gz.sig"])
        }
    }

    @Test("knows beforehand which file is in its way")
    func obstacles() throws {
        try withTemporaryFolder { folder in
            let keys = try Self.keys("age", folder)
            let signer = try Self.keys("ssh", folder)
            var all = BundleDelivery()
            all.recipients = [try Self.recipient(keys)]
            all.splitBytes = 500
            all.signingKey = try SigningKey(
                file: Array(Data(contentsOf: URL(fileURLWithPath: signer.identityFile))), name: "k")
            let path = FilePath(folder.appendingPathComponent("b.tar.gz").path)
            for (name, delivery, isInTheWay) in [
                ("b.tar.gz", BundleDelivery(), true), ("b.tar.gz", all, false), ("b.tar.gz.age", all, false),
                ("b.tar.gz.age.001", all, true), ("b.tar.gz.age.999", all, true), ("b.tar.gz.age.sha256", all, true),
                ("b.tar.gz.age.sig", all, true), ("b.tar.gz.sig", all, false),
            ] {
                let file = folder.appendingPathComponent(name)
                try Data().write(to: file)
                #expect((delivery.obstacle(path) != nil) == isInTheWay, "\(name)")
                try FileManager.default.removeItem(at: file)
                #expect(delivery.obstacle(path) == nil)
            }
        }
    }

    @Test("tells its files before the first of them has its name")
    func marks() throws {
        try withTemporaryFolder { folder in
            var delivery = BundleDelivery()
            delivery.splitBytes = 500
            let archive = try OutputFile(path: FilePath(folder.appendingPathComponent("b.tar.gz").path))
            try archive.write(VerifierTests.pack(VerifierTests.content()))
            var marks: [FileMark] = []
            let delivered = try delivery.deliver(
                archive, make: { path throws(BundleError) in try OutputFile(path: path) },
                willPublish: { files in
                    marks = files
                    #expect(!files.contains { $0.isThere })
                })
            #expect(marks.map(\.path) == delivered.files.map(\.string) && marks.allSatisfy(\.isThere))
            // Another file of the same name is another file.
            let first = URL(fileURLWithPath: try #require(marks.first).path)
            let bytes = try Data(contentsOf: first)
            try bytes.write(to: folder.appendingPathComponent("key-copy"))
            try FileManager.default.removeItem(at: first)
            try FileManager.default.moveItem(at: folder.appendingPathComponent("key-copy"), to: first)
            #expect(!marks[0].isThere)
            for mark in marks { mark.remove() }
            #expect(try Self.names(folder) == ["b.tar.gz.001"])
        }
    }

    @Test(
        "refuses recipients that are none",
        arguments: [
            "", "age1", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q", "ssh-rsa AAAA", "ssh-ed25519",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA", "someone@example.com", "AGE-SECRET-KEY-1QQQQ",
        ])
    func recipients(text: String) {
        #expect { try AgeRecipient(text) } throws: { ($0 as? BundleError)?.code == .badKey }
    }

    @Test("signs what ssh-keygen accepts, and accepts what ssh-keygen signs")
    func signatures() throws {
        try withTemporaryFolder { folder in
            let keys = try Self.keys("ssh", folder)
            let key = try SigningKey(file: Array(Data(contentsOf: URL(fileURLWithPath: keys.identityFile))), name: "k")
            #expect(try Tool.run("ssh-keygen", ["-lf", keys.identityFile]).text.contains(key.fingerprint))
            let delivered = try Self.deliver(folder) { $0.signingKey = key }
            #expect(try Self.names(folder) == ["b.tar.gz", "b.tar.gz.sig"])
            let bundle = delivered.path.string
            let words = keys.recipient.split(separator: " ")
            let line = "node@example.com namespaces=\"file\" \(words[0]) \(words[1])\n"
            let allowed = folder.appendingPathComponent("key-allowed").path
            try Data(line.utf8).write(to: URL(fileURLWithPath: allowed))
            let check =
                "ssh-keygen -Y verify -f '\(allowed)' -I node@example.com -n file -s '\(bundle).sig' < '\(bundle)'"
            let judged = try Tool.run("sh", ["-c", check])
            #expect(judged.status == 0, "\(judged.text)")
            let signers = AllowedSigners(file: Array(line.utf8))
            func verify(_ signers: AllowedSigners?) throws -> VerifyReport {
                try BundleVerifier().verify(path: FilePath(bundle), allowedSigners: signers)
            }
            let unchecked = try verify(nil).signature
            #expect(unchecked?.key == key.fingerprint && unchecked?.principals == nil)
            #expect(try verify(signers).signature?.principals == "node@example.com")
            // Nobody, another namespace, a restriction that is not understood.
            for text in ["", line.replacingOccurrences(of: "\"file\"", with: "\"git\""), "cert-authority " + line] {
                let report = try verify(AllowedSigners(file: Array(text.utf8)))
                #expect(report.problems.map(\.kind) == [.signature] && report.exitCode == 4)
            }

            let sig = URL(fileURLWithPath: bundle + ".sig")
            let ours = try Data(contentsOf: sig)
            try FileManager.default.removeItem(at: sig)
            #expect(try verify(signers).problems.map(\.kind) == [.signature])
            #expect(try verify(nil).problems == [])
            #expect(
                try Tool.run("ssh-keygen", ["-q", "-Y", "sign", "-f", keys.identityFile, "-n", "file", bundle]).status
                    == 0)
            #expect(try Data(contentsOf: sig) == ours)
            #expect(try verify(signers).problems == [])
            for namespace in ["email"] {
                try FileManager.default.removeItem(at: sig)
                _ = try Tool.run("ssh-keygen", ["-q", "-Y", "sign", "-f", keys.identityFile, "-n", namespace, bundle])
                #expect(try verify(signers).problems.map(\.kind) == [.signature])
            }
            // Changed bytes all over the signature's text.
            for index in stride(from: 0, to: ours.count, by: 5) where ours[index] != 0x0a {
                var bad = ours
                bad[index] = bad[index] == 0x41 ? 0x42 : 0x41
                try bad.write(to: sig)
                #expect(try verify(signers).exitCode == 4, "byte \(index)")
            }
        }
    }

    @Test("refuses keys that can't sign")
    func badKeys() throws {
        try withTemporaryFolder { folder in
            for (name, arguments) in [
                ("pass", ["-t", "ed25519", "-N", "long enough"]), ("rsa", ["-t", "rsa", "-b", "1024", "-N", ""]),
            ] {
                let file = folder.appendingPathComponent(name).path
                #expect(try Tool.run("ssh-keygen", ["-q", "-f", file] + arguments).status == 0)
                let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: file)))
                #expect { try SigningKey(file: bytes, name: name) } throws: { ($0 as? BundleError)?.code == .badKey }
            }
            #expect(throws: BundleError.self) { try SigningKey(file: [], name: "empty") }
        }
    }

    @Test("writes parts that join with one line, are listed, and are read as they lie")
    func parts() throws {
        try withTemporaryFolder { folder in
            let log = (0..<3000).map { "2026-11-23 \($0 &* 2_654_435_761 % 1_000_003) line\n" }.joined()
            let delivered = try Self.deliver(folder, log: log) { $0.splitBytes = 7000 }
            let names = try Self.names(folder)
            #expect(names.count >= 3 && names.last == "b.tar.gz.sha256" && names.first == "b.tar.gz.001")
            #expect(delivered.files.count == names.count)
            #expect(delivered.path.string.hasSuffix(".001"))
            let join = try #require(delivered.joinCommand)
            #expect(try BundleVerifier.verify(path: delivered.path).problems == [])
            let list = FilePath(folder.path + "/b.tar.gz.sha256")
            #expect(try BundleReader(path: list).manifest().bundle.name == VerifierTests.name)
            #expect(try Tool.run("sh", ["-c", join], in: folder).status == 0)
            let sums = try Tool.run("sha256sum", ["--strict", "-c", "b.tar.gz.sha256"], in: folder)
            #expect(sums.status == 0, "\(sums.text)")
            let whole = FilePath(folder.path + "/b.tar.gz")
            #expect(try BundleVerifier.verify(path: whole).exitCode == 0)
            #expect(try Data(contentsOf: URL(fileURLWithPath: whole.string)).count == delivered.bytes)

            let second = URL(fileURLWithPath: folder.path + "/b.tar.gz.002")
            var bytes = try Data(contentsOf: second)
            bytes[100] ^= 1
            try bytes.write(to: second)
            let changed = try BundleVerifier.verify(path: delivered.path)
            #expect(changed.exitCode == 4)
            #expect(changed.problems.contains { $0.text.contains("part 2") })
            try FileManager.default.removeItem(at: second)
            #expect(try BundleVerifier.verify(path: delivered.path).problems.contains { $0.text.contains("missing") })
            #expect(throws: BundleError.self) { try Self.deliver(folder, log: log, name: "c") { $0.splitBytes = 10 } }
            #expect(try !Self.names(folder).contains { $0.hasPrefix("c") })
        }
    }

    @Test("signs and encrypts in parts at once")
    func all() throws {
        try withTemporaryFolder { folder in
            let keys = try Self.keys("ssh", folder)
            let delivered = try Self.deliver(folder) {
                $0.recipients = [try Self.recipient(keys)]
                $0.splitBytes = 600
                $0.signingKey = try SigningKey(
                    file: Array(Data(contentsOf: URL(fileURLWithPath: keys.identityFile))), name: "k")
            }
            let report = try BundleVerifier().verify(path: delivered.path, identities: keys.identities)
            #expect(report.problems == [] && report.signature != nil && report.encrypted == true)
            #expect(try Self.names(folder).contains("b.tar.gz.age.sig"))
            #expect(try !Self.names(folder).contains("b.tar.gz"))
        }
    }
}
