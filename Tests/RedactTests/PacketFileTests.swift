import Redact
import Testing

@Suite("Packets: files")
struct PacketFileTests {
    private static let secret = "hunter2-s3cr3t"

    /// A capture of about 3 MB of which most is application data.
    private static func capture() -> [UInt8] {
        var conversation = Conversation()
        conversation.client(CaptureBuilder.record(22, CaptureBuilder.clientHello(name: "backend.test", ticket: [])))
        var random = SplitMix(state: 7)
        for _ in 0..<2_000 {
            let data = (0..<150).flatMap { _ in CaptureBuilder.little(UInt32(truncatingIfNeeded: random.next())) }
            conversation.server(CaptureBuilder.record(23, data + Array(secret.utf8)))
        }
        return conversation.builder.bytes
    }

    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        try Tools.withFile(bytes) { path in
            _ = try Tools.run(["gzip", path], strict: true)
            defer { _ = try? Tools.run(["rm", path + ".gz"]) }
            return try Tools.withFileBytes(path + ".gz")
        }
    }

    private static func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
        try Tools.withFile(bytes) { path in
            _ = try Tools.run(["mv", path, path + ".gz"], strict: true)
            _ = try Tools.run(["gunzip", path + ".gz"], strict: true)
            return try Tools.withFileBytes(path)
        }
    }

    @Test("a packed capture is scrubbed as it streams by, and packed again", arguments: [1_000, 65_536, 1 << 22])
    func packed(chunk: Int) throws {
        let capture = PacketFileTests.capture()
        let packed = try PacketFileTests.gzip(capture)
        let redactor = try makeRedactor()
        let (bytes, summary) = try redactor.run(redactor.makeStream(.auto, name: "a.pcap.gz"), packed, chunk: chunk)
        #expect(summary.withheld == nil)
        #expect(summary.findings["packet-payload"] == 2_000)
        let isSame = try PacketFileTests.gunzip(bytes) == scrub(capture).bytes
        #expect(isSame)
        // Two members one behind the other are one file; the second one here is a piece of a capture.
        let two = try PacketFileTests.gzip(Array(capture[..<1_000])) + PacketFileTests.gzip(Array(capture[1_000...]))
        let joined = try redactor.run(redactor.makeStream(.pcap), two, chunk: chunk)
        let isJoined = try PacketFileTests.gunzip(joined.bytes) == scrub(capture).bytes
        #expect(isJoined)
    }

    @Test("a packed capture that is cut off is scrubbed as far as it goes")
    func packedAndCut() throws {
        let capture = PacketFileTests.capture()
        let packed = try PacketFileTests.gzip(capture)
        let redactor = try makeRedactor()
        let (bytes, summary) = try redactor.run(
            redactor.makeStream(.auto), Array(packed[..<(packed.count / 2)]), chunk: 10_000)
        #expect(summary.notes.contains { $0.hasPrefix("the rest was dropped") })
        let whole = scrub(capture).bytes
        let rest = try PacketFileTests.gunzip(bytes)
        #expect(rest.count > whole.count / 3)
        let isStart = whole.starts(with: rest)
        #expect(isStart)
    }

    @Test("the second pass finds learned secrets in a packed capture too")
    func literals() throws {
        let redactor = try makeRedactor()
        redactor.vault.learn(Array("x9s3cr3tWord7q".utf8), rule: "password")
        var conversation = Conversation()
        conversation.client("GET / HTTP/1.1\r\nHost: x9s3cr3tWord7q\r\n\r\n", size: 1_000)
        let packed = try PacketFileTests.gzip(scrub(conversation.builder.bytes).bytes)
        let (bytes, summary) = try redactor.run(redactor.makeLiteralStream(.auto), packed)
        #expect(summary.findings["password"] == 1)
        #expect(try !contains(PacketFileTests.gunzip(bytes), "s3cr3t"))
    }
}
