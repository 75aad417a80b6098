internal import Documents

/// Playbooks by id, those of the site above those of the program, and what they take from each other.
struct PlaybookLayers: Sendable {
    let sources: ItemSources
    private(set) var drafts: [String: [PlaybookDraft]] = [:]

    /// Deeper families are a mistake.
    private static let deepest = 16

    init(sources: ItemSources) { self.sources = sources }

    mutating func add(_ draft: PlaybookDraft) { drafts[draft.id, default: []].append(draft) }

    /// Takes the topmost one of that id away again.
    mutating func drop(_ id: String) {
        drafts[id]?.removeLast()
        if drafts[id]?.isEmpty == true { drafts[id] = nil }
    }

    /// The topmost playbook of that id with all that it takes from others.
    func playbook(_ id: String) throws(PlaybookProblem) -> Playbook? {
        guard let layers = drafts[id], !layers.isEmpty else { return nil }
        return try playbook(layers[...], depth: 0)
    }

    private func playbook(_ layers: ArraySlice<PlaybookDraft>, depth: Int) throws(PlaybookProblem) -> Playbook {
        let draft = layers[layers.endIndex - 1]
        guard let parent = draft.extends else { return try draft.playbook(nil, sources: sources) }
        guard depth < Self.deepest else {
            throw draft.problem(draft.node["extends"], "'\(draft.id)' extends itself in a circle")
        }
        // One that extends its own name adds to the one that it overrides.
        let below = parent == draft.id ? layers.dropLast() : (drafts[parent] ?? [])[...]
        guard !below.isEmpty else {
            throw draft.problem(draft.node["extends"], "extends: there is no playbook '\(parent)'")
        }
        return try draft.playbook(try playbook(below, depth: depth + 1), sources: sources)
    }
}
