internal import Documents
internal import SupportBundle
internal import Templates

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
            let place = row["on"]?.scalar, let title = row["title"]?.scalar, let entries = row.mapping
        else { return nil }
        var ways: [Way] = []
        for (key, value) in entries {
            let texts = (value.sequence ?? [value]).compactMap(\.scalar)
            switch key.scalar {
            case "id", "item", "on", "title", "keep": continue
            case "api": ways.append(.api(texts))
            case "local": ways.append(.local(texts))
            case "logs": ways.append(.logs(texts, newest: row["keep"]?.scalar == "newest"))
            case "files": ways.append(.files(texts))
            case "commands":
                let commands = (value.sequence ?? []).compactMap { Command($0) }
                guard commands.count == value.sequence?.count else { return nil }
                ways.append(.commands(commands))
            case "words":
                guard let port = value["port"]?.scalar.flatMap({ Int($0) }), let words = value["say"]?.sequence else {
                    return nil
                }
                ways.append(.words(port: port, words.compactMap(\.scalar)))
            case "own": ways.append(.own(texts.joined(separator: "; ")))
            case "given": ways.append(.given(texts.joined(separator: ", ")))
            default: return nil
            }
        }
        guard !ways.isEmpty else { return nil }
        self.init(id: id, item: item, place: place, title: title, ways: ways)
    }
}

extension ItemSource.Command {
    /// A line, or `{ run:, else:, optional: }`.
    fileprivate init?(_ node: YAMLNode) {
        if let line = node.scalar {
            self.init(line: line)
        } else if let line = node["run"]?.scalar {
            self.init(line: line, instead: node["else"]?.scalar, isOptional: node["optional"]?.scalar == "true")
        } else {
            return nil
        }
    }
}
