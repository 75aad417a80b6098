internal import Crypto
internal import FoundationEssentials

/// Encryption of one file chunk by chunk, so that it can be written as a stream and read from any place.
///
/// The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as the age format uses it: ChaCha20-Poly1305
/// under a key of the file's own, a nonce of an 11-byte counter and one byte that marks the last chunk. Chunks can't
/// be changed, dropped, repeated, reordered or moved to another file unnoticed.
struct ChunkCipher: Sendable {
    /// Plain bytes of a chunk; the last one may be shorter.
    static let chunkBytes = 65536
    static let tagBytes = 16

    private let key: SymmetricKey

    init(key: [UInt8]) { self.key = SymmetricKey(data: key) }
    init(key: SymmetricKey) { self.key = key }

    private func nonce(_ counter: UInt64, isLast: Bool) throws -> ChaChaPoly.Nonce {
        let number = (0..<8).reversed().map { UInt8(truncatingIfNeeded: counter >> (8 * $0)) }
        return try ChaChaPoly.Nonce(data: [0, 0, 0] + number + [isLast ? 1 : 0])
    }

    /// Ciphertext and tag of one chunk.
    func close(
        _ chunk: ArraySlice<UInt8>, counter: UInt64, isLast: Bool, subject: String
    ) throws(BundleError) -> [UInt8] {
        do {
            let box = try ChaChaPoly.seal(chunk, using: key, nonce: nonce(counter, isLast: isLast))
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw BundleError(.sealBroken, subject, "it could not be encrypted")
        }
    }

    /// The plain chunk; nil if it is not the very chunk that was closed in this place.
    func open(_ sealed: [UInt8], counter: UInt64, isLast: Bool) -> [UInt8]? {
        guard sealed.count >= ChunkCipher.tagBytes, let nonce = try? nonce(counter, isLast: isLast),
            let box = try? ChaChaPoly.SealedBox(
                nonce: nonce, ciphertext: sealed.dropLast(ChunkCipher.tagBytes),
                tag: sealed.suffix(ChunkCipher.tagBytes)),
            let plain = try? ChaChaPoly.open(box, using: key)
        else { return nil }
        return Array(plain)
    }
}
