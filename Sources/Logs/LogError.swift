/// Why a log could not be opened, read or understood.
public struct LogError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The caller's `open` failed.
        case cannotOpen
        /// `read` failed in the middle of a file.
        case cannotRead
        /// A compressed file is cut off or broken; what came before it was read.
        case damaged
        /// A point in time that a person typed is not understood.
        case badTime
    }

    public let code: Code
    /// The file, or the text that was typed.
    public let subject: String
    public let reason: String
    /// What the reader can do about it.
    public let hint: String?

    public init(_ code: Code, subject: String, reason: String, hint: String? = nil) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.hint = hint
    }

    public var description: String {
        let what =
            switch code {
            case .cannotOpen: "cannot open log"
            case .cannotRead: "cannot read log"
            case .damaged: "log is damaged"
            case .badTime: "cannot understand the time"
            }
        return "\(what) '\(harmless(subject, maxLength: 400))': \(reason)"
    }
}
