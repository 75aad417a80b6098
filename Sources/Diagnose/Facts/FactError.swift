/// A file of a bundle from which no facts can be read.
public struct FactError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The file is not of the kind that was expected.
        case unexpectedFormat
        /// The management API answered with an error instead.
        case apiError
        /// No XML, JSON or zip, or a damaged one.
        case damaged
    }

    public let code: Code
    /// What was read, such as `target endpoint apiproxy/targets/default.xml`.
    public let subject: String
    public let reason: String
    public let hint: String?

    init(_ code: Code, _ subject: String, _ reason: String, hint: String? = nil) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.hint = hint
    }

    public var description: String { "\(subject): \(reason)" }
}
