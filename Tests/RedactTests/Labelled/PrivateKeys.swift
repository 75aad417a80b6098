/// Private keys in the forms in which they turn up.
enum PrivateKeys {
    struct Form: Sendable {
        let id: String
        /// %K stands for the block; its lines are joined by `joint`.
        let template: String
        let joint: String
        var isWithoutEnd = false
        var isBase64 = false
    }

    static let labels = [
        "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
    ]

    static let forms: [Form] = [
        .init(id: "lines", template: "%K\n", joint: "\n"), .init(id: "crlf", template: "%K\r\n", joint: "\r\n"),
        .init(id: "escaped", template: "key=\"%K\\n\" x=1", joint: "\\n"),
        .init(id: "escaped-twice", template: "{\"a\":\"{\\\"key\\\":\\\"%K\\\\n\\\"}\"}", joint: "\\\\n"),
        .init(id: "escaped-crlf", template: "{\"key\":\"%K\\r\\n\"}", joint: "\\r\\n"),
        .init(id: "json", template: "{\"private_key\": \"%K\\n\", \"n\": 1}", joint: "\\n"),
        .init(id: "blanks", template: "KEY=\"%K\"", joint: " "), .init(id: "one-line", template: "k: %K x", joint: ""),
        .init(id: "xml", template: "<Key>%K</Key>", joint: "\n"),
        .init(id: "cdata", template: "<Key><![CDATA[%K]]></Key>", joint: "\n"),
        .init(id: "references", template: "<Key>%K</Key>", joint: "&#10;"),
        .init(id: "references-hex", template: "<a k=\"%K\"/>", joint: "&#xA;"),
        .init(id: "references-cr", template: "<Key>%K</Key>", joint: "&#13;\n"),
        .init(id: "percent", template: "a=1&key=%K&b=2", joint: "%0A"),
        .init(id: "percent-crlf", template: "key=%K", joint: "%0D%0A"),
        .init(id: "percent-twice", template: "key=%K", joint: "%250A"),
        .init(
            id: "log", template: "2026-11-23 10:00:00,001 INFO x %K\n2026-11-23 10:00:00,002 INFO done\n",
            joint: "\n2026-11-23 10:00:00,001 INFO x "),
        .init(id: "log-pipe", template: "app-1  | %K\napp-1  | done\n", joint: "\napp-1  | "),
        .init(id: "quoted", template: "> %K\n> x\n", joint: "\n> "),
        .init(id: "comment", template: "# %K\n", joint: "\n# "),
        .init(id: "yaml", template: "tls:\n  key: |\n    %K\n  n: 1\n", joint: "\n    "),
        .init(id: "yaml-double", template: "key: \"%K\\n\"\n", joint: "\\n"),
        .init(id: "properties", template: "key=%K\nx=1\n", joint: "\\n\\\n    "),
        .init(id: "python", template: "KEY = \"\"\"%K\"\"\"\n", joint: "\n"),
        .init(id: "java", template: "String k = \"%K\";", joint: "\\n\" +\n    \""),
        .init(id: "javascript", template: "const k = `%K`;", joint: "\n"),
        .init(id: "tabs", template: "\t%K\n", joint: "\n\t"),
        .init(id: "no-end", template: "%K\n", joint: "\n", isWithoutEnd: true),
        .init(id: "no-end-escaped", template: "{\"k\":\"%K\"}", joint: "\\n", isWithoutEnd: true),
        .init(id: "base64", template: "tls.key: %K\n", joint: "\n", isBase64: true),
        .init(id: "base64-json", template: "{\"data\":\"%K\"}", joint: "\n", isBase64: true),
        .init(id: "base64-url", template: "x=%K&b=1", joint: "\n", isBase64: true),
        .init(id: "list", template: "[\"%K\"]", joint: "\",\n \""),
        .init(id: "backslash-r", template: "k='%K'", joint: "\\r"),
        .init(id: "breaks", template: "<pre>%K</pre>", joint: "<br/>"),
    ]

    /// The lines of a key's body, of full width but for the last.
    static func body(_ dice: inout LabelDice, label: String) -> [String] {
        let head =
            label.contains("OPENSSH")
            ? "b3BlbnNzaC1rZXktdjEA" : label.hasPrefix("EC") ? "MHcCAQEE" : "MIIEvQIBADANBgkqhkiG9w0BAQEF"
        let count = label.hasPrefix("EC") ? dice.number(1...2) : dice.number(5...25)
        var lines = (0..<count).map { _ in dice.expand("‹b64›") }
        lines[0] = head + lines[0].dropFirst(head.count)
        lines.append(dice.expand(dice.pick(["‹b12›", "‹b22›==", "‹b43›=", "‹b4›", "‹b60›"])))
        return lines
    }

    static func block(_ dice: inout LabelDice, form: Form, label: String) -> (text: String, lines: [String]) {
        let lines = body(&dice, label: label)
        var all = ["-----BEGIN \(label)-----"]
        if label == "RSA PRIVATE KEY", dice.number(0...2) == 0, form.joint.hasSuffix("\n") {
            all += ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,\(dice.expand("‹X32›"))", ""]
        }
        all += lines
        if !form.isWithoutEnd { all.append("-----END \(label)-----") }
        return (all.joined(separator: form.joint), lines)
    }
}
