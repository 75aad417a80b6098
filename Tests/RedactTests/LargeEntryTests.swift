import Archive
import Redact
import Testing

/// Entries that are too large to be held in memory wait on disk, sealed, until their size is known.
@Suite struct LargeEntryTests {
    /// Bytes that don't compress, with a secret at both ends.
    private static let large: [UInt8] = {
        var state: UInt64 = 88_172_645_463_325_252
        var bytes = Array("password=hunter22\n".utf8)
        while bytes.count < 10 << 20 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: state >> UInt64(8 * shift)) | 0x80) }
        }
        return bytes + Array("\npassword=hunter22\n".utf8)
    }()

    private func makeRedactor(folders: [String]) throws -> Redactor {
        try Redactor(rules: .builtIn(), key: testKey, spillFolders: folders)
    }

    @Test(arguments: [ArchiveWriter.Format.tar, .zip]) func aLargeEntryComesOutWhole(
        format: ArchiveWriter.Format
    ) throws {
        let expected = try makeRedactor(folders: []).redact(Self.large, format: .text).bytes
        #expect(!contains(Array(expected.prefix(100)), Array("hunter22".utf8)))
        let input = try archive(format, [("a.txt", [65]), ("large.bin", Self.large), ("z.txt", [66])])
        // Another folder can't be used; the second is.
        let result = try makeRedactor(folders: ["/nowhere", "/var/tmp"]).redact(input)
        #expect(result.summary.findings["password"] == 2 && !result.summary.isPartial, "\(result.summary.notes)")
        let out = try entries(result.bytes)
        #expect(out.map(\.0) == ["a.txt", "large.bin", "z.txt"])
        #expect(out[1].1 == expected && out[2].1 == [66])
    }

    @Test func withoutRoomItIsEmptied() throws {
        let input = try archive(.tar, [("large.bin", Self.large), ("z.txt", [66])])
        // Files in memory are no help.
        let result = try makeRedactor(folders: ["/nowhere", "/dev/shm"]).redact(input)
        let out = try entries(result.bytes)
        #expect(out.map(\.0) == ["large.bin", "z.txt"] && out[0].1.isEmpty && out[1].1 == [66])
        #expect(result.summary.isPartial && result.summary.notes.contains { $0.contains("no room") })
        let zip = try makeRedactor(folders: []).redact(try archive(.zip, [("large.bin", Self.large)]))
        #expect(zip.bytes.isEmpty && zip.summary.withheld?.contains("no room") == true)
    }

    @Test func piecesAreSmallHoweverLargeTheEntry() throws {
        let input = try archive(.tar, [("large.bin", Self.large)])
        let redactor = try makeRedactor(folders: ["/var/tmp"])
        let stream = redactor.makeStream(.auto)
        var pieces: [Int] = []
        var out: [UInt8] = []
        func take(_ piece: ArraySlice<UInt8>) {
            pieces.append(piece.count)
            out += piece
        }
        try stream.append(input[...], into: take)
        let summary = try stream.finish(into: take)
        #expect(pieces.max() ?? 0 <= 1 << 20 && summary.bytesOut == out.count)
        #expect(out == (try makeRedactor(folders: ["/var/tmp"]).redact(input).bytes))
    }

    @Test func anErrorOfTheTakerEndsIt() throws {
        struct Full: Error {}
        let stream = try makeRedactor(folders: []).makeStream(.text)
        #expect(throws: Full.self) {
            try stream.append(Self.large[..<(1 << 20)]) { _ in throw Full() }
        }
    }
}
