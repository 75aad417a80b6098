/// One kind of secret: how it is found, and examples that prove it.
struct Rule: Sendable {
    /// The recogniser that decides at the rule's anchors where a secret lies.
    enum Kind: Sendable {
        /// A name before its value, in any notation.
        case name(NameRule)
        /// A key of a query or form, whose name alone says too little.
        case query
        /// A fixed prefix and characters of one alphabet.
        case token(TokenRule)
        case pem, jwt, basic, bearer, userinfo, command, entries, assertion, email, encoded, card
    }

    let id: String
    let title: String
    let kind: Kind
    /// Of two findings that start at the same byte the one of higher priority gives the marker.
    let priority: Int
    /// Where the rule is woken, in any case of letters.
    let anchors: [RuleAnchor]
    /// Text in which what stands between « and » must go, and nothing else.
    let mustMatch: [String]
    /// Text in which nothing may go.
    let mustNotMatch: [String]
}

/// A literal that wakes a rule.
struct RuleAnchor: Sendable {
    let literal: [UInt8]
    /// True if the literal must be the whole name, after its last dot.
    var isWhole = false
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
    /// The value consists of digits.
    var isDigits: Bool
}

/// How a token looks that a prefix gives away.
struct TokenRule: Sendable {
    enum Alphabet: String, Sendable {
        case base64url, word, alnum, upper, lower, hex, dotted, path, crypt

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .base64url: byte.isBase64URL
            case .word: byte.isWord
            case .alnum: byte.isAlphanumeric
            case .upper: byte.isUpper || byte.isDigit
            case .lower: byte.isLower || byte.isDigit
            case .hex: byte.isHex
            case .dotted: byte.isBase64URL || byte == .dot
            case .path: byte.isBase64URL || byte == .slash
            case .crypt: byte.isBase64 || byte == .dot || byte == .dollar || byte == .equals || byte == .comma
            }
        }
    }

    let prefixes: [[UInt8]]
    let alphabet: Alphabet
    let length: ClosedRange<Int>
    /// The prefix stays.
    let keepsPrefix: Bool
    /// The token may follow a letter or digit.
    let isAnywhere: Bool
}
