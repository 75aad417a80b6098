internal import Platform
internal import Subprocess
internal import SystemPackage

/// Asks gcloud for a token.
enum GcloudToken {
    private static let seconds = 60

    static func read() async throws(AttachError) -> Secret {
        let subject = "gcloud auth print-access-token"
        let hint = "log in with `gcloud auth login`, or give --token-file or --service-account-file"
        do {
            let bytes = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                group.addTask {
                    let result = try await Subprocess.run(
                        .name("gcloud"), arguments: ["auth", "print-access-token", "--quiet"], input: .none,
                        output: .bytes(limit: 65_536), error: .discarded)
                    guard case .exited(0) = result.terminationStatus else { return [] }
                    return result.standardOutput
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(seconds))
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
            guard let bytes else { throw AttachError(.failed, subject, "gave no answer", hint: hint) }
            let token = bytes.prefix { $0 > 0x20 && $0 < 0x7F }
            guard !token.isEmpty else { throw AttachError(.failed, subject, "gave no token", hint: hint) }
            return Secret(Array(token))
        } catch let error as AttachError {
            throw error
        } catch {
            throw AttachError(.failed, subject, "can't be run", hint: hint)
        }
    }
}
