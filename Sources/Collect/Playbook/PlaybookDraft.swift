internal import Diagnose
internal import Documents
internal import SupportBundle

/// A playbook as its file says it, before what it takes from another is known.
struct PlaybookDraft: Sendable {
    let node: YAMLNode
    let file: String

    var id: String { text(node["id"]) }
    var extends: String? { node["extends"]?.scalar }

    /// What is wrong at a place of the file.
    func problem(_ node: YAMLNode?, _ reason: String) -> PlaybookProblem {
        PlaybookProblem(text: "\(file):\((node ?? self.node).line): \(reason)")
    }

    /// - Parameter base: the playbook that it extends.
    func playbook(_ base: Playbook?, sources: ItemSources) throws(PlaybookProblem) -> Playbook {
        if node["alsoCollect"] != nil, base == nil {
            throw problem(
                node["alsoCollect"], "alsoCollect adds to the list of another playbook: name it under 'extends'")
        }
        let symptoms = node["symptoms"]
        return Playbook(
            id: id, extends: extends, version: Int(text(node["version"])) ?? 1, title: text(node["title"]),
            source: text(node["source"]), confirmed: text(node["confirmed"]) == "true",
            httpStatus: texts(symptoms?["httpStatus"]).compactMap { Int($0) },
            errorCodes: texts(symptoms?["errorCodes"]),
            faultSource: symptoms?["faultSource"]?.scalar,
            signatures: (symptoms?["signatures"]?.sequence ?? []).map(signature),
            privateList: try list("private", base?.privateList, sources),
            publicList: try list("public", base?.publicList, sources),
            diagnosis: node["diagnosis"].map { Set(texts($0).compactMap { Analysis(rawValue: $0) }) }
                ?? base?.diagnosis,
            takesAnyPackets: node["capture"].map { text($0) == "packets" } ?? base?.takesAnyPackets ?? false,
            steps: node["steps"].map(steps) ?? base?.steps ?? [],
            causes: node["causes"].map(causes) ?? base?.causes ?? [])
    }

    private func list(
        _ name: String, _ base: [Playbook.Entry]?, _ sources: ItemSources
    ) throws(PlaybookProblem) -> [Playbook.Entry] {
        var list = try entries(node["mustCollect"], name, sources)
        if list.isEmpty { list = base ?? [] }
        list.merge(try entries(node["alsoCollect"], name, sources))
        guard !list.isEmpty else { throw problem(node["mustCollect"], "mustCollect has no list for the \(name) cloud") }
        return list
    }

    private func entries(
        _ lists: YAMLNode?, _ name: String, _ sources: ItemSources
    ) throws(PlaybookProblem) -> [Playbook.Entry] {
        var entries: [Playbook.Entry] = []
        for row in (lists?["both"]?.sequence ?? []) + (lists?[name]?.sequence ?? []) {
            let word = text(row["item"])
            guard let item = ItemKind(rawValue: word) else { throw problem(row, "unknown item '\(word)'") }
            let named = texts(row["from"])
            for id in named.isEmpty ? [word] : named {
                guard let source = sources[id] else {
                    let reason =
                        named.isEmpty ? "has several collectors: name them under 'from'" : "no collector '\(id)'"
                    throw problem(row, "item '\(word)': \(reason)")
                }
                guard source.item == item else {
                    throw problem(row, "item '\(word)': the collector '\(id)' brings '\(source.item.rawValue)'")
                }
            }
            guard !entries.contains(where: { $0.item == item }) else {
                throw problem(row, "item '\(word)' is there twice")
            }
            entries.append(
                Playbook.Entry(
                    item: item, from: named.isEmpty ? [word] : named, required: text(row["required"]) != "false"))
        }
        return entries
    }

    private func signature(_ node: YAMLNode) -> Playbook.Signature {
        let places = texts(node["in"]).compactMap { Playbook.Place(rawValue: $0) }
        return Playbook.Signature(
            id: text(node["id"]), title: text(node["title"]), fragments: texts(node["fragments"]),
            all: texts(node["all"]), without: texts(node["without"]),
            places: Set(places.isEmpty ? Playbook.Place.allCases : places))
    }

    private func steps(_ node: YAMLNode) -> [Playbook.Step] {
        (node.sequence ?? []).map {
            Playbook.Step(
                id: text($0["id"]), title: text($0["title"]),
                doneBy: texts($0["doneBy"]).compactMap { ItemKind(rawValue: $0) })
        }
    }

    private func causes(_ node: YAMLNode) -> [Playbook.Cause] {
        (node.sequence ?? []).map {
            Playbook.Cause(id: text($0["id"]), title: text($0["title"]), resolution: texts($0["resolution"]))
        }
    }

    private func text(_ node: YAMLNode?) -> String { node?.scalar ?? "" }

    private func texts(_ node: YAMLNode?) -> [String] { (node?.sequence ?? []).compactMap { $0.scalar } }
}

/// What is wrong with a playbook, as `name:line: reason`.
struct PlaybookProblem: Error, Sendable, Equatable {
    let text: String
}
