internal import Documents
internal import SupportBundle

extension PageModel {
    var requestFacts: [PageValue] {
        let request = manifest.request
        let port = request.port > 0 && !request.host.isEmpty ? ":\(request.port)" : ""
        let window =
            request.window.from.isEmpty && request.window.to.isEmpty
            ? nil : "\(request.window.from) to \(request.window.to)"
        return [
            fact("Organization", request.org), fact("Environment", request.env), fact("API proxy", request.api),
            fact("Revision", request.revision), fact("Message id", request.messageId), fact("Time", request.time),
            fact("HTTP status", request.httpStatus.map { String($0) }), fact("Fault code", request.faultCode),
            fact("Fault source", request.faultSource), fact("Backend", request.host + port),
            fact("Backend address", request.backendIp), fact("Target endpoint", request.targetEndpoint),
            fact("Key alias", request.keyAlias), fact("Time window", window),
            fact("Failure", manifest.failure?.signature), fact("Occurrences", facts.occurrences),
        ].compactMap { $0 }
    }

    var origin: [PageValue] {
        let limits = manifest.limits
        var bounds = ["\(limits.timeLimitSeconds) s for the run", "\(limits.captureSeconds) s of capture"]
        if let size = limits.maxSizeBytes { bounds.append("\(Shown.size(size)) in all") }
        if let size = limits.maxItemSizeBytes { bounds.append("\(Shown.size(size)) an item") }
        bounds.append(Shown.count(limits.threads, "thread"))
        let user = word(manifest.ranAs.user) + (manifest.ranAs.root ? ", with root rights" : "")
        var found = [
            fact("Written", manifest.bundle.createdAt), fact("By", "\(manifest.tool.name) \(manifest.tool.version)"),
            fact("Run as", user), fact("Command line", manifest.argv.joined(separator: " ")),
            fact("Product", product), fact("Limits", bounds.joined(separator: ", ")),
            fact("Playbook's page", manifest.playbook.source), fact("Bundle id", manifest.bundle.id),
        ]
        for node in (([manifest.node] + (manifest.nodes ?? [])).compactMap { $0 }).prefix(caps.entries) {
            let clock = node.clockOffsetMs.map { ", clock off by \($0) ms" } ?? ""
            found.append(
                fact("Node", "\(word(node.hostname)): \(node.os), kernel \(node.kernel), zone \(node.timezone)\(clock)")
            )
        }
        return found.compactMap { $0 }
    }

    private var product: String? {
        guard let product = manifest.product else { return nil }
        var words = [product.version.map { "Edge \($0)" }, product.region.map { "region \($0)" }]
        words += [product.pod.map { "pod \($0)" }]
        words += [product.components.isEmpty ? nil : product.components.joined(separator: ", ")]
        return words.compactMap { $0 }.joined(separator: "; ")
    }

    func addItems(to page: inout [String: PageValue]) {
        let bytes = Shown.sum(manifest.items.map(\.bytes))
        page["itemsSummary"] = .text("\(Shown.count(manifest.items.count, "file")), \(Shown.size(bytes))")
        page["hasItems"] = .flag(!manifest.items.isEmpty)
        page["items"] = .list(manifest.items.prefix(caps.rows).map { item($0) })
        let more = manifest.items.count - caps.rows
        page["moreItems"] = .text(more > 0 ? "And \(Shown.count(more, "more file")), listed in manifest.json." : "")
    }

    private func item(_ item: Manifest.Item) -> PageValue {
        var notes = item.notes
        if let reason = item.reason { notes.insert(reason, at: 0) }
        if let capture = item.capture {
            var words = "\(Shown.count(capture.packets, "packet")), \(Shown.count(capture.handshakes, "handshake")),"
            words += " \(capture.failures) failed"
            if capture.droppedByKernel > 0 { words += ", \(capture.droppedByKernel) dropped by the kernel" }
            notes.insert(words, at: 0)
        }
        let place = item.collectedOn.map { "on \(word($0.node)) (\($0.role.rawValue))" } ?? ""
        let present = item.state == .collected || item.state == .partial
        return [
            "title": name(item.title.isEmpty ? item.kind.rawValue : item.title), "path": name(item.path),
            "href": .text(present ? Self.href(item.path) : ""),
            "source": .text("\(item.source.type.rawValue): \(word(item.source.location))"), "place": .text(place),
            "size": .text(Shown.size(item.bytes)), "removed": .number(Shown.sum(item.redactions.values)),
            "state": .text(item.state.rawValue), "class": .text(item.state.rawValue),
            "notes": .list(notes.prefix(min(caps.entries, 6)).map { name($0) }),
        ]
    }

    func addRedaction(to page: inout [String: PageValue]) {
        let redaction = manifest.redaction
        let total = Shown.sum(redaction.findings.values)
        var words = "\(Shown.count(total, "secret value")) replaced by markers, level \(word(redaction.level)),"
        words += " \(Shown.count(redaction.rules, "rule")) in force."
        if redaction.learnedSecrets > 0 {
            words += " \(Shown.count(redaction.learnedSecrets, "secret")) learned in one place and searched in all."
        }
        switch manifest.leakScan.state {
        case .clean: words += " An independent scan of the finished files found nothing."
        case .suspicions: words += " An independent scan of the finished files has suspicions, listed below."
        case .notRun: words += " The finished files were not scanned."
        }
        page["redaction"] = .text(words)
        let findings = redaction.findings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        page["hasFindings"] = .flag(!findings.isEmpty)
        page["findings"] = .list(
            findings.prefix(caps.rows).map { ["rule": name($0.key), "count": .number($0.value)] })
        add("suspicions", "hasSuspicions", manifest.leakScan.suspicions, to: &page) { name($0) }
    }
}
