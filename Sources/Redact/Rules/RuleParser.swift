internal import Documents

/// Reads a rule file (YAML, `schema: 1`): `rules:` and `judgement:`, each optional.
struct RuleParser {
    let file: String

    private static let rulesPerFile = 2_000

    func parse(_ bytes: [UInt8]) throws(RedactionError) -> (rules: [Rule], judgement: Judgement) {
        let root: YAMLNode
        do throws(DocumentError) {
            root = try YAMLNode(parsing: bytes, name: file)
        } catch {
            throw RedactionError(.badRule, subject: "\(file):\(error.line)", reason: error.reason)
        }
        guard root.mapping != nil else { throw bad(root, "not a mapping with the key 'rules'") }
        try allow(["schema", "rules", "judgement"], in: root)
        guard root["schema"]?.scalar == "1" else {
            throw bad(root, "the key 'schema' is missing or not 1", hint: "start the file with 'schema: 1'")
        }
        var rules: [Rule] = []
        if let list = root["rules"] {
            guard let nodes = list.sequence, nodes.count <= Self.rulesPerFile else {
                throw bad(list, "'rules' is not a list of at most \(Self.rulesPerFile) rules")
            }
            for node in nodes { rules.append(try rule(node)) }
        }
        return (rules, try judgement(root["judgement"]))
    }

    private func judgement(_ node: YAMLNode?) throws(RedactionError) -> Judgement {
        var result = Judgement()
        guard let node else { return result }
        try allow(["neutral", "safe", "negative", "keep", "prose", "labels", "objects"], in: node)
        result.neutral = WordSet(try words(node["neutral"]))
        result.safe = WordSet(try words(node["safe"]))
        result.negative = WordSet(try words(node["negative"]))
        result.prose = WordSet(try words(node["prose"]))
        result.labels = WordSet(try words(node["labels"]))
        result.objects = WordSet(try words(node["objects"]))
        let kept = try words(node["keep"])
        result.keptNames = WordSet(kept.filter { !$0.contains("*") })
        result.keptShapes = kept.filter { $0.contains("*") }.map { Array($0.utf8) }
        return result
    }

    private func rule(_ node: YAMLNode) throws(RedactionError) -> Rule {
        guard node.mapping != nil else { throw bad(node, "a rule is a mapping") }
        try allow(
            [
                "id", "title", "kind", "strength", "value", "priority", "loose", "words", "digits", "shape", "names",
                "ends", "starts", "qualifiers", "whole", "heads",
                "prefixes", "alphabet", "length", "keep_prefix", "anywhere", "pattern", "patterns", "keywords",
                "checks",
                "severity", "examples",
            ], in: node)
        let id = try text(node, "id")
        guard (1...48).contains(id.utf8.count), id.utf8.allSatisfy({ $0.isLower || $0.isDigit || $0 == .dash }) else {
            throw bad(node, "the id must be 1 to 48 of a-z, 0-9 and '-'")
        }
        let (kind, anchors) = try kind(node)
        let standard = if case .token = kind { 70 } else { 25 }
        guard let priority = node["priority"] == nil ? standard : node["priority"]?.int, (0...100).contains(priority)
        else {
            throw bad(node, "the priority of '\(id)' is no number from 0 to 100")
        }
        guard let severity = Rule.Severity(rawValue: node["severity"]?.scalar ?? "high") else {
            throw bad(node, "the severity of '\(id)' is none of high, medium, low")
        }
        let examples = node["examples"]
        if let examples { try allow(["match", "no_match"], in: examples) }
        return Rule(
            id: id, title: try text(node, "title"), kind: kind, kindName: try text(node, "kind"), severity: severity,
            priority: priority, anchors: anchors, mustMatch: try strings(examples?["match"]),
            mustNotMatch: try strings(examples?["no_match"]), line: node.line)
    }

    private func kind(_ node: YAMLNode) throws(RedactionError) -> (Rule.Kind, [RuleAnchor]) {
        let name = try text(node, "kind")
        switch name {
        case "name":
            return (.name(try nameRule(node)), try nameAnchors(node))
        case "query":
            let anchors = try words(node["names"]).flatMap { word in
                ["?", "&", "&amp;", "u0026"].map { RuleAnchor(literal: Array(($0 + word + "=").utf8)) }
            }
            // The first key of a form's body has no mark before it.
            let starts = try words(node["starts"]).map { RuleAnchor(literal: Array(($0 + "=").utf8), place: .whole) }
            return (.query, anchors + starts)
        case "token":
            return try TokenRuleParser(rules: self).parse(node)
        default:
            guard let (kind, literals) = Self.structures[name] else {
                throw bad(node, "no recogniser '\(name)'")
            }
            return (kind, literals.map { RuleAnchor(literal: Array($0.utf8).map(\.lowercased)) })
        }
    }

