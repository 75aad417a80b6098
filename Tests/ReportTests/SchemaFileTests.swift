import Documents
import SupportBundle
import Templates
import Testing

/// The schema files against the model and the data that they describe.
@Suite struct SchemaFileTests {
    private func schema(_ template: Template) throws -> JSONValue {
        try JSONValue(parsing: template.bytes, name: template.path)
    }

    @Test func bothSchemasCanBeChecked() throws {
        _ = try SchemaValidator(schema: Template.manifestSchema.bytes)
        _ = try SchemaValidator(schema: Template.playbookSchema.bytes)
    }

    @Test func theWordsAreThoseOfTheModel() throws {
        let manifest = try schema(Template.manifestSchema)
        let playbook = try schema(Template.playbookSchema)
        let kinds = ItemKind.allCases.map(\.rawValue)
        #expect(manifest.at(pointer: "/$defs/itemKind/enum")?.strings == kinds)
        #expect(playbook.at(pointer: "/$defs/itemKind/enum")?.strings == kinds)
        for (pointer, words) in [
            ("/$defs/state/enum", Manifest.State.allCases.map(\.rawValue)),
            ("/$defs/source/properties/type/enum", Manifest.Source.Kind.allCases.map(\.rawValue)),
            ("/$defs/place/properties/role/enum", Manifest.Place.Role.allCases.map(\.rawValue)),
            ("/properties/mode/enum", Manifest.Mode.allCases.map(\.rawValue)),
            ("/properties/leakScan/properties/state/enum", Manifest.LeakScan.State.allCases.map(\.rawValue)),
            ("/$defs/verdict/properties/confidence/enum", Verdict.Confidence.allCases.reversed().map(\.rawValue)),
        ] { #expect(manifest.at(pointer: pointer)?.strings == words) }
    }

    @Test func thePlaybooksAreValid() throws {
        let validator = try SchemaValidator(schema: Template.playbookSchema.bytes)
        for playbook in Template.playbooks {
            let node = try YAMLNode(parsing: playbook.bytes, name: playbook.path)
            #expect(validator.violations(of: node) == [], "\(playbook.path)")
            if let id = node["id"]?.scalar { #expect(playbook.path == "playbooks/\(id).yaml") }
        }
    }
}
