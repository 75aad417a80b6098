/// The ways in which one secret may be written in a file.
enum LiteralForms {
    /// A longer secret is looked for by two pieces of this size, so that a part of it is found, too, however it is
    /// wrapped; and not by its head, which may be common to all of its kind (`-----BEGIN …`).
    static let pieceBytes = 40
    /// Shorter forms hit by chance.
    static let minBytes = 5

    static func all(of secret: [UInt8]) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = []
        for piece in pieces(of: secret) {
            forms.formUnion([piece, hexadecimal(piece, upper: false), hexadecimal(piece, upper: true)])
            for shift in 0..<3 {
                forms.insert(base64(piece, shift: shift, urlSafe: false))
                forms.insert(base64(piece, shift: shift, urlSafe: true))
            }
            for upper in [true, false] {
                forms.insert(percent(piece, upper: upper, spaceAsPlus: false))
                forms.insert(percent(piece, upper: upper, spaceAsPlus: true))
            }
            let json = escape(piece, by: jsonEscapes)
            forms.insert(json)
            forms.insert(escape(piece, by: jsonEscapes.merging([0x2f: "\\/"]) { $1 }))
            forms.insert(escape(piece, by: jsonEscapes.merging(pageSafe) { $1 }))
            forms.insert(escape(json, by: jsonEscapes))
            forms.insert(escape(piece, by: [0x26: "&amp;", 0x3c: "&lt;", 0x3e: "&gt;"]))
            forms.insert(
                escape(piece, by: [0x26: "&amp;", 0x3c: "&lt;", 0x3e: "&gt;", 0x22: "&quot;", 0x27: "&apos;"]))
            forms.insert(escape(piece, by: [0x26: "&amp;", 0x3c: "&lt;", 0x3e: "&gt;", 0x22: "&#34;", 0x27: "&#39;"]))
            forms.insert(
                escape(piece, by: [0x26: "&amp;", 0x3c: "&lt;", 0x3e: "&gt;", 0x22: "&quot;", 0x27: "&#x27;"]))
            // Java properties, and single quotes of a shell.
            forms.insert(escape(piece, by: [0x3a: "\\:", 0x3d: "\\=", 0x23: "\\#", 0x21: "\\!", 0x5c: "\\\\"]))
            forms.insert(escape(piece, by: [0x27: "'\\''"]))
        }
        return forms.filter { $0.count >= minBytes }
    }

    private static func pieces(of secret: [UInt8]) -> [[UInt8]] {
        guard secret.count > 64 else { return [secret] }
        let middle = secret.count / 2
        return [Array(secret[middle..<min(secret.count, middle + pieceBytes)]), Array(secret.suffix(pieceBytes))]
    }

    /// The characters that are the same whatever comes before (`shift` bytes modulo 3) and after.
    private static func base64(_ bytes: [UInt8], shift: Int, urlSafe: Bool) -> [UInt8] {
        let encoded = Base64Text.encode(Array(repeating: 0, count: shift) + bytes, urlSafe: urlSafe)
        let whole = (shift + bytes.count) * 8 / 6
        return Array(encoded[..<min(whole, encoded.count)].dropFirst(shift == 0 ? 0 : shift + 1))
    }

    private static func hexadecimal(_ bytes: [UInt8], upper: Bool) -> [UInt8] {
        let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// RFC 3986: all but the unreserved characters.
    private static func percent(_ bytes: [UInt8], upper: Bool, spaceAsPlus: Bool) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            if ASCII.isWord(byte) || [0x2d, 0x2e, 0x7e].contains(byte) { return [byte] }
            if spaceAsPlus, byte == 0x20 { return [0x2b] }
            return [0x25] + hexadecimal([byte], upper: upper)
        }
    }

    private static func escape(_ bytes: [UInt8], by table: [UInt8: String]) -> [UInt8] {
        bytes.flatMap { byte in table[byte].map { Array($0.utf8) } ?? [byte] }
    }

    private static let jsonEscapes: [UInt8: String] = [
        0x22: "\\\"", 0x5c: "\\\\", 0x0a: "\\n", 0x0d: "\\r", 0x09: "\\t",
    ]
    /// What writers that fear HTML escape besides.
    private static let pageSafe: [UInt8: String] = [
        0x3c: "\\u003c", 0x3e: "\\u003e", 0x26: "\\u0026", 0x3d: "\\u003d", 0x27: "\\u0027",
    ]
}
