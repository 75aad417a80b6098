internal import Crypto

/// Keys of markers.
public enum PseudonymKey {
    /// 32 bytes out of key material of any length (HKDF-SHA-256, RFC 5869), so that a key file may hold any text.
    public static func derived(from material: [UInt8]) -> [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: material), info: Array("apigee-collect pseudonym key v1".utf8),
            outputByteCount: 32
        ).bytes
    }
}

extension PseudonymKey {
    /// 32 random bytes, for runs that no other has to agree with.
    public static func random() -> [UInt8] { Identifier.randomKey() }
}
