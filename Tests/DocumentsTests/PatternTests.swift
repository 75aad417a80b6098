import Documents
import Foundation
import Testing

@Suite struct PatternTests {
    static let patterns = [
        "^[a-z0-9]+(-[a-z0-9]+)*$", "^([0-9a-f]{64})?$", "a|bc|", "^(a|b)*c$", "x{2,3}y?", "^$", "[^a-c]$",
        "\\d+\\.\\w",
        "(^|/)\\.\\.?(/|$)", "^[^/\\\\\\u0000-\\u001f]+$", "^(?:ab){2,}$", ".", "a{0}b", "^[-a]+$", "^[a-]+$", "\\s",
        "^[0-9]{4}-[0-9]{2}T(Z|[+-][0-9]{2}:?[0-9]{2})$",
    ]
    static let texts = [
        "", "a", "b", "c", "abc", "bc", "a-b", "a--b", "-a", "aabbc", "xx", "xxxy", "xy", "1.a", "12.", "..", "a/../b",
        "a/.b", "./", "abab", "ababa", "2026-11T+01:00", "2026-11TZ", "a\tb", "a\u{1}b", "é", "a b", "\\",
        String(repeating: "0f", count: 32),
    ]

    @Test(arguments: patterns)
    func agreesWithFoundation(pattern: String) throws {
        let ours = try Pattern(pattern)
        let theirs = try NSRegularExpression(pattern: pattern)
        for text in Self.texts {
            let expected = theirs.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
            #expect(ours.occurs(in: text) == expected, "\(pattern) on '\(text)'")
        }
    }

    @Test(arguments: [
        "(", ")", "a)", "[a", "*", "a**", "a*?", "a{2", "a{3,2}", "a{999}", "(?=a)", "(?<n>a)", "\\1", "\\p{L}", "\\b",
        "[z-a]",
        "[\\d-z]", "a\\", "(((((((a{200}){200}))))))", "\\u12", "{",
    ])
    func refusesWhatItCannotCheck(pattern: String) {
        let error = #expect(throws: DocumentError.self) { try Pattern(pattern) }
        #expect(error?.code == .unsupported)
    }

    /// A backtracking matcher would not come back from this.
    @Test func staysLinear() throws {
        let pattern = try Pattern("^(a*)*(a|aa)*b$")
        #expect(!pattern.occurs(in: String(repeating: "a", count: 20_000)))
    }
}
