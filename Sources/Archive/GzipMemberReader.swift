/// Unpacks gzip members that are small and whole, one at a time, so that whoever reads them can copy them as they are.
public final class GzipMemberReader {
    /// The most that a member may unpack to: as much as one of a bundle does.
    public static let maxContent = 1 << 20
    /// The most that such a member may take: what can't be packed grows a little.
    public static let maxPacked = maxContent + 4096

    private let unpacker: GzipMemberUnpacker
    private var output = [UInt8](repeating: 0, count: maxContent)

    /// - Throws: ``ArchiveError`` `.io` when there is no memory for it.
    public init() throws(ArchiveError) {
        guard let made = GzipMemberUnpacker() else {
            throw ArchiveError(.io, subject: "gzip", reason: "no memory to unpack")
        }
        unpacker = made
    }

    /// The member at the front of `bytes`: how many of them it takes, and what it holds.
    /// - Returns: nil if it does not end within `bytes`, holds more than ``maxContent``, or is damaged.
    public func member(at bytes: ArraySlice<UInt8>) -> (packed: Int, content: ArraySlice<UInt8>)? {
        let result = unsafe bytes.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { unsafe unpacker.unpack(input, into: $0) }
        }
        return result.map { ($0.taken, output[..<$0.made]) }
    }
}
