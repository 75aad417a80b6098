import Redact
import Testing

/// Texts written by hand, with what must go in ‹ ›, in places that no generator thinks of.
@Suite struct WrittenTests {
    @Test(
        "secrets go, and nothing else",
        arguments: [
            WrittenCommands.texts, WrittenFiles.texts, WrittenTraffic.texts, WrittenPrograms.texts,
            WrittenSpeech.texts, WrittenTools.texts, WrittenLists.texts, WrittenNotes.texts,
            WrittenSettings.texts, WrittenMarks.texts,
        ]) func secrets(texts: [String]) throws
    {
        for text in texts {
            try MarkedText(text).check(.auto)
        }
    }

    @Test("a value that goes on behind a line break goes whole", arguments: ["\n", "\r\n"])
    func continued(lineBreak: String) throws {
        for text in ["a=b\npassword=Kw9\\\n   sQm2Z1\nx=y\n", "a=b\ndb.secret = Kw9\\\n\tsQ\\\n\tm2Z1\nx=y\n"] {
            let output = string(try makeRedactor().text(Array(text.replacing("\n", with: lineBreak).utf8)))
            #expect(!output.contains("Kw9") && !output.contains("sQ") && !output.contains("m2Z1"), "\(output)")
            #expect(output.hasPrefix("a=b" + lineBreak) && output.hasSuffix("x=y" + lineBreak), "\(output)")
            #expect(lineBreaks(Array(output.utf8)) == lineBreaks(Array(text.utf8)), "\(output)")
            #expect(string(try makeRedactor().text(Array(output.utf8))) == output)
        }
    }

    @Test("evidence stays to the byte") func evidence() throws {
        for text in WrittenEvidence.texts + WrittenSpeech.evidence + WrittenTools.evidence
            + WrittenLists.evidence + WrittenNotes.evidence + WrittenSettings.evidence + WrittenMarks.evidence
        {
            let output = string(try makeRedactor().text(Array(text.utf8)))
            #expect(output == text, "\(output)")
        }
    }
}
