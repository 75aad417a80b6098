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
        /// `diagnose --json`.
        var connections: [UInt8]?
    }

    func run(_ items: [Manifest.Item]) -> Outcome {
        let facts = context.caseFile.current
        var input = DiagnosisInput(
            playbook: context.playbook.id, keyAlias: facts.keyAlias, serverPort: facts.backendPort,
            // As captures have them, and as text does.
            backendIPs: facts.backends.flatMap { backend in
                [context.redactor.captured(address: backend.host), context.redactor.shown(host: backend.host)]
            })
        for item in items {
            do {
                if item.capture != nil {
                    let tracker = ConversationTracker()
                    let reader = try context.work.openFinished(item.path)
                    while true {
                        let block = try reader.read()
                        if block.isEmpty { break }
                        tracker.append(block[...])
                    }
                    tracker.finish()
                    input.add(capture: tracker, path: item.path)
                } else if item.bytes <= Self.limit {
                    input.take(
                        kind: item.kind, path: item.path,
                        bytes: try context.work.readFinished(item.path, limit: Self.limit))
                } else {
                    context.log.write(.info, "\(item.path) was not read for the diagnosis: it is larger than 32 MiB")
                }
            } catch {
                context.log.write(.warning, "\(item.path) can't be read for the diagnosis: \(error)")
            }
        }
        let verdicts = Diagnosis.verdicts(input, only: context.playbook.diagnosis)
        var connections: [UInt8] = []
        if input.hasConnections { DiagnosisText.writeJSON(input, verdicts) { connections += $0 } }
        return Outcome(verdicts: verdicts, connections: connections.isEmpty ? nil : connections)
    }
}
