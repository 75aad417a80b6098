extension YAMLNode {
    /// A plain scalar that is empty or one of YAML's words for null.
    public var isNull: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return YAMLScalars.nulls.contains(text)
    }

    /// A whole number written plain; nil for every other node.
    public var int: Int? {
        guard case .scalar(let text, .plain) = content else { return nil }
        return YAMLScalars.integer(text)
    }

    /// `true` or `false` written plain; nil for every other node. `yes` and `on` are strings (YAML 1.2).
    public var bool: Bool? {
        guard case .scalar(let text, .plain) = content else { return nil }
        return YAMLScalars.bools[text]
    }

    /// The document as JSON, plain scalars resolved by the core schema (YAML 1.2.2 section 10.3.2).
    /// `.inf` and `.nan`, for which JSON has no number, stay strings.
    public var jsonValue: JSONValue {
        switch content {
        case .scalar(let text, .plain): YAMLScalars.resolve(text)
        case .scalar(let text, _): .string(text)
        case .sequence(let nodes): .array(nodes.map(\.jsonValue))
        case .mapping(let pairs): .object(JSONObject(pairs.map { ($0.key.scalar ?? "", $0.value.jsonValue) }))
        }
    }
}

/// The core schema's way from text to value.
enum YAMLScalars {
    static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]
    static let bools: [String: Bool] = [
        "true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false,
    ]

    static func resolve(_ text: String) -> JSONValue {
        if nulls.contains(text) { return .null }
        if let bool = bools[text] { return .bool(bool) }
        if let integer = integer(text) { return .integer(integer) }
        if let float = float(text) { return .number(float) }
        return .string(text)
    }

    static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0o") { return unsigned(text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return unsigned(text.dropFirst(2), radix: 16) }
        return Int(text)
    }

    private static func unsigned(_ digits: Substring, radix: Int) -> Int? {
        guard let first = digits.first, first != "+", first != "-" else { return nil }
        return Int(digits, radix: radix)
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`; Swift's own reader takes more than that.
    static func float(_ text: String) -> Double? {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
                UInt8(ascii: "+"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed, text.utf8.contains(where: { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
            return nil
        }
        guard let value = Double(text) ?? (text.hasSuffix(".") ? Double(text + "0") : nil), value.isFinite else {
            return nil
        }
        return value
    }
}
