/// Packs a stream that is pushed in chunk by chunk into one member, in bounded memory.
///
/// The same bytes give the same result, however they are cut into chunks. Headers hold no name, time or comment.
public final class StreamPacker {
    private static let blockBytes = 65_536

    private let encoder: any StreamEncoder
    /// Bytes that wait until a block is full: encoders see blocks of one size, so that chunks don't matter.
    private var block: [UInt8] = []

    /// - Parameters:
    ///   - level: of gzip, 1 (fast) to 9 (small); the other formats have one level for each ``CoderMemory``.
    ///   - name: for error messages.
    public init(
        _ compression: Compression, level: Int = 6, memory: CoderMemory = .usual, name: String = "compressed stream"
    ) throws(ArchiveError) {
        encoder =
            switch compression {
            case .gzip: try GzipEncoder(level: level, subject: name)
            case .zstd: try ZstdEncoder(memory, subject: name)
            case .bzip2: try Bzip2Encoder(memory, subject: name)
            case .xz: try XZEncoder(memory, subject: name)
            }
        block.reserveCapacity(Self.blockBytes)
    }

    /// Takes the next bytes and appends what is ready to `out`.
    public func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let taken = rest.prefix(Self.blockBytes - block.count)
            block += taken
            rest = rest.dropFirst(taken.count)
            if block.count == Self.blockBytes { try flush(isLast: false, to: &out) }
        }
    }

    /// Ends the stream and appends the rest to `out`. Not to be called twice.
    public func finish(to out: inout [UInt8]) throws(ArchiveError) {
        try flush(isLast: true, to: &out)
    }

    private func flush(isLast: Bool, to out: inout [UInt8]) throws(ArchiveError) {
        var failure: ArchiveError?
        unsafe block.withUnsafeBytes { bytes in
            do throws(ArchiveError) {
                unsafe try encoder.encode(bytes, isLast: isLast, to: &out)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        block.removeAll(keepingCapacity: true)
    }
}

/// gzip (RFC 1952): an empty header, the data, CRC-32 and length.
final class GzipEncoder: StreamEncoder {
    private let deflater: Deflater
    private var hasBegun = false

    init(level: Int, subject: String) throws(ArchiveError) { deflater = try Deflater(level: level, subject: subject) }

    func encode(_ input: UnsafeRawBufferPointer, isLast: Bool, to out: inout [UInt8]) throws(ArchiveError) {
        if !hasBegun {
            hasBegun = true
            out += gzipHeader
        }
        var made: [UInt8] = []
        unsafe try deflater.deflate(input, isLast: isLast) { made += $0 }
        out += made
        if isLast { out += deflater.trailer }
    }
}