    /// The recognisers of a syntax, with the literals that wake them.
    private static let structures: [String: (Rule.Kind, [String])] = [
        "pem": (.pem, ["-----begin", "-----end", "LS0tLS1CRUdJTi"]),
        "jwt": (.jwt, ["eyJ"]),
        "basic": (.basic, ["basic"]),
        "bearer": (.bearer, ["bearer", "negotiate", "ntlm"]),
        "userinfo": (.userinfo, ["://", "%3a%2f%2f", ":\\/\\/", "jdbc:oracle:thin:", "jdbc:oracle:oci:"]),
        "command": (.command, Tool.all.map(\.name)),
        "entries": (.entries, ["entry", "keyvalueentries"]),
        "assertion": (.assertion, ["assertion"]),
        "sql": (.sql, ["identified by", "identified with", "password(", "replace ", "pgp_sym_", "sp_addlogin "]),
        "call": (
            .call,
            [
                "credentials(", "credentials.basic(", "basicauth(", "basic_auth(", "basic-auth(", "authentication(",
                "auth=(", "getconnection(", "createconnection(", "networkcredential(", "networkcredential]::new(",
                "convertto-securestring", "loginmodule", "\".tochararray()",
            ]
        ),
        "der": (
            .der,
            [
                "ibadanbgkqhkig9w0baqefaas", "ibaakc", "ibaakbgq", "mhccaqeei", "migkagebbd", "mihcagebbei",
                "gbyqgsm49ageg",
                "mc4caqawbqydk2vwbciei", "bgkqhkig9w0bbq", "b3blbnnzac1rzxktdjea", "/u3+7qaaaa", "private-lines:",
                "begin ssh2 encrypted private key",
                "$ansible_vault;",
            ]
        ),
        "jwk": (.jwk, ["kty", "inverseq", "rsakey(", "ecckey(", "dsakey("]),
        "key-markup": (.keyMarkup, ["rsakeyvalue", "rsakeypair", "dsakeyvalue"]),
        "key-text": (
            .keyText,
            [
                "private exponent", "privateexponent", "private_exponent", "private-exponent", "prime1", "prime2",
                "prime3", "prime4", "primep", "primeq", "prime p", "prime q", "prime_p", "prime_q", "prime exponent",
                "primeexponent", "exponent1", "exponent2", "exponent3", "exp1:", "exp2:", "coefficient", "priv:",
                "private key:", "private-key:", "private value:", "seed:", "dk:", "master secret", "write secret",
                "write key",
            ]
        ),
        "cluster-secret": (.clusterSecret, ["kind: secret", "\"kind\":\"secret\"", "\"kind\": \"secret\""]),
        "pgpass": (.pgpass, [":5432:", ":*:"]),
        "piped": (
            .piped,
            [
                "sudo -s", "passwd --stdin", "--with-token", "password-stdin", "chpasswd", "saslpasswd2", "cryptsetup",
                "kinit",
            ]
        ),
        "prose": (
            .prose,
            [
                "password", "passphrase", "passcode", "api key", "token is", "secret is", "pw is", "passwort",
                "secret key", "access key", "assword:\"", "334 ugfzc3dvcmq6",
                "kennwort", "mot de passe", "contraseña", "contrasena", "senha", "wachtwoord", "lösenord",
            ]
        ),
        "email": (.email, ["@", "%40"]),
        "encoded": (
            .encoded,
            ["%", "\\", "&", "''", "\"\""] + Base64.stems(of: encodedWords)
                + encodedWords.map { Escapes.makeHex(Array($0.utf8), upper: false).text }
        ),
        "card": (.card, []),
        // Offsets at which a dump begins, or has so much that a window ends.
        "hex-dump": (.hexDump, ["000: ", "000:\t", "000  ", "000000 "]),
    ]

