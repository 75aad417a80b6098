extension JSONValue {
    /// The value as a JSON text in UTF-8. Pretty: two spaces a level, each member on its own line.
    ///
    /// Line and paragraph separators are escaped, so that a text never spans lines. A number that is not finite, which
    /// JSON has no word for, becomes `null`.
    public func encoded(pretty: Bool = false, sortedKeys: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty, sortedKeys: sortedKeys)
        writer.write(self, level: 0)
        return writer.bytes
    }
}

private struct JSONWriter {
    let pretty: Bool
    let sortedKeys: Bool
    private(set) var bytes: [UInt8] = []

    init(pretty: Bool, sortedKeys: Bool) {
        self.pretty = pretty
        self.sortedKeys = sortedKeys
    }

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .integer(let value): put(String(value))
        case .number(let value): put(value.isFinite ? "\(value)" : "null")
        case .string(let text): write(text)
        case .array(let elements): write(elements, level: level)
        case .object(let object): write(object, level: level)
        }
    }

    private mutating func write(_ elements: [JSONValue], level: Int) {
        put("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { put(",") }
            newLine(level + 1)
            write(element, level: level + 1)
        }
        if !elements.isEmpty { newLine(level) }
        put("]")
    }

    private mutating func write(_ object: JSONObject, level: Int) {
        put("{")
        let members = sortedKeys ? object.members.sorted { $0.key < $1.key } : object.members
        for (index, member) in members.enumerated() {
            if index > 0 { put(",") }
            newLine(level + 1)
            write(member.key)
            put(pretty ? ": " : ":")
            write(member.value, level: level + 1)
        }
        if !object.isEmpty { newLine(level) }
        put("}")
    }

    private mutating func write(_ text: String) {
        put("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": put("\\\"")
            case "\\": put("\\\\")
            case "\n": put("\\n")
            case "\r": put("\\r")
            case "\t": put("\\t")
            case "\u{00}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                put("\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex)
            default: bytes += UTF8.encode(scalar).map { Array($0) } ?? []
            }
        }
        put("\"")
    }

    private mutating func newLine(_ level: Int) {
        guard pretty else { return }
        bytes.append(0x0A)
        for _ in 0..<level { put("  ") }
    }

    private mutating func put(_ text: String) { bytes += text.utf8 }
}
