import Redact

/// Rule files: any bytes are read or refused; what is read redacts without a crash, and its self-test runs.
enum RuleFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        let kinds = [
            "kind: name, names: [password], strength: strong",
            "kind: token, prefixes: [abc_], alphabet: hex, length: [8, 40]",
            "kind: pem", "kind: jwt", "kind: card", "kind: email", "kind: header, names: [x-secret]",
        ]
        return kinds.map { Array("rules:\n  - {id: a, title: t, \($0)}\n".utf8) }
            + [Array("rules:\n  - id: a\n    title: t\n    kind: pem\n    match: ['a']\n    noMatch: [b]\n".utf8)]
    }

    static func run(_ input: FuzzInput) {
        guard let set = try? RuleSet(files: [("fuzz.yaml", input.rest())]),
            let redactor = try? Redactor(rules: set, key: [UInt8](repeating: 7, count: 32))
        else { return }
        _ = redactor.redact("password=abc_0123456789abcdef x-secret: joe eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.c2ln")
    }
}
