internal import EdgeAPI
internal import Logs
internal import Platform
internal import SupportBundle

/// Which playbook, and which collectors for it.
extension Collection {
    /// The playbook of the command line, else the one that what is known fits best.
    func choosePlaybook(_ found: RequestFinder.Found, logs: [LogFile]) throws(CollectError) -> PlaybookChoice {
        if let id = options.playbook {
            return PlaybookChoice(playbook: try catalog.required(id), why: "it was named on the command line")
        }
        let router = PlaybookRouter(catalog: catalog)
        var symptoms = symptoms(found)
        lookNearby(&symptoms, router, found, logs)
        return try router.choose(symptoms)
    }

    /// What records of other requests to the same proxy tell.
    private func lookNearby(
        _ symptoms: inout Symptoms, _ router: PlaybookRouter, _ found: RequestFinder.Found, _ logs: [LogFile]
    ) {
        let nearby = router.nearbySignatures(symptoms)
        guard !nearby.isEmpty else { return }
        let signatures = nearby.flatMap { $0.failureSignatures(api: symptoms.api) }
        symptoms.seenNearby = RequestFinder.seen(signatures, in: logs, before: found.facts.window.upperBound)
    }

    /// The choice once more, with the answer to the reproduced request; `nil` where that changes nothing.
    func chooseAgain(_ preparation: Preparation, _ context: RunContext) throws(CollectError) -> PlaybookChoice? {
        let facts = context.caseFile.current
        guard options.playbook == nil, options.resumes == nil, !facts.response.isEmpty || !facts.trace.isEmpty else {
            return nil
        }
        var symptoms = symptoms(preparation.found)
        symptoms.add(.response, facts.response)
        symptoms.add(.trace, facts.trace)
        symptoms.httpStatus = facts.httpStatus ?? symptoms.httpStatus
        symptoms.faultCode = facts.faultCode ?? symptoms.faultCode
        let router = PlaybookRouter(catalog: catalog)
        lookNearby(&symptoms, router, preparation.found, preparation.logs)
        let choice = try router.choose(symptoms)
        return choice.playbook == preparation.playbook ? nil : choice
    }

    private func symptoms(_ found: RequestFinder.Found) -> Symptoms {
        var symptoms = Symptoms()
        symptoms.api = found.facts.api
        symptoms.httpStatus = found.facts.httpStatus
        symptoms.faultCode = found.facts.faultCode
        symptoms.faultSource = found.facts.faultSource
        for record in found.records { symptoms.add(.log, record) }
        for file in options.errorFiles { symptoms.add(.response, file.bytes) }
        for file in options.traceFiles { symptoms.add(.trace, file.bytes) }
        return symptoms
    }

    /// The collectors for a playbook; what this version has none for is told how to get by hand.
    func collectors(
        _ playbook: Playbook, _ mode: Manifest.Mode, logs: [LogFile], leftOut: [String]
    ) throws(CollectError) -> [any Collector] {
        var request: CurlCommand?
        if let text = options.curlCommand, options.reproduce {
            do throws(CurlCommandError) {
                request = try CurlCommand.parse(text)
            } catch {
                throw CollectError(.usage, "--curl-file", error.description, hint: error.hint)
            }
        }
        let all: [any Collector] = [
            OrganizationCollector(), CurlCommandCollector(), ApiProxyCollector(), StoresCollector(),
            AcceptedIssuersCollector(), PacketCaptureCollector(seconds: options.captureSeconds),
            TraceCollector(request: request, sessionSeconds: options.traceSessionSeconds),
            MessageProcessorLogCollector(logs: logs, leftOut: leftOut),
            ErrorMessageCollector(logs: logs, leftOut: leftOut),
        ]
        let list = playbook.mustCollect(mode)
        // Besides the list, whatever brings the item.
        let asked: Set<ItemKind> = options.alsoItems.subtracting(list.map(\.item))
        let also: [ItemSource] = catalog.sources.all.filter { asked.contains($0.item) }
        var wanted: Set<String> = Set(also.map(\.id))
        var others: [any Collector] = also.compactMap { CollectorTable.collector(for: $0) }
        for entry in list {
            let sources = entry.from.compactMap { catalog.sources[$0] }
            wanted.formUnion(sources.map(\.id))
            others += sources.compactMap { CollectorTable.collector(for: $0) }
            let missing = sources.filter { !$0.isBuilt }
            // What the operator hands over is there, whatever it would take to get it by hand.
            if !missing.isEmpty, entry.item != .errorMessage || options.errorFiles.isEmpty {
                others.append(ByHandCollector(item: entry.item, sources: missing, managementURL: managementURL))
            }
        }
        let reproduces = request != nil
        return all.filter { collector in
            !collector.sources.isDisjoint(with: wanted)
                || reproduces && (collector.items.contains(.trace) || collector.items.contains(.errorMessage))
        } + others
    }
}
