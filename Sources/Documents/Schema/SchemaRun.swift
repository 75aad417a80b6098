/// One walk over a document. Work is bounded, since schemas may refer to themselves.
struct SchemaRun {
    private let rules: [SchemaRules]
    private(set) var violations: [SchemaViolation] = []
    private var steps = 0
    private static let maxSteps = 2_000_000
    private static let maxDepth = 512

    init(rules: [SchemaRules]) { self.rules = rules }

    mutating func check(_ value: JSONValue, against place: Int, at path: String, depth: Int) {
        steps += 1
        guard violations.count < SchemaValidator.maxViolations else { return }
        guard steps < Self.maxSteps, depth < Self.maxDepth else {
            return fail(path, "too much to check")
        }
        let rule = rules[place]
        if rule.never { return fail(path, "is not allowed here") }
        if let reference = rule.reference { check(value, against: reference, at: path, depth: depth + 1) }
        guard hasType(value, rule, path) else { return }
        if let allowed = rule.allowed, !allowed.contains(value) {
            fail(path, "must be \(Self.list(allowed))")
        }
        switch value {
        case .string(let text): check(text, rule, path)
        case .integer(let number): check(Double(number), rule, path)
        case .number(let number): check(number, rule, path)
        case .array(let elements): check(elements, rule, path, depth)
        case .object(let object): check(object, rule, path, depth)
        case .null, .bool: break
        }
        checkCombined(value, rule, path, depth)
    }

    private mutating func hasType(_ value: JSONValue, _ rule: SchemaRules, _ path: String) -> Bool {
        guard let types = rule.types else { return true }
        let kind = value.kindName
        if types.contains(kind) || kind == "integer" && types.contains("number") { return true }
        fail(path, "is \(kind), must be \(types.sorted().joined(separator: " or "))")
        return false
    }

    private mutating func check(_ text: String, _ rule: SchemaRules, _ path: String) {
        if rule.minLength > 0 || rule.maxLength != nil {
            let length = text.unicodeScalars.count
            if length < rule.minLength { fail(path, "is shorter than \(rule.minLength) characters") }
            if let most = rule.maxLength, length > most { fail(path, "is longer than \(most) characters") }
        }
        if let pattern = rule.pattern, !pattern.occurs(in: text) {
            fail(path, "doesn't match \(rule.patternText)")
        }
    }

    private mutating func check(_ number: Double, _ rule: SchemaRules, _ path: String) {
        if let least = rule.minimum, number < least { fail(path, "is less than \(Self.shown(least))") }
        if let most = rule.maximum, number > most { fail(path, "is more than \(Self.shown(most))") }
        if let least = rule.exclusiveMinimum, number <= least { fail(path, "must be more than \(Self.shown(least))") }
        if let most = rule.exclusiveMaximum, number >= most { fail(path, "must be less than \(Self.shown(most))") }
    }

    private mutating func check(_ elements: [JSONValue], _ rule: SchemaRules, _ path: String, _ depth: Int) {
        if elements.count < rule.minItems { fail(path, "has fewer than \(rule.minItems) elements") }
        if let most = rule.maxItems, elements.count > most { fail(path, "has more than \(most) elements") }
        if rule.uniqueItems {
            for index in elements.indices {
                steps += index
                guard steps < Self.maxSteps else { return fail(path, "too much to check") }
                if elements[..<index].contains(elements[index]) {
                    fail("\(path)/\(index)", "appears twice in the list")
                }
            }
        }
        for (index, element) in elements.enumerated() {
            let prefixed = index < rule.prefixItems.count ? rule.prefixItems[index] : nil
            guard let place = prefixed ?? rule.items else { continue }
            check(element, against: place, at: "\(path)/\(index)", depth: depth + 1)
        }
    }

    private mutating func check(_ object: JSONObject, _ rule: SchemaRules, _ path: String, _ depth: Int) {
        if object.count < rule.minProperties { fail(path, "has fewer than \(rule.minProperties) keys") }
        if let most = rule.maxProperties, object.count > most { fail(path, "has more than \(most) keys") }
        for key in rule.required where object[key] == nil { fail(path, "lacks the key '\(key)'") }
        for (key, value) in object {
            let below = JSONPointer.appending(key, to: path)
            if let place = rule.propertyNames {
                check(.string(key), against: place, at: below, depth: depth + 1)
            }
            guard let place = rule.properties[key] ?? rule.additionalProperties else { continue }
            if rules[place].never {
                let known = rule.properties.keys.sorted().joined(separator: ", ")
                fail(below, "is no key of this mapping\(known.isEmpty ? "" : " (known: \(known))")")
            } else {
                check(value, against: place, at: below, depth: depth + 1)
            }
        }
    }

    private mutating func checkCombined(_ value: JSONValue, _ rule: SchemaRules, _ path: String, _ depth: Int) {
        for place in rule.allOf { check(value, against: place, at: path, depth: depth + 1) }
        if !rule.anyOf.isEmpty {
            let attempts = rule.anyOf.map { attempt(value, $0, path, depth) }
            if !attempts.contains(where: \.isEmpty) { failNearest(attempts, path) }
        }
        if !rule.oneOf.isEmpty {
            let attempts = rule.oneOf.map { attempt(value, $0, path, depth) }
            let valid = attempts.count(where: \.isEmpty)
            if valid > 1 { fail(path, "has \(valid) of the forms of which it must have one") }
            if valid == 0 { failNearest(attempts, path) }
        }
        if let place = rule.not, attempt(value, place, path, depth).isEmpty {
            fail(path, "has a form that is not allowed")
        }
    }

    private mutating func attempt(
        _ value: JSONValue, _ place: Int, _ path: String, _ depth: Int
    ) -> [SchemaViolation] {
        let kept = violations
        violations = []
        check(value, against: place, at: path, depth: depth + 1)
        let found = violations
        violations = kept
        return found
    }

    /// Of several forms that don't fit, the one with which least is wrong is most likely the one that was meant.
    private mutating func failNearest(_ attempts: [[SchemaViolation]], _ path: String) {
        fail(path, "has none of the forms that are allowed")
        if let nearest = attempts.min(by: { $0.count < $1.count }) { violations += nearest.prefix(3) }
    }

    private mutating func fail(_ path: String, _ reason: String) {
        guard violations.count < SchemaValidator.maxViolations else { return }
        violations.append(SchemaViolation(path: path, reason: reason))
    }

    private static func list(_ values: [JSONValue]) -> String {
        let shown = values.prefix(12).map { String(decoding: $0.encoded(), as: UTF8.self) }
        return (values.count > 1 ? "one of " : "") + shown.joined(separator: ", ") + (values.count > 12 ? ", …" : "")
    }

    private static func shown(_ number: Double) -> String {
        Int(exactly: number).map { String($0) } ?? "\(number)"
    }
}
