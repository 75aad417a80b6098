import Documents
import Testing

@Suite struct SchemaTests {
    private func paths(_ schema: JSONValue, _ document: JSONValue) throws -> [String] {
        try SchemaValidator(schema: schema).violations(of: document).map(\.path)
    }

    @Test(
        arguments: [
            (["type": "string"], "x", []), (["type": "string"], 1, [""]), (["type": ["string", "null"]], nil, []),
            (["type": "number"], 1, []), (["type": "integer"], 1.0, []), (["type": "integer"], 1.5, [""]),
            (["enum": ["a", 1]], 1.0, []), (["enum": ["a"]], "b", [""]), (["const": ["a": 1]], ["a": 1.0], []),
            (["minimum": 2, "maximum": 3], 2, []), (["minimum": 2], 1, [""]), (["exclusiveMaximum": 2], 2, [""]),
            (["minLength": 2], "é", [""]), (["maxLength": 2], "éé", []), (["pattern": "^a+$"], "b", [""]),
            (["items": ["type": "string"]], ["a", 1, "b", 2], ["/1", "/3"]),
            (["prefixItems": [["type": "string"]], "items": ["type": "integer"]], ["a", 1, "b"], ["/2"]),
            (["minItems": 1], [], [""]), (["uniqueItems": true], [1, 2, 1], ["/2"]),
            (["required": ["a", "b"]], ["a": 1], [""]),
            (["properties": ["a/b": ["type": "string"]]], ["a/b": 1, "c": 2], ["/a~1b"]),
            (["properties": ["a": true], "additionalProperties": false], ["a": 1, "b": 2], ["/b"]),
            (["additionalProperties": ["type": "integer"]], ["a": 1, "b": "x"], ["/b"]),
            (["propertyNames": ["pattern": "^[a-z]$"]], ["a": 1, "B": 2], ["/B"]),
            (["anyOf": [["type": "string"], ["minimum": 5]]], 7, []), (["not": ["const": 1]], 1, [""]),
            (["oneOf": [["type": "integer"], ["minimum": 5]]], 7, [""]),
            (["allOf": [["minimum": 5], ["maximum": 3]]], 4, ["", ""]),
            (false, 1, [""]), (true, 1, []),
        ] as [(JSONValue, JSONValue, [String])])
    func checks(schema: JSONValue, document: JSONValue, expected: [String]) throws {
        #expect(try paths(schema, document) == expected)
    }

    @Test func followsReferencesInCircles() throws {
        let tree: JSONValue = [
            "$ref": "#/$defs/node",
            "$defs": [
                "node": ["type": "object", "properties": ["next": ["$ref": "#/$defs/node"]], "required": ["id"]]
            ],
        ]
        #expect(try paths(tree, ["id": 1, "next": ["id": 2, "next": ["x": 3]]]) == ["/next/next"])
        #expect(try !paths(["$ref": "#"], 1).isEmpty)
        #expect(try !paths(["anyOf": [["$ref": "#"], ["$ref": "#"]]], 1).isEmpty)
    }

    @Test(
        arguments: [
            ["format": "uuid"], ["patternProperties": [:]], ["if": true], ["type": "text"], ["pattern": "(?=a)"],
            ["$ref": "other.json"], ["$ref": "#/$defs/none"], ["items": 3], ["minLength": -1],
            ["$defs": ["a": ["typ": "x"]]],
        ] as [JSONValue])
    func refusesWhatItCannotCheck(schema: JSONValue) {
        let error = #expect(throws: DocumentError.self) { try SchemaValidator(schema: schema) }
        #expect(error?.code == .unsupported)
    }

    @Test func namesTheLineOfAYAMLDocument() throws {
        let schema: JSONValue = [
            "properties": [
                "steps": ["items": ["required": ["id"], "additionalProperties": false, "properties": ["id": true]]]
            ]
        ]
        let document = try YAMLNode(
            parsing: Array("a: 1\nsteps:\n  - id: x\n  - {id: y, titel: z}\n".utf8), name: "p.yaml")
        let found = try #require(try SchemaValidator(schema: schema).violations(of: document).first)
        #expect(found.path == "/steps/1/titel")
        #expect(found.line == 4)
        #expect(found.description == "line 4, /steps/1/titel: is no key of this mapping (known: id)")
    }

    @Test func doesNotQuoteTheValue() throws {
        let validator = try SchemaValidator(schema: ["type": "integer", "pattern": "^a$"])
        for found in validator.violations(of: "hunter2-secret") { #expect(!found.reason.contains("hunter2")) }
    }

    @Test func stopsAtEnoughViolations() throws {
        let many = JSONValue.array(Array(repeating: "x", count: 10_000))
        #expect(try paths(["items": ["type": "integer"]], many).count == SchemaValidator.maxViolations)
    }
}
