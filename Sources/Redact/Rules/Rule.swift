/// One kind of secret: how it is found, and examples that prove it.
///
/// A class, because it is looked up at every anchor: a structure would be copied with all its parts.
final class Rule: Sendable {
    /// The recogniser that decides at the rule's anchors where a secret lies.
    enum Kind: Sendable {
        /// A name before its value, in any notation.
        case name(NameRule)
        /// A key of a query or form, whose name alone says too little.
        case query
        /// A shape that no other text has.
        case token(TokenRule)
        case pem, der, jwk, keyText, keyMarkup, clusterSecret, pgpass, piped, prose, sql, call, jwt, basic, bearer,
            userinfo, command, entries, assertion, email, encoded, card, hexDump
    }

    enum Severity: String, Sendable { case high, medium, low }

    let id: String
    let title: String
    let kind: Kind
    /// The name of the kind in rule files.
    let kindName: String
    /// How bad it is if such a secret gets out.
    let severity: Severity
    /// Of two findings that start at the same byte the one of higher priority gives the marker.
    let priority: Int
    /// Where the rule is woken, in any case of letters.
    let anchors: [RuleAnchor]
    /// Text in which what stands between « and » must go, and nothing else.
    let mustMatch: [String]
    /// Text in which nothing may go.
    let mustNotMatch: [String]
    /// The line of its file where it starts.
    let line: Int

    init(
        id: String, title: String, kind: Kind, kindName: String, severity: Severity, priority: Int,
        anchors: [RuleAnchor], mustMatch: [String], mustNotMatch: [String], line: Int
    ) {
        self.id = id
        self.title = title
        self.kind = kind
        self.kindName = kindName
        self.severity = severity
        self.priority = priority
        self.anchors = anchors
        self.mustMatch = mustMatch
        self.mustNotMatch = mustNotMatch
        self.line = line
    }
}

/// What a rule is about, for those who list rules.
public struct RuleSummary: Sendable, Equatable {
    public let id: String
    public let title: String
    /// The recogniser: `name`, `token`, or one of a syntax.
    public let kind: String
    /// `high`, `medium` or `low`.
    public let severity: String
    public let file: String
    public let line: Int
    /// How many examples prove it.
    public let examples: Int
}

/// A literal that wakes a rule.
struct RuleAnchor: Sendable {
    /// Where in a name the literal must stand.
    enum Place: Sendable {
        case inside
        /// At the end, but for words that change nothing.
        case end
        /// It is the whole name, after the last dot.
        case whole
        /// The name begins with it, and goes on.
        case head
    }

    let literal: [UInt8]
    var place = Place.inside
    /// The pattern of a token that the literal is part of, and where in the literal's match it stands.
    var pattern = 0
}

/// How a name and its value must look to be a secret.
struct NameRule: Sendable {
    enum Strength: Sendable { case strong, medium, weak }

    /// What the value consists of.
    enum Value: String, Sendable {
        case plain
        /// A scheme and credentials (RFC 9110 section 11.4).
        case credentials
        case cookies
        case setCookies = "set-cookies"
    }

    var strength: Strength
    var value: Value
    /// The key word may also end a longer word.
    var isLoose: Bool
    /// A plain word can be the value.
    var allowsWords: Bool
    /// What the value looks like.
    var shape = Shape.any
    /// One of these words must come right before the key word: `access` before `token`. Nil: any.
    var qualifiers: WordSet?

    /// For a value that its place gives away, whatever it looks like.
    static let certain = NameRule(strength: .strong, value: .plain, isLoose: false, allowsWords: true)

    /// How a value looks, if that is known.
    enum Shape: String, Sendable {
        case any
        case digits
        /// Four characters or more, a digit among them.
        case code
        /// Words with blanks between them.
        case text
        /// At least 24 letters and digits, capitals and small ones and two digits among them.
        case token
    }
}

/// How a token looks that gives itself away.
struct TokenRule: Sendable {
    /// What a match must pass besides its shape.
    enum Check: String, Sendable {
        /// A digit, or a length that no word has.
        case digit
        /// A small letter, a capital and a digit.
        case mixed
        /// Luhn's sum of the digits (ISO/IEC 7812-1).
        case luhn
        /// Remainder 1 by 97 (ISO 13616: IBAN).
        case mod97
        /// At least 3 bits of Shannon entropy a character.
        case entropy
    }

    var patterns: [Pattern]
    var checks: [Check] = []
    /// The patterns are looked for in the rest of the line after a key word, not everywhere.
    var isKeyed = false
    /// The token may follow a letter or digit.
    var isAnywhere = false
}
