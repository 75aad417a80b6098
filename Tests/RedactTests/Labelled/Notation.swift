/// A place where a value can stand: %N is its name, %V the value, written as the notation demands.
struct Notation: Sendable {
    enum Writing: Sendable {
        /// As it is; a value with one of these characters doesn't occur.
        case plain(without: String)
        /// As a JSON string, several levels deep.
        case json(Int)
        case xml
        case percent
        case shellSingle
        case sql
        case properties
    }

    let id: String
    let template: String
    let writing: Writing
    /// The name is written as an environment variable, as an element's name, or as a whole word only.
    let names: @Sendable (String) -> Bool

    init(
        _ id: String, _ template: String, _ writing: Writing = .plain(without: " \"'&<>\\;,#$`()[]{}|%=:@?*!~^"),
        names: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.id = id
        self.template = template
        self.writing = writing
        self.names = names
    }

    /// The value as it is written here, or nil if it can't be.
    func write(_ value: String) -> String? {
        switch writing {
        case .plain(let without): return value.contains(where: without.contains) ? nil : value
        case .json(let levels):
            var text = value
            for _ in 0..<levels { text = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
            return text
        case .xml:
            return value.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
                .replacing("\"", with: "&quot;")
        case .percent:
            let digits = Array("0123456789ABCDEF")
            return value.utf8.map { byte in
                let character = Character(Unicode.Scalar(byte))
                if character.isLetter || character.isNumber || "-._~".contains(character) { return String(character) }
                return "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }.joined()
        case .shellSingle: return value.contains("'") ? nil : value
        case .sql: return value.replacing("'", with: "''")
        case .properties:
            return value.replacing("\\", with: "\\\\").replacing(":", with: "\\:").replacing("=", with: "\\=")
        }
    }

    func labelled(_ kind: SecretKind, name: String, value: String) -> LabelledCase? {
        guard names(name), let secret = write(value) else { return nil }
        let parts = template.replacing("%N", with: name).split(separator: "%V", omittingEmptySubsequences: false)
        return LabelledCase(
            kind: kind.id, context: id, family: kind.family, before: String(parts[0]), secret: secret,
            after: parts.dropFirst().joined(separator: "%V"))
    }
}
