internal import Diagnose
internal import FoundationEssentials
internal import Platform
internal import Redact
internal import SupportBundle
internal import SystemPackage

/// Ends a run: searches every item for the secrets that were learned, diagnoses, writes the manifest and the pages,
/// packs, opens the archive again and looks for leaks with other code, and only then gives it its name.
struct Packer: Sendable {
    let context: RunContext
    let preparation: Collection.Preparation
    let pages: Pages
    let caller: CallingUser
    let startedAt: Int
    let interrupts: Interrupts
    /// The bundle that is written anew, when one is; it keeps its name and its place.
    var existing: ExistingBundle?

    /// - Throws: ``CollectError`` `.failed` when no bundle could be written.
    func pack() throws(CollectError) -> CollectResult {
        let redactor = context.redactor
        let facts = context.caseFile.current
        redactor.vault.protect(facts.names)
        // The second pass knows what became known meanwhile.
        redactor.expect(hosts: facts.hosts, evidence: facts.evidence)
        let name = existing?.manifest.bundle.name ?? bundleName()
        context.observe(.stage(.redact))
        var items = FinishingPass(context: context).run()
        var steps = TriedSteps.steps(
            playbook: context.playbook, collected: Set(items.filter { $0.state == .collected }.map(\.kind)),
            options: context.options
        ).map(redacted)
        if let existing { steps = TriedSteps.merged(existing.manifest.tried, steps) }
        items += tried(steps)
        // Pages, manifest and the tool's log take some, too; how much is seen when it is packed.
        var allowance = context.options.maxSizeBytes.map { max(0, $0 - $0 / 8) }
        if let allowance { items = SizeBudget(context: context).fit(items, into: allowance) }
        context.observe(.stage(.diagnose))
        var diagnosis = DiagnosisPass(context: context).run(items)
        var suspicions: [String] = []
        var masked: Set<String> = []
        // What the scan of the finished archive finds is left out, or told, and the rest is packed again.
        for _ in 0..<7 {
            let output = try OutputPlace(options: context.options, caller: caller).make(name, existing: existing)
            let interrupted = interrupts.received
            var manifest = manifest(
                name: name, fileName: output.path.string, items: items, steps: steps, verdicts: diagnosis.verdicts,
                interrupted: interrupted != nil)
            manifest.leakScan = .init(state: suspicions.isEmpty ? .clean : .suspicions, suspicions: suspicions)
            let scan = try write(manifest, pictures: diagnosis.pictures, to: output, name: name)
            if let limit = context.options.maxSizeBytes, output.written > limit, let room = allowance {
                output.discard()
                guard room > 0 else { break }
                allowance = max(0, room - (output.written - limit) - limit / 50)
                items = SizeBudget(context: context).fit(items, into: allowance ?? 0)
                diagnosis = DiagnosisPass(context: context).run(items)
                continue
            }
            // A signal that came meanwhile is told, too: what is packed once is packed again in no time.
            let isTold = interrupted != nil || interrupts.received == nil
            if scan.known.isEmpty, scan.suspicions == suspicions, isTold {
                return try publish(output, manifest, interrupted)
            }
            output.discard()
            if !scan.known.isEmpty { items = try mend(scan, items, &masked) }
            suspicions = scan.suspicions
        }
        if context.options.maxSizeBytes != nil {
            throw CollectError(
                .failed, name, "not even what matters most fits into --max-size", hint: "give a larger --max-size")
        }
        throw CollectError(.failed, name, "the finished archive still held a known secret, so it was not kept")
    }

    private func bundleName() -> String {
        let facts = context.caseFile.current
        func part(_ text: String) -> String { PortableName.component(text.isEmpty ? "unknown" : text) }
        let stamp = TimeText.compactUTC(startedAt)
        var parts = ["apigee-support", part(facts.org), part(facts.env), stamp]
        if context.mode == .private { parts.append(part(context.redactor.shown(host: context.node.hostname))) }
        return PortableName.component(parts.joined(separator: "-"))
    }

    private func redacted(_ step: Manifest.TriedStep) -> Manifest.TriedStep {
        Manifest.TriedStep(
            step: context.redactor.redact(step.step), title: context.redactor.redact(step.title),
            note: step.note.map { context.redactor.redact($0) })
    }

    /// The item `tried`, which is always there.
    private func tried(_ steps: [Manifest.TriedStep]) -> [Manifest.Item] {
        let text = TriedSteps.text(steps, playbook: context.playbook)
        let row = Manifest.Item(
            kind: .tried, path: "items/tried/tried.txt", title: "What was tried",
            source: .init(type: .user, location: "apigee-collect"), mediaType: "text/plain",
            startedAt: TimeText.iso8601(context.clock.milliseconds))
        do {
            let writer = try context.work.makeFinished(row.path)
            try writer.write(Array(text.utf8))
            return [FinishingPass.completed(row, try writer.close(), raw: text.utf8.count)]
        } catch {
            context.book.record(.tried, Outcome(state: .missing, reason: error.description, hint: error.hint))
            return []
        }
    }

