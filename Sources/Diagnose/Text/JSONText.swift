/// Writes JSON straight into bytes: a large capture has more connections than should be in memory as values at a time.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    mutating func object(_ body: (inout JSONText) -> Void) { wrapped("{", "}", body) }
    mutating func array(_ body: (inout JSONText) -> Void) { wrapped("[", "]", body) }

    mutating func member(_ name: StaticString, _ body: (inout JSONText) -> Void) {
        key(name)
        body(&self)
        needsComma = true
    }

    mutating func member(_ name: StaticString, _ text: String) {
        key(name)
        quote(text)
        needsComma = true
    }

    mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        bytes += String(number).utf8
        needsComma = true
    }

    mutating func member(_ name: StaticString, _ flag: Bool) {
        key(name)
        bytes += (flag ? "true" : "false").utf8
        needsComma = true
    }

    mutating func member(_ name: StaticString, _ texts: [String]) {
        member(name) { json in json.array { list in for text in texts { list.element(text) } } }
    }

    mutating func null(_ name: StaticString) {
        key(name)
        bytes += "null".utf8
        needsComma = true
    }

    /// A number with as many digits as are given.
    mutating func literal(_ name: StaticString, _ digits: String) {
        key(name)
        bytes += digits.utf8
        needsComma = true
    }

    mutating func element(_ text: String) {
        comma()
        quote(text)
        needsComma = true
    }

    mutating func element(_ body: (inout JSONText) -> Void) {
        comma()
        body(&self)
        needsComma = true
    }

    /// A line feed between elements, so that a reader without a JSON parser finds them.
    mutating func newLine() { bytes.append(0x0A) }

    mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    mutating func raw(_ text: StaticString) {
        unsafe bytes += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private mutating func wrapped(_ open: StaticString, _ close: StaticString, _ body: (inout JSONText) -> Void) {
        raw(open)
        needsComma = false
        body(&self)
        raw(close)
        needsComma = true
    }

    private mutating func key(_ name: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        raw(name)
        raw("\":")
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F }) {
            bytes += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7F:
                bytes += "\\u00".utf8
                bytes += Hex.text(byte).utf8
            default: bytes.append(byte)
            }
        }
    }
}
