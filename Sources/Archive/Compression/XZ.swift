import CLZMA

/// Owner of one liblzma decompression state.
@safe
final class XZDecoder: StreamDecoder {
    /// What is made room for when the data begin: the largest ordinary level (`xz -9`).
    private static let memoryLimit: UInt64 = 68 << 20
    /// What may be used in fact: level 8, or level 6. A dictionary takes memory only as far as it is filled.
    private let limit: UInt64

    private let state: UnsafeMutablePointer<lzma_stream>
    private let subject: String

    init(_ memory: CoderMemory, subject: String) throws(ArchiveError) {
        self.subject = subject
        limit = memory == .small ? 10 << 20 : 34 << 20
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: lzma_stream())
        try reset()
    }

    deinit {
        unsafe lzma_end(state)
        unsafe state.deallocate()
    }

    func reset() throws(ArchiveError) {
        guard unsafe lzma_stream_decoder(state, Self.memoryLimit, 0) == LZMA_OK else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to unpack xz")
        }
    }

    func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecoderStep, taken: Int, made: Int) {
        unsafe state.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.avail_in = input.count
        unsafe state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.avail_out = output.count
        let result = unsafe lzma_code(state, LZMA_RUN)
        let taken = unsafe input.count - state.pointee.avail_in
        let made = unsafe output.count - state.pointee.avail_out
        if unsafe state.pointee.total_out > limit, unsafe lzma_memusage(state) > limit {
            return (.damaged("it needs more than \(limit >> 20) MiB of memory"), taken, made)
        }
        return switch result {
        case LZMA_OK: (.progress, taken, made)
        case LZMA_STREAM_END: (.memberEnd, taken, made)
        case LZMA_BUF_ERROR: (.needsInput, taken, made)
        case LZMA_MEMLIMIT_ERROR: (.damaged("it needs more than \(Self.memoryLimit >> 20) MiB of memory"), taken, made)
        default: (.damaged("liblzma's error \(result.rawValue)"), taken, made)
        }
    }
}

/// Owner of one liblzma compression state. A low level: the usual ones take hundreds of megabytes.
@safe
final class XZEncoder: StreamEncoder {
    private let state: UnsafeMutablePointer<lzma_stream>
    private let subject: String
    private var output = [UInt8](repeating: 0, count: 65_536)

    init(_ memory: CoderMemory, subject: String) throws(ArchiveError) {
        self.subject = subject
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: lzma_stream())
        guard unsafe lzma_easy_encoder(state, memory == .small ? 0 : 1, LZMA_CHECK_CRC64) == LZMA_OK else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to pack it")
        }
    }

    deinit {
        unsafe lzma_end(state)
        unsafe state.deallocate()
    }

    func encode(_ input: UnsafeRawBufferPointer, isLast: Bool, to out: inout [UInt8]) throws(ArchiveError) {
        unsafe state.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.avail_in = input.count
        while true {
            var result = LZMA_OK
            let made = unsafe output.withUnsafeMutableBytes { bytes in
                unsafe state.pointee.next_out = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                unsafe state.pointee.avail_out = bytes.count
                unsafe result = lzma_code(state, isLast ? LZMA_FINISH : LZMA_RUN)
                return unsafe bytes.count - state.pointee.avail_out
            }
            out += output[..<made]
            if result == LZMA_STREAM_END { return }
            if !isLast, unsafe state.pointee.avail_in == 0, made < output.count { return }
            guard result == LZMA_OK else {
                throw ArchiveError(.io, subject: subject, reason: "xz can't pack it (error \(result.rawValue))")
            }
        }
    }
}
