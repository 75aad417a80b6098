import CDeflate

/// Makes whole gzip members (RFC 1952) out of blocks in memory; owner of one libdeflate compressor.
///
/// The same block at the same level gives the same bytes. Used by one thread at a time.
@safe
public final class GzipMemberPacker {
    /// libdeflate's own range: 1 (fast) to 12 (small).
    public static let levels = 1...12

    private let compressor: OpaquePointer

    /// - Throws: ``ArchiveError`` `.io` when there is no memory for it.
    public init(level: Int) throws(ArchiveError) {
        let wanted = max(GzipMemberPacker.levels.lowerBound, min(level, GzipMemberPacker.levels.upperBound))
        guard let made = unsafe libdeflate_alloc_compressor(CInt(wanted)) else {
            throw ArchiveError(.io, subject: "gzip", reason: "no memory to pack")
        }
        unsafe compressor = made
    }

    deinit { unsafe libdeflate_free_compressor(compressor) }

    /// One member that unpacks to `block`.
    public func pack(_ block: [UInt8]) -> [UInt8] {
        let bound = unsafe libdeflate_gzip_compress_bound(compressor, block.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, filled in
            unsafe block.withUnsafeBytes { bytes in
                unsafe filled = libdeflate_gzip_compress(
                    compressor, bytes.baseAddress, bytes.count, buffer.baseAddress, buffer.count)
            }
        }
    }
}

/// Unpacks small gzip members in one go, several times faster than a stream can; owner of one libdeflate decompressor.
@safe
final class GzipMemberUnpacker {
    private let decompressor: OpaquePointer

    init?() {
        guard let made = unsafe libdeflate_alloc_decompressor() else { return nil }
        unsafe decompressor = made
    }

    deinit { unsafe libdeflate_free_decompressor(decompressor) }

    /// Unpacks the member at the front of `input`, with its check sum and length looked at.
    /// - Returns: how many bytes it takes and makes; nil if it does not end within `input`, does not fit into
    ///   `output`, or is damaged, which only a stream can tell apart.
    func unpack(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (taken: Int, made: Int)? {
        var taken = 0
        var made = 0
        let result = unsafe libdeflate_gzip_decompress_ex(
            decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &taken, &made)
        return result == LIBDEFLATE_SUCCESS ? (taken, made) : nil
    }
}
