/// Why a collection, or a part of it, could not be done.
public struct CollectError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The command line or a file it names is wrong (exit code 2).
        case usage
        /// Nothing usable could be written (exit code 1).
        case failed
        /// Refused for safety (exit code 5).
        case refused
        /// A tool, a right or an answer that is needed is not there.
        case unavailable
        /// The time or size given was used up.
        case limit
        case interrupted
    }

    public let code: Code
    public let subject: String
    public let reason: String
    public let hint: String?

    public init(_ code: Code, _ subject: String, _ reason: String, hint: String? = nil) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.hint = hint
    }

    public var description: String { subject.isEmpty ? reason : "\(subject): \(reason)" }
}
