/// What a redaction could not do, on what, and what helps. It never holds a byte of the content.
public struct RedactionError: Error, Sendable, CustomStringConvertible {
    /// Stable names of what can go wrong.
    public enum Code: String, Sendable {
        /// A rule file can't be read as rules.
        case badRule
        /// The fingerprint key has the wrong length.
        case badKey
        /// A pseudonym map can't be opened or sealed.
        case badMap
        /// The stream was already finished.
        case streamFinished
        /// The content can't be redacted; nothing of it was passed on.
        case withheld
    }

    public let code: Code
    /// What it happened to: a file name, a rule id, a level.
    public let subject: String
    public let reason: String
    /// What to do about it, if something helps.
    public let hint: String?

    public init(_ code: Code, subject: String, reason: String, hint: String? = nil) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.hint = hint
    }

    public var description: String { "\(subject): \(reason)" }
}
