internal import Platform
internal import Redact
internal import SupportBundle

/// Puts the manifest together from what a run knows.
struct ManifestBuilder: Sendable {
    let context: RunContext
    let preparation: Collection.Preparation
    let caller: CallingUser
    /// The manifest of the bundle that is written anew, when one is.
    let existing: Manifest?

    func manifest(
        name: String, fileName: String, startedAt: Int, items: [Manifest.Item], steps: [Manifest.TriedStep],
        verdicts: [Verdict], interrupted: Bool
    ) -> Manifest {
        let facts = context.caseFile.current
        let options = context.options
        let redactor = context.redactor
        let seed = context.clock.fixed.map { fixed in Array("\(name) \(fixed)".utf8) }
        var manifest = Manifest(
            tool: .init(version: options.version),
            bundle: .init(
                id: Identifier.uuid(seed: seed), name: name, createdAt: TimeText.iso8601(context.clock.milliseconds)),
            mode: context.mode,
            playbook: .init(
                id: context.playbook.id, version: context.playbook.version, title: context.playbook.title,
                source: context.playbook.source, why: redactor.redact(preparation.why)),
            ranAs: .init(user: redactor.shown(user: caller.name), root: caller.isRoot),
            argv: Self.shown(options.arguments, redactor), request: request(facts),
            redaction: .init(
                level: options.redaction, rules: redactor.rules.count, rulesSha256: redactor.rules.sha256,
                findings: items.reduce(into: [:]) { sum, item in sum.merge(item.redactions) { $0 + $1 } },
                learnedSecrets: redactor.vault.count, notApplied: redactor.vault.notAppliedCount),
            // A bundle with a known secret is never published; generic suspicions are verify's to tell.
            leakScan: .init(state: .clean, suspicions: []),
            diagnosis: verdicts, tried: steps,
            limits: .init(
                timeLimitSeconds: options.timeLimitSeconds, maxSizeBytes: options.maxSizeBytes,
                maxItemSizeBytes: options.maxItemSizeBytes, captureSeconds: options.captureSeconds,
                threads: options.threads),
            interrupted: interrupted)
        if let existing { manifest.keepOrigin(of: existing) }
        manifest.case = manifest.case ?? options.caseID.map { .init(id: redactor.redact($0)) }
        manifest.failure = preparation.found.failure
        manifest.items = items.sorted { $0.path < $1.path }
        if context.mode == .private, existing == nil {
            manifest.node = .init(
                hostname: redactor.shown(host: context.node.hostname), os: context.node.os, kernel: context.node.kernel,
                timezone: TimeText.zone(at: context.clock.milliseconds), clockOffsetMs: facts.clockOffsetMilliseconds)
        }
        manifest.mustCollect = mustCollect(items: items, fileName: fileName)
        manifest.complete = manifest.mustCollect.allSatisfy { !$0.required || $0.state == .collected }
        return manifest
    }

    private func request(_ facts: CaseFacts) -> Manifest.FailingRequest {
        var request = facts.request(clock: context.clock)
        request.host = context.redactor.shown(host: request.host)
        request.backendIp = request.backendIp.map { context.redactor.shown(host: $0) }
        return request
    }

    /// The command line. At level `strict` an option's name tells what its value is.
    private static func shown(_ arguments: [String], _ redactor: Redactor) -> [String] {
        var last = ""
        return arguments.map { argument in
            defer { last = argument }
            switch last {
            case "--user":
                let redacted = redactor.redact(argument)
                return redacted == argument ? redactor.shown(user: argument) : redacted
            case "--host": return redactor.shown(endpoint: argument)
            default: return redactor.redact(argument)
            }
        }
    }

    private func mustCollect(items: [Manifest.Item], fileName: String) -> [Manifest.MustCollect] {
        let kinds = Set(items.map(\.kind))
        return context.playbook.mustCollect(context.mode).map { entry in
            var outcome = context.book.outcome(entry.item)
            if kinds.contains(entry.item) {
                if entry.item == .tried { outcome = Outcome(state: .collected) }
            } else if outcome.state == .collected || outcome.state == .partial {
                // It was collected, but did not survive the second pass or the leak scan.
                outcome.state = .missing
            }
            return Manifest.MustCollect(
                item: entry.item, required: entry.required, state: outcome.state, reason: outcome.reason,
                hint: outcome.hint?.replacing("%BUNDLE%", with: Self.quoted(fileName)))
        }
    }

    /// The name as a shell takes it.
    static func quoted(_ name: String) -> String {
        let plain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
        }
        return plain ? name : "'" + name.replacing("'", with: "'\\''") + "'"
    }
}

extension Manifest {
    /// Keeps what tells where and how a bundle was collected when it is written anew.
    fileprivate mutating func keepOrigin(of existing: Manifest) {
        bundle.id = existing.bundle.id
        let learned = request
        request = existing.request
        if request.host.isEmpty { request.host = learned.host }
        if request.port == 0 { request.port = learned.port }
        request.targetEndpoint = request.targetEndpoint ?? learned.targetEndpoint
        request.keyAlias = request.keyAlias ?? learned.keyAlias
        request.httpStatus = request.httpStatus ?? learned.httpStatus
        request.faultCode = request.faultCode ?? learned.faultCode
        self.case = existing.case
        product = existing.product
        ranAs = existing.ranAs
        node = existing.node
        nodes = existing.nodes
        // Where it happened: only all nodes together tell, and they are not asked again.
        if nodes != nil { diagnosis += existing.diagnosis.filter { CaseFiles.causes.contains($0.cause) } }
        argv = existing.argv + argv
        limits = existing.limits
        interrupted = interrupted || existing.interrupted
    }
}
