import Documents
import Testing

@Suite struct PageTemplateTests {
    private func render(
        _ template: String, _ values: PageValue, partials: [String: String] = [:]
    ) throws -> String {
        let page = try PageTemplate(
            parsing: Array(template.utf8), name: "page", partials: partials.mapValues { Array($0.utf8) })
        return String(decoding: try page.render(values), as: UTF8.self)
    }

    @Test(arguments: [
        ("a {{x}} b", "a &lt;b&gt;&amp;&quot;&#39; b"), ("{{ n }}", "7"), ("{{r.in}}", "deep"), ("{{! no }}x", "x"),
        ("{{#on}}yes{{/on}}{{^on}}no{{/on}}", "yes"), ("{{#off}}yes{{/off}}{{^off}}no{{/off}}", "no"),
        ("{{#none}}yes{{/none}}{{^none}}no{{/none}}", "no"), ("{{#l}}[{{.}}]{{/l}}", "[1][2]"),
        ("{{#rows}}{{a}}{{n}};{{/rows}}", "x7;y7;"), ("{{#empty}}x{{/empty}}", ""), ("{{#r}}{{in}}{{/r}}", "deep"),
        ("{{{m}}}", "<b>&lt;</b>"), ("{{m}}", "<b>&lt;</b>"), ("{{>p}}", "(7)"),
        ("<ul>\n  {{#l}}\n  <li>{{.}}\n  {{/l}}\n</ul>\n", "<ul>\n  <li>1\n  <li>2\n</ul>\n"),
        ("a\n{{! c }}\nb", "a\nb"), ("{{#on}} x {{/on}}\n", " x \n"), ("a { b } } {", "a { b } } {"),
    ])
    func renders(template: String, expected: String) throws {
        let markup = SafeMarkup(literal: "<b>") + SafeMarkup(escaping: "<") + SafeMarkup(literal: "</b>")
        let values: PageValue = [
            "x": "<b>&\"'", "n": 7, "on": true, "off": false, "empty": [], "l": [1, 2], "r": ["in": "deep"],
            "rows": [["a": "x"], ["a": "y"]], "m": .markup(markup),
        ]
        #expect(try render(template, values, partials: ["p": "({{n}})"]) == expected)
    }

    @Test(arguments: [
        ("a\n{{#x}}", 2), ("{{/x}}", 1), ("{{#a}}{{#b}}{{/a}}{{/b}}", 1), ("{{x", 1), ("\n\n{{a b}}", 3),
        ("{{>none}}", 1),
        ("{{}}", 1), ("{{a..b}}", 1),
    ])
    func refusesABrokenTemplate(template: String, line: Int) {
        let error = #expect(throws: DocumentError.self) { try render(template, [:]) }
        #expect(error?.code == .syntax)
        #expect(error?.line == line)
    }

    @Test(arguments: ["\n{{x}}", "\n{{l}}", "\n{{{t}}}", "\n{{r.none}}"])
    func refusesAValueOfTheWrongKind(template: String) {
        let error = #expect(throws: DocumentError.self) { try render(template, ["l": [1], "t": "text", "r": [:]]) }
        #expect(error?.code == .value)
        #expect(error?.line == 2)
    }

    @Test func boundsThePage() throws {
        let page = try PageTemplate(parsing: Array("{{#l}}xxxxxxxx{{/l}}".utf8), name: "page")
        let many = PageValue.list(Array(repeating: 1, count: 1000))
        #expect(throws: DocumentError.self) { try page.render(["l": many], maxBytes: 7999) }
        #expect(try page.render(["l": many], maxBytes: 8000).count == 8000)
        #expect(throws: DocumentError.self) { try render("{{>p}}", [:], partials: ["p": "{{>p}}"]) }
    }

    @Test func takesControlCharactersOut() {
        #expect(HTML.escaped("a\u{1B}\0\u{9B}\nb") == "a\u{FFFD}\u{FFFD}\u{FFFD}\nb")
    }
}
