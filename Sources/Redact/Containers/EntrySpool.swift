internal import Archive

/// Keeps an entry's redacted bytes until its size is known, which archives tell first: packed once they are many.
final class EntrySpool {
    private static let plainLimit = 256 << 10

    private var plain: [UInt8] = []
    private var packer: StreamPacker?
    private var packed: [UInt8] = []
    private let held: HeldBytes

    /// Bytes kept.
    private(set) var count = 0

    init(budget: ContainerBudget) {
        held = HeldBytes(budget: budget)
    }

    /// Keeps more bytes. False if there is no room for them.
    func append(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) -> Bool {
        count += bytes.count
        if packer == nil {
            plain += bytes
            guard plain.count > Self.plainLimit else { return true }
            packer = try StreamPacker(.zstd, memory: .small)
            let all = plain
            plain = []
            return try pack(all[...])
        }
        return try pack(bytes)
    }

    /// Hands on all bytes, in order. Nothing may be appended after that.
    func forEach(_ body: (ArraySlice<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) {
        guard let packer else { return try body(plain[...]) }
        try packer.finish(to: &packed)
        self.packer = nil
        guard held.append(packed[...]) else {
            throw ArchiveError(.io, subject: "archive", reason: "there is no room to keep it")
        }
        packed = []
        let unpacker = try StreamUnpacker(.zstd, memory: .small)
        try held.forEach { block throws(ArchiveError) in
            try unpacker.append(block) { piece throws(ArchiveError) in try body(piece[...]) }
        }
        try unpacker.finish()
    }

    private func pack(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) -> Bool {
        try packer?.append(bytes, to: &packed)
        guard !packed.isEmpty else { return true }
        defer { packed.removeAll(keepingCapacity: true) }
        return held.append(packed[...])
    }
}
