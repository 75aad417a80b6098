internal import FoundationEssentials
internal import Glibc
internal import Platform
internal import SystemPackage

/// RSA signatures by openssl(1): code for RSA in this program would be larger than all the rest of `attach`.
///
/// The key goes to it over a pipe. What is signed is no secret and waits in a file for its owner alone.
enum RSASignature {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RS256).
    static func sign(_ text: String, key: Secret) async throws(AttachError) -> [UInt8] {
        let subject = "--service-account-file"
        var name = Array("\(environment("TMPDIR") ?? "/tmp")/apigee-collect-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { throw AttachError(.failed, subject, "no temporary file can be made") }
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(descriptor)
            unsafe unlink(path)
        }
        do {
            try FileDescriptor(rawValue: descriptor).writeAll(text.utf8)
            let signature = try await SmallTool.run(
                "openssl", ["dgst", "-sha256", "-sign", "/dev/stdin", path], input: key.withBytes { $0 })
            guard let signature, !signature.isEmpty else {
                throw AttachError(.usage, subject, "its private key can't be used")
            }
            return signature
        } catch let error as AttachError {
            throw error
        } catch {
            throw AttachError(.failed, subject, "openssl can't be run to sign with it", hint: "install openssl")
        }
    }
}
