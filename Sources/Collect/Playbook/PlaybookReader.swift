internal import Documents
internal import SupportBundle
internal import Templates

/// Reads playbooks from YAML and checks them against the schema, with line numbers.
public struct PlaybookReader: Sendable {
    private let validator: SchemaValidator

    /// Throws when the schema that was compiled in can't be read, which a test rules out.
    public init() throws(CollectError) {
        do {
            validator = try SchemaValidator(schema: Template.playbookSchema.bytes, name: Template.playbookSchema.path)
        } catch {
            throw CollectError(.failed, Template.playbookSchema.path, "\(error)")
        }
    }

    /// What is wrong with a playbook file, each as `name:line: text`; empty when it is right.
    public func problems(_ bytes: [UInt8], name: String) -> [String] {
        let node: YAMLNode
        do {
            node = try YAMLNode(parsing: bytes, name: name)
        } catch {
            return ["\(error)"]
        }
        var problems = validator.violations(of: node).map {
            "\(name):\($0.line ?? node.line): \($0.path): \($0.reason)"
        }
        if problems.isEmpty {
            for list in ["private", "public"] {
                for entry in node["mustCollect"]?[list]?.sequence ?? [] {
                    let word = entry["item"]?.scalar ?? ""
                    if ItemKind(rawValue: word) == nil {
                        problems.append("\(name):\(entry.line): mustCollect.\(list): unknown item '\(word)'")
                    }
                }
            }
        }
        return problems
    }

    public func read(_ bytes: [UInt8], name: String) throws(CollectError) -> Playbook {
        let found = problems(bytes, name: name)
        if let first = found.first {
            throw CollectError(
                .usage, "playbook", first, hint: "check it with 'apigee-collect playbooks validate \(name)'")
        }
        do {
            return Self.playbook(try YAMLNode(parsing: bytes, name: name))
        } catch {
            throw CollectError(.usage, "playbook", "\(error)")
        }
    }

    private static func playbook(_ node: YAMLNode) -> Playbook {
        let symptoms = node["symptoms"]
        return Playbook(
            id: text(node["id"]), version: Int(text(node["version"])) ?? 1, title: text(node["title"]),
            source: text(node["source"]), confirmed: text(node["confirmed"]) == "true",
            httpStatus: texts(symptoms?["httpStatus"]).compactMap { Int($0) },
            errorCodes: texts(symptoms?["errorCodes"]),
            signatures: (symptoms?["signatures"]?.sequence ?? []).map {
                Playbook.Signature(
                    id: text($0["id"]), title: text($0["title"]), fragments: texts($0["fragments"]),
                    without: texts($0["without"]))
            },
            privateList: entries(node["mustCollect"]?["private"]), publicList: entries(node["mustCollect"]?["public"]),
            steps: (node["steps"]?.sequence ?? []).map {
                Playbook.Step(
                    id: text($0["id"]), title: text($0["title"]),
                    doneBy: texts($0["doneBy"]).compactMap { ItemKind(rawValue: $0) })
            },
            causes: (node["causes"]?.sequence ?? []).map {
                Playbook.Cause(id: text($0["id"]), title: text($0["title"]), resolution: texts($0["resolution"]))
            })
    }

    private static func text(_ node: YAMLNode?) -> String { node?.scalar ?? "" }

    private static func texts(_ node: YAMLNode?) -> [String] { (node?.sequence ?? []).compactMap { $0.scalar } }

    private static func entries(_ node: YAMLNode?) -> [Playbook.Entry] {
        (node?.sequence ?? []).compactMap { entry in
            ItemKind(rawValue: text(entry["item"])).map {
                Playbook.Entry(item: $0, required: entry["required"]?.scalar != "false")
            }
        }
    }
}
