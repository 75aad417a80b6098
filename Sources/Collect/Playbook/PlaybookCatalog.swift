internal import Templates

/// The playbooks at hand: those compiled in, overridden by id by the site's own.
public struct PlaybookCatalog: Sendable {
    /// Sorted by id.
    public let playbooks: [Playbook]
    /// Site files that were left out, and why.
    public let problems: [String]
    /// The collectors that they name.
    public let sources: ItemSources

    /// The list that is collected when no playbook matches.
    public static let fallbackID = "runtime-issues"

    /// - Parameter site: files of `/etc/apigee-collect/playbooks.d/` or `--templates DIR`, later ones win.
    public init(site: [(name: String, bytes: [UInt8])] = []) throws(CollectError) {
        try self.init(site: site, reader: PlaybookReader())
    }

    init(site: [(name: String, bytes: [UInt8])], reader: PlaybookReader) throws(CollectError) {
        var layers = PlaybookLayers(sources: reader.sources)
        for template in Template.playbooks { for draft in try reader.builtIn(template) { layers.add(draft) } }
        var problems: [String] = []
        var added: [String] = []
        for file in site {
            let (drafts, found) = reader.drafts(file.bytes, name: file.name)
            problems += found
            for draft in drafts where found.isEmpty {
                layers.add(draft)
                added.append(draft.id)
            }
        }
        // One that is left out may be what another extends.
        var isStable = false
        while !isStable {
            isStable = true
            for (index, id) in added.enumerated().reversed() {
                do throws(PlaybookProblem) {
                    _ = try layers.playbook(id)
                } catch {
                    problems.append(error.text)
                    layers.drop(id)
                    added.remove(at: index)
                    isStable = false
                }
            }
        }
        var playbooks: [Playbook] = []
        for id in layers.drafts.keys.sorted() {
            do throws(PlaybookProblem) {
                if let playbook = try layers.playbook(id) { playbooks.append(playbook) }
            } catch {
                // A built-in one whose parent the site has overridden; a test rules out any other.
                problems.append(error.text)
            }
        }
        self.playbooks = playbooks
        self.problems = problems
        sources = reader.sources
    }

    public subscript(id: String) -> Playbook? { playbooks.first { $0.id == id } }

    /// The playbook by its id, or a usage error that names those there are.
    public func required(_ id: String) throws(CollectError) -> Playbook {
        guard let playbook = self[id] else {
            throw CollectError(
                .usage, "playbook '\(id)'", "there is none of that name",
                hint: "known ones: " + playbooks.map(\.id).joined(separator: ", "))
        }
        return playbook
    }
}
