import Collect
import Documents
import SupportBundle

/// Playbooks for people, programs and the guide.
enum PlaybookText {
    /// One playbook as `playbooks show` prints it.
    static func page(_ playbook: Playbook, _ catalog: PlaybookCatalog) -> String {
        var text = "\(playbook.title)\n\(playbook.source)\n"
        if !playbook.confirmed { text += "(its own list could not be read: this one stands in for it)\n" }
        text += "\nKnown by:\n"
        if !playbook.httpStatus.isEmpty { text += "  HTTP status \(numbers(playbook))\n" }
        for code in playbook.errorCodes { text += "  error code \(code)\n" }
        if let source = playbook.faultSource { text += "  fault source \(source)\n" }
        for signature in playbook.signatures { text += "  \(signature.id): \(signature.title)\n" }
        if playbook.signatures.isEmpty, playbook.errorCodes.isEmpty, playbook.httpStatus.isEmpty {
            text += "  nothing that a log or answer shows: name it on the command line\n"
        }
        for (name, list) in [("private", playbook.privateList), ("public", playbook.publicList)] {
            text += "\nCollected for \(name) cloud:\n"
            for entry in list {
                text += "  \(entry.item.rawValue)\(entry.required ? "" : " (if it can be had)")\n"
                for source in entry.from.compactMap({ catalog.sources[$0] }) {
                    if source.id != entry.item.rawValue {
                        text += "    \(source.id): \(source.title), \(source.place)\n"
                    }
                    if !source.isBuilt { text += "    not in this version: to be collected by hand\n" }
                }
            }
        }
        if !playbook.steps.isEmpty { text += "\nSteps (for --tried):\n" }
        for step in playbook.steps { text += "  \(step.id): \(step.title)\n" }
        if !playbook.causes.isEmpty { text += "\nCauses, and what mends them:\n" }
        for cause in playbook.causes {
            text += "  \(cause.id): \(cause.title)\n"
            for line in cause.resolution { text += "    - \(line)\n" }
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map {
            TerminalText.harmless(String($0), maxColumns: 1000)
        }.joined(separator: "\n")
    }

    /// All of them for programs.
    static func json(_ catalog: PlaybookCatalog) -> [UInt8] {
        func list(_ entries: [Playbook.Entry]) -> JSONValue {
            .array(
                entries.map { entry in
                    .object([
                        "item": .string(entry.item.rawValue), "required": .bool(entry.required),
                        "from": .array(entry.from.map { .string($0) }),
                    ])
                })
        }
        let playbooks = catalog.playbooks.map { playbook in
            JSONValue.object([
                "id": .string(playbook.id), "version": .integer(playbook.version), "title": .string(playbook.title),
                "source": .string(playbook.source), "confirmed": .bool(playbook.confirmed),
                "extends": playbook.extends.map { .string($0) } ?? .null,
                "httpStatus": .array(playbook.httpStatus.map { .integer($0) }),
                "errorCodes": .array(playbook.errorCodes.map { .string($0) }),
                "mustCollect": .object([
                    "private": list(playbook.privateList), "public": list(playbook.publicList),
                ]),
            ])
        }
        let collectors = catalog.sources.all.map { source in
            JSONValue.object([
                "id": .string(source.id), "item": .string(source.item.rawValue), "on": .string(source.place),
                "title": .string(source.title), "inThisVersion": .bool(source.isBuilt),
            ])
        }
        let value = JSONValue.object([
            "schema": 1, "playbooks": .array(playbooks), "collectors": .array(collectors),
        ])
        return value.encoded(pretty: true) + [0x0A]
    }

    /// The tables of `docs/playbooks.md`, between its marks.
    static func markdown(_ catalog: PlaybookCatalog) -> String {
        func items(_ list: [Playbook.Entry]) -> String {
            list.map { entry in
                let from = entry.from == [entry.item.rawValue] ? "" : " (\(entry.from.joined(separator: ", ")))"
                return (entry.required ? "\(entry.item.rawValue)" : "*\(entry.item.rawValue)*") + from
            }.joined(separator: "; ")
        }
        var text = "| playbook | known by | private cloud | public cloud | list |\n|---|---|---|---|---|\n"
        for playbook in catalog.playbooks {
            let signs = [numbers(playbook)] + playbook.errorCodes.map { "`\($0)`" } + playbook.signatures.map(\.title)
            let known = signs.filter { !$0.isEmpty }.joined(separator: "; ").replacing("|", with: "\\|")
            text +=
                "| [\(playbook.id)](\(playbook.source)) | \(known) | \(items(playbook.privateList)) | "
                + "\(items(playbook.publicList)) | \(playbook.confirmed ? "read" : "substitute") |\n"
        }
        text += "\n| collector | item | where | what | how |\n|---|---|---|---|---|\n"
        for source in catalog.sources.all {
            let how = source.how.replacing("|", with: "\\|").replacing("`", with: "'")
            text +=
                "| `\(source.id)` | \(source.item.rawValue) | \(source.place) | \(source.title) | "
                + "\(source.isBuilt ? "" : "by hand: ")`\(how)` |\n"
        }
        return text
    }

    private static func numbers(_ playbook: Playbook) -> String {
        playbook.httpStatus.map { "\($0)" }.joined(separator: ", ")
    }
}
