internal import SupportBundle

/// Brings what a killed run has finished into the run that finishes it.
struct Resumption: Sendable {
    let run: StaleRun
    let context: RunContext

    /// Collectors that need not run again.
    ///
    /// A capture and a trace can't be had a second time: what they saw is over. All others run again as soon as one of
    /// them is needed: what they read teaches the redactor secrets that the others' items must be searched for.
    static func needed(_ collectors: [any Collector], _ run: StaleRun, wanted: Set<ItemKind>) -> [any Collector] {
        let whole = run.wholeKinds
        func isWhole(_ collector: any Collector) -> Bool { wanted.intersection(collector.items).isSubset(of: whole) }
        if collectors.allSatisfy(isWhole) { return [] }
        return collectors.filter { collector in
            let isEvent = collector.items.contains(.packetCapture) || collector.items.contains(.trace)
            return !(isEvent && isWhole(collector))
        }
    }

    /// What is whole takes the place of what was collected again; of the rest, what could not be collected again is
    /// taken as far as it is there, or named as lost.
    func adopt() {
        let whole = run.wholeKinds
        for kind in run.knownKinds.sorted(by: { $0.rawValue < $1.rawValue }) {
            let isHere = context.book.items.contains { $0.kind == kind }
            if isHere, !whole.contains(kind) { continue }
            let kept = take(kind)
            if kept.isEmpty {
                if !isHere { context.record(kind, .missing, reason: Self.lost, hint: Self.hint) }
                continue
            }
            for item in context.book.removeAll(kind) { try? context.work.removeSealed(item.path) }
            for item in kept { context.keep(item) }
            if let fared = run.plan?.outcomes.first(where: { $0.kind == kind }) {
                context.book.record(kind, Outcome(state: fared.state, reason: fared.reason, hint: fared.hint))
            }
            if kept.count < run.plan?.paths[kind]?.count ?? 0 {
                context.record(kind, .partial, reason: Self.lost, hint: Self.hint)
            }
        }
    }

    private static let lost = "the run was killed before all of it was finished, and it could not be collected again"
    private static let hint =
        "collect it again with a new run, or add it to the bundle with: apigee-collect add %BUNDLE%"

    /// A key that no file holds ended with its run.
    private static let otherKey =
        "kept from the run that was killed: its markers and pseudonyms are of another key, so they can't be compared "
        + "with those of other items"

    /// Copies the finished items of a kind into the sealed part of the work folder: they are searched once more.
    private func take(_ kind: ItemKind) -> [Manifest.Item] {
        run.items.filter { $0.kind == kind }.compactMap { item in
            // Beside the one of the same name that may have been collected again.
            var kept = item
            kept.path = context.freePath(item.path)
            do throws(BundleError) {
                let writer = try context.work.makeSealedItem(kept.path)
                let content = FileDigest(bytes: item.bytes, sha256: item.sha256)
                try run.work.readFinished(item.path, content: content) { bytes throws(BundleError) in
                    try writer.write(bytes)
                }
                _ = try writer.close()
                if context.options.pseudonymKey == nil { kept.notes.append(Self.otherKey) }
                return kept
            } catch {
                context.log.write(.warning, "\(item.path) of the killed run can't be used: \(error)")
                return nil
            }
        }
    }
}
