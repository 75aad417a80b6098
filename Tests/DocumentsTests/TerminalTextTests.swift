import Documents
import Testing

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain text", "plain text"), ("a\nb\tc\r\nd", "a b c  d"), ("\u{1B}[31mred", "\u{FFFD}[31mred"),
        ("a\u{202E}b\u{2066}c", "a\u{FFFD}b\u{FFFD}c"), ("a\u{200B}b\u{FEFF}c", "a\u{FFFD}b\u{FFFD}c"),
        ("a\u{2028}b\u{2029}c", "a b c"), ("\u{9B}31m", "\u{FFFD}31m"), ("\u{E0041}", "\u{FFFD}"), ("\0", "\u{FFFD}"),
        ("Grüße, 世界", "Grüße, 世界"), ("שלום", "שלום"), ("a\u{3164}b", "a\u{FFFD}b"),
    ])
    func takesOutWhatMovesOrHides(text: String, expected: String) {
        #expect(TerminalText.harmless(text) == expected)
    }

    @Test func cutsToColumns() {
        #expect(TerminalText.harmless("abcdef", maxColumns: 6) == "abcdef")
        #expect(TerminalText.harmless("abcdefg", maxColumns: 6) == "abcde…")
        #expect(TerminalText.harmless("世界世界", maxColumns: 6) == "世界…")
        #expect(TerminalText.harmless("abc", maxColumns: 0) == "")
        #expect(
            TerminalText.columns(TerminalText.harmless(String(repeating: "x", count: 1_000_000), maxColumns: 80)) == 80)
        let marked = "e" + String(repeating: "\u{301}", count: 1000)
        #expect(TerminalText.harmless(marked).unicodeScalars.count <= 4)
    }

    @Test func splitsLines() {
        #expect(TerminalText.harmlessLines("a\r\nb\n\u{1B}c") == ["a", "b", "\u{FFFD}c"])
        #expect(TerminalText.harmlessLines("1\n2\n3", maxLines: 2) == ["1", "2"])
    }
}
