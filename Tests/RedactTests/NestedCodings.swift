import Foundation

/// Ways in which one text is written inside of another.
enum NestedCoding: String, CaseIterable, Sendable {
    case base64, base64URL, hex, percent, gzip, utf16, entities, json
    // Beside the eight that every format is tried with.
    case mime, indentedMIME, upperHex, percentAll, form, unicode, references, wideBigEndian, gzipHex

    static let everywhere = allCases.prefix(8)

    func encode(_ bytes: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        func wide(_ mark: [UInt8], _ encoding: String.Encoding) -> [UInt8] {
            mark + [UInt8](text.data(using: encoding) ?? Data())
        }
        return switch self {
        case .base64: Array(Data(bytes).base64EncodedString().utf8)
        case .base64URL:
            Array(
                Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                    .replacing("=", with: "").utf8)
        case .hex: Array(bytes.map { Self.hex($0) }.joined().utf8)
        case .upperHex: Array(bytes.map { Self.hex($0).uppercased() }.joined().utf8)
        case .percent: Array((text.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? "").utf8)
        case .percentAll: Array(bytes.map { "%" + Self.hex($0) }.joined().utf8)
        case .form:
            Array(
                (text.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? "").replacing("%20", with: "+")
                    .utf8)
        case .gzip: try Self.base64.encode(pack(bytes, .gzip, options: ["-n"]))
        case .gzipHex: try Self.hex.encode(pack(bytes, .gzip, options: ["-n"]))
        case .utf16: try Self.base64.encode(wide([0xFF, 0xFE], .utf16LittleEndian))
        case .wideBigEndian: try Self.base64.encode(wide([0xFE, 0xFF], .utf16BigEndian))
        case .entities: Array(Self.entities(text).utf8)
        case .references: Array(text.utf8.map { $0 % 2 == 0 ? "&#\($0);" : "&#x\(Self.hex($0));" }.joined().utf8)
        case .json: Array(Self.json(text).utf8)
        case .unicode: Array(bytes.map { "\\u00" + Self.hex($0) }.joined().utf8)
        case .mime, .indentedMIME:
            Array(
                Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
                    .replacing("\n", with: self == .mime ? "\r\n" : "\n    ").utf8)
        }
    }

    static func json(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n").replacing(
            "\r", with: "\\r"
        ).replacing("\t", with: "\\t")
    }

    static func entities(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
            "\"", with: "&quot;")
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

/// A place in a document of some format where an encoded text can stand.
enum NestedCarrier: String, CaseIterable, Sendable {
    case log, json, xml, cdata, attribute, properties, yaml, http, har, environment, ldif, shell, query, sql

    func carry(_ bytes: [UInt8]) -> [UInt8] {
        let text = string(bytes)
        let indented = text.replacing("\n", with: "\n  ")
        let lines = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        let carried =
            switch self {
            case .log: "2026-11-23 10:00:00,123 INFO received \(indented) end\n"
            case .json: "{\"n\":1,\"payload\":\"\(NestedCoding.json(text))\",\"z\":true}\n"
            case .xml: "<payload>\(NestedCoding.entities(text))</payload>\n"
            case .cdata: "<p><![CDATA[\(text)]]></p>\n"
            case .attribute:
                "<Get name=\"message.content\" value=\""
                    + NestedCoding.entities(text).replacing("\n", with: "&#10;") + "\"/>\n"
            case .properties: "a.b=1\nx.payload=\(lines)\nc=2\n"
            case .yaml: "a: 1\npayload: |\n  \(indented)\nz: 2\n"
            case .http: "POST /x HTTP/1.1\r\nHost: a.example\r\n\r\n\(text)"
            case .har:
                "{\"log\":{\"entries\":[{\"request\":{\"postData\":{\"text\":\"" + NestedCoding.json(text)
                    + "\"}}}]}}\n"
            case .environment: "A=1\nPAYLOAD='\(text.replacing("'", with: "'\\''"))'\nB=2\n"
            case .ldif: "dn: uid=a,dc=example\ndescription: \(text.replacing("\n", with: "\n "))\nuid: a\n"
            case .shell: "curl -d '\(text.replacing("'", with: "'\\''"))' https://a.example/x\n"
            case .query:
                "GET /a?data=" + (text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
                    + "&n=1 HTTP/1.1\n"
            case .sql: "INSERT INTO t (id, body) VALUES (1, '\(text.replacing("'", with: "''"))');\n"
            }
        return Array(carried.utf8)
    }
}
