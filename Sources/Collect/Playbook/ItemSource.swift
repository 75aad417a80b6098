internal import Documents
public import SupportBundle
internal import Templates

/// A collector as playbooks name it: what it brings and how (data under `templates/collectors/`).
///
/// A playbook gives no parameters, let alone commands: what a collector needs it takes from the case.
public struct ItemSource: Sendable, Equatable {
    /// How the item is had.
    public enum Way: Sendable, Equatable {
        /// A GET of the management API, below `/v1`.
        case api(String)
        /// A GET of the component's own port: `8082/v1/…`.
        case local(String)
        /// Files, by glob.
        case files([String])
        /// A command that only reads.
        case command(String)
        /// The operator gives it, with these options.
        case given(String)
    }

    public let id: String
    public let item: ItemKind
    /// Where it is to be had, in words.
    public let place: String
    public let title: String
    public let way: Way

    /// The collectors of this version. What else the table holds is to be collected by hand.
    static let built: Set<String> = [
        "error-message", "curl-command", "trace", "tried", "organization", "environment", "api-proxy",
        "keystore-certificates", "truststore-certificates", "references", "target-servers", "accepted-issuers",
        "packet-capture", "message-processor-log", "router-log",
    ]

    public var isBuilt: Bool { Self.built.contains(id) }

    /// How a person collects it, with the names of the case.
    func byHand(_ facts: CaseFacts, managementURL: String) -> String {
        let how =
            switch way {
            case .api(let path): "curl -u USER '\(managementURL)/\(path)'"
            case .local(let path): "curl -s 'http://localhost:\(path)'"
            case .files(let globs): "tar -czf \(id).tar.gz " + globs.joined(separator: " ")
            case .command(let line): line
            case .given(let option): "apigee-collect " + option
            }
        return "\(place): " + Self.filled(how, facts)
    }

    /// The text with the case's names; what is not known stays to be filled in by hand.
    private static func filled(_ text: String, _ facts: CaseFacts) -> String {
        var text = text
        let names = [
            ("org", facts.org), ("env", facts.env), ("api", facts.api), ("revision", facts.revision),
            ("host", facts.backends.first?.host ?? facts.hostName), ("port", facts.backendPort.map { "\($0)" } ?? ""),
        ]
        for (name, value) in names {
            // Names out of a log are not ours: in a command that a person may paste, only plain ones stand.
            let isPlain =
                !value.isEmpty
                && value.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || [0x2D, 0x2E, 0x5F, 0x3A].contains(byte)
                }
            text = text.replacing("{\(name)}", with: isPlain ? value : name.uppercased())
        }
        return text
    }
}

/// All collectors that playbooks may name.
public struct ItemSources: Sendable {
    public let all: [ItemSource]
    private let byID: [String: ItemSource]

    /// - Throws: when the table that was compiled in can't be read, which a test rules out.
    public init() throws(CollectError) {
        let template = Template.collectors
        let rows: [YAMLNode]
        do {
            rows = try YAMLNode(parsing: template.bytes, name: template.path)["collectors"]?.sequence ?? []
        } catch {
            throw CollectError(.failed, template.path, "\(error)")
        }
        var all: [ItemSource] = []
        for row in rows {
            guard let source = ItemSource(row) else {
                throw CollectError(.failed, "\(template.path):\(row.line)", "is no collector")
            }
            all.append(source)
        }
        self.all = all
        byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(id: String) -> ItemSource? { byID[id] }
}

extension ItemSource {
    fileprivate init?(_ row: YAMLNode) {
        guard let id = row["id"]?.scalar, let item = row["item"]?.scalar.flatMap({ ItemKind(rawValue: $0) }),
            let place = row["on"]?.scalar, let title = row["title"]?.scalar
        else { return nil }
        let way: Way
        if let path = row["api"]?.scalar {
            way = .api(path)
        } else if let path = row["local"]?.scalar {
            way = .local(path)
        } else if let globs = row["files"]?.sequence {
            way = .files(globs.compactMap(\.scalar))
        } else if let line = row["command"]?.scalar {
            way = .command(line)
        } else if let option = row["given"]?.scalar {
            way = .given(option)
        } else {
            return nil
        }
        self.init(id: id, item: item, place: place, title: title, way: way)
    }
}
