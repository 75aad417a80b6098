import CZlib

/// Owner of one zlib deflate state that makes raw deflate data (RFC 1951), and of the running CRC-32.
@safe
final class Deflater {
    private let state: UnsafeMutablePointer<z_stream>
    private var checksum: uLong = 0
    private var length: UInt32 = 0
    private var output = [UInt8](repeating: 0, count: 65536)
    private let subject: String

    /// - Parameter level: 1 (fast) to 9 (small).
    init(level: Int, subject: String) throws(ArchiveError) {
        self.subject = subject
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: z_stream())
        let result = unsafe deflateInit2_(
            state, CInt(max(1, min(level, 9))), Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size))
        if result != Z_OK {
            unsafe state.deallocate()
            throw ArchiveError(.io, subject: subject, reason: "no memory to pack it")
        }
    }

    deinit {
        unsafe deflateEnd(state)
        unsafe state.deallocate()
    }

    /// CRC-32 and length of all input, as RFC 1952 puts them behind a member.
    var trailer: [UInt8] {
        let crc = UInt32(truncatingIfNeeded: checksum)
        return [crc, length].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    /// Packs more bytes; with `isLast` the stream is ended.
    func deflate(
        _ input: UnsafeRawBufferPointer, isLast: Bool, to sink: ([UInt8]) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var offset = 0
        repeat {
            let count = min(input.count - offset, 1 << 30)
            let piece = unsafe UnsafeRawBufferPointer(rebasing: input[offset..<offset + count])
            let base = unsafe piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
            if count > 0 { checksum = unsafe crc32(checksum, base, uInt(count)) }
            length &+= UInt32(truncatingIfNeeded: count)
            unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: base)
            unsafe state.pointee.avail_in = uInt(count)
            offset += count
            try run(flush: isLast && offset == input.count ? Z_FINISH : Z_NO_FLUSH, to: sink)
        } while offset < input.count
    }

    private func run(flush: CInt, to sink: ([UInt8]) throws(ArchiveError) -> Void) throws(ArchiveError) {
        while true {
            var result = Z_OK
            let made = unsafe output.withUnsafeMutableBufferPointer { buffer in
                unsafe state.pointee.next_out = buffer.baseAddress
                unsafe state.pointee.avail_out = uInt(buffer.count)
                unsafe result = CZlib.deflate(state, flush)
                return unsafe buffer.count - Int(state.pointee.avail_out)
            }
            if made > 0 { try sink(Array(output[..<made])) }
            if result == Z_STREAM_END { return }
            guard result == Z_OK || result == Z_BUF_ERROR else {
                throw ArchiveError(.io, subject: subject, reason: "packing failed with zlib's error \(result)")
            }
            if made < output.count, flush != Z_FINISH { return }
        }
    }
}
