extension JSONValue {
    /// Reads one JSON text (RFC 8259), strictly: no comments, no trailing commas, no bytes after the value.
    ///
    /// A byte order mark is skipped. Of equal keys the last value counts. A lone surrogate escape becomes U+FFFD.
    /// - Throws: `DocumentError` with `syntax`, `encoding` (invalid UTF-8) or `limit`. No input traps.
    public init(
        parsing bytes: [UInt8], name: String = "JSON", limits: DocumentLimits = .json
    ) throws(DocumentError) {
        var parser = JSONParser(bytes: bytes, name: name, limits: limits)
        self = try parser.document()
    }
}

/// A recursive-descent reader; its depth is bounded by the limits.
struct JSONParser {
    let bytes: [UInt8]
    let name: String
    let limits: DocumentLimits
    private(set) var at = 0
    private var nodes = 0

    init(bytes: [UInt8], name: String, limits: DocumentLimits) {
        self.bytes = bytes
        self.name = name
        self.limits = limits
    }

    mutating func document() throws(DocumentError) -> JSONValue {
        guard bytes.count <= limits.maxBytes else {
            throw DocumentError(.limit, in: name, reason: "bigger than \(limits.maxBytes) bytes")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        skipSpace()
        let value = try self.value(depth: 1)
        skipSpace()
        guard at == bytes.count else { throw error(.syntax, "something follows the end of the value") }
        return value
    }

    private mutating func value(depth: Int) throws(DocumentError) -> JSONValue {
        guard depth <= limits.maxDepth else { throw error(.limit, "nested deeper than \(limits.maxDepth) levels") }
        nodes += 1
        guard nodes <= limits.maxNodes else { throw error(.limit, "more than \(limits.maxNodes) values") }
        guard let first = peek() else { throw error(.syntax, "ends where a value is expected") }
        switch first {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error(.syntax, "no JSON value starts here")
        }
    }

    private mutating func object(depth: Int) throws(DocumentError) -> JSONObject {
        var object = JSONObject()
        at += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return object }
        while true {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw error(.syntax, "a member's name in quotes is expected") }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error(.syntax, "a colon is expected after a member's name") }
            skipSpace()
            object[key] = try value(depth: depth + 1)
            skipSpace()
            if take(UInt8(ascii: "}")) { return object }
            guard take(UInt8(ascii: ",")) else { throw error(.syntax, "a comma or } is expected") }
        }
    }

    private mutating func array(depth: Int) throws(DocumentError) -> [JSONValue] {
        var elements: [JSONValue] = []
        at += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw error(.syntax, "a comma or ] is expected") }
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(DocumentError) -> JSONValue {
        for expected in text.description.utf8 where !take(expected) {
            throw error(.syntax, "no JSON value starts here")
        }
        return value
    }

    /// RFC 8259 section 6.
    private mutating func number() throws(DocumentError) -> JSONValue {
        let start = at
        var whole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            whole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            whole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if whole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw error(.limit, "a number is out of range") }
        return .number(value)
    }

    private mutating func digits() throws(DocumentError) {
        let start = at
        while let byte = peek(), isDigit(byte) { at += 1 }
        guard at > start else { throw error(.syntax, "a digit is expected") }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }
    mutating func advance(to index: Int) { at = index }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    func error(_ code: DocumentError.Code, _ reason: String) -> DocumentError {
        var line = 1
        var lineStart = 0
        for index in 0..<min(at, bytes.count) where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return DocumentError(code, in: name, line: line, column: at - lineStart + 1, reason: reason)
    }
}
