internal import SupportBundle

/// The facts of a manifest in the words that all outputs share.
struct Facts {
    let manifest: Manifest
    let texts: Texts

    private var request: Manifest.FailingRequest { manifest.request }

    /// The verdicts, surest first; equally sure ones stay in order.
    var verdicts: [Verdict] {
        manifest.diagnosis.enumerated()
            .sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }
            .map(\.element)
    }

    /// `org acme, env prod, API payments, revision 7`; nil when nothing of it is known.
    var proxy: String? {
        sentence([
            ("org", request.org), ("env", request.env), ("api", request.api), ("revision", request.revision),
        ])
    }

    /// `backend.example.com:8443 (10.0.0.5), target endpoint default, key alias client`.
    var backend: String? {
        guard let words = backendPlace else { return nil }
        guard
            let more = sentence([
                ("targetEndpoint", request.targetEndpoint ?? ""), ("keyAlias", request.keyAlias ?? ""),
            ])
        else { return words }
        return "\(words)\(texts("listComma"))\(more)"
    }

    /// `backend.example.com:8443 (10.0.0.5)`
    var backendPlace: String? {
        guard !request.host.isEmpty else { return request.backendIp.map { Shown.text($0, 60) } }
        var words = Shown.text(request.host, 80)
        if request.port > 0 { words += ":\(request.port)" }
        if let address = request.backendIp, !address.isEmpty, address != request.host {
            words += " (\(Shown.text(address, 50)))"
        }
        return words
    }

    /// `2026-11-23T10:00:01Z, HTTP 503, messaging.adaptors.http.flow.ServiceUnavailable`.
    var response: String? {
        var words: [String] = []
        if !request.time.isEmpty { words.append(Shown.text(request.time, 40)) }
        if let status = request.httpStatus { words.append("HTTP \(status)") }
        if let code = request.faultCode, !code.isEmpty { words.append(Shown.text(code, 90)) }
        if let source = request.faultSource, !source.isEmpty {
            words.append(texts("faultSourceIs", ["source": Shown.text(source, 40)]))
        }
        return words.isEmpty ? nil : words.joined(separator: texts("listComma"))
    }

    /// How often the failure was seen, and what else failed.
    var occurrences: String? {
        guard let failure = manifest.failure else { return nil }
        var words = texts.count(failure.count, "seen")
        if failure.count > 1, !failure.firstSeen.isEmpty {
            words += texts("seenSince", ["time": Shown.text(failure.firstSeen, 40)])
        }
        if !failure.otherFailures.isEmpty { words += texts.count(failure.otherFailures.count, "otherKinds") }
        return words
    }

    /// What is not collected, entries with the same reason and hint together, required ones first.
    var gaps: [Gap] {
        var gaps: [Gap] = []
        var places: [Gap.Cause: Int] = [:]
        for required in [true, false] {
            for entry in manifest.mustCollect where entry.state != .collected && entry.required == required {
                // Skipped and not required: there was nothing to collect, so nothing is missing.
                if entry.state == .skipped, !required { continue }
                let cause = Gap.Cause(
                    required: required, state: entry.state, reason: entry.reason, hint: entry.hint)
                if let place = places[cause] {
                    gaps[place].items.append(entry.item)
                } else {
                    places[cause] = gaps.count
                    gaps.append(Gap(items: [entry.item], cause: cause))
                }
            }
        }
        return gaps
    }

    /// `complete`, or what it is instead.
    var state: String {
        let required = manifest.mustCollect.filter(\.required)
        let collected = required.count { $0.state == .collected }
        if manifest.complete { return texts("complete", ["n": "\(required.count)"]) }
        let partial = texts("partial", ["collected": "\(collected)", "n": "\(required.count)"])
        return manifest.interrupted ? partial + texts("listComma") + texts("interrupted") : partial
    }

    func confidence(_ verdict: Verdict) -> String { texts(verdict.confidence.rawValue) }

    private func sentence(_ words: [(String, String)]) -> String? {
        let known = words.filter { !$0.1.isEmpty }.map { texts("word_" + $0.0, ["name": Shown.text($0.1, 60)]) }
        return known.isEmpty ? nil : known.joined(separator: texts("listComma"))
    }
}

/// Items that are missing for one reason.
struct Gap {
    struct Cause: Hashable {
        let required: Bool
        let state: Manifest.State
        let reason: String?
        let hint: String?
    }

    var items: [ItemKind]
    let cause: Cause

    var required: Bool { cause.required }
    var state: Manifest.State { cause.state }
    var reason: String? { cause.reason }
    var hint: String? { cause.hint }

    func names(_ texts: Texts) -> String { texts.list(items.map(\.rawValue)) }

    /// The hint in two: a sentence for reading, and the command for copying that it ends in, where there are any.
    var hintParts: (advice: String, command: String) {
        // A hint may be long; a command in it is not looked for beyond its first part.
        guard let hint else { return ("", "") }
        let tools = ["sudo ", "apt-get ", "yum ", "dnf "]
        if tools.contains(where: { hint.utf8.starts(with: $0.utf8) }) { return ("", hint) }
        guard let start = hint.prefix(2000).firstRange(of: "apigee-collect add ")?.lowerBound else {
            return hint.utf8.starts(with: "apigee-collect ".utf8) ? ("", hint) : (hint, "")
        }
        var advice = hint[..<start]
        while let last = advice.last, last == " " || last == ":" { advice.removeLast() }
        return (String(advice), String(hint[start...]))
    }
}
