/// Unpacks gzip (RFC 1952) that is handed over piece by piece, one or many members: for a reader that does not choose
/// when bytes come. `GzipStream` is for one that does.
public final class GzipFeed {
    private let inflater: Inflater
    private var output = [UInt8](repeating: 0, count: 131_072)
    /// A member was begun and has not ended.
    public private(set) var isInsideMember = false

    /// - Throws: `ArchiveError` `.io` when there is no memory for it.
    public init() throws(ArchiveError) { inflater = try Inflater(subject: "gzip") }

    /// Takes the next packed bytes and hands on what they unpack to.
    /// - Throws: `ArchiveError` `.damaged`; what came before the damage was handed on.
    public func append(_ bytes: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) throws(ArchiveError) {
        var start = bytes.startIndex
        var isFull = false
        while start < bytes.endIndex || isFull {
            // Padding of tapes, which gzip ignores too.
            if !isInsideMember, start < bytes.endIndex, bytes[start] == 0 {
                start += 1
                continue
            }
            let (step, taken, made) = unsafe bytes.withUnsafeBytes { input in
                unsafe output.withUnsafeMutableBytes { output in
                    unsafe inflater.step(
                        from: UnsafeRawBufferPointer(rebasing: input[(start - bytes.startIndex)...]), into: output)
                }
            }
            isInsideMember = true
            start += taken
            isFull = made == output.count
            if made > 0 { body(output[..<made]) }
            switch step {
            case .progress: break
            case .memberEnd:
                isInsideMember = false
                isFull = false
                inflater.reset()
            case .needsInput: if taken == 0, made == 0 { return }
            case .damaged(let why): throw ArchiveError(.damaged, subject: "gzip", reason: "bad gzip data: \(why)")
            }
        }
    }
}
