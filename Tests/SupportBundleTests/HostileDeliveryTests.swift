import Foundation
import Glibc
import SupportBundle
import SystemPackage
import Testing

/// Encrypted and split bundles that somebody made or changed to do harm.
@Suite("Hostile deliveries")
struct HostileDeliveryTests {
    /// What reading says, a clear word each time: problems and exit code 4, or an error.
    private static func verdict(_ path: String, _ identities: [AgeIdentity] = []) -> String {
        do throws(BundleError) {
            let report = try BundleVerifier().verify(path: FilePath(path), identities: identities)
            #expect(report.exitCode == 4, "\(path) counts as sound")
            return report.problems.map { "\($0)" }.joined(separator: "\n")
        } catch {
            #expect(!error.reason.isEmpty)
            return "\(error)"
        }
    }

    private static func isHarmless(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 == 0x0a || $0 >= 0x20 && $0 != 0x7f }
    }

    @Test("encrypted: an archive that is hostile inside is so outside", arguments: HostileArchiveTests.kinds.indices)
    func inside(index: Int) throws {
        let kind = HostileArchiveTests.kinds[index]
        try withTemporaryFolder { folder in
            let keys = try DeliveryTests.keys("age", folder)
            for seed in 0..<4 {
                var dice = HostileArchiveTests.Dice(state: UInt64(index * 1000 + seed))
                var tar = HostileTar()
                tar.add("top/", type: "5")
                kind.make(&tar, &dice)
                tar.end()
                let file = try HostileArchiveTests.packed(tar.bytes, seed, folder)
                let sealed = file.path + ".age"
                let made = try Tool.run("age", ["-r", keys.recipient, "-o", sealed, file.path])
                #expect(made.status == 0, "\(made.text)")
                try FileManager.default.removeItem(at: file)
                #expect(Self.isHarmless(Self.verdict(sealed, try keys.identities)), "\(kind.name) \(seed)")
                #expect(try DeliveryTests.names(folder) == ["hostile.tar.gz.age"])
                try FileManager.default.removeItem(atPath: sealed)
            }
        }
    }

    @Test("encrypted: headers without end, of nobody, with chunks left out, doubled or moved")
    func headers() throws {
        try withTemporaryFolder { folder in
            let keys = try DeliveryTests.keys("age", folder)
            let identities = try keys.identities
            // Three chunks and some, of what doesn't pack.
            var dice = HostileArchiveTests.Dice(state: 7)
            let log = (0..<20_000).map { _ in "\(UInt64.random(in: .min ... .max, using: &dice))\n" }.joined()
            let delivered = try DeliveryTests.deliver(folder, log: log) {
                $0.recipients = [try DeliveryTests.recipient(keys)]
            }
            let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: delivered.path.string)))
            let mark = try #require(Data(good).firstRange(of: Data("\n--- ".utf8)))
            let end = try #require(good[mark.upperBound...].firstIndex(of: 0x0a)) + 1
            let (head, nonce) = (Array(good[..<end]), Array(good[end..<end + 16]))
            let step = (64 << 10) + 16
            let chunks = stride(from: end + 16, to: good.count, by: step).map {
                Array(good[$0..<min($0 + step, good.count)])
            }
            #expect(chunks.count >= 3)
            let line = Array("age-encryption.org/v1\n".utf8)
            let stanza = Array("-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n".utf8)
            let body = Array("EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U\n".utf8)
            var bad: [String: [UInt8]] = [
                "no end": line + [UInt8](repeating: 0x41, count: 4 << 20),
                "a line without end": line + Array("-> ".utf8) + [UInt8](repeating: 0x41, count: 4 << 20),
                "stanzas without end": line + [[UInt8]](repeating: stanza + body, count: 40_000).flatMap(\.self),
                "no stanza": line + Array("--- \(String(repeating: "A", count: 43))\n".utf8) + nonce,
                "escapes": line + Array("-> \u{1b}[2J x\n\n--- ".utf8) + Array(head.suffix(44)) + nonce,
                "another version": Array("age-encryption.org/v2\n".utf8) + head.dropFirst(line.count) + nonce,
                "header alone": head, "header and nonce": head + nonce,
                "a zero nonce": head + [UInt8](repeating: 0, count: 16) + chunks.flatMap(\.self),
                "first chunk left out": head + nonce + chunks.dropFirst().flatMap(\.self),
                "last chunk left out": head + nonce + chunks.dropLast().flatMap(\.self),
                "last chunk twice": head + nonce + chunks.flatMap(\.self) + (chunks.last ?? []),
                "first chunk twice": head + nonce + (chunks.first ?? []) + chunks.flatMap(\.self),
                "half a tag": head + nonce + chunks.flatMap(\.self) + [1, 2, 3, 4, 5, 6, 7],
            ]
            var moved = chunks
            moved.swapAt(0, 1)
            bad["chunks moved"] = head + nonce + moved.flatMap(\.self)
            let place = folder.appendingPathComponent("bad.age")
            for (name, bytes) in bad {
                try Data(bytes).write(to: place)
                #expect(Self.isHarmless(Self.verdict(place.path, identities)), "\(name)")
                #expect(Self.isHarmless(Self.verdict(place.path)), "\(name), without a key")
            }
        }
    }

    @Test("in parts: changed places, links, pipes, folders, lists that lie")
    func parts() throws {
        try withTemporaryFolder { folder in
            let log = (0..<3000).map { "2026-11-23 \($0 &* 2_654_435_761 % 1_000_003) line\n" }.joined()
            let delivered = try DeliveryTests.deliver(folder, log: log) { $0.splitBytes = 4000 }
            func part(_ number: Int) -> URL { folder.appendingPathComponent("b.tar.gz.00\(number)") }
            let list = folder.appendingPathComponent("b.tar.gz.sha256")
            let good = try (1...3).map { try Data(contentsOf: part($0)) }
            let sums = try Data(contentsOf: list)
            let files = FileManager.default
            func restore() throws {
                for number in 1...3 {
                    try? files.removeItem(at: part(number))
                    try good[number - 1].write(to: part(number))
                }
                try sums.write(to: list)
            }
            let text = String(decoding: sums, as: UTF8.self)
            let harm: [(String, () throws -> Void)] = [
                (
                    "two parts in each other's place",
                    {
                        try good[1].write(to: part(1))
                        try good[0].write(to: part(2))
                    }
                ),
                ("a part twice", { try good[0].write(to: part(2)) }),
                ("an empty part", { try Data().write(to: part(2)) }),
                ("a part too long", { try (good[1] + Data([0])).write(to: part(2)) }),
                (
                    "a pipe",
                    {
                        try files.removeItem(at: part(2))
                        #expect(unsafe mkfifo(part(2).path, 0o600) == 0)
                    }
                ),
                (
                    "a folder",
                    {
                        try files.removeItem(at: part(2))
                        try files.createDirectory(at: part(2), withIntermediateDirectories: false)
                    }
                ),
                (
                    "a device",
                    {
                        try files.removeItem(at: part(2))
                        try files.createSymbolicLink(atPath: part(2).path, withDestinationPath: "/dev/zero")
                    }
                ),
                (
                    "a link in a circle",
                    {
                        try files.removeItem(at: part(2))
                        try files.createSymbolicLink(atPath: part(2).path, withDestinationPath: part(2).path)
                    }
                ),
                (
                    "a list of another bundle",
                    {
                        try text.replacingOccurrences(of: "b.tar.gz", with: "c.tar.gz").write(
                            to: list, atomically: false, encoding: .utf8)
                    }
                ),
                (
                    "a list that names other places",
                    {
                        try text.replacingOccurrences(of: "b.tar.gz", with: "../../etc/passwd").write(
                            to: list, atomically: false, encoding: .utf8)
                    }
                ),
                (
                    "a list with escapes",
                    {
                        try text.replacingOccurrences(of: "b.tar.gz", with: "\u{1b}[2J").write(
                            to: list, atomically: false, encoding: .utf8)
                    }
                ),
                (
                    "a list of noise",
                    { try Data((0..<60_000).map { UInt8(truncatingIfNeeded: $0 * 7) }).write(to: list) }
                ),
                ("a list without end", { try Data(repeating: 0x41, count: 2 << 20).write(to: list) }),
            ]
            for (name, change) in harm {
                try change()
                let said = Self.verdict(delivered.path.string)
                #expect(Self.isHarmless(said), "\(name): \(said)")
                try restore()
            }
            #expect(try BundleVerifier.verify(path: delivered.path).problems == [])
        }
    }
}
