/// Turns a schema document into rules. A keyword it doesn't know is an error, so that nothing is silently unchecked.
struct SchemaCompiler {
    private let root: JSONValue
    private let name: String
    private(set) var rules: [SchemaRules] = []
    /// Schemas that are compiled already, by their JSON pointer.
    private var places: [String: Int] = [:]
    private static let maxSchemas = 10_000

    /// Keywords that say nothing about what is valid.
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples", "deprecated",
    ]
    private static let typeNames: Set<String> = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ]

    init(_ root: JSONValue, name: String) {
        self.root = root
        self.name = name
    }

    /// Compiles the schema at the pointer, and the definitions beside it even where nothing refers to them.
    mutating func compileAll() throws(DocumentError) {
        _ = try compile(at: "")
        for key in root["$defs"]?.object?.keys ?? [] {
            _ = try compile(at: JSONPointer.appending(key, to: "/$defs"))
        }
    }

    private mutating func compile(at pointer: String) throws(DocumentError) -> Int {
        if let place = places[pointer] { return place }
        guard let schema = root.at(pointer: pointer) else { throw error(pointer, "there is no schema of that name") }
        guard rules.count < Self.maxSchemas else { throw error(pointer, "too many schemas") }
        let place = rules.count
        places[pointer] = place
        rules.append(SchemaRules())
        switch schema {
        case .bool(let valid):
            rules[place].never = !valid
        case .object(let keywords):
            for (keyword, value) in keywords {
                try apply(keyword, value, to: place, at: JSONPointer.appending(keyword, to: pointer))
            }
        default:
            throw error(pointer, "a schema is an object or a truth value")
        }
        return place
    }

    private mutating func apply(
        _ keyword: String, _ value: JSONValue, to place: Int, at pointer: String
    ) throws(DocumentError) {
        switch keyword {
        case "$ref":
            guard let target = value.string, target.hasPrefix("#") else { throw error(pointer, "refers outside") }
            rules[place].reference = try compile(at: String(target.dropFirst()))
        case "type":
            let types = Set(value.strings)
            guard !types.isEmpty, types.isSubset(of: Self.typeNames) else { throw error(pointer, "no such type") }
            rules[place].types = types
        case "enum":
            guard let values = value.array else { throw error(pointer, "a list is expected") }
            rules[place].allowed = values
        case "const":
            rules[place].allowed = [value]
        case "pattern":
            let text = try string(value, pointer)
            rules[place].pattern = try Pattern(text, document: "\(name)#\(pointer)")
            rules[place].patternText = text
        case "minLength": rules[place].minLength = try count(value, pointer)
        case "maxLength": rules[place].maxLength = try count(value, pointer)
        case "minimum": rules[place].minimum = try number(value, pointer)
        case "maximum": rules[place].maximum = try number(value, pointer)
        case "exclusiveMinimum": rules[place].exclusiveMinimum = try number(value, pointer)
        case "exclusiveMaximum": rules[place].exclusiveMaximum = try number(value, pointer)
        case "minItems": rules[place].minItems = try count(value, pointer)
        case "maxItems": rules[place].maxItems = try count(value, pointer)
        case "minProperties": rules[place].minProperties = try count(value, pointer)
        case "maxProperties": rules[place].maxProperties = try count(value, pointer)
        case "uniqueItems":
            guard case .bool(let unique) = value else { throw error(pointer, "true or false is expected") }
            rules[place].uniqueItems = unique
        case "required":
            guard value.array != nil else { throw error(pointer, "a list is expected") }
            rules[place].required = value.strings
        case "properties":
            guard let object = value.object else { throw error(pointer, "an object is expected") }
            for key in object.keys {
                rules[place].properties[key] = try compile(at: JSONPointer.appending(key, to: pointer))
            }
        case "additionalProperties": rules[place].additionalProperties = try compile(at: pointer)
        case "propertyNames": rules[place].propertyNames = try compile(at: pointer)
        case "items": rules[place].items = try compile(at: pointer)
        case "prefixItems": rules[place].prefixItems = try list(value, pointer)
        case "allOf": rules[place].allOf = try list(value, pointer)
        case "anyOf": rules[place].anyOf = try list(value, pointer)
        case "oneOf": rules[place].oneOf = try list(value, pointer)
        case "not": rules[place].not = try compile(at: pointer)
        default:
            guard Self.annotations.contains(keyword) else {
                throw error(pointer, "the keyword is not supported")
            }
        }
    }

    private mutating func list(_ value: JSONValue, _ pointer: String) throws(DocumentError) -> [Int] {
        guard let schemas = value.array, !schemas.isEmpty else { throw error(pointer, "a list is expected") }
        var places: [Int] = []
        for index in schemas.indices { places.append(try compile(at: "\(pointer)/\(index)")) }
        return places
    }

    private func count(_ value: JSONValue, _ pointer: String) throws(DocumentError) -> Int {
        guard case .integer(let count) = value, count >= 0 else { throw error(pointer, "a count is expected") }
        return count
    }

    private func number(_ value: JSONValue, _ pointer: String) throws(DocumentError) -> Double {
        switch value {
        case .integer(let number): return Double(number)
        case .number(let number): return number
        default: throw error(pointer, "a number is expected")
        }
    }

    private func string(_ value: JSONValue, _ pointer: String) throws(DocumentError) -> String {
        guard let text = value.string else { throw error(pointer, "a text is expected") }
        return text
    }

    private func error(_ pointer: String, _ reason: String) -> DocumentError {
        DocumentError(.unsupported, in: name, reason: "schema at #\(pointer): \(reason)")
    }
}
