/// Unpacks a compressed stream that is pushed in chunk by chunk: members one after another, in bounded memory.
///
/// Everything before a damage is handed on, then the error is thrown. The result doesn't depend on the chunks' size.
public final class StreamUnpacker {
    private static let pieceBytes = 65_536

    private let compression: Compression
    private let subject: String
    private let decoder: any StreamDecoder
    private var output = [UInt8](repeating: 0, count: pieceBytes)
    private var members = 0
    private var isInMember = false
    /// Whether the current member has given any byte.
    private var memberHasContent = false

    /// True once bytes came that belong to no member; they and all that follows are dropped.
    public private(set) var hasTrailingBytes = false
    /// Packed bytes taken so far.
    public private(set) var consumed = 0
    /// Unpacked bytes handed on so far.
    public private(set) var produced = 0

    /// - Parameters:
    ///   - memory: data that need more to be unpacked count as damaged.
    ///   - name: for error messages.
    public init(
        _ compression: Compression, memory: CoderMemory = .usual, name: String = "compressed stream"
    ) throws(ArchiveError) {
        self.compression = compression
        subject = name
        decoder =
            switch compression {
            case .gzip: try Inflater(subject: name)
            case .zstd: try ZstdDecoder(memory, subject: name)
            case .bzip2: try Bzip2Decoder(memory, subject: name)
            case .xz: try XZDecoder(memory, subject: name)
            }
    }

    /// Takes the next packed bytes, and hands on what comes out in pieces of at most 64 KiB.
    /// - Throws: ``ArchiveError`` `.damaged`, or what `sink` throws. Nothing may be appended after that.
    public func append(
        _ bytes: ArraySlice<UInt8>, _ sink: ([UInt8]) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var rest = bytes
        consumed += bytes.count
        while !hasTrailingBytes {
            if !isInMember {
                // Zero bytes behind a member are padding.
                if members > 0 { rest = rest.drop { $0 == 0 } }
                guard let first = rest.first else { return }
                guard members == 0 || begins(first) else {
                    hasTrailingBytes = true
                    return
                }
                if members > 0 { try decoder.reset() }
                members += 1
                isInMember = true
                memberHasContent = false
            }
            let (step, taken, made) = step(rest)
            rest = rest.dropFirst(taken)
            if made > 0 {
                memberHasContent = true
                produced += made
                try sink(Array(output[..<made]))
            }
            switch step {
            case .memberEnd: isInMember = false
            case .damaged(let why):
                guard members > 1, !memberHasContent else {
                    throw ArchiveError(.damaged, subject: subject, reason: "bad \(compression) data: \(why)")
                }
                hasTrailingBytes = true
            case .needsInput, .progress:
                // A full output may leave more behind; else all there is came out.
                if rest.isEmpty, made < output.count { return }
                if taken == 0, made == 0, !rest.isEmpty {
                    throw ArchiveError(.damaged, subject: subject, reason: "bad \(compression) data")
                }
            }
        }
    }

    /// Ends the stream.
    /// - Throws: ``ArchiveError`` `.truncated` when a member is not complete.
    public func finish() throws(ArchiveError) {
        guard !hasTrailingBytes, isInMember || members == 0 else { return }
        throw ArchiveError(
            .truncated, subject: subject, reason: "the \(compression) data end in the middle",
            hint: "copy the file again; it is cut off")
    }

    private func step(_ rest: ArraySlice<UInt8>) -> (step: DecoderStep, taken: Int, made: Int) {
        let decoder = decoder
        return unsafe rest.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { unsafe decoder.step(from: input, into: $0) }
        }
    }

    private func begins(_ byte: UInt8) -> Bool {
        switch compression {
        case .gzip: byte == 0x1f
        case .zstd: byte == 0x28 || (0x50...0x5f).contains(byte)
        case .bzip2: byte == 0x42
        case .xz: byte == 0xfd
        }
    }
}
