/// Tells a value from the sentence that goes on behind a secret's name.
extension Inspector {
    private static let longestNumber = 7

    /// `12 bytes`, `3 checked`, `12 fail: 0`: a number that counts; `header not found`, `check failed for`: a small word
    /// with two more behind it, the first of which says something of it.
    func isSentence(_ extent: Extent) -> Bool {
        let (start, end) = (extent.start, extent.end)
        guard end - start <= 16, window[end].isBlank else { return false }
        let next = word(from: window.skipBlanks(end))
        guard !next.isEmpty else { return false }
        if end - start <= Self.longestNumber, (start..<end).allSatisfy({ window[$0].isDigit || window[$0] == .dot }) {
            return Self.counted.contains(in: window, next.lowerBound, next.upperBound)
        }
        guard (start..<end).allSatisfy({ window[$0].isLower }) else { return false }
        let isLast = window[next.upperBound].isLineBreak || window[next.upperBound] == 0
        if isLast,
            Self.verbs.contains(in: window, next.lowerBound, next.upperBound)
                || rules.judgement.labels.contains(in: window, start, end)
        {
            return true
        }
        guard window[next.upperBound] == .space else { return false }
        let second = word(from: next.upperBound + 1)
        guard !second.isEmpty, !window[second.upperBound].isName, window[second.upperBound] != .equals,
            window[second.upperBound] != .colon
        else { return false }
        // `password check failed`: the name of a secret is hardly one.
        return Self.verbs.contains(in: window, next.lowerBound, next.upperBound)
            || rules.judgement.labels.contains(in: window, start, end)
    }

    /// Words that say something of the word before, and never follow a password that somebody quotes.
    private static let verbs = WordSet([
        "not", "by", "failed", "fails", "found", "was", "is", "are", "were", "denied", "cannot", "could", "missing",
        "required", "has", "had", "must", "should", "does", "did", "will", "expired", "changed", "mismatch",
    ])

    private func word(from start: Int) -> Range<Int> {
        var end = start
        while window[end].isLetter, end - start < 24 { end += 1 }
        return start..<end
    }

    /// What is counted or measured beside a name such as `pass`.
    private static let counted = WordSet([
        "bytes", "byte", "s", "ms", "sec", "secs", "second", "seconds", "min", "minute", "minutes", "h", "hours",
        "days",
        "chars", "characters", "fail", "failed", "failures", "skip", "skipped", "error", "errors", "checked", "found",
        "tests", "entries", "items", "attempts", "times", "total", "rows", "rules", "users", "accounts", "keys",
        "passed",
    ])

    /// True if the name is a part of an identifier of a resource: `arn:aws:secretsmanager:…:secret:name`.
    func isInResourceName(_ start: Int) -> Bool {
        // The annotation of a deployment that tells whether it changed: `checksum/secret`.
        if window[start - 1] == .slash, window.endsFolded("checksum/", before: start) { return true }
        guard window[start - 1] == .colon else { return false }
        var first = start - 1
        while start - first < 160,
            window[first - 1].isName || window[first - 1] == .colon || window[first - 1] == .slash
        {
            first -= 1
        }
        return window.hasFolded("arn:", at: first)
    }
}
