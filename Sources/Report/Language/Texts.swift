internal import Documents
internal import Templates

/// The texts of one language, from `templates/report/lang/`.
struct Texts: Sendable {
    let language: Language
    /// Those with no holes are put into the template as they are.
    let words: [String: String]
    private let translator: Translator?

    static let english = Texts(.english)
    static let chinese = Texts(.chinese)

    static func of(_ language: Language) -> Texts { language == .english ? english : chinese }

    private init(_ language: Language) {
        self.language = language
        let english = Self.load(Template.reportEnglish)
        switch language {
        case .english:
            words = english.page
            translator = nil
        case .chinese:
            let chinese = Self.load(Template.reportChinese)
            words = english.page.merging(chinese.page) { _, own in own }
            translator = Translator(from: english.sentences, to: chinese.sentences)
        }
    }

    /// The file's two maps. The files are compiled in and tested: one that can't be read has no texts.
    private static func load(_ template: Template) -> (page: [String: String], sentences: [String: String]) {
        guard let root = try? YAMLNode(parsing: template.bytes, name: template.path) else { return ([:], [:]) }
        func map(_ name: String) -> [String: String] {
            var map: [String: String] = [:]
            for (key, value) in root[name]?.mapping ?? [] {
                if let key = key.scalar, let value = value.scalar { map[key] = value }
            }
            return map
        }
        return (map("page"), map("sentences"))
    }

    /// The text of a key, its `{holes}` filled.
    func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        Translator.filled(words[key] ?? key, values)
    }

    /// A number of things: `key.one` or `key.other`, with `{n}`.
    func count(_ number: Int, _ key: String) -> String {
        self(number == 1 ? key + "One" : key + "Other", ["n": Shown.number(number)])
    }

    /// What the program itself wrote into the manifest, in English, in this language; as it is where there is no
    /// translation.
    func sentence(_ text: String) -> String { translator?.translation(of: text) ?? text }

    /// Several sentences of the program in one, such as the reasons for a playbook: `a, b; c`.
    func clauses(_ text: String) -> String {
        guard let translator else { return text }
        let parts = text.split(separator: "; ").map { part in
            let clauses = part.split(separator: ", ").map { translator.translation(of: String($0)) }
            // A comma may stand within a sentence.
            guard clauses.allSatisfy({ $0 != nil }) else { return sentence(String(part)) }
            return clauses.compactMap(\.self).joined(separator: self("listComma"))
        }
        return parts.joined(separator: "；")
    }

    /// `a`, `a and b`, `a, b and c`.
    func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: self("listComma")) + self("listAnd") + last
    }

    /// A size, such as `812 bytes` or `3.4 MB`.
    func size(_ bytes: Int) -> String { bytes < 1000 ? count(bytes, "byte") : Shown.size(bytes) }
}