    /// Words that give away that what is encoded speaks of a secret.
    private static let encodedWords = [
        "password", "Password", "PASSWORD", "passwd", "secret", "Secret", "SECRET", "PRIVATE KEY", "Authorization",
        "authorization", "token", "Token", "TOKEN", "apikey", "apiKey", "api_key", "API_KEY", "Bearer ", "Basic ",
        "AKIA", "ASIA", "ghp_", "glpat-", "xoxb-", "xoxp-", "AIzaSy", "sk_live_", "eyJhbGci",
        "https://", "http://", "mongodb", "postgres", "mysql:", "redis://", "amqp://", "credential",
    ]

    private func nameRule(_ node: YAMLNode) throws(RedactionError) -> NameRule {
        let strengths: [String: NameRule.Strength] = ["strong": .strong, "medium": .medium]
        guard let strength = strengths[try text(node, "strength")] else {
            throw bad(node, "the strength is neither 'strong' nor 'medium'")
        }
        guard let value = NameRule.Value(rawValue: node["value"]?.scalar ?? "plain") else {
            throw bad(node, "the value is none of plain, credentials, cookies, set-cookies")
        }
        let standard = try flag(node, "digits", false) ? "digits" : "any"
        guard let shape = NameRule.Shape(rawValue: node["shape"]?.scalar ?? standard) else {
            throw bad(node, "the shape is none of any, digits, code, text, token")
        }
        return NameRule(
            strength: strength, value: value, isLoose: try flag(node, "loose", false),
            allowsWords: try flag(node, "words", true), shape: shape,
            qualifiers: node["qualifiers"] == nil ? nil : WordSet(try words(node["qualifiers"])))
    }

    /// Each name in every joining of its words.
    private func nameAnchors(_ node: YAMLNode) throws(RedactionError) -> [RuleAnchor] {
        var anchors: [RuleAnchor] = []
        let places: [(String, RuleAnchor.Place)] = [("names", .inside), ("ends", .end), ("whole", .whole)]
        for (key, place) in places {
            for name in try words(node[key]) {
                for spelling in Self.spellings(of: name.split(separator: "_").prefix(4).map { Array($0.utf8) }) {
                    anchors.append(RuleAnchor(literal: spelling, place: place))
                }
            }
        }
        // The first part of a name with dots.
        anchors += try words(node["heads"]).map { RuleAnchor(literal: Array(($0 + ".").utf8), place: .head) }
        guard !anchors.isEmpty, anchors.allSatisfy({ (2...64).contains($0.literal.count) }) else {
            throw bad(node, "a name rule needs 'names', 'ends', 'whole' or 'heads', each of 2 to 64 characters")
        }
        return anchors
    }

    /// The words of a name, joined in every way.
    private static func spellings(of words: [[UInt8]]) -> [[UInt8]] {
        guard words.count > 1 else { return words }
        return ["", "_", "-", ".", " "].map { Array(words.joined(separator: $0.utf8)) }
    }

    func text(_ node: YAMLNode, _ key: String) throws(RedactionError) -> String {
        guard let text = node[key]?.scalar, !text.isEmpty else { throw bad(node, "the key '\(key)' is missing") }
        return text
    }

    func flag(_ node: YAMLNode, _ key: String, _ standard: Bool) throws(RedactionError) -> Bool {
        guard let value = node[key] else { return standard }
        guard let flag = value.bool else { throw bad(value, "'\(key)' is neither true nor false") }
        return flag
    }

    func strings(_ node: YAMLNode?) throws(RedactionError) -> [String] {
        guard let node else { return [] }
        guard let nodes = node.sequence else { throw bad(node, "not a list") }
        var result: [String] = []
        for item in nodes {
            guard let text = item.scalar else { throw bad(item, "not a text") }
            result.append(text)
        }
        return result
    }

    func words(_ node: YAMLNode?) throws(RedactionError) -> [String] {
        try strings(node).map { String(decoding: $0.utf8.map(\.lowercased), as: UTF8.self) }
    }

    private func allow(_ keys: Set<String>, in node: YAMLNode) throws(RedactionError) {
        for pair in node.mapping ?? [] where !keys.contains(pair.key.scalar ?? "") {
            throw bad(pair.key, "unknown key '\(pair.key.scalar ?? "")'")
        }
    }

    func bad(_ node: YAMLNode, _ reason: String, hint: String? = nil) -> RedactionError {
        RedactionError(.badRule, subject: "\(file):\(node.line)", reason: reason, hint: hint)
    }
}
