internal import Documents
internal import SupportBundle
internal import Templates

/// Reads playbook files and checks them against the schema, with line numbers.
public struct PlaybookReader: Sendable {
    private let one: SchemaValidator
    private let several: SchemaValidator
    let sources: ItemSources

    /// Throws when the schema that was compiled in can't be read, which a test rules out.
    public init() throws(CollectError) {
        sources = try ItemSources()
        do {
            let schema = try JSONValue(parsing: Template.playbookSchema.bytes, name: Template.playbookSchema.path)
            let definitions = schema["$defs"] ?? .null
            // Each kind of file by its own rules, so that a mistake is told where it is, and not as "neither fits".
            func validator(_ kind: String) throws -> SchemaValidator {
                try SchemaValidator(
                    schema: .object(["$ref": .string("#/$defs/\(kind)"), "$defs": definitions]),
                    name: Template.playbookSchema.path)
            }
            (one, several) = (try validator("playbook"), try validator("family"))
        } catch {
            throw CollectError(.failed, Template.playbookSchema.path, "\(error)")
        }
    }

    /// What is wrong with playbook files, each as `name:line: text`; empty when they are right. They may extend those of
    /// the program and each other.
    public func problems(_ files: [(name: String, bytes: [UInt8])]) throws(CollectError) -> [String] {
        try PlaybookCatalog(site: files, reader: self).problems
    }

    /// The drafts of a file of ours: a test has checked it.
    func builtIn(_ template: Template) throws(CollectError) -> [PlaybookDraft] {
        do {
            return Self.drafts(try YAMLNode(parsing: template.bytes, name: template.path), template.path)
        } catch {
            throw CollectError(.failed, template.path, "\(error)")
        }
    }

    /// The drafts of a file, and what is wrong with it by the schema.
    func drafts(_ bytes: [UInt8], name: String) -> (drafts: [PlaybookDraft], problems: [String]) {
        let node: YAMLNode
        do {
            node = try YAMLNode(parsing: bytes, name: name)
        } catch {
            return ([], ["\(error)"])
        }
        let validator = node["playbooks"] == nil ? one : several
        let problems = validator.violations(of: node).map {
            "\(name):\($0.line ?? node.line): \($0.path): \($0.reason)"
        }
        guard problems.isEmpty else { return ([], problems) }
        let drafts = Self.drafts(node, name)
        let ids = drafts.map(\.id)
        let twice = drafts.indices.filter { ids[..<$0].contains(ids[$0]) }
        return (drafts, twice.map { drafts[$0].problem(nil, "the playbook '\(ids[$0])' is there twice").text })
    }

    private static func drafts(_ node: YAMLNode, _ name: String) -> [PlaybookDraft] {
        (node["playbooks"]?.sequence ?? [node]).map { PlaybookDraft(node: $0, file: name) }
    }
}
