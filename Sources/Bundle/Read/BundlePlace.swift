internal import Crypto
internal import SystemPackage

/// A bundle where it lies: one file, or parts; plain or encrypted; perhaps with a signature beside it.
struct BundlePlace {
    /// Of the whole: where the parts are joined to.
    let whole: FilePath
    /// The parts of a split bundle.
    let parts: [FileBytes]
    /// As it was sent: encrypted, if it is.
    let outer: any BundleBytes
    let isEncrypted: Bool

    /// - Parameter path: of the bundle, of one of its parts, or of the list of their check sums.
    /// - Throws: ``BundleError`` `.notFound`, `.denied`, `.unsafePlace` if it is no regular file.
    init(_ path: FilePath) throws(BundleError) {
        if let whole = BundleParts.whole(of: path) {
            self.whole = whole
            parts = try BundleParts.open(whole)
            outer = JoinedBytes(parts)
        } else {
            whole = path
            parts = []
            outer = try FileBytes(path: path)
        }
        isEncrypted = try AgeBytes.recognizes(outer)
    }

    /// What is wrong with the parts of a split bundle.
    func partProblems() throws(BundleError) -> [String] {
        parts.isEmpty ? [] : try BundleParts.problems(whole, parts)
    }

    /// Looks at the signature beside it; nil where there is none.
    /// - Throws: ``BundleError`` `.badSignature` for one that is damaged or not of this bundle.
    func signature(_ allowed: AllowedSigners?) throws(BundleError) -> VerifyReport.Signature? {
        let path = suffixed(whole, ".sig")
        let file: FileBytes
        do throws(BundleError) {
            file = try FileBytes(path: path)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        guard file.count <= 1 << 16 else { throw BundleError(.badSignature, path.string, "is far too large") }
        let signature = try SSHSignature(armored: file.read(at: 0, upTo: file.count), name: path.string)
        let digest: [UInt8]
        if signature.hashName == "sha256" {
            var hash = SHA256()
            try BundleDelivery.forEachBlock(of: outer) { hash.update(data: $0) }
            digest = Array(hash.finalize())
        } else {
            digest = try BundleDelivery.sha512(outer)
        }
        guard signature.isRight(digest: digest) else {
            throw BundleError(.badSignature, path.string, "is not a signature of this bundle")
        }
        let principals = allowed?.principals(of: signature.key)
        if allowed != nil, principals == nil {
            throw BundleError(
                .badSignature, path.string,
                "is by the key \(signature.key.fingerprint), which the allowed signers don't name")
        }
        return VerifyReport.Signature(key: signature.key.fingerprint, principals: principals)
    }
}
