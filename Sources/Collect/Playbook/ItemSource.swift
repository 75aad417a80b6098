public import SupportBundle

/// A collector as playbooks name it: what it brings and how (data under `templates/collectors/`).
///
/// A playbook gives no parameters, let alone commands: what a collector needs it takes from the case.
public struct ItemSource: Sendable, Equatable {
    /// One way in which the item is had; a collector may go several.
    public enum Way: Sendable, Equatable {
        /// GETs of the management API, below `/v1`.
        case api([String])
        /// GETs of a component's own port, without login: `8082/v1/…`.
        case local([String])
        /// Log files, by glob: their records around the failure, or the newest part of each.
        case logs([String], newest: Bool)
        /// Whole files, by glob.
        case files([String])
        /// Programs that only read.
        case commands([Command])
        /// Four-letter words to a port.
        case words(port: Int, [String])
        /// Done in code; how a person would do it.
        case own(String)
        /// The operator gives it, with these options.
        case given(String)
    }

    /// One program to run, and what else it may be called.
    public struct Command: Sendable, Equatable {
        /// Words, with `{org}` and its like to be filled in.
        public let line: String
        /// Tried where the first one isn't there.
        public let instead: String?
        /// Whether the item is whole without it.
        public let isOptional: Bool

        public init(line: String, instead: String? = nil, isOptional: Bool = false) {
            self.line = line
            self.instead = instead
            self.isOptional = isOptional
        }
    }

    public let id: String
    public let item: ItemKind
    /// Where it is to be had, in words.
    public let place: String
    public let title: String
    public let ways: [Way]

    /// Whether the program collects it by itself.
    public var isBuilt: Bool { CollectorTable.isBuilt(self) }

    /// The role of the node that has it, where the manifest has a word for it.
    var role: Manifest.Place.Role? {
        for (word, role) in [
            ("Message Processor", Manifest.Place.Role.messageProcessor), ("Router", .router),
            ("management server", .managementServer),
        ] where place.contains(word) {
            return role
        }
        return nil
    }

    /// How it is had, in a few words: for the plan and the guide.
    public var how: String {
        ways.map { way in
            switch way {
            case .api(let paths): paths.map { "GET /v1/" + $0 }.joined(separator: ", ")
            case .local(let paths): paths.map { "GET localhost:" + $0 }.joined(separator: ", ")
            case .logs(let globs, let newest):
                globs.joined(separator: ", ") + (newest ? " (newest 32 MiB of each)" : " (around the failure)")
            case .files(let globs): globs.joined(separator: ", ")
            case .commands(let commands): commands.map(\.line).joined(separator: "; ")
            case .words(let port, let words): words.joined(separator: ", ") + " to port \(port)"
            case .own(let line): line
            case .given(let option): option
            }
        }.joined(separator: "; ")
    }

    /// How a person collects it, with the names of the case.
    func byHand(_ facts: CaseFacts, managementURL: String) -> String {
        "\(place): "
            + ways.map { Self.filled(Self.byHand($0, id: id, managementURL: managementURL), facts) }
            .joined(separator: "; ")
    }

    private static func byHand(_ way: Way, id: String, managementURL: String) -> String {
        switch way {
        case .api(let paths):
            paths.map { path in
                let first = path.split(separator: " | ").first.map(String.init) ?? path
                return "curl -u USER '\(managementURL)/\(first.hasSuffix("/*") ? String(first.dropLast(2)) : first)'"
            }.joined(separator: "; ")
        case .local(let paths): paths.map { "curl -s 'http://localhost:\($0)'" }.joined(separator: "; ")
        case .logs(let globs, _), .files(let globs): "tar -czf \(id).tar.gz " + globs.joined(separator: " ")
        case .commands(let commands): commands.map(\.line).joined(separator: "; ")
        case .words(let port, let words):
            "for word in \(words.joined(separator: " ")); do echo $word | nc localhost \(port); done"
        case .own(let line): line
        case .given(let option): "apigee-collect " + option
        }
    }

    /// The text with the case's names; what is not known stays to be filled in by hand.
    static func filled(_ text: String, _ facts: CaseFacts) -> String {
        var text = text
        for (name, value) in names(facts) {
            // Names out of a log are not ours: in a command that a person may paste, only plain ones stand.
            text = text.replacing("{\(name)}", with: HostName.isPlain(value) ? value : name.uppercased())
        }
        return text
    }

    /// What `{name}` stands for; empty where it is not known.
    static func names(_ facts: CaseFacts) -> [(name: String, value: String)] {
        [
            ("org", facts.org), ("env", facts.env), ("api", facts.api), ("revision", facts.revision),
            ("host", facts.backends.first?.host ?? facts.hostName), ("port", facts.backendPort.map { "\($0)" } ?? ""),
        ]
    }

    /// The names that a template needs and the case doesn't know.
    static func unknown(_ template: String, _ facts: CaseFacts) -> [String] {
        names(facts).filter { template.contains("{\($0.name)}") && $0.value.isEmpty }.map(\.name)
    }
}
