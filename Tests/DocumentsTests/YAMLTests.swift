import Documents
import Testing

@Suite struct YAMLTests {
    private func parse(_ text: String) throws(DocumentError) -> YAMLNode {
        try YAMLNode(parsing: Array(text.utf8), name: "rules.yaml")
    }

    @Test func readsNodesWithTheirPlaces() throws {
        let root = try parse("# head\nid: one\nlist:\n  - a\n  - 'b: c'\n  - |\n    two\n    lines\nnested: {x: 1}\n")
        #expect(root.kind == .mapping)
        #expect(root.line == 2)
        #expect(root["id"]?.scalar == "one")
        #expect(root["list"]?.sequence?.map(\.scalar) == ["a", "b: c", "two\nlines\n"])
        #expect(root["list"]?.sequence?.map(\.style) == [.plain, .quoted, .block])
        #expect(root["list"]?[1]?.line == 5)
        #expect(root["list"]?[1]?.column == 5)
        #expect(root["nested"]?["x"]?.int == 1)
        #expect(root.nearest(pointer: "/list/2/none").line == 6)
    }

    @Test(arguments: [
        ("~", JSONValue.null), ("", .null), ("null", .null), ("'null'", "null"), ("true", true), ("'true'", "true"),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("12", 12), ("-3", -3), ("0o17", 15), ("0xFF", 255),
        ("0x-1", "0x-1"),
        ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), (".inf", ".inf"), (".nan", ".nan"), ("0x1p3", "0x1p3"),
        ("1_000", "1_000"), ("12:30", "12:30"), ("!!str 12", "12"), ("e", "e"), (".", "."), ("'-'", "-"),
        ("1.2.3", "1.2.3"), ("99999999999999999999", 1e20),
    ])
    func resolvesScalarsByTheCoreSchema(text: String, expected: JSONValue) throws {
        #expect(try parse("v: \(text)").jsonValue["v"] == expected)
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", DocumentError.Code.duplicateKey, 3),
        ("a: &x 1\nb: *x\n", .refused, 1),
        ("a: 1\nb: *x\n", .refused, 2),
        ("a: !!binary aGk=\n", .refused, 1),
        ("a: !ruby/object {}\n", .refused, 1),
        ("? [a, b]\n: 1\n", .refused, 1),
        ("a: 1\n---\nb: 2\n", .refused, 2),
        ("a: [1\nb: 2\n", .syntax, 2),
        ("a: \"x\n", .syntax, 2),
        ("\ta: 1\n", .syntax, 1),
        ("a: b: c\n", .syntax, 1),
    ])
    func refusesWithTheLine(text: String, code: DocumentError.Code, line: Int) {
        let error = #expect(throws: DocumentError.self) { try parse(text) }
        #expect(error?.code == code)
        #expect(error?.line == line)
        #expect(error?.description.hasPrefix("rules.yaml:\(line):") == true)
    }

    @Test func refusesOtherEncodings() {
        for bytes in [[0x61, 0x3A, 0x20, 0xFF], [0x61, 0x3A, 0x20, 0xC3], [0x61, 0x00]] as [[UInt8]] {
            let error = #expect(throws: DocumentError.self) { try YAMLNode(parsing: bytes, name: "x") }
            #expect(error?.code == .encoding || error?.code == .syntax)
        }
    }

    @Test func boundsDepthSizeAndParts() {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        let wide = "[" + Array(repeating: "1", count: 1000).joined(separator: ",") + "]"
        for (text, limits) in [
            (deep, DocumentLimits.yaml), (wide, DocumentLimits(maxBytes: 1 << 20, maxDepth: 9, maxNodes: 999)),
            (wide, DocumentLimits(maxBytes: 1999, maxDepth: 9, maxNodes: 9999)),
        ] {
            let error = #expect(throws: DocumentError.self) {
                try YAMLNode(parsing: Array(text.utf8), name: "x", limits: limits)
            }
            #expect(error?.code == .limit)
        }
        #expect(throws: DocumentError.self) { try parse(String(repeating: "[", count: 100_000)) }
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "---\n...\n"])
    func readsNothingAsNull(text: String) throws {
        #expect(try parse(text).jsonValue == .null)
    }

    @Test func survivesDamage() {
        let text = Array("id: x\nlist:\n  - {a: 1, b: [c, \"d\\u00e9\"]}\n  - |\n    text\nend: !!str 5\n".utf8)
        for end in text.indices { _ = try? YAMLNode(parsing: Array(text[..<end]), name: "x") }
        for _ in 0..<3000 {
            var damaged = text
            for _ in 0..<3 { damaged[Int.random(in: text.indices)] = UInt8.random(in: 0...255) }
            _ = try? YAMLNode(parsing: damaged, name: "x")
        }
    }
}
