/// A secret that was found with certainty, to be removed wherever else it occurs.
///
/// Printing one never shows its value.
public struct LearnedLiteral: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The rule that found it.
    public let rule: String
    /// The secret itself, escapes undone.
    public let value: [UInt8]

    public var description: String { "<secret of \(rule)>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
