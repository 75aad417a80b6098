import Archive
import Testing

/// One long gzip member, which no reader unpacks in one go.
@Suite("Long gzip members") struct GzipStreamTests {
    private static let length = 3_000_000

    /// The member, with what `change` does to the bytes `b`.
    private static func member(_ change: String = "") throws -> [UInt8] {
        try ReaderTests.python(
            """
            import random
            text=bytes(random.Random(7).choices(b'abcdefghijklmnop', k=\(length)))
            b=bytearray(gzip.compress(text, 1, mtime=0))
            \(change)
            open(out,'wb').write(b)
            """)
    }

    /// With a header that has a CRC of its own (RFC 1952, FHCRC).
    private static func checkedHeader(error: Int) throws -> [UInt8] {
        try member(
            """
            import zlib
            b[3]|=2
            b[10:10]=((zlib.crc32(bytes(b[:10])) & 0xFFFF) ^ \(error)).to_bytes(2, 'little')
            """)
    }

    private static func read(_ bytes: [UInt8]) -> (count: Int, error: ArchiveError.Code?) {
        var count = 0
        do throws(ArchiveError) {
            let stream = try GzipStream(bytes: bytes)
            var buffer: [UInt8] = []
            while try stream.read(into: &buffer, upTo: 100_000) > 0 { count += buffer.count }
            return (count, nil)
        } catch {
            return (count, error.code)
        }
    }

    @Test("are read whole, with and without a CRC of the header")
    func right() throws {
        for bytes in [try Self.member(), try Self.checkedHeader(error: 0)] {
            let result = Self.read(bytes)
            #expect(result.count == Self.length && result.error == nil)
        }
    }

    @Test("whose sums are wrong are damaged, behind all that they hold", arguments: 1...8)
    func wrongSums(fromEnd: Int) throws {
        let bytes = try Self.member("b[-\(fromEnd)]^=1")
        let result = Self.read(bytes)
        #expect(result.count == Self.length && result.error == .damaged)
        // However the last bytes come in.
        for piece in [1, 3, 1 << 20] {
            let unpacker = try StreamUnpacker(.gzip)
            #expect(throws: ArchiveError.self) {
                var start = bytes.count - 12
                try unpacker.append(bytes[..<start]) { _ in }
                while start < bytes.count {
                    try unpacker.append(bytes[start..<min(bytes.count, start + piece)]) { _ in }
                    start += piece
                }
                try unpacker.finish()
            }
        }
    }

    @Test("whose header has a wrong CRC are damaged")
    func wrongHeader() throws {
        let result = Self.read(try Self.checkedHeader(error: 1))
        #expect(result.count == 0 && result.error == .damaged)
    }
}
