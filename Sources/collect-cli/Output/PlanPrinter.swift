import Collect
import Documents
import Platform
import SupportBundle

/// The plan of `--dry-run`.
enum PlanPrinter {
    static func print(_ plan: Plan, json: Bool) {
        if json {
            let items = plan.actions.map { action in
                JSONValue.object([
                    "item": .string(action.item.rawValue), "type": .string(action.source.type.rawValue),
                    "location": .string(action.source.location),
                    "expectedBytes": action.expectedBytes.map { .integer($0) } ?? .null,
                    "obstacle": action.obstacle.map { .string($0) } ?? .null,
                ])
            }
            let value = JSONValue.object([
                "schema": 1, "playbook": .string(plan.playbook), "why": .string(plan.why),
                "mode": .string(plan.mode.rawValue), "messageId": .string(plan.request.messageId),
                "items": .array(items),
            ])
            Terminal.write(bytes: value.encoded(pretty: true)[...] + [0x0A], to: 1)
            return
        }
        var text = "Playbook \(plan.playbook), since \(TerminalText.harmless(plan.why)).\n"
        let request = plan.request
        let names = [request.org, request.env, request.api, request.revision].filter { !$0.isEmpty }
        if !request.messageId.isEmpty {
            text += "Failing request \(TerminalText.harmless(request.messageId)) of "
            text += "\(TerminalText.harmless(names.joined(separator: " / "))), \(request.time).\n"
        }
        text += "Nothing was touched. It would collect:\n"
        for action in plan.actions {
            let size = action.expectedBytes.map { " (\(ByteText.short($0)))" } ?? ""
            let what = action.obstacle.map { "not: \($0)" } ?? TerminalText.harmless(action.source.location) + size
            text += "  \(action.item.rawValue): \(what)\n"
        }
        Terminal.writeOutput(text)
    }
}
