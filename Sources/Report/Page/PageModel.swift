internal import Documents
internal import SupportBundle

/// A manifest as the values of the page template: every text harmless and cut, every number from the manifest.
struct PageModel {
    let manifest: Manifest
    let diagnosis: JSONValue
    let toolLog: [UInt8]
    let texts: Texts
    let caps: PageCaps
    var facts: Facts { Facts(manifest: manifest, texts: texts) }
    /// Seconds east of UTC, as the request's times tell: all drawings show times so.
    var offset: Int {
        ISO8601Time.offset(of: manifest.request.time.isEmpty ? manifest.request.window.from : manifest.request.time)
    }

    var values: PageValue {
        var page: [String: PageValue] = [
            "t": .record(texts.words.mapValues { .text($0) }), "language": .text(texts.language.rawValue),
            "name": name(manifest.bundle.name), "title": headline(manifest.playbook.title),
            "state": .text(facts.state), "stateClass": manifest.complete ? "good" : "warn", "badges": .list(badges),
            "playbook": .text(
                texts(
                    "playbookVersion",
                    ["name": word(manifest.playbook.id), "version": String(manifest.playbook.version)])),
            "why": .text(texts.clauses(Shown.text(manifest.playbook.why, caps.sentence))), "glance": .list(glance),
        ]
        let gaps = facts.gaps.prefix(caps.rows).map { gap($0) }
        page["verdicts"] = .list(
            facts.verdicts.prefix(caps.entries).enumerated().map { verdict($1, number: $0 + 1) })
        page["hasGaps"] = .flag(!gaps.isEmpty)
        page["gaps"] = .list(gaps)
        add("cuts", "hasCuts", cuts, to: &page) { .text(Shown.text($0, caps.sentence)) }
        addPictures(to: &page)
        addKnownCauses(to: &page)
        page["request"] = .list(requestFacts)
        let others = manifest.failure?.otherFailures ?? []
        add("otherFailures", "hasOtherFailures", others, to: &page) { sentence($0) }
        page["checklist"] = .list(manifest.mustCollect.prefix(caps.rows).map { checklistRow($0) })
        addItems(to: &page)
        addRedaction(to: &page)
        add("tried", "hasTried", manifest.tried, to: &page) { tried($0) }
        addToolLog(to: &page)
        page["origin"] = .list(origin)
        page["sections"] = .list(sections(in: page))
        return .record(page)
    }

    private func addPictures(to page: inout [String: PageValue]) {
        let connections = diagnosis["connections"]?.array ?? diagnosis.array ?? []
        let ladders = LadderPicture(request: manifest.request, texts: texts, caps: caps)
        let pictures = ladders.pictures(of: connections)
        page["hasConnections"] = .flag(!pictures.isEmpty)
        page["connections"] = .list(Array(pictures.prefix(1)))
        page["hasFolded"] = .flag(pictures.count > 1)
        page["folded"] = .list(Array(pictures.dropFirst()))
        page["foldedTitle"] = .text(texts.count(pictures.count - 1, "folded"))
        page["otherConnections"] = .text(
            ladders.others(of: connections, total: diagnosis["counts"]?["tls"]?.bounded))
        let certificates = CertificateDrawing(
            data: diagnosis["certificates"] ?? .null, request: manifest.request, now: manifest.bundle.createdAt,
            texts: texts, caps: caps
        ).values
        let trace = TraceDrawing(data: diagnosis["trace"] ?? .null, offset: offset, texts: texts, caps: caps).values
        let time = TimeLine(manifest: manifest, diagnosis: diagnosis, offset: offset, texts: texts, caps: caps).values
        for (name, flag, value) in [
            ("certificates", "hasCertificates", certificates), ("trace", "hasTrace", trace),
            ("timeLine", "hasTimeLine", time),
        ] {
            page[flag] = .flag(value != nil)
            page[name] = value.map { .list([$0]) } ?? []
        }
    }

    /// A list and the flag that says whether it has anything.
    func add<T>(
        _ name: String, _ flag: String, _ entries: [T], to page: inout [String: PageValue], as show: (T) -> PageValue
    ) {
        page[flag] = .flag(!entries.isEmpty)
        page[name] = .list(entries.prefix(caps.entries).map(show))
    }

    /// A sentence of the program, in the page's language where it is known in it.
    func sentence(_ text: String) -> PageValue { .text(words(text)) }
    func words(_ text: String) -> String { texts.sentence(Shown.text(text, caps.sentence)) }
    /// A sentence in large letters: of a very long one the beginning.
    func headline(_ text: String) -> PageValue { .text(texts.sentence(Shown.text(text, min(caps.sentence, 240)))) }
    func name(_ text: String) -> PageValue { .text(word(text)) }
    func word(_ text: String) -> String { Shown.text(text, caps.name) }

    /// Name and value, left out where nothing is known.
    func fact(_ key: String, _ value: String?) -> PageValue? {
        guard let value, !value.isEmpty else { return nil }
        return ["name": .text(texts(key)), "value": .text(Shown.text(value, caps.sentence))]
    }

    private var badges: [PageValue] {
        var badges: [PageValue] = []
        func badge(_ text: String, _ style: String = "plain") {
            badges.append(["text": name(text), "class": .text(style)])
        }
        if manifest.interrupted { badge(texts("interrupted"), "warn") }
        if let id = manifest.case?.id { badge(texts("caseNumber", ["id": word(id)])) }
        badge(texts(manifest.mode == .private ? "privateCloud" : "publicCloud"))
        switch manifest.leakScan.state {
        case .clean: badge(texts("leakClean"), "good")
        case .suspicions: badge(texts.count(manifest.leakScan.suspicions.count, "leakSuspicions"), "warn")
        case .notRun: badge(texts("leakNotRun"), "warn")
        }
        return badges
    }

    /// What one wants to know before anything else.
    private var glance: [PageValue] {
        let request = manifest.request
        let code = request.faultCode.flatMap { $0.isEmpty ? nil : word($0) }
        let failed = [request.httpStatus.map { "HTTP \($0)" }, code]
        return [
            fact("failingRequest", facts.proxy), fact("answer", failed.compactMap { $0 }.joined(separator: " · ")),
            fact("backend", facts.backendPlace), fact("time", request.time), fact("messageId", request.messageId),
            fact("occurrences", facts.occurrences),
        ].compactMap { $0 }
    }

    private func sections(in page: [String: PageValue]) -> [PageValue] {
        let all: [(id: String, title: String, flag: String?)] = [
            ("verdict", "verdict", nil), ("missing", "navMissing", "hasGaps"), ("cut", "navCut", "hasCuts"),
            ("handshake", "navHandshake", "hasConnections"), ("certificates", "navCertificates", "hasCertificates"),
            ("timeline", "navTimeLine", "hasTimeLine"), ("trace", "navTrace", "hasTrace"),
            ("request", "navRequest", nil), ("checklist", "navChecklist", nil), ("items", "navItems", nil),
            ("redaction", "navRedaction", nil), ("tried", "navTried", "hasTried"),
            ("toollog", "navToolLog", "hasToolLog"), ("origin", "navOrigin", nil),
        ]
        return all.compactMap { section in
            if let flag = section.flag, case .flag(false)? = page[flag] { return nil }
            return ["id": .text(section.id), "title": .text(texts(section.title))]
        }
    }

    private func tried(_ step: Manifest.TriedStep) -> PageValue {
        [
            "title": sentence(step.title.isEmpty ? step.step : step.title),
            "note": sentence(step.note ?? ""),
        ]
    }
}
