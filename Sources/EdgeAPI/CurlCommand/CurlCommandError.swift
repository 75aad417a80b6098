/// Why a curl command cannot be used. Names options and places, never values.
public struct CurlCommandError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        case empty
        case tooLong
        /// The first word is not curl.
        case notCurl
        case unterminatedQuote
        /// A variable, command substitution or process substitution that only a shell could fill in.
        case expansion(String)
        /// A shell operator in the middle of the command, most often an unquoted `&` in a URL.
        case shellOperator(String)
        case severalCommands
        case unknownOption(String)
        /// curl knows it, a single plain HTTP request does not need it or must not have it.
        case unsupportedOption(String)
        case missingValue(String)
        case invalidValue(String)
        /// The option reads a file, and the caller allowed none.
        case fileNotAllowed(String)
        case fileNotReadable(String)
        /// `-u name` without a password: curl would ask for it.
        case passwordMissing
        case noURL
        case severalURLs
        case invalidURL
    }

    public let code: Code
    /// 1-based line and column (in bytes) of the text; 0 where no place is to blame.
    public let line: Int
    public let column: Int
    public let reason: String
    public let hint: String

    init(_ code: Code, at position: TextPosition? = nil, _ reason: String, hint: String) {
        self.code = code
        line = position?.line ?? 0
        column = position?.column ?? 0
        self.reason = reason
        self.hint = hint
    }

    public static func == (left: CurlCommandError, right: CurlCommandError) -> Bool { left.code == right.code }

    public var description: String {
        line > 0 ? "curl command, line \(line), column \(column): \(reason)" : "curl command: \(reason)"
    }
}

/// A place in the text of a command.
struct TextPosition: Sendable, Equatable {
    var line: Int
    var column: Int

    /// The place of a byte.
    init(of offset: Int, in text: [UInt8]) {
        let before = text.prefix(max(0, offset))
        line = before.count { $0 == 10 } + 1
        column = before.count - (before.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
    }
}

/// One word of a command with the place in bytes where it begins.
struct CommandWord: Sendable, Equatable {
    var bytes: [UInt8]
    var offset: Int
}
