internal import Archive

/// Keeps an entry's redacted bytes until its size is known, which archives tell first: packed once they are many, so
/// that a log of a gigabyte is held in a few dozen megabytes. Never on disk.
final class EntrySpool {
    private static let plainLimit = 4 << 20
    private static let blockBytes = 1 << 20

    private let budget: ContainerBudget
    private var charged = 0
    private var plain: [UInt8] = []
    private var packer: StreamPacker?
    /// Packed bytes in blocks: one array would be copied as it grows.
    private var blocks: [[UInt8]] = []
    private var packed: [UInt8] = []

    /// Bytes kept.
    private(set) var count = 0

    init(budget: ContainerBudget) {
        self.budget = budget
    }

    deinit { budget.release(charged) }

    /// Keeps more bytes. False if that is more than the budget holds.
    func append(_ bytes: [UInt8]) throws(ArchiveError) -> Bool {
        count += bytes.count
        if let packer {
            try packer.append(bytes[...], to: &packed)
            return settle()
        }
        guard charge(bytes.count) else { return false }
        plain += bytes
        guard plain.count > Self.plainLimit else { return true }
        let packer = try StreamPacker(.zstd)
        try packer.append(plain[...], to: &packed)
        budget.release(plain.count)
        charged -= plain.count
        plain = []
        self.packer = packer
        return settle()
    }

    /// Hands on all bytes, in order. Nothing may be appended after that.
    func forEach(_ body: (ArraySlice<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) {
        guard let packer else { return try body(plain[...]) }
        try packer.finish(to: &packed)
        blocks.append(packed)
        packed = []
        let unpacker = try StreamUnpacker(.zstd)
        for block in blocks {
            try unpacker.append(block[...]) { piece throws(ArchiveError) in try body(piece[...]) }
        }
        try unpacker.finish()
    }

    private func settle() -> Bool {
        guard packed.count >= Self.blockBytes else { return true }
        guard charge(packed.count) else { return false }
        blocks.append(packed)
        packed = []
        return true
    }

    private func charge(_ bytes: Int) -> Bool {
        guard budget.hold(bytes) else { return false }
        charged += bytes
        return true
    }
}
