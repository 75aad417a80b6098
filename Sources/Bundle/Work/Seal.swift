internal import Crypto
internal import FoundationEssentials

/// Encryption of one sealed file of the work folder: ``ChunkCipher`` under a key of the file's own.
struct Seal: Sendable {
    static let chunkBytes = ChunkCipher.chunkBytes
    static let tagBytes = ChunkCipher.tagBytes
    static let saltBytes = 16

    let salt: [UInt8]
    private let chunks: ChunkCipher

    init(workKey: SymmetricKey, salt: [UInt8], path: String) {
        self.salt = salt
        chunks = ChunkCipher(
            key: HKDF<SHA256>.deriveKey(
                inputKeyMaterial: workKey, salt: salt,
                info: Array("apigee-collect sealed item ".utf8) + Array(path.utf8), outputByteCount: 32))
    }

    static func freshSalt() -> [UInt8] { AgeCrypto.random(saltBytes) }

    /// Ciphertext and tag of one chunk.
    func close(_ chunk: ArraySlice<UInt8>, counter: UInt64, isLast: Bool, path: String) throws(BundleError) -> [UInt8] {
        try chunks.close(chunk, counter: counter, isLast: isLast, subject: path)
    }

    /// The plain chunk.
    /// - Throws: ``BundleError`` `.sealBroken` if it is not the very chunk that was sealed in this place.
    func open(_ sealed: [UInt8], counter: UInt64, isLast: Bool, path: String) throws(BundleError) -> [UInt8] {
        guard let plain = chunks.open(sealed, counter: counter, isLast: isLast) else {
            throw BundleError(
                .sealBroken, path, "the sealed file was changed on disk", hint: "collect again in another --work-dir")
        }
        return plain
    }
}
