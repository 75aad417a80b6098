internal import Documents
internal import SupportBundle

extension PageModel {
    var requestFacts: [PageValue] {
        let request = manifest.request
        let port = request.port > 0 && !request.host.isEmpty ? ":\(request.port)" : ""
        let window =
            request.window.from.isEmpty && request.window.to.isEmpty
            ? nil : texts("fromTo", ["from": request.window.from, "to": request.window.to])
        return [
            fact("organization", request.org), fact("environment", request.env), fact("apiProxy", request.api),
            fact("revision", request.revision), fact("messageId", request.messageId), fact("time", request.time),
            fact("httpStatus", request.httpStatus.map { String($0) }), fact("faultCode", request.faultCode),
            fact("faultSource", request.faultSource), fact("backend", request.host + port),
            fact("backendAddress", request.backendIp), fact("targetEndpoint", request.targetEndpoint),
            fact("keyAlias", request.keyAlias), fact("timeWindow", window),
            fact("failure", manifest.failure.map { words($0.signature) }), fact("occurrences", facts.occurrences),
        ].compactMap { $0 }
    }

    var origin: [PageValue] {
        let limits = manifest.limits
        var bounds = [
            texts("limitTime", ["n": Shown.number(limits.timeLimitSeconds)]),
            texts("limitCapture", ["n": Shown.number(limits.captureSeconds)]),
        ]
        if let size = limits.maxSizeBytes { bounds.append(texts("limitSize", ["size": texts.size(size)])) }
        if let size = limits.maxItemSizeBytes { bounds.append(texts("limitItem", ["size": texts.size(size)])) }
        bounds.append(texts.count(limits.threads, "threads"))
        let user = word(manifest.ranAs.user)
        var found = [
            fact("written", manifest.bundle.createdAt),
            fact("writtenBy", "\(manifest.tool.name) \(manifest.tool.version)"),
            fact("ranAs", manifest.ranAs.root ? texts("asRoot", ["user": user]) : user),
            fact("commandLine", manifest.argv.joined(separator: " ")), fact("product", product),
            fact("limits", bounds.joined(separator: texts("listComma"))),
            fact("playbookPage", manifest.playbook.source), fact("bundleId", manifest.bundle.id),
        ]
        for node in (([manifest.node] + (manifest.nodes ?? [])).compactMap { $0 }).prefix(caps.entries) {
            let clock = node.clockOffsetMs.map { texts("clockOff", ["n": String($0)]) } ?? ""
            let words = texts(
                "nodeWords",
                [
                    "name": word(node.hostname), "os": word(node.os), "kernel": word(node.kernel),
                    "zone": word(node.timezone),
                ])
            found.append(fact("node", words + clock))
        }
        return found.compactMap { $0 }
    }

    private var product: String? {
        guard let product = manifest.product else { return nil }
        var words = [product.version.map { "Edge \($0)" }, product.region.map { texts("inRegion", ["name": $0]) }]
        words += [product.pod.map { texts("inPod", ["name": $0]) }]
        words += [product.components.isEmpty ? nil : product.components.joined(separator: ", ")]
        return words.compactMap { $0 }.joined(separator: "; ")
    }

    func addItems(to page: inout [String: PageValue]) {
        let bytes = Shown.sum(manifest.items.map(\.bytes))
        page["itemsSummary"] = .text(
            texts.count(manifest.items.count, "files") + texts("listComma") + texts.size(bytes))
        page["hasItems"] = .flag(!manifest.items.isEmpty)
        page["items"] = .list(manifest.items.prefix(caps.rows).map { item($0) })
        let more = manifest.items.count - caps.rows
        page["moreItems"] = .text(more > 0 ? texts.count(more, "moreFiles") : "")
    }

