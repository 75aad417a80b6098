import CZlib

/// Owner of one zlib inflate state in gzip mode (RFC 1952): zlib itself checks header flags, CRC-32 and length.
@safe
final class Inflater: StreamDecoder {
    private let state: UnsafeMutablePointer<z_stream>

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

    func reset() { unsafe inflateReset(state) }

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
        let result = unsafe inflate(state, Z_NO_FLUSH)
        let taken = unsafe inputCount - Int(state.pointee.avail_in)
        let made = unsafe outputCount - Int(state.pointee.avail_out)
        switch result {
        case Z_OK: return (.progress, taken, made)
        case Z_STREAM_END: return (.memberEnd, taken, made)
        case Z_BUF_ERROR: return (.needsInput, taken, made)
        case Z_MEM_ERROR: return (.damaged("no memory to unpack"), taken, made)
        default:
            let message = unsafe state.pointee.msg.map { unsafe String(cString: $0) } ?? "not valid deflate data"
            return (.damaged(message), taken, made)
        }
    }
}
