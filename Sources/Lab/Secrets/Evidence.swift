/// A fact of the failure that every bundle must still show after redaction.
public struct Evidence: Sendable, Codable {
    /// What it is, in kebab case.
    public let name: String
    /// The text as it stands in its source, a JSON answer's with JSON's escapes.
    public let value: String
    /// The item kinds in which it should be found; `curl-answer` is the router's answer where it was recorded.
    public let items: [String]
}
