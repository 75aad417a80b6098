import CDeflate
import CZlib

/// Owner of one zlib inflate state in gzip mode (RFC 1952).
///
/// zlib checks the header; the CRC-32 and length of the data are checked here, by libdeflate's carry-less multiplication:
/// zlib's own CRC-32 takes a seventh of the whole time.
@safe
final class Inflater: StreamDecoder {
    private let state: UnsafeMutablePointer<z_stream>
    private var isInHeader = true
    private var sum: UInt32 = 0
    private var length: UInt32 = 0
    /// The last eight bytes taken, the latest in the high end: in the end the member's CRC-32 and length.
    private var trailer: UInt64 = 0

    init(subject: String) throws(ArchiveError) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: z_stream())
        // 15: the largest window; +16: gzip and nothing else.
        let result = unsafe inflateInit2_(state, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        if result != Z_OK {
            unsafe state.deallocate()
            throw ArchiveError(.io, subject: subject, reason: "no memory to unpack gzip")
        }
    }

    deinit {
        unsafe inflateEnd(state)
        unsafe state.deallocate()
    }

    func reset() {
        unsafe inflateReset(state)
        unsafe inflateValidate(state, 1)
        isInHeader = true
        (sum, length, trailer) = (0, 0, 0)
    }

    /// Unpacks until the output is full, the input used up, or a member ends.
    /// - Returns: what happened, and how many bytes were taken and made.
    func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecoderStep, taken: Int, made: Int) {
        guard let target = output.baseAddress else { return (.progress, 0, 0) }
        let inputCount = min(input.count, Int(UInt32.max))
        let outputCount = min(output.count, Int(UInt32.max))
        unsafe state.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe state.pointee.avail_in = UInt32(inputCount)
        unsafe state.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.avail_out = UInt32(outputCount)
        // Z_BLOCK stops behind the header, whose own CRC zlib is to look at.
        var result = unsafe inflate(state, isInHeader ? Z_BLOCK : Z_NO_FLUSH)
        if isInHeader, result == Z_OK, unsafe state.pointee.data_type & 128 != 0 {
            isInHeader = false
            unsafe inflateValidate(state, 0)
            result = unsafe inflate(state, Z_NO_FLUSH)
            // The header was all there was; that is no lack of progress.
            if result == Z_BUF_ERROR { result = Z_OK }
        }
        let taken = unsafe inputCount - Int(state.pointee.avail_in)
        let made = unsafe outputCount - Int(state.pointee.avail_out)
        for place in max(0, taken - 8)..<taken { unsafe trailer = trailer >> 8 | UInt64(input[place]) << 56 }
        unsafe sum = libdeflate_crc32(sum, target, made)
        length &+= UInt32(truncatingIfNeeded: made)
        switch result {
        case Z_OK: return (.progress, taken, made)
        case Z_STREAM_END:
            if UInt32(truncatingIfNeeded: trailer) != sum { return (.damaged("incorrect data check"), taken, made) }
            if UInt32(truncatingIfNeeded: trailer >> 32) != length {
                return (.damaged("incorrect length check"), taken, made)
            }
            return (.memberEnd, taken, made)
        case Z_BUF_ERROR: return (.needsInput, taken, made)
        case Z_MEM_ERROR: return (.damaged("no memory to unpack"), taken, made)
        default:
            let message = unsafe state.pointee.msg.map { unsafe String(cString: $0) } ?? "not valid deflate data"
            return (.damaged(message), taken, made)
        }
    }
}
