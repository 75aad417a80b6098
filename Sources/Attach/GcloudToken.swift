internal import Platform

/// Asks gcloud for a token.
enum GcloudToken {
    static func read() async throws(AttachError) -> Secret {
        let arguments = ["auth", "print-access-token", "--quiet"]
        guard let bytes = try? await SmallTool.run("gcloud", arguments) else {
            throw failure("can't be run, or gave no answer")
        }
        let token = bytes.prefix { $0 > 0x20 && $0 < 0x7F }
        guard !token.isEmpty else { throw failure("gave no token") }
        return Secret(Array(token))
    }

    private static func failure(_ reason: String) -> AttachError {
        AttachError(
            .failed, "gcloud auth print-access-token", reason,
            hint: "log in with `gcloud auth login`, or give --token-file or --service-account-file")
    }
}
