import CZstd

/// Owner of one libzstd decompression state (RFC 8878): frames and skippable frames; check sums are verified.
@safe
final class ZstdDecoder: StreamDecoder {
    private let state: OpaquePointer

    /// Windows of up to 32 MiB: all levels but the "ultra" and "long" ones of large files; in small memory of 8 MiB.
    init(_ memory: CoderMemory, subject: String) throws(ArchiveError) {
        guard let state = unsafe ZSTD_createDCtx() else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to unpack zstd")
        }
        unsafe self.state = state
        unsafe ZSTD_DCtx_setParameter(state, ZSTD_d_windowLogMax, memory == .small ? 23 : 25)
    }

    deinit { unsafe ZSTD_freeDCtx(state) }

    func reset() { unsafe ZSTD_DCtx_reset(state, ZSTD_reset_session_only) }

    func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecoderStep, taken: Int, made: Int) {
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(state, &target, &source)
        let (taken, made) = unsafe (source.pos, target.pos)
        if ZSTD_isError(result) != 0 {
            let name = unsafe String(cString: ZSTD_getErrorName(result))
            return (.damaged(name), taken, made)
        }
        return (result == 0 ? .memberEnd : .progress, taken, made)
    }
}

/// Owner of one libzstd compression state: usually the level and check sum of the zstd command.
@safe
final class ZstdEncoder: StreamEncoder {
    private let state: OpaquePointer
    private let subject: String
    private var output = [UInt8](repeating: 0, count: 65_536)

    init(_ memory: CoderMemory, subject: String) throws(ArchiveError) {
        guard let state = unsafe ZSTD_createCCtx() else {
            throw ArchiveError(.io, subject: subject, reason: "no memory to pack it")
        }
        unsafe self.state = state
        self.subject = subject
        unsafe ZSTD_CCtx_setParameter(state, ZSTD_c_compressionLevel, memory == .small ? 1 : 3)
        if memory == .small { unsafe ZSTD_CCtx_setParameter(state, ZSTD_c_windowLog, 18) }
        unsafe ZSTD_CCtx_setParameter(state, ZSTD_c_checksumFlag, 1)
    }

    deinit { unsafe ZSTD_freeCCtx(state) }

    func encode(_ input: UnsafeRawBufferPointer, isLast: Bool, to out: inout [UInt8]) throws(ArchiveError) {
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while true {
            var made = 0
            var left = 0
            unsafe output.withUnsafeMutableBytes { bytes in
                var target = unsafe ZSTD_outBuffer(dst: bytes.baseAddress, size: bytes.count, pos: 0)
                left = unsafe ZSTD_compressStream2(
                    state, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
                made = unsafe target.pos
            }
            if ZSTD_isError(left) != 0 { throw ArchiveError(.io, subject: subject, reason: "zstd can't pack it") }
            out += output[..<made]
            if isLast ? left == 0 : unsafe source.pos == source.size { return }
        }
    }
}
