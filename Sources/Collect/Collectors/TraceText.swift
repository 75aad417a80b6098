internal import EdgeAPI

/// Trace documents as text.
enum TraceText {
    static func isXML(_ bytes: [UInt8]) -> Bool {
        bytes.first { $0 > 0x20 && $0 < 0x80 } == 0x3C
    }

    /// Whether a transaction has an `Error` point (`Point id="Error"`; in JSON `"id":"Error"`).
    static func failed(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("id=\"Error\"") || text.contains("id='Error'")
            || text.filter { $0 != " " }.contains("\"id\":\"Error\"")
    }

    /// One document out of several transactions, in the layout of a downloaded session.
    static func join(
        _ bodies: [(key: String, value: [UInt8])], session: DebugSession, isXML: Bool
    ) -> [UInt8] {
        if !isXML {
            let parts = bodies.map { $0.value }
            return [0x5B] + parts.joined(separator: [0x2C, 0x0A]) + [0x5D, 0x0A]
        }
        func element(_ name: String, _ text: String) -> String { "<\(name)>\(escaped(text))</\(name)>\n" }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<DebugSession>\n"
        text += element("Organization", session.scope.org) + element("Environment", session.scope.env)
        text += element("API", session.api) + element("Revision", session.revision)
        text += element("SessionId", session.name) + "<Messages>\n"
        var bytes = Array(text.utf8)
        for body in bodies {
            bytes += Array("<Message>\n\(element("DebugId", body.key))".utf8)
            bytes += withoutDeclaration(body.value)
            bytes += Array("\n</Message>\n".utf8)
        }
        return bytes + Array("</Messages>\n</DebugSession>\n".utf8)
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            case "\"": out += "&quot;"
            default: if scalar.value >= 0x20 { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }

    /// An XML declaration may stand at the very start of a document only.
    private static func withoutDeclaration(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        rest = rest.drop { $0 <= 0x20 }
        if rest.starts(with: Array("<?xml".utf8)), let end = rest.firstIndex(of: 0x3E) {
            rest = rest[(end + 1)...]
        }
        if rest.starts(with: Array("<!DOCTYPE".utf8)) { return [] }
        return rest
    }
}
