/// The formats that compress one stream of bytes.
public enum Compression: Sendable, CaseIterable {
    case gzip, zstd, bzip2, xz
}

/// How much memory a coder may take: a few megabytes for the one of a file, less for each of many layers.
public enum CoderMemory: Sendable {
    case usual, small
}

/// What one step of a decoder led to.
enum DecoderStep: Equatable {
    case progress
    /// The member (zstd: the frame) has ended, and its check sums are right.
    case memberEnd
    case needsInput
    case damaged(String)
}

/// Owner of one decoder state of a C library.
protocol StreamDecoder: AnyObject {
    /// Unpacks until the output is full, the input used up, or a member ends.
    /// - Returns: what happened, and how many bytes were taken and made.
    func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecoderStep, taken: Int, made: Int)
    /// Makes ready for the next member.
    func reset() throws(ArchiveError)
}

/// Owner of one encoder state of a C library.
protocol StreamEncoder: AnyObject {
    /// Packs more bytes; with `isLast` the stream is ended.
    func encode(
        _ input: UnsafeRawBufferPointer, isLast: Bool, to out: inout [UInt8]
    ) throws(ArchiveError)
}
