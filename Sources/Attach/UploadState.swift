internal import Crypto
internal import FoundationEssentials
internal import SupportBundle
internal import SystemPackage

/// What is known of an upload that is on its way, kept beside the bundle so that it goes on after a kill or a reboot.
///
/// The address of a session is in it, which lets whoever has it write that one object for a week: the file is readable
/// for its owner alone, and removed when all is sent.
struct UploadState: Codable, Equatable {
    struct Part: Codable, Equatable {
        var offset: Int
        var count: Int
        var filename: String
        /// Once the target has it: what the target calls it.
        var attachment: String?
        var isDone = false
    }

    var schema = 1
    /// Of the bundle.
    var sha256: String
    var bytes: Int
    /// SHA-256 of what tells targets apart.
    var target: String
    /// Of a resumable session.
    var session: String?
    var parts: [Part]

    static func path(_ bundle: String) -> String { bundle + ".upload" }

    static func key(_ target: AttachTarget) -> String {
        SHA256.hash(data: Array(target.identity.utf8)).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    /// The state of an earlier try for the same file, target and parts; nil if there is none.
    static func read(_ bundle: String) -> UploadState? {
        guard let bytes = SmallFile.read(path(bundle), limit: 1 << 20) else { return nil }
        return try? JSONDecoder().decode(UploadState.self, from: Data(bytes))
    }

    /// Writes it in one step.
    func write(_ bundle: String) throws(AttachError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let bytes = try? encoder.encode(self) else { return }
        try SmallFile.write(Array(bytes) + [0x0A], to: UploadState.path(bundle))
    }
}

/// Small files beside a bundle.
enum SmallFile {
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .noFollow]) else {
            return nil
        }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: limit)
        guard let count = try? unsafe bytes.withUnsafeMutableBytes({ unsafe try file.read(into: $0) }), count < limit
        else { return nil }
        return Array(bytes[..<count])
    }

    static func write(_ bytes: [UInt8], to path: String) throws(AttachError) {
        do throws(BundleError) {
            let file = try OutputFile(path: FilePath(path), replace: true)
            try file.write(bytes)
            try file.publish()
        } catch {
            throw AttachError(.failed, path, error.reason, hint: "the folder of the bundle must be writable")
        }
    }
}
