internal import Redact
internal import SupportBundle

/// What was tried: the playbook's steps that this run did, and what the operator says.
enum TriedSteps {
    /// - Parameter collected: kinds of items that are there.
    static func steps(playbook: Playbook, collected: Set<ItemKind>, options: CollectOptions) -> [Manifest.TriedStep] {
        var steps = playbook.steps.filter { Set($0.doneBy).isSubset(of: collected) }.map {
            Manifest.TriedStep(step: $0.id, title: $0.title, note: "done by apigee-collect")
        }
        for text in options.tried {
            let known = playbook.steps.first { $0.id == text }
            steps.append(
                Manifest.TriedStep(
                    step: known?.id ?? "operator", title: known?.title ?? text, note: "done by the operator"))
        }
        for note in options.notes { steps.append(Manifest.TriedStep(step: "note", title: note)) }
        return steps
    }

    /// Earlier steps and those that came since, each once.
    static func merged(_ earlier: [Manifest.TriedStep], _ later: [Manifest.TriedStep]) -> [Manifest.TriedStep] {
        earlier + later.filter { step in !earlier.contains { $0.step == step.step && $0.title == step.title } }
    }

    /// The item `tried`: every step of the playbook and whether it was done, then the operator's words.
    static func text(_ steps: [Manifest.TriedStep], playbook: Playbook) -> String {
        var lines = ["Steps of the playbook \"\(playbook.title)\" (\(playbook.source))", ""]
        for step in playbook.steps {
            let done = steps.first { $0.step == step.id }
            lines.append(
                "[\(done == nil ? " " : "x")] \(step.title)" + (done?.note.map { " (\($0))" } ?? " (not done)"))
        }
        let others = steps.filter { step in !playbook.steps.contains { $0.id == step.step } }
        if !others.isEmpty { lines += ["", "From the operator:"] }
        for step in others { lines.append("- \(step.title)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
