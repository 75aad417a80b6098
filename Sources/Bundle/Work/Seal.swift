internal import Crypto
internal import FoundationEssentials

/// Encryption of one sealed file, chunk by chunk, so that it can be written and read as a stream.
///
/// The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as the age format uses it: ChaCha20-Poly1305
/// under a key of the file's own, a nonce of an 11-byte counter and one byte that marks the last chunk. Chunks can't
/// be changed, dropped, repeated, reordered or moved to another file unnoticed.
struct Seal: Sendable {
    /// Plain bytes of a chunk; the last one may be shorter.
    static let chunkBytes = 65536
    static let tagBytes = 16
    static let saltBytes = 16

    let salt: [UInt8]
    private let key: SymmetricKey

    init(workKey: SymmetricKey, salt: [UInt8], path: String) {
        self.salt = salt
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: workKey, salt: salt, info: Array("apigee-collect sealed item ".utf8) + Array(path.utf8),
            outputByteCount: 32)
    }

    static func freshSalt() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<saltBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private func nonce(_ counter: UInt64, isLast: Bool) throws -> ChaChaPoly.Nonce {
        let number = (0..<8).reversed().map { UInt8(truncatingIfNeeded: counter >> (8 * $0)) }
        return try ChaChaPoly.Nonce(data: [0, 0, 0] + number + [isLast ? 1 : 0])
    }

    /// Ciphertext and tag of one chunk.
    func close(_ chunk: ArraySlice<UInt8>, counter: UInt64, isLast: Bool, path: String) throws(BundleError) -> [UInt8] {
        do {
            let box = try ChaChaPoly.seal(chunk, using: key, nonce: nonce(counter, isLast: isLast))
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw BundleError(.sealBroken, path, "it could not be encrypted")
        }
    }

    /// The plain chunk.
    /// - Throws: ``BundleError`` `.sealBroken` if it is not the very chunk that was sealed in this place.
    func open(_ sealed: [UInt8], counter: UInt64, isLast: Bool, path: String) throws(BundleError) -> [UInt8] {
        do {
            let box = try ChaChaPoly.SealedBox(
                nonce: nonce(counter, isLast: isLast), ciphertext: sealed.dropLast(Seal.tagBytes),
                tag: sealed.suffix(Seal.tagBytes))
            return Array(try ChaChaPoly.open(box, using: key))
        } catch {
            throw BundleError(
                .sealBroken, path, "the sealed file was changed on disk", hint: "collect again in another --work-dir")
        }
    }
}
