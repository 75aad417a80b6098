/// What a redaction did to one input: counts only, never a value.
public struct RedactionSummary: Sendable {
    /// How often each rule removed something.
    public var findings: [String: Int] = [:]
    /// The format that was assumed, after sniffing.
    public var format: ContentFormat
    public var bytesIn = 0
    public var bytesOut = 0
    /// What a reader of the result should know, such as an input cut short.
    public var notes: [String] = []
    /// True if the output lacks a part of the input that could not be read; the notes say which.
    public var isPartial = false
    /// Why the whole input was withheld; the output is then empty.
    public var withheld: String?

    public init(format: ContentFormat) {
        self.format = format
    }

    /// All removals together.
    public var total: Int { findings.values.reduce(0, +) }

    /// Adds the counts and notes of a part, such as an archive's entry.
    mutating func add(_ part: RedactionSummary, of name: String) {
        findings.merge(part.findings, uniquingKeysWith: +)
        notes += part.notes.map { "\(name): \($0)" }
        isPartial = isPartial || part.isPartial
    }
}

/// Where a secret was found. Lines and columns count from 1; a column is a byte.
public struct Finding: Sendable, Hashable {
    public let line: Int
    public let column: Int
    public let rule: String

    public init(line: Int, column: Int, rule: String) {
        self.line = line
        self.column = column
        self.rule = rule
    }
}
