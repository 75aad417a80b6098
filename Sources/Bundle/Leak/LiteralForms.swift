/// The ways in which one secret may be written in a file.
enum LiteralForm: UInt8, CaseIterable {
    case plain, hexLower, hexUpper
    /// Base64 of something that holds the secret, after so many bytes modulo 3; of either alphabet.
    case base64, base64After1, base64After2, base64URL, base64URLAfter1, base64URLAfter2
    /// RFC 3986: all but the unreserved characters; forms write a blank as `+`.
    case percent, percentLower, percentForm, percentFormLower
    /// JSON, by writers that escape the slash or what HTML gives a meaning to, and in a JSON string of its own.
    case json, jsonSlash, jsonPage, jsonTwice
    case xml, xmlQuotes, xmlNumbers, xmlHex
    /// Java properties, and single quotes of a shell.
    case properties, shell

    /// Forms in which letters, digits and the marks that no notation escapes look as they are.
    static let escapes = Array(allCases[Int(percent.rawValue)...])

    private static let digits = Array("0123456789abcdef".utf8)
    private static let upperDigits = Array("0123456789ABCDEF".utf8)
    private static let base64Digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let base64URLDigits = [UInt8](base64Digits.dropLast(2)) + Array("-_".utf8)

    /// Writes `piece` to `out`, which is emptied first.
    func write(_ piece: ArraySlice<UInt8>, to out: inout [UInt8]) {
        out.removeAll(keepingCapacity: true)
        switch self {
        case .plain: out += piece
        case .hexLower: Self.hexadecimal(piece, Self.digits, &out)
        case .hexUpper: Self.hexadecimal(piece, Self.upperDigits, &out)
        case .base64: Self.base64(piece, after: 0, Self.base64Digits, &out)
        case .base64After1: Self.base64(piece, after: 1, Self.base64Digits, &out)
        case .base64After2: Self.base64(piece, after: 2, Self.base64Digits, &out)
        case .base64URL: Self.base64(piece, after: 0, Self.base64URLDigits, &out)
        case .base64URLAfter1: Self.base64(piece, after: 1, Self.base64URLDigits, &out)
        case .base64URLAfter2: Self.base64(piece, after: 2, Self.base64URLDigits, &out)
        default:
            let table = Self.tables[Int(rawValue - Self.percent.rawValue)]
            for byte in piece {
                let escape = table[Int(byte)]
                if escape.isEmpty { out.append(byte) } else { out += escape }
            }
        }
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>, _ digits: [UInt8], _ out: inout [UInt8]) {
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
    }

    /// The characters that are the same whatever comes before (`after` bytes modulo 3) and behind.
    private static func base64(
        _ bytes: ArraySlice<UInt8>, after: Int, _ digits: [UInt8], _ out: inout [UInt8]
    ) {
        var bits: UInt32 = 0
        // The first character holds bits of what comes before.
        var count = after * 8 % 6
        var isFirst = count > 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                if isFirst { isFirst = false } else { out.append(digits[Int(bits >> UInt32(count)) & 63]) }
            }
        }
    }

    // MARK: - Escapes

    /// What stands for each byte, for each of ``escapes``; nothing where it stands for itself.
    private static let tables: [[[UInt8]]] = {
        let page = jsonEscapes.merging([
            0x3c: "\\u003c", 0x3e: "\\u003e", 0x26: "\\u0026", 0x3d: "\\u003d", 0x27: "\\u0027",
        ]) { $1 }
        let twice: [UInt8: String] = [
            0x22: "\\\\\\\"", 0x5c: "\\\\\\\\", 0x0a: "\\\\n", 0x0d: "\\\\r", 0x09: "\\\\t",
        ]
        return [
            percentTable(upperDigits, blank: "%20"), percentTable(digits, blank: "%20"),
            percentTable(upperDigits, blank: "+"), percentTable(digits, blank: "+"), table(jsonEscapes),
            table(jsonEscapes.merging([0x2f: "\\/"]) { $1 }), table(page), table(twice),
            table(xmlEscapes), table(xmlEscapes.merging([0x22: "&quot;", 0x27: "&apos;"]) { $1 }),
            table(xmlEscapes.merging([0x22: "&#34;", 0x27: "&#39;"]) { $1 }),
            table(xmlEscapes.merging([0x22: "&quot;", 0x27: "&#x27;"]) { $1 }),
            table([0x3a: "\\:", 0x3d: "\\=", 0x23: "\\#", 0x21: "\\!", 0x5c: "\\\\"]), table([0x27: "'\\''"]),
        ]
    }()

    private static let jsonEscapes: [UInt8: String] = [
        0x22: "\\\"", 0x5c: "\\\\", 0x0a: "\\n", 0x0d: "\\r", 0x09: "\\t",
    ]
    private static let xmlEscapes: [UInt8: String] = [0x26: "&amp;", 0x3c: "&lt;", 0x3e: "&gt;"]

    private static func table(_ escapes: [UInt8: String]) -> [[UInt8]] {
        (UInt8.min...UInt8.max).map { byte in escapes[byte].map { Array($0.utf8) } ?? [] }
    }

    private static func percentTable(_ digits: [UInt8], blank: String) -> [[UInt8]] {
        (UInt8.min...UInt8.max).map { byte in
            if ASCII.isWord(byte) || [0x2d, 0x2e, 0x7e].contains(byte) { return [] }
            return byte == 0x20 ? Array(blank.utf8) : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}

/// A secret as it is looked for.
enum LiteralPieces {
    /// A longer secret is looked for by two pieces of this size, so that a part of it is found, too, however it is
    /// wrapped; and not by its head, which may be common to all of its kind (`-----BEGIN …`).
    private static let pieceBytes = 40
    /// Shorter forms hit by chance.
    static let minBytes = 5

    static func of(_ secret: [UInt8]) -> [ArraySlice<UInt8>] {
        guard secret.count > 64 else { return [secret[...]] }
        let middle = secret.count / 2
        return [secret[middle..<min(secret.count, middle + pieceBytes)], secret.suffix(pieceBytes)]
    }

    /// Calls `body` with each form of a piece, each but once.
    static func forEachForm(
        of piece: ArraySlice<UInt8>, scratch: inout [UInt8], _ body: (LiteralForm, [UInt8]) -> Void
    ) {
        body(.plain, Array(piece))
        LiteralForm.hexLower.write(piece, to: &scratch)
        body(.hexLower, scratch)
        if scratch.contains(where: ASCII.isLetter) {
            LiteralForm.hexUpper.write(piece, to: &scratch)
            body(.hexUpper, scratch)
        }
        for (form, safe) in [
            (LiteralForm.base64, LiteralForm.base64URL), (.base64After1, .base64URLAfter1),
            (.base64After2, .base64URLAfter2),
        ] {
            form.write(piece, to: &scratch)
            body(form, scratch)
            guard scratch.contains(where: { $0 == 0x2b || $0 == 0x2f }) else { continue }
            safe.write(piece, to: &scratch)
            body(safe, scratch)
        }
        guard !piece.allSatisfy({ ASCII.isWord($0) || $0 == 0x2d || $0 == 0x2e }) else { return }
        var seen: Set<[UInt8]> = [Array(piece)]
        for form in LiteralForm.escapes {
            form.write(piece, to: &scratch)
            if seen.insert(scratch).inserted { body(form, scratch) }
        }
    }
}
