import Documents
import SupportBundle

extension Samples {
    /// Tests take names, so that a failure doesn't print a megabyte.
    enum Name: CaseIterable {
        case partial, complete, bare, hostile, huge, many

        var manifest: Manifest {
            switch self {
            case .partial: Samples.partial
            case .complete: Samples.complete
            case .bare: Samples.bare
            case .hostile: Samples.hostile
            case .huge: Samples.huge
            case .many: Samples.many
            }
        }
    }

    /// Text that would take over a terminal, a page or a line, with a mark that tests look for.
    static let hostileText =
        "\u{1B}]0;title\u{7}\u{1B}[2J\u{202E}gpj.exe\u{2066}\n\r\u{2028}EVIL-LINE</title></style><script>alert(1)</script>"
        + "<img src=x onerror='alert(2)'>\"'{{name}}{{{name}}}\u{0}\u{200B}\u{9B}31m"

    /// Every foreign text hostile.
    static var hostile: Manifest { filled(with: hostileText) }

    /// Every foreign text a megabyte.
    static var huge: Manifest { filled(with: String(repeating: "<&\"\u{10FFFF}𐍈'", count: 40_000)) }

    /// More of everything than any page shows.
    static var many: Manifest {
        var manifest = filled(with: String(repeating: "<\"&'>", count: 400))
        manifest.items = Array(repeating: manifest.items[0], count: 1200)
        manifest.mustCollect = Array(repeating: manifest.mustCollect, count: 10).flatMap { $0 }
        for index in manifest.mustCollect.indices { manifest.mustCollect[index].reason? += "\(index)" }
        manifest.diagnosis = Array(repeating: manifest.diagnosis[0], count: 200)
        return manifest
    }

    private static func filled(with text: String) -> Manifest {
        var manifest = partial
        manifest.tool = Manifest.Tool(name: text, version: text)
        manifest.bundle = Manifest.Identity(id: text, name: text, createdAt: text)
        manifest.case = Manifest.SupportCase(id: text)
        manifest.playbook = Manifest.PlaybookReference(id: text, version: .max, title: text, source: text, why: text)
        manifest.product = Manifest.Product(version: text, components: [text], region: text, pod: text)
        manifest.ranAs.user = text
        manifest.argv = [text]
        let span = Manifest.SpanOfTime(from: text, to: text)
        manifest.request = Manifest.FailingRequest(
            org: text, env: text, api: text, revision: text, messageId: text, host: text, port: .max, time: text,
            window: span)
        manifest.request.backendIp = text
        manifest.request.targetEndpoint = text
        manifest.request.keyAlias = text
        manifest.request.faultCode = text
        manifest.request.faultSource = text
        manifest.failure = Manifest.Failure(
            signature: text, firstSeen: text, lastSeen: text, count: .max, otherFailures: [text, text])
        manifest.node = Manifest.Node(hostname: text, os: text, kernel: text, timezone: text, clockOffsetMs: .min)
        manifest.mustCollect = ItemKind.allCases.map {
            Manifest.MustCollect(
                item: $0, required: true, state: .missing, reason: text, hint: "apigee-collect add " + text)
        }
        for index in manifest.mustCollect.indices where index % 2 == 0 { manifest.mustCollect[index].hint = text }
        for index in manifest.items.indices {
            manifest.items[index].path = index == 0 ? "javascript:alert(1)" : "items/../../" + text
            manifest.items[index].title = text
            manifest.items[index].source.location = text
            manifest.items[index].collectedOn?.node = text
            manifest.items[index].reason = text
            manifest.items[index].notes = [text]
            manifest.items[index].bytes = .max
            manifest.items[index].redactions = [text: .max, "b": .max]
            manifest.items[index].truncated = Manifest.Truncation(how: text, bytes: .max)
        }
        manifest.redaction.level = text
        manifest.redaction.findings = [text: .max, "b": .max]
        manifest.leakScan = Manifest.LeakScan(state: .suspicions, suspicions: [text])
        let evidence = Verdict.Evidence(item: .trace, path: "//evil.example/" + text, location: text, text: text)
        manifest.diagnosis = [
            Verdict(
                playbook: text, cause: text, title: text, confidence: .certain, summary: text, evidence: [evidence],
                resolution: [text, text], ruledOut: [Verdict.RuledOut(cause: text, why: text)], wouldSettle: [text])
        ]
        manifest.tried = [Manifest.TriedStep(step: text, title: text, note: text)]
        return manifest
    }

    /// Connections with texts and kinds that no diagnosis writes.
    static let hostileConnections: JSONValue = [
        [
            "tls": true, "outcome": .string(hostileText), "client": ["ip": .string(hostileText), "port": -5],
            "server": 7, "sni": .string(hostileText),
            "messages": [1, "x", ["type": .string(hostileText), "frame": "9"]],
            "alerts": ["x": 1], "certificateRequest": ["authorities": [.string(hostileText), 3]],
            "clientCertificate": ["count": "0"], "serverCertificates": [[:]], "warnings": [.string(hostileText)],
        ],
        7, nil,
    ]
}
