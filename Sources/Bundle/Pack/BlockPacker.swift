internal import Archive

/// Packs blocks into gzip members for one thread; what comes out depends on the block and the level alone.
///
/// libdeflate's level 6 makes ordinary logs smaller than zlib's does, at twice the speed, but falls up to 2 % behind it
/// on dense configuration and on very repetitive traces and captures. A bundle must not be larger than `tar czf` makes
/// it, so at the default level such blocks, told by a sample, are packed one level higher.
final class BlockPacker {
    private static let sampleBytes = 32 << 10
    /// Hundredths of its size that a sample of an ordinary log packs to.
    private static let ordinary = 10..<30

    private let usual: GzipMemberPacker
    private let thorough: GzipMemberPacker?

    /// - Parameter level: 1 (fast) to 12 (small).
    /// - Throws: ``BundleError`` when there is no memory for it.
    init(level: Int) throws(BundleError) {
        do throws(ArchiveError) {
            usual = try GzipMemberPacker(level: level)
            thorough = level == BundleWriter.defaultLevel ? try GzipMemberPacker(level: level + 1) : nil
        } catch {
            throw BundleError(error, "gzip")
        }
    }

    /// One member that unpacks to `block`.
    func pack(_ block: [UInt8]) -> [UInt8] {
        guard let thorough else { return usual.pack(block) }
        guard block.count > Self.sampleBytes else { return thorough.pack(block) }
        let sample = usual.pack(Array(block.prefix(Self.sampleBytes)))
        let isOrdinary = Self.ordinary.contains(sample.count * 100 / Self.sampleBytes)
        return (isOrdinary ? usual : thorough).pack(block)
    }
}
