import CBzip2

/// Owner of one libbz2 decompression state.
@safe
final class Bzip2Decoder: StreamDecoder {
    private let state: UnsafeMutablePointer<bz_stream>
    private let subject: String
    private let isSmall: CInt

    init(_ memory: CoderMemory, subject: String) throws(ArchiveError) {
        self.subject = subject
        isSmall = memory == .small ? 1 : 0
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: bz_stream())
        try begin()
    }

    deinit {
        unsafe BZ2_bzDecompressEnd(state)
        unsafe state.deallocate()
    }

    func reset() throws(ArchiveError) {
        unsafe BZ2_bzDecompressEnd(state)
        try begin()
    }

    private func begin() throws(ArchiveError) {
        guard unsafe BZ2_bzDecompressInit(state, 0, isSmall) == BZ_OK else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to unpack bzip2")
        }
    }

    func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecoderStep, taken: Int, made: Int) {
        let inputCount = min(input.count, 1 << 30)
        unsafe state.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
        unsafe state.pointee.avail_in = UInt32(inputCount)
        unsafe state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        unsafe state.pointee.avail_out = UInt32(output.count)
        let result = unsafe BZ2_bzDecompress(state)
        let taken = unsafe inputCount - Int(state.pointee.avail_in)
        let made = unsafe output.count - Int(state.pointee.avail_out)
        return switch result {
        case BZ_OK: (.progress, taken, made)
        case BZ_STREAM_END: (.memberEnd, taken, made)
        default: (.damaged("libbz2's error \(result)"), taken, made)
        }
    }
}

/// Owner of one libbz2 compression state, usually of the largest block: what the bzip2 command takes.
@safe
final class Bzip2Encoder: StreamEncoder {
    private let state: UnsafeMutablePointer<bz_stream>
    private let subject: String
    private var output = [UInt8](repeating: 0, count: 65_536)

    init(_ memory: CoderMemory, subject: String) throws(ArchiveError) {
        self.subject = subject
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: bz_stream())
        guard unsafe BZ2_bzCompressInit(state, memory == .small ? 1 : 9, 0, 0) == BZ_OK else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to pack it")
        }
    }

    deinit {
        unsafe BZ2_bzCompressEnd(state)
        unsafe state.deallocate()
    }

    func encode(_ input: UnsafeRawBufferPointer, isLast: Bool, to out: inout [UInt8]) throws(ArchiveError) {
        unsafe state.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
        unsafe state.pointee.avail_in = UInt32(input.count)
        while true {
            var result = BZ_OK
            let made = unsafe output.withUnsafeMutableBytes { bytes in
                unsafe state.pointee.next_out = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                unsafe state.pointee.avail_out = UInt32(bytes.count)
                unsafe result = BZ2_bzCompress(state, isLast ? BZ_FINISH : BZ_RUN)
                return unsafe bytes.count - Int(state.pointee.avail_out)
            }
            out += output[..<made]
            if result == BZ_STREAM_END { return }
            guard [BZ_RUN_OK, BZ_FINISH_OK].contains(result) else {
                throw ArchiveError(.io, subject: subject, reason: "bzip2 can't pack it (error \(result))")
            }
            if !isLast, unsafe state.pointee.avail_in == 0 { return }
        }
    }
}
