import Redact
import Testing

/// Values that were cut off before their closing mark: what is around them must stay whole.
@Suite struct TruncatedTests {
    static let cuts: [(ContentFormat, String)] = [
        (
            .xml,
            "<Message><Content>{\"access_token\":\"‹eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.dBjft...›</Content></Message>\n"
        ),
        (
            .xml,
            "<r><Content>{\"user\":\"bob\",\"password\":\"‹trunc-Pw-91...›</Content><Verb a=\"x\">POST</Verb></r>\n"
        ),
        (
            .log,
            "<r><Content>{\"user\":\"bob\",\"password\":\"‹trunc-Pw-92...›</Content><Verb a=\"x\">POST</Verb></r>\n"
        ),
        (
            .text,
            "<r><Content>{\"user\":\"bob\",\"password\":\"‹trunc-Pw-93›</Content>\n<Verb a=\"x\">POST</Verb></r>\n"
        ),
        (
            .xml,
            "<Message><Point><Content>{\"refresh_token\":\"‹a2F1ZGlvLXRva2VuLTkx›</Content><Headers/></Point></Message>\n"
        ),
        (.xml, "<r><Content>&lt;login&gt;&lt;password&gt;‹trunc-Xml-9›</Content><Verb>POST</Verb></r>\n"),
        (
            .xml,
            "<Set name=\"response.content\" value=\"{&quot;access_token&quot;:&quot;‹wqufA8x1Zk2›\" success=\"true\"/>\n"
        ),
        (
            .xml,
            "<r>\n<Set name=\"response.content\" value=\"{&quot;access_token&quot;:&quot;‹wqufA8x1Zk3›\" success=\"true\"/>\n<Set name=\"b\" value=\"&quot;c&quot;\"/>\n</r>\n"
        ),
        (.xml, "<Set value='{\"access_token\":\"‹DkA8x1Zk3aaa›' success='true'/>\n"),
        (.log, "<Set value='{\"access_token\":\"‹DkA8x1Zk3aab›' success=\"true\"/><b c=\"d\"/>\n"),
        (.xml, "<a><b>password: \"‹open-Q-991›</b><c>kept</c></a>\n"),
        (.xml, "<a v='password=\"‹open-A-991›' w='kept'/>\n"),
        (.xml, "<a v=\"curl -u &quot;bob:‹open-A-992›\" w=\"kept\"/>\n"),
        (.xml, "<a><b><![CDATA[{\"password\":\"‹trunc-Cd-1›]]></b><c d=\"e\"/></a>\n"),
        (.xml, "<a v=\"&lt;password&gt;‹open-X-992›\" w=\"kept\"/>\n"),
        (.json, "{\"body\":\"\\u003cpassword\\u003e‹open-U-992›\",\"n\":1}\n"),
        (.json, "{\"password\":\"‹<b>it's</b> x›\",\"n\":1}\n"),
        (.xml, "<a>{\"password\":\"‹x<![CDATA[a&b]]>›\"}</a>\n"),
        (.log, "request body='{\"password\":\"‹it's me›\"}' status=200\n"),
    ]

    @Test("what must go goes and its frame stays", arguments: cuts) func secrets(format: ContentFormat, text: String)
        throws
    {
        try MarkedText(text).check(format)
    }

    /// A list of the lines of a key stays a list.
    @Test("the lines of a key in a list of texts go one by one", arguments: ["\n", "\n  ", " ", ""])
    func linesOfAKey(gap: String) throws {
        let lines = ["-----BEGIN EC PRIVATE KEY-----"] + ShapeTests.key + ["-----END EC PRIVATE KEY-----"]
        let text = "{\"k\":[" + lines.map { "\"\($0)\"" }.joined(separator: "," + gap) + "],\"n\":1}\n"
        let output = string(try makeRedactor().text(Array(text.utf8), .json, chunk: 7))
        for line in ShapeTests.key { #expect(!output.contains(line), "\(output)") }
        #expect(
            output.hasSuffix("\"],\"n\":1}\n") && output.count { $0 == "\"" } == text.count { $0 == "\"" }, "\(output)")
        #expect(string(try makeRedactor().text(Array(output.utf8), .json)) == output)
    }

    /// Each line of a key in a record of its own, as containers log it: no line of it may stay.
    @Test("the lines of a key in records go", arguments: ["", "\\n"]) func recordsOfAKey(lineBreak: String) throws {
        let lines = ["-----BEGIN RSA PRIVATE KEY-----"] + ShapeTests.key + ["-----END RSA PRIVATE KEY-----"]
        let text = lines.map { "{\"log\":\"\($0)\(lineBreak)\", \"stream\":\"stdout\"}\n" }.joined()
        let output = string(try makeRedactor().text(Array(text.utf8), .json))
        for line in ShapeTests.key { #expect(!output.contains(line), "\(output)") }
        #expect(lineBreaks(Array(output.utf8)) == lineBreaks(Array(text.utf8)))
    }
}
