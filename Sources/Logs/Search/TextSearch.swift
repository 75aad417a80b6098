extension FailureSignature {
    /// Whether a text outside of the logs shows it, such as an error message that a person has saved.
    public func isShown(by text: [UInt8]) -> Bool { SignatureMatcher([self]).match(text.span) != nil }
}

/// Finds words in texts.
public enum TextSearch {
    /// Where a word stands first, from `start` on.
    public static func firstIndex(of word: [UInt8], in text: [UInt8], from start: Int = 0) -> Int? {
        text.span.firstIndex(of: word, from: start)
    }
}
