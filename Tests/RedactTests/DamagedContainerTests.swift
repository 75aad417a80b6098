import Archive
import Redact
import Testing

/// What can't be read completely and exactly is withheld: a changed byte may turn the key word before a secret into
/// something else, and the secret behind it would pass.
@Suite struct DamagedContainerTests {
    private static let secret = Array("qh7x9k2m4n6p8r0tZk7".utf8)
    private static let text = Array("<a>some text</a>\npassword=".utf8) + secret + Array("\nmore text here\n".utf8)

    /// Everything that a patient reader gets out of an archive, whatever its check sums say.
    private func everything(_ bytes: [UInt8]) -> [[UInt8]] {
        var all = [bytes]
        guard let reader = try? ArchiveReader(bytes: bytes) else { return all }
        while let entry = try? reader.next() {
            all.append(entry.pathBytes)
            while let piece = try? reader.read(), !piece.isEmpty { all.append(piece) }
        }
        return all
    }

    @Test(arguments: [UInt8(0x11), 0xFF]) func noByteOfAZipCanBeChangedToShowTheSecret(change: UInt8) throws {
        let input = try archive(.zip, [("first.txt", Array("first".utf8)), ("in/a.log", Self.text)])
        var emptied = 0
        for position in input.indices {
            var damaged = input
            damaged[position] ^= change
            let result = try makeRedactor().redact(damaged)
            for part in everything(result.bytes) {
                #expect(!contains(part, Self.secret), "byte \(position)")
            }
            if result.summary.notes.contains(where: { $0.contains("does not fit its check sum") }) { emptied += 1 }
        }
        #expect(emptied > 10)
    }

    @Test(arguments: Packing.allCases) func damagedStreamsAreWithheld(packing: Packing) throws {
        let packed = try pack(Self.text + secretLog(lines: 50), packing)
        var withheld = 0
        for position in packed.indices {
            var damaged = packed
            damaged[position] ^= 0x11
            let result = try makeRedactor().redact(damaged)
            if result.summary.withheld != nil {
                withheld += 1
                #expect(result.bytes.isEmpty && result.summary.bytesOut == 0)
            }
            guard let unpacker = try? StreamUnpacker(packing.compression) else { continue }
            var text: [UInt8] = []
            _ = try? unpacker.append(result.bytes[...]) { piece throws(ArchiveError) in text += piece }
            #expect(!contains(text, Self.secret) && !contains(result.bytes, Self.secret), "byte \(position)")
        }
        #expect(withheld * 10 > packed.count * 8, "\(withheld) of \(packed.count)")
    }

    @Test func aDamagedStreamInATarIsEmptied() throws {
        var packed = try pack(secretLog(lines: 5_000), .gzip)
        // Its check sum.
        packed[packed.count - 6] ^= 1
        let result = try makeRedactor().redact(try archive(.tar, [("a.log.gz", packed), ("b.txt", [65])]))
        let out = try entries(result.bytes)
        #expect(out.map(\.0) == ["a.log.gz", "b.txt"] && out[0].1.isEmpty && out[1].1 == [65])
        #expect(result.summary.isPartial && result.summary.notes.contains { $0.contains("emptied") })
    }

    @Test func whatItsNameCallsPackedAndIsNotIsWithheld() throws {
        for (name, packing) in [("a.log.gz", Packing.gzip), ("a.xz", .xz), ("a.zst", .zstd), ("a.bz2", .bzip2)] {
            var packed = try pack(Self.text, packing)
            packed[0] ^= 0x11
            let result = try makeRedactor().redact(packed, name: name)
            #expect(result.bytes.isEmpty && result.summary.withheld?.contains("name") == true, "\(name)")
            // Text that only has the name is text.
            let text = try makeRedactor().redact(Self.text, name: name)
            #expect(text.summary.withheld == nil && text.summary.findings["password"] == 1)
        }
    }
}
