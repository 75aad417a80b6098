internal import Diagnose
internal import Platform
internal import Redact
internal import SupportBundle

/// Diagnoses what was collected, from the redacted items: what support will read is what the verdict rests on.
struct DiagnosisPass: Sendable {
    let context: RunContext

    /// Items of which more is not read: the records of the failing request are an item of their own.
    private static let limit = 32 << 20

    struct Outcome {
        var verdicts: [Verdict]
        /// What the report draws: `log/diagnosis.json`.
        var pictures: [UInt8]
    }

    func run(_ items: [Manifest.Item]) -> Outcome {
        let facts = context.caseFile.current
        var input = DiagnosisInput(
            playbook: context.playbook.id, keyAlias: facts.keyAlias, serverPort: facts.backendPort,
            // As captures have them, and as text does.
            backendIPs: facts.backends.flatMap { backend in
                [context.redactor.captured(address: backend.host), context.redactor.shown(host: backend.host)]
            })
        var request = facts.request(clock: context.clock)
        // The report shows a message id as the items do.
        request.messageId = context.redactor.redact(request.messageId)
        var pictures = PictureBuilder(request: request)
        for item in items {
            do {
                try read(item, into: &input, &pictures)
            } catch {
                context.log.write(.warning, "\(item.path) can't be read for the diagnosis: \(error)")
            }
        }
        pictures.finishLog()
        let verdicts = Diagnosis.verdicts(input, only: context.playbook.diagnosis)
        return Outcome(verdicts: verdicts, pictures: pictures.encoded(input))
    }

    /// Captures and logs pass by piece by piece; everything else is read whole.
    private func read(
        _ item: Manifest.Item, into input: inout DiagnosisInput, _ pictures: inout PictureBuilder
    ) throws(BundleError) {
        if item.capture != nil {
            let tracker = ConversationTracker()
            try pieces(of: item) { tracker.append($0[...]) }
            tracker.finish()
            input.add(capture: tracker, path: item.path)
            return
        }
        let isLog = PictureBuilder.isLog(item)
        var bytes: [UInt8] = []
        if isLog {
            pictures.begin(log: item)
            try pieces(of: item) { piece in
                pictures.take(log: piece[...])
                if item.bytes <= Self.limit { bytes += piece }
            }
        } else if item.bytes <= Self.limit {
            bytes = try context.work.readFinished(item.path, limit: Self.limit)
        }
        guard item.bytes <= Self.limit else {
            context.log.write(.info, "\(item.path) was not read for the diagnosis: it is larger than 32 MiB")
            return
        }
        if PictureBuilder.isTrace(item) { pictures.take(trace: bytes, path: item.path) }
        input.take(kind: item.kind, path: item.path, bytes: bytes)
    }

    private func pieces(of item: Manifest.Item, _ body: ([UInt8]) -> Void) throws(BundleError) {
        let reader = try context.work.openFinished(item.path)
        while true {
            let block = try reader.read()
            if block.isEmpty { return }
            body(block)
        }
    }
}
