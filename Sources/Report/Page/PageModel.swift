internal import Documents
internal import SupportBundle

/// A manifest as the values of the page template: every text harmless and cut, every number from the manifest.
struct PageModel {
    let manifest: Manifest
    let connections: [JSONValue]
    let caps: PageCaps
    var facts: Facts { Facts(manifest: manifest) }

    var values: PageValue {
        var page: [String: PageValue] = [
            "name": name(manifest.bundle.name), "title": sentence(manifest.playbook.title),
            "state": .text(facts.state), "stateClass": manifest.complete ? "good" : "warn", "badges": .list(badges),
            "playbook": .text("\(word(manifest.playbook.id)) version \(manifest.playbook.version)"),
            "why": sentence(manifest.playbook.why),
        ]
        let gaps = facts.gaps.prefix(caps.rows).map { gap($0) }
        let handshakes = HandshakePicture(request: manifest.request, caps: caps)
        let pictures = handshakes.pictures(of: connections)
        page["verdicts"] = .list(
            facts.verdicts.prefix(caps.entries).enumerated().map { verdict($1, isFirst: $0 == 0) })
        page["hasGaps"] = .flag(!gaps.isEmpty)
        page["gaps"] = .list(gaps)
        add("cuts", "hasCuts", cuts, to: &page) { sentence($0) }
        add("connections", "hasConnections", pictures, to: &page) { $0 }
        page["otherConnections"] = .text(handshakes.others(of: connections))
        page["request"] = .list(requestFacts)
        let others = manifest.failure?.otherFailures ?? []
        add("otherFailures", "hasOtherFailures", others, to: &page) { sentence($0) }
        page["checklist"] = .list(manifest.mustCollect.prefix(caps.rows).map { checklistRow($0) })
        addItems(to: &page)
        addRedaction(to: &page)
        add("tried", "hasTried", manifest.tried, to: &page) { tried($0) }
        page["origin"] = .list(origin)
        page["sections"] = .list(sections(in: page))
        return .record(page)
    }

    /// A list and the flag that says whether it has anything.
    func add<T>(
        _ name: String, _ flag: String, _ entries: [T], to page: inout [String: PageValue], as show: (T) -> PageValue
    ) {
        page[flag] = .flag(!entries.isEmpty)
        page[name] = .list(entries.prefix(caps.entries).map(show))
    }

    func sentence(_ text: String) -> PageValue { .text(Shown.text(text, caps.sentence)) }
    func name(_ text: String) -> PageValue { .text(word(text)) }
    func word(_ text: String) -> String { Shown.text(text, caps.name) }

    /// Name and value, left out where nothing is known.
    func fact(_ name: String, _ value: String?) -> PageValue? {
        guard let value, !value.isEmpty else { return nil }
        return ["name": .text(name), "value": sentence(value)]
    }

    private var badges: [PageValue] {
        var badges: [PageValue] = []
        func badge(_ text: String, _ style: String = "plain") {
            badges.append(["text": name(text), "class": .text(style)])
        }
        if manifest.interrupted { badge("interrupted", "warn") }
        if let id = manifest.case?.id { badge("case \(id)") }
        badge(manifest.mode == .private ? "private cloud" : "public cloud")
        switch manifest.leakScan.state {
        case .clean: badge("leak scan clean", "good")
        case .suspicions: badge("leak scan: \(Shown.count(manifest.leakScan.suspicions.count, "suspicion"))", "warn")
        case .notRun: badge("leak scan not run", "warn")
        }
        return badges
    }

    private func sections(in page: [String: PageValue]) -> [PageValue] {
        let all: [(id: String, title: String, flag: String?)] = [
            ("verdict", "Verdict", nil), ("missing", "Missing", "hasGaps"), ("cut", "Cut", "hasCuts"),
            ("handshake", "Handshake", "hasConnections"), ("request", "Request", nil),
            ("checklist", "Must collect", nil),
            ("items", "Items", nil), ("redaction", "Redaction", nil), ("tried", "Tried", "hasTried"),
            ("origin", "How it was collected", nil),
        ]
        return all.compactMap { section in
            if let flag = section.flag, case .flag(false)? = page[flag] { return nil }
            return ["id": .text(section.id), "title": .text(section.title)]
        }
    }

    private func tried(_ step: Manifest.TriedStep) -> PageValue {
        ["title": sentence(step.title.isEmpty ? step.step : step.title), "note": sentence(step.note ?? "")]
    }
}