    private func manifest(
        name: String, fileName: String, items: [Manifest.Item], steps: [Manifest.TriedStep], verdicts: [Verdict],
        interrupted: Bool
    ) -> Manifest {
        let builder = ManifestBuilder(
            context: context, preparation: preparation, caller: caller, existing: existing?.manifest)
        return builder.manifest(
            name: name, fileName: fileName, startedAt: startedAt, items: items, steps: steps, verdicts: verdicts,
            interrupted: interrupted)
    }

    private struct Scan {
        /// Entries that hold a known secret.
        var known: [String]
        /// Where in them, of those in which each place can be replaced by itself.
        var spans: [String: [Range<Int>]]
        var suspicions: [String]
    }

    /// Writes the archive, opens it again, and searches it with the scanner, which shares no code with the redactor.
    private func write(
        _ manifest: Manifest, pictures: [UInt8], to output: OutputFile, name: String
    ) throws(CollectError) -> Scan {
        do throws(BundleError) {
            context.observe(.stage(.pack))
            let writer = try BundleWriter(
                name: name, modified: Int64(context.clock.milliseconds / 1000), level: context.options.level,
                threads: context.options.threads)
            let log = context.log.bytes
            try writer.write(
                context.work,
                memory: [
                    Manifest.path: manifest.encoded(), "START-HERE.txt": pages.startHere(manifest),
                    "report.html": pages.report(manifest, .init(diagnosis: pictures, toolLog: log)),
                    "log/collect.jsonl": log, PictureBuilder.path: pictures,
                ], to: output)
            context.observe(.stage(.verify))
            let scan = LeakScanThread(
                LeakScanner(literals: context.redactor.vault.literals().map(\.value)),
                isThreaded: context.options.threads > 1)
            try BundleReader(descriptor: output.descriptor, name: output.path.string).forEach {
                (entry, content) throws(BundleError) in
                scan.begin(entry.path)
                while let bytes = try content.next() { scan.feed(bytes) }
                scan.end()
                return true
            }
            let scanner = scan.finish()
            return Scan(
                known: Set(scanner.knownSecrets.map(\.path)).sorted(), spans: scanner.knownSpans,
                // What the manifest says of suspicions is no suspicion.
                suspicions: scanner.suspicions.map(\.named).sorted())
        } catch {
            throw CollectError(.failed, "bundle", error.description, hint: error.hint)
        }
    }

    /// Masks the known secrets that the scan found in items; takes items out where that can't be done: in containers and
    /// captures, and where a first try has not helped.
    private func mend(
        _ scan: Scan, _ items: [Manifest.Item], _ masked: inout Set<String>
    ) throws(CollectError) -> [Manifest.Item] {
        var kept = items
        for path in scan.known {
            guard
                let index = kept.firstIndex(where: {
                    path.hasSuffix("/" + $0.path) || path == $0.path || path.contains($0.path + "!")
                })
            else {
                // Another place in an item that was taken out just now.
                if items.contains(where: { path.contains($0.path) }) { continue }
                throw CollectError(.failed, "bundle", "a known secret was found in \(path), so it was not kept")
            }
            let item = kept[index]
            let isCapture = item.capture != nil || item.mediaType == "application/vnd.tcpdump.pcap"
            if let spans = scan.spans[path], !isCapture, masked.insert(item.path).inserted {
                do throws(BundleError) {
                    kept[index] = try LeakMask(context: context).apply(spans, to: item)
                    context.record(
                        item.kind, .partial,
                        reason: "'\(item.title)': the leak scan found a known secret in it, which is masked",
                        hint: RunContext.maskedHint)
                    continue
                } catch {
                    context.log.write(.warning, "\(item.path) can't be masked: \(error)")
                }
            }
            try? context.work.removeFinished(item.path)
            context.record(
                item.kind, .missing, reason: "'\(item.title)' is withheld: the leak scan found a known secret in it",
                hint: RunContext.withheldHint)
            kept.removeAll { $0.path == item.path }
        }
        return kept
    }

    /// Gives the archive its name, or what else was asked for: encrypted, in parts, signed.
    private func publish(
        _ output: OutputFile, _ manifest: Manifest, _ interrupted: Interrupts.Kind?
    ) throws(CollectError) -> CollectResult {
        let place = OutputPlace(options: context.options, caller: caller)
        do throws(BundleError) {
            let delivered = try context.options.delivery.deliver(
                output,
                make: { path throws(BundleError) in try place.open(path) },
                willPublish: { files in
                    let line = JournalLine.publishing(shown: files.first?.path ?? "", files: files)
                    try? context.work.note(line.bytes)
                })
            return CollectResult(
                manifest: manifest, path: delivered.path.string, bytes: delivered.bytes, interrupted: interrupted,
                files: delivered.files.map(\.string), joinCommand: delivered.joinCommand)
        } catch {
            throw CollectError(.failed, "bundle", error.description, hint: error.hint)
        }
    }
}
