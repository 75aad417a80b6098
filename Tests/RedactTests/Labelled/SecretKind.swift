/// A kind of secret: how its values look, and the names they go by.
struct SecretKind: Sendable {
    enum Family: Sendable {
        /// The value gives itself away.
        case token
        /// Only the name tells that the value is a secret.
        case named
    }

    let id: String
    let family: Family
    let names: [String]
    let templates: [String]

    init(token id: String, _ templates: String...) {
        self.init(id: id, family: .token, names: [], templates: templates)
    }

    init(_ id: String, names: [String], _ templates: [String]) {
        self.init(id: id, family: .named, names: names, templates: templates)
    }

    private init(id: String, family: Family, names: [String], templates: [String]) {
        self.id = id
        self.family = family
        self.names = names
        self.templates = templates
    }

    func value(_ dice: inout LabelDice) -> String {
        dice.expand(dice.pick(templates))
    }
}

/// A text with one secret in it.
struct LabelledCase: Sendable {
    let kind: String
    let context: String
    let family: SecretKind.Family
    let before: String
    /// As it is written in the text.
    let secret: String
    let after: String

    var text: String { before + secret + after }
}
