/// A log that could not be read, or not to its end.
public struct LogProblem: Sendable, Equatable {
    public let path: String
    public let reason: String
    public let hint: String?

    init(_ error: LogError) {
        path = error.subject
        reason = "\(error)"
        hint = error.hint
    }

    init(path: String, reason: String, hint: String? = nil) {
        self.path = path
        self.reason = reason
        self.hint = hint
    }
}
