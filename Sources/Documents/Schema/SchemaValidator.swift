/// One place where a document doesn't follow its schema.
public struct SchemaViolation: Equatable, Sendable, CustomStringConvertible {
    /// JSON pointer (RFC 6901) to the value; empty for the whole document.
    public var path: String
    /// What is wrong with it; never the value itself.
    public var reason: String
    /// 1-based; known for YAML documents only.
    public var line: Int?
    public var column: Int?

    public var description: String {
        let place = line.map { "line \($0), " } ?? ""
        return "\(place)\(path.isEmpty ? "the document" : TerminalText.harmless(path)): \(reason)"
    }
}

/// Checks documents against a schema of a part of JSON Schema 2020-12.
///
/// Keywords: `type` `enum` `const` `properties` `required` `additionalProperties` `propertyNames` `minProperties`
/// `maxProperties` `items` `prefixItems` `minItems` `maxItems` `uniqueItems` `minLength` `maxLength` `pattern` (see
/// `Pattern`) `minimum` `maximum` `exclusiveMinimum` `exclusiveMaximum` `allOf` `anyOf` `oneOf` `not` `$ref` (within
/// the document) `$defs`, and annotations.
public struct SchemaValidator: Sendable {
    private let rules: [SchemaRules]
    /// More violations than a person reads are not looked for.
    public static let maxViolations = 50

    /// - Throws: `DocumentError` with `unsupported` for a keyword, pattern or reference that can't be checked.
    public init(schema: JSONValue, name: String = "schema") throws(DocumentError) {
        var compiler = SchemaCompiler(schema, name: name)
        try compiler.compileAll()
        rules = compiler.rules
    }

    /// Reads the schema from its JSON text.
    public init(schema bytes: [UInt8], name: String = "schema") throws(DocumentError) {
        try self.init(schema: JSONValue(parsing: bytes, name: name), name: name)
    }

    /// What is wrong with the document; empty when it is valid.
    public func violations(of document: JSONValue) -> [SchemaViolation] {
        var run = SchemaRun(rules: rules)
        run.check(document, against: 0, at: "", depth: 0)
        return run.violations
    }

    /// The same for a YAML document, with lines.
    public func violations(of document: YAMLNode) -> [SchemaViolation] {
        violations(of: document.jsonValue).map { found in
            let node = document.nearest(pointer: found.path)
            var placed = found
            placed.line = node.line
            placed.column = node.column
            return placed
        }
    }
}
