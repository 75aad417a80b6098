import Foundation

/// One secret that the lab has put somewhere: no bundle may hold it in any form.
public struct PlantedSecret: Sendable, Codable {
    /// What it is, in kebab case; unique within a lab.
    public let name: String
    /// The secret itself; of a private key one whole line of its base64 body.
    public let value: String
    /// Where it is: `file:<path below the root>`, `zip:<path>`, `api:<what>`, `log:<file>`, `trace`, `curl`, `wire`, `memory`.
    public let places: [String]

    public init(name: String, value: String, places: [String]) {
        self.name = name
        self.value = value
        self.places = places
    }

    /// The value in every form in which it may hide: form name → bytes.
    ///
    /// A base64 form exists for each of the three alignments within a longer encoded text, without the characters
    /// that depend on the neighbours.
    public var forms: [String: [UInt8]] {
        let plain = Array(value.utf8)
        var forms = [
            "plain": plain,
            "url": Array(Self.percentEncoded(plain, keeping: Self.unreserved).utf8),
            "url-lower": Array(Self.percentEncoded(plain, keeping: Self.unreserved).lowercasedEscapes.utf8),
            "url-path": Array(Self.percentEncoded(plain, keeping: Self.unreserved.union("/".utf8)).utf8),
            "url-query": Array(Self.percentEncoded(plain, keeping: Self.unreserved.union("/+=".utf8)).utf8),
            "hex": Array(plain.hexadecimal.utf8),
            "hex-upper": Array(plain.hexadecimal.uppercased().utf8),
            "json": Array(Self.escaped(value, ["\"": "\\\"", "\\": "\\\\"]).utf8),
            "json-slash": Array(Self.escaped(value, ["\"": "\\\"", "\\": "\\\\", "/": "\\/"]).utf8),
            "json-unicode": Array(
                Self.escaped(value, ["\"": "\\u0022", "<": "\\u003c", ">": "\\u003e", "&": "\\u0026"]).utf8),
            "xml": Array(Self.escaped(value, Self.xmlEscapes).utf8),
            "xml-text": Array(Self.escaped(value, ["&": "&amp;", "<": "&lt;", ">": "&gt;"]).utf8),
            "xml-decimal": Array(Self.escaped(value, ["&": "&#38;", "<": "&#60;", ">": "&#62;", "\"": "&#34;"]).utf8),
            "shell": Array(Self.escaped(value, ["\"": "\\\"", "$": "\\$", "`": "\\`", "\\": "\\\\"]).utf8),
        ]
        for shift in 0..<3 {
            let text = Self.base64Core(of: plain, shift: shift)
            forms["base64-\(shift)"] = Array(text.utf8)
            forms["base64url-\(shift)"] = Array(
                text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_").utf8)
        }
        return forms
    }

    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    private static let xmlEscapes: [Character: String] = [
        "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&apos;",
    ]

    static func percentEncoded(_ bytes: [UInt8], keeping: Set<UInt8>) -> String {
        bytes.map { keeping.contains($0) ? String(UnicodeScalar($0)) : "%" + [$0].hexadecimal.uppercased() }.joined()
    }

    /// The value percent-encoded for a query (RFC 3986 unreserved characters stay).
    static func queryEncoded(_ text: String) -> String {
        percentEncoded(Array(text.utf8), keeping: unreserved)
    }

    static func escaped(_ text: String, _ escapes: [Character: String]) -> String {
        text.map { escapes[$0] ?? String($0) }.joined()
    }

    /// The value as XML text or attribute value.
    static func xmlEscaped(_ text: String) -> String { escaped(text, xmlEscapes) }

    /// The value inside a JSON string (RFC 8259 section 7).
    static func jsonEscaped(_ text: String) -> String { escaped(text, ["\"": "\\\"", "\\": "\\\\", "\n": "\\n"]) }

    private static func base64Core(of bytes: [UInt8], shift: Int) -> String {
        let padded = Data(repeating: 0, count: shift) + Data(bytes)
        let text = padded.base64EncodedString().replacingOccurrences(of: "=", with: "")
        // A character carries 6 bits: drop those that hold bits of the neighbours before and after.
        let head = (shift * 8 + 5) / 6
        let whole = (shift + bytes.count) * 8 / 6
        return String(text.dropFirst(head).prefix(max(0, whole - head)))
    }
}

extension String {
    /// `%2F` → `%2f`.
    fileprivate var lowercasedEscapes: String {
        var result = ""
        var remaining = 0
        for character in self {
            result += remaining > 0 ? character.lowercased() : String(character)
            remaining = character == "%" ? 2 : max(0, remaining - 1)
        }
        return result
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    var hexadecimal: String {
        map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
