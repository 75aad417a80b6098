/// One compiled schema. Other schemas are named by their place in the validator's list, so that they may refer to
/// each other in circles.
struct SchemaRules: Sendable {
    /// Nothing is valid: the schema `false`.
    var never = false
    var reference: Int?
    var types: Set<String>?
    var allowed: [JSONValue]?

    var pattern: Pattern?
    var patternText = ""
    var minLength = 0
    var maxLength: Int?

    var minimum: Double?
    var maximum: Double?
    var exclusiveMinimum: Double?
    var exclusiveMaximum: Double?

    var prefixItems: [Int] = []
    var items: Int?
    var minItems = 0
    var maxItems: Int?
    var uniqueItems = false

    var properties: [String: Int] = [:]
    var required: [String] = []
    var additionalProperties: Int?
    var propertyNames: Int?
    var minProperties = 0
    var maxProperties: Int?

    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
}
