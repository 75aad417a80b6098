internal import Crypto
internal import FoundationEssentials
internal import Templates

/// The rules of a redactor, with the automaton that finds all their anchors in one pass.
public final class RuleSet: Sendable {
    let rules: [Rule]
    /// The ids of ``rules``.
    let ids: [String]
    /// The rules for what has no anchors of its own.
    let cardRule: Int?
    let encodedRule: Int?
    let judgement: Judgement
    let automaton: AnchorAutomaton
    /// What each literal of the automaton wakes.
    let targets: [AnchorTarget]
    /// The file of each rule.
    private let sources: [String]
    private let files: [(name: String, bytes: [UInt8])]

    /// SHA-256 over names and content of the rule files, hexadecimal: equal sets have equal sums.
    public let sha256: String

    /// How many rules there are.
    public var count: Int { rules.count }

    /// What each rule is about, in order.
    public var listing: [RuleSummary] {
        rules.indices.map { index in
            let rule = rules[index]
            return RuleSummary(
                id: rule.id, title: rule.title, kind: rule.kindName, severity: rule.severity.rawValue,
                file: sources[index], line: rule.line, examples: rule.mustMatch.count + rule.mustNotMatch.count)
        }
    }

    /// The rules that are compiled in (`templates/redaction`).
    public static func builtIn() throws(RedactionError) -> RuleSet {
        try RuleSet(files: Template.redactionRules.map { ($0.path, $0.bytes) })
    }

    /// - Throws: ``RedactionError`` `.badRule` with file and line for a file that can't be read as rules.
    public init(files: [(name: String, bytes: [UInt8])]) throws(RedactionError) {
        var rules: [Rule] = []
        var sources: [String] = []
        var judgement = Judgement()
        var taken: Set<String> = []
        for file in files {
            let parsed = try RuleParser(file: file.name).parse(file.bytes)
            for rule in parsed.rules {
                guard taken.insert(rule.id).inserted else {
                    throw RedactionError(
                        .badRule, subject: "\(file.name):\(rule.line)", reason: "the rule '\(rule.id)' exists already",
                        hint: "give it another id")
                }
                rules.append(rule)
                sources.append(file.name)
            }
            judgement.add(parsed.judgement)
        }
        guard !rules.isEmpty else {
            throw RedactionError(.badRule, subject: files.first?.name ?? "rules", reason: "there is no rule at all")
        }
        self.files = files
        self.rules = rules
        ids = rules.map(\.id)
        cardRule = rules.firstIndex { if case .card = $0.kind { true } else { false } }
        encodedRule = rules.firstIndex { if case .encoded = $0.kind { true } else { false } }
        self.sources = sources
        self.judgement = judgement
        let targets = rules.enumerated().flatMap { index, rule in
            rule.anchors.map { AnchorTarget(rule: index, of: rule, anchor: $0) }
        }
        self.targets = targets
        automaton = AnchorAutomaton(rules.flatMap { $0.anchors.map(\.literal) })
        var hash = SHA256()
        for file in files.sorted(by: { $0.name < $1.name }) {
            hash.update(data: Array("\(file.name)\n\(file.bytes.count)\n".utf8))
            hash.update(data: file.bytes)
        }
        sha256 = Self.hex(hash.finalize())
    }

    /// These rules and those of one more file.
    /// - Throws: ``RedactionError`` `.badRule`, also when a rule id is taken.
    public func adding(_ file: (name: String, bytes: [UInt8])) throws(RedactionError) -> RuleSet {
        try RuleSet(files: files + [file])
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// What a literal of the automaton wakes.
struct AnchorTarget: Sendable {
    /// Index of the rule.
    let rule: Int
    /// Length of the literal, bytes.
    let length: Int
    let place: RuleAnchor.Place
    let pattern: Int
    let guardian: AnchorGuard

    init(rule: Int, of owner: Rule, anchor: RuleAnchor) {
        self.rule = rule
        length = anchor.literal.count
        place = anchor.place
        pattern = anchor.pattern
        guardian = AnchorGuard(owner.kind, pattern: anchor.pattern)
    }
}
