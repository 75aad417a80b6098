internal import Documents
internal import SupportBundle
internal import Templates

/// What a playbook that comes with the program names as causes of its failure: where the diagnosis has no verdict, they
/// are what to look at.
struct KnownCauses {
    struct Cause {
        let title: String
        let resolution: [String]
    }

    /// Empty for a playbook of the site's own, and for those that name none.
    static func of(_ playbook: String) -> [Cause] {
        guard !playbook.isEmpty, playbook.utf8.count <= 100 else { return [] }
        var found: [String: YAMLNode] = [:]
        for template in Template.playbooks {
            guard let root = try? YAMLNode(parsing: template.bytes, name: template.path) else { continue }
            for node in root["playbooks"]?.sequence ?? [root] {
                if let id = node["id"]?.scalar { found[id] = node }
            }
        }
        var node = found[playbook]
        // A playbook without causes has those of the one that it extends.
        for _ in 0..<4 where node?["causes"] == nil { node = node?["extends"]?.scalar.flatMap { found[$0] } }
        return (node?["causes"]?.sequence ?? []).compactMap { cause in
            guard let title = cause["title"]?.scalar else { return nil }
            return Cause(title: title, resolution: (cause["resolution"]?.sequence ?? []).compactMap(\.scalar))
        }
    }
}

extension PageModel {
    func addKnownCauses(to page: inout [String: PageValue]) {
        let causes = manifest.diagnosis.isEmpty ? KnownCauses.of(manifest.playbook.id) : []
        add("knownCauses", "hasKnownCauses", causes, to: &page) { cause in
            [
                "title": sentence(cause.title),
                "resolution": .list(cause.resolution.prefix(caps.entries).map { instruction($0) }),
            ]
        }
    }

    /// A sentence in which commands stand between back quotes.
    func instruction(_ text: String) -> PageValue {
        let parts = words(text).split(separator: "`", omittingEmptySubsequences: false)
        // An odd one out is no command.
        guard parts.count % 2 == 1 else { return ["parts": [["code": false, "text": sentence(text)]]] }
        return [
            "parts": .list(
                parts.enumerated().compactMap { index, part in
                    part.isEmpty ? nil : ["code": .flag(index % 2 == 1), "text": .text(String(part))]
                })
        ]
    }
}
