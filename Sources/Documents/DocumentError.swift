/// Why a document could not be read, and where.
///
/// The texts quote names and positions, never values of the document: a value may be a secret.
public struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of failure, for callers that decide on it.
    public enum Code: String, Sendable {
        /// The text is not in the format that was promised.
        case syntax
        /// The bytes are not valid in the document's encoding.
        case encoding
        /// Too big, too deep or too many parts.
        case limit
        /// Well formed, but using a feature that is refused: entities, aliases, foreign tags.
        case refused
        /// The same key twice in one mapping, where that is an error.
        case duplicateKey
        /// A schema or page template that is itself wrong, or asks for what is not supported.
        case unsupported
        /// A page template was given a value of the wrong kind, or none.
        case value
    }

    public var code: Code
    /// The document's name, as a person knows it: a path or a kind such as `JSON`.
    public var document: String
    /// 1-based; 0 when unknown.
    public var line: Int
    /// 1-based, in bytes; 0 when unknown.
    public var column: Int
    /// What is wrong, lower case, without full stop.
    public var reason: String
    /// What to do about it, where there is something to do.
    public var hint: String?

    public init(
        _ code: Code, in document: String, line: Int = 0, column: Int = 0, reason: String, hint: String? = nil
    ) {
        self.code = code
        self.document = document
        self.line = line
        self.column = column
        self.reason = reason
        self.hint = hint
    }

    /// `document:line:column: reason`, as compilers print it.
    public var description: String {
        var place = document
        if line > 0 { place += ":\(line)" }
        if line > 0 && column > 0 { place += ":\(column)" }
        return "\(place): \(reason)"
    }
}
