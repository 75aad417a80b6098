import Documents

/// Short, harmless pieces of foreign text for messages.
enum Excerpt {
    /// One line without control, format and bidirectional characters.
    static func clean(_ text: String, limit: Int) -> String {
        var result = ""
        var count = 0
        var space = false
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
                .spaceSeparator:
                space = !result.isEmpty
                continue
            default: break
            }
            guard count < limit else { return result + "…" }
            if space {
                result.unicodeScalars.append(" ")
                count += 1
            }
            result.unicodeScalars.append(scalar)
            count += 1
            space = false
        }
        return result
    }

    /// Code and message of an Edge error body `{"code", "message", "contexts"}`, or a web page's title; nil for any
    /// other body, which is never shown.
    static func ofError(_ body: [UInt8]) -> String? {
        let body = Array(body.prefix(64 << 10))
        if looksLikeHTML(body) { return title(of: body).map { "web page '\($0)'" } ?? "a web page" }
        guard let value = try? JSONValue(parsing: body) else { return nil }
        let parts = ["code", "message"].compactMap { value[$0]?.string }.map { clean($0, limit: 160) }
        return parts.isEmpty ? nil : parts.joined(separator: ": ")
    }

    /// True when the first character that is no space, after a byte order mark, is `<`.
    static func looksLikeHTML(_ body: [UInt8]) -> Bool {
        var rest = body[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        return rest.first { $0 != 32 && !(9...13).contains($0) } == UInt8(ascii: "<")
    }

    private static func title(of page: [UInt8]) -> String? {
        let lower = page.map { (65...90).contains($0) ? $0 | 32 : $0 }
        guard let open = lower.firstRange(of: Array("<title>".utf8)),
            let close = lower[open.upperBound...].firstRange(of: Array("</title>".utf8))
        else { return nil }
        let title = clean(String(decoding: page[open.upperBound..<close.lowerBound], as: UTF8.self), limit: 80)
        return title.isEmpty ? nil : title
    }
}
