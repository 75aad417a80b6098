internal import FoundationEssentials

/// Base64 of RFC 4648 as the formats of age and SSH use it.
enum Base64 {
    static func encode(_ bytes: [UInt8], padded: Bool = true) -> String {
        let text = Data(bytes).base64EncodedString()
        return padded ? text : String(text.prefix { $0 != "=" })
    }

    /// Strict: no spaces, and the one spelling that encoding gives.
    static func decode(_ text: some StringProtocol, padded: Bool = true) -> [UInt8]? {
        let text = String(text)
        guard padded || !text.contains("=") else { return nil }
        let whole = padded ? text : text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: whole) else { return nil }
        let bytes = Array(data)
        return encode(bytes, padded: padded) == text ? bytes : nil
    }
}
