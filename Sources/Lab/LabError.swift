/// Why the lab couldn't be started or played.
public struct LabError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case commandFailed, commandMissing, engineFailed, timeout, fileSystem, badOption
    }

    public let code: Code
    /// What it failed on: a command, a path, an option.
    public let subject: String
    public let reason: String
    public let hint: String?

    init(_ code: Code, _ subject: String, _ reason: String, hint: String? = nil) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.hint = hint
    }

    public var description: String {
        "\(subject): \(reason)" + (hint.map { " (\($0))" } ?? "")
    }
}
