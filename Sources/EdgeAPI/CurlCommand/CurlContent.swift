/// Body data as the options give it, before it is known whether it goes into the body or the URL.
struct CurlContent {
    struct Part {
        var name: [UInt8]
        var type: String?
        var fileName: String?
        var content: [UInt8]
    }

    /// `--data…` and `--json`, joined.
    var data: [UInt8]?
    var isJSON = false
    /// `--form` parts.
    var parts: [Part] = []

    mutating func append(_ bytes: [UInt8], separator: Bool) {
        if let before = data {
            data = before + (separator ? [UInt8(ascii: "&")] : []) + bytes
        } else {
            data = bytes
        }
    }

    /// The parts as `multipart/form-data` (RFC 7578) with a boundary that none of them contains.
    func multipart() -> (type: String, body: [UInt8]) {
        var boundary: String
        repeat {
            let number = UInt64.random(in: 1 << 60...UInt64.max)
            boundary = String(repeating: "-", count: 24) + String(number, radix: 16)
        } while parts.contains { $0.content.firstRange(of: Array(boundary.utf8)) != nil }
        var body: [UInt8] = []
        for part in parts {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"".utf8) + Self.quoted(part.name)
            if let file = part.fileName { body += Array("\"; filename=\"".utf8) + Self.quoted(Array(file.utf8)) }
            body += Array("\"\r\n".utf8)
            if let type = part.type { body += Array("Content-Type: \(type)\r\n".utf8) }
            body += Array("\r\n".utf8) + part.content + Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        return ("multipart/form-data; boundary=\(boundary)", body)
    }

    /// Quotes and line breaks percent-encoded, as browsers and curl write them.
    private static func quoted(_ name: [UInt8]) -> [UInt8] {
        name.flatMap { byte -> [UInt8] in
            switch byte {
            case 34: Array("%22".utf8)
            case 13: Array("%0D".utf8)
            case 10: Array("%0A".utf8)
            default: [byte]
            }
        }
    }
}
