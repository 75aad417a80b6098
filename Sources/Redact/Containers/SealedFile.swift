internal import Archive
internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Platform

/// Blocks that are too many for memory, on disk: in a file without a name, sealed under a key that is in memory only.
///
/// No plain byte reaches the disk, what was changed there is refused, and nothing stays when the process ends, however
/// it ends. Space is left to others: 2 GiB, or a tenth of a small file system.
final class SealedFile {
    static let blockBytes = 64 << 10
    private static let tagBytes = 16

    private let descriptor: CInt
    private let key = SymmetricKey(size: .bits256)
    /// Blocks written.
    private(set) var blocks = 0

    /// - Parameter folders: the first that can be used is.
    init?(folders: [String]) {
        guard let descriptor = NamelessFile.open(in: folders) else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Adds a block of ``blockBytes``. False if there is no room.
    func append(_ block: [UInt8]) -> Bool {
        guard hasRoom(), let nonce = Self.nonce(blocks), let box = try? ChaChaPoly.seal(block, using: key, nonce: nonce)
        else { return false }
        var sealed = [UInt8](box.ciphertext)
        sealed += box.tag
        let start = blocks * (Self.blockBytes + Self.tagBytes)
        var done = 0
        while done < sealed.count {
            let count = unsafe sealed.withUnsafeBytes { bytes in
                unsafe pwrite(
                    descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(start + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        blocks += 1
        return true
    }

    func read(_ block: Int) throws(ArchiveError) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: Self.blockBytes + Self.tagBytes)
        var done = 0
        while done < sealed.count {
            let count = unsafe sealed.withUnsafeMutableBytes { bytes in
                unsafe pread(
                    descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
                    off_t(block * bytes.count + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            done += count
        }
        guard let nonce = Self.nonce(block),
            let box = try? ChaChaPoly.SealedBox(
                nonce: nonce, ciphertext: sealed[..<Self.blockBytes], tag: sealed[Self.blockBytes...]),
            let plain = try? ChaChaPoly.open(box, using: key)
        else { throw ArchiveError(.io, subject: "archive", reason: "what was kept of it on disk was changed") }
        return [UInt8](plain)
    }

    private func hasRoom() -> Bool {
        var status = statvfs()
        guard unsafe fstatvfs(descriptor, &status) == 0 else { return false }
        let unit = Int(status.f_frsize)
        return Int(status.f_bavail) * unit > min(2 << 30, Int(status.f_blocks) * unit / 10)
    }

    private static func nonce(_ block: Int) -> ChaChaPoly.Nonce? {
        try? ChaChaPoly.Nonce(data: (0..<12).map { UInt8(truncatingIfNeeded: $0 < 8 ? block >> (8 * $0) : 0) })
    }
}