    private func item(_ item: Manifest.Item) -> PageValue {
        var notes = item.notes.map { words($0) }
        if let reason = item.reason { notes.insert(words(reason), at: 0) }
        if let capture = item.capture {
            var words = [
                texts.count(capture.packets, "packets"), texts.count(capture.handshakes, "handshakes"),
                texts("failedCount", ["n": Shown.number(capture.failures)]),
            ]
            if capture.droppedByKernel > 0 { words.append(texts.count(capture.droppedByKernel, "dropped")) }
            notes.insert(words.joined(separator: texts("listComma")), at: 0)
        }
        let place = item.collectedOn.map { place in
            texts("onNode", ["name": word(place.node), "role": texts("role_" + place.role.rawValue)])
        }
        let present = item.state == .collected || item.state == .partial
        return [
            "title": .text(words(item.title.isEmpty ? item.kind.rawValue : item.title)), "path": name(item.path),
            "href": .text(present ? Self.href(item.path) : ""),
            "source": .text(
                texts("source_" + item.source.type.rawValue, ["place": word(item.source.location)])),
            "place": .text(place ?? ""), "size": .text(texts.size(item.bytes)), "bytes": .number(item.bytes),
            "removed": .number(Shown.sum(item.redactions.values)),
            "state": .text(texts("state_" + item.state.rawValue)),
            "class": .text(item.state.rawValue), "sha256": name(item.sha256),
            "took": .text(texts("took", ["time": Shown.duration(milliseconds: max(0, item.durationMs))])),
            "notes": .list(notes.prefix(min(caps.entries, 6)).map { .text(Shown.text($0, caps.sentence)) }),
        ]
    }

    func addRedaction(to page: inout [String: PageValue]) {
        let redaction = manifest.redaction
        let total = Shown.sum(redaction.findings.values)
        var words = [
            texts.count(total, "removedValues"), texts("atLevel", ["level": word(redaction.level)]),
            texts.count(redaction.rules, "rulesInForce"),
        ]
        if redaction.learnedSecrets > 0 { words.append(texts.count(redaction.learnedSecrets, "learned")) }
        switch manifest.leakScan.state {
        case .clean: words.append(texts("scanClean"))
        case .suspicions: words.append(texts("scanSuspicions"))
        case .notRun: words.append(texts("scanNotRun"))
        }
        page["redaction"] = .list(words.map { .text($0) })
        let findings = redaction.findings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        page["hasFindings"] = .flag(!findings.isEmpty)
        let perRule = redactedItems
        page["findings"] = .list(
            findings.prefix(caps.rows).map { rule, count in
                let items = perRule[rule] ?? []
                let shown = min(caps.entries, 8)
                return [
                    "rule": name(rule), "count": .text(Shown.number(count)),
                    "items": .list(
                        items.prefix(shown).map { ["path": name($0.path), "count": .text(Shown.number($0.count))] }),
                    "more": .text(items.count > shown ? texts.count(items.count - shown, "moreItems") : ""),
                ]
            })
        add("suspicions", "hasSuspicions", manifest.leakScan.suspicions, to: &page) { name($0) }
    }

    /// In which items each rule removed how many values, most first.
    private var redactedItems: [String: [(path: String, count: Int)]] {
        var found: [String: [(path: String, count: Int)]] = [:]
        for item in manifest.items {
            for (rule, count) in item.redactions where count > 0 { found[rule, default: []].append((item.path, count)) }
        }
        return found.mapValues { $0.sorted { ($1.count, $0.path) < ($0.count, $1.path) } }
    }

    /// What the tool did: warnings and errors, and the last lines.
    func addToolLog(to page: inout [String: PageValue]) {
        var rows: [PageValue] = []
        var left = 0
        // From the end: how it ended says most.
        for line in toolLog.split(separator: 0x0A).reversed() {
            guard rows.count < min(caps.rows, 300) else {
                left += 1
                continue
            }
            guard line.count <= 1 << 16, let row = try? JSONValue(parsing: Array(line)) else { continue }
            let level = row["level"]?.string ?? ""
            let time = row["time"]?.string ?? ""
            rows.append([
                "time": name(time), "level": name(level),
                "text": .text(Shown.text(row["text"]?.string ?? "", caps.sentence)),
                "class": .text(level == "error" ? "bad" : level == "warning" ? "warn" : "plain"),
            ])
        }
        page["hasToolLog"] = .flag(!rows.isEmpty)
        page["toolLog"] = .list(rows.reversed())
        page["toolLogSummary"] = .text(
            texts.count(rows.count + left, "logLines")
                + (left > 0 ? texts("logLinesLeft", ["n": Shown.number(left)]) : ""))
    }
}
