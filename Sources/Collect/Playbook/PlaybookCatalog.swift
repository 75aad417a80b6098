internal import Templates

/// The playbooks at hand: those compiled in, overridden by id by the site's own.
public struct PlaybookCatalog: Sendable {
    /// Sorted by id.
    public let playbooks: [Playbook]
    /// Site files that were left out, and why.
    public let problems: [String]

    /// The list that is collected when no playbook matches.
    public static let fallbackID = "runtime-issues"

    /// - Parameter site: files of `/etc/apigee-collect/playbooks.d/` or `--templates DIR`, later ones win.
    public init(site: [(name: String, bytes: [UInt8])] = []) throws(CollectError) {
        let reader = try PlaybookReader()
        var byID: [String: Playbook] = [:]
        for template in Template.playbooks {
            let playbook = try reader.read(template.bytes, name: template.path)
            byID[playbook.id] = playbook
        }
        var problems: [String] = []
        for file in site {
            do throws(CollectError) {
                let playbook = try reader.read(file.bytes, name: file.name)
                byID[playbook.id] = playbook
            } catch {
                problems.append(error.reason)
            }
        }
        playbooks = byID.values.sorted { $0.id < $1.id }
        self.problems = problems
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

    /// The playbook of which a signature with that id is a symptom; the fallback comes last.
    public func playbook(forSignature id: String) -> Playbook? {
        playbooks.first { $0.id != Self.fallbackID && $0.signatures.contains { $0.id == id } }
            ?? playbooks.first { $0.signatures.contains { $0.id == id } }
    }

    /// The playbook whose signatures or error codes fit a client's error response best, or `nil`.
    public func playbook(faultCode: String?, text: String) -> (Playbook, String)? {
        for playbook in playbooks where playbook.id != Self.fallbackID {
            for signature in playbook.signatures where signature.fragments.contains(where: { text.contains($0) }) {
                return (playbook, "the text given shows that \(signature.title)")
            }
        }
        for playbook in playbooks where playbook.id != Self.fallbackID {
            if let faultCode, playbook.errorCodes.contains(where: { Self.matches($0, faultCode) }) {
                return (playbook, "the error code is \(faultCode)")
            }
        }
        return nil
    }

    /// The same fault is printed with different prefixes (`.flow.` dropped, `steps.` dropped): the last segment decides.
    private static func matches(_ known: String, _ seen: String) -> Bool {
        known.split(separator: ".").last == seen.split(separator: ".").last
    }
}
