import Archive
import Redact
import Testing

/// Compressed streams and tar archives are redacted as they come, and judged by the tools whose formats they are.
@Suite struct ContainerStreamTests {
    @Test(arguments: Packing.allCases) func aCompressedLogStaysOne(packing: Packing) throws {
        let log = secretLog(lines: 3_000)
        let result = try makeRedactor().redact(try pack(log, packing), name: "system.log.1.\(packing.ending)")
        #expect(result.summary.format.rawValue == packing.rawValue && result.summary.withheld == nil)
        #expect(result.summary.findings["password"] == 3_000 && !result.summary.isPartial)
        let text = try unpack(result.bytes, packing)
        #expect(text == (try makeRedactor().text(log, .log)))
        #expect(!contains(text, Array("hunter22".utf8)) && lineBreaks(text) == 3_000)
        // Redacted again it is the same, byte for byte, and really compressed.
        #expect(try makeRedactor().redact(result.bytes).bytes == result.bytes)
        #expect(result.bytes.count * 5 < text.count)
    }

    @Test(arguments: Packing.allCases) func chunksDoNotMatter(packing: Packing) throws {
        let packed = try pack(secretLog(lines: 400), packing)
        let tar = try pack(try archive(.tar, ContainerTests.proxy), packing)
        for input in [packed, tar] {
            let whole = try makeRedactor().text(input)
            for chunk in [1, 7, 1_000, 4_099] { #expect(try makeRedactor().text(input, chunk: chunk) == whole) }
        }
    }

    @Test(arguments: Packing.allCases) func membersOneAfterAnother(packing: Packing) throws {
        let parts = [secretLog(lines: 20), Array("password=".utf8), Array("hunter22\n".utf8), []]
        let packed = try parts.flatMap { try pack($0, packing) }
        let result = try makeRedactor().redact(packed)
        #expect(result.summary.withheld == nil && !result.summary.isPartial)
        #expect(try unpack(result.bytes, packing) == (try makeRedactor().text(parts.flatMap { $0 })))
        // Bytes behind the end belong to nobody: they are not passed on, and it is said.
        let padded = try makeRedactor().redact(packed + [UInt8](repeating: 0, count: 1_024))
        #expect(padded.bytes == result.bytes && !padded.summary.isPartial)
        let garbage = try makeRedactor().redact(packed + Array("password=hunter22".utf8))
        #expect(garbage.bytes == result.bytes && garbage.summary.isPartial)
        #expect(garbage.summary.notes.contains { $0.contains("behind the end") })
    }

    @Test(arguments: Packing.allCases) func aCutStreamKeepsWhatIsWhole(packing: Packing) throws {
        var log: [UInt8] = []
        // Lines that don't compress well, so that all formats have several blocks.
        var random = SystemRandomNumberGenerator()
        for _ in 0..<8_000 { log += Array("id=\(String(random.next(), radix: 36)) password=hunter22\n".utf8) }
        let packed = try pack(log, packing, options: packing == .bzip2 ? ["-1"] : packing == .xz ? ["-0"] : [])
        let result = try makeRedactor().redact(Array(packed.prefix(packed.count * 4 / 5)))
        #expect(result.summary.withheld == nil && result.summary.isPartial)
        #expect(result.summary.notes.contains { $0.contains("withheld") }, "\(result.summary.notes)")
        let text = try unpack(result.bytes, packing)
        #expect(text.count > 100_000 && !contains(text, Array("hunter22".utf8)))
        // Nothing whole: nothing comes out.
        for count in [10, 14] {
            let head = try makeRedactor().redact(Array(packed.prefix(count)))
            #expect(head.bytes.isEmpty && head.summary.withheld != nil, "\(count)")
        }
    }

    @Test func headersOfStreamsCarryNothingOut() throws {
        let log = secretLog(lines: 3)
        // FEXTRA, FNAME, FCOMMENT (RFC 1952, 2.3), which tools pass on.
        var packed = Array(try pack(log, .gzip))
        packed[3] = 4 | 8 | 16
        packed.insert(
            contentsOf: [4, 0] + Array("xPwd".utf8) + Array("hunter22.log\0password=hunter22\0".utf8), at: 10)
        #expect(try unpack(packed, .gzip) == log)
        let result = try makeRedactor().redact(packed)
        #expect(!contains(result.bytes, Array("hunter22".utf8)) && !contains(result.bytes, Array("xPwd".utf8)))
        #expect(try unpack(result.bytes, .gzip) == (try makeRedactor().text(log)))
    }

    @Test func bombsEndSoon() throws {
        // 100 MB of zeros in 100 KB.
        var packed: [UInt8] = []
        let packer = try StreamPacker(.gzip, level: 9)
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for _ in 0..<100 { try packer.append(zeros[...], to: &packed) }
        try packer.finish(to: &packed)
        let result = try makeRedactor().redact(packed)
        #expect(result.summary.isPartial && result.summary.notes.contains { $0.contains("expands more than") })
        let zip = try makeRedactor().redact(try archive(.zip, [("a.txt", [65]), ("bomb.gz", packed), ("c.txt", [66])]))
        #expect(zip.summary.isPartial)
        #expect(try entries(zip.bytes).map(\.0) == ["a.txt", "bomb.gz", "c.txt"])
    }

    @Test func layersAreLimited() throws {
        var bytes = Array("password=hunter22".utf8)
        for layer in 1...8 {
            bytes = try archive(.zip, [("\(layer).zip", bytes)])
            let result = try makeRedactor().redact(bytes)
            #expect(result.summary.withheld == nil)
            #expect((result.summary.findings["password"] == 1) == (layer <= 6), "\(layer)")
            #expect(result.summary.isPartial == (layer > 6))
        }
        bytes = secretLog(lines: 2)
        for _ in 1...30 { bytes = try pack(bytes, .gzip) }
        #expect(try makeRedactor().redact(bytes).summary.withheld?.contains("deep") == true)
    }
}
