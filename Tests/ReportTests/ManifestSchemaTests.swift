import Documents
import Foundation
import SupportBundle
import Templates
import Testing

/// Manifests against their schema, judged by our validator and by Python's.
@Suite struct ManifestSchemaTests {
    private func encoded(_ manifest: Manifest) throws -> JSONValue {
        try JSONValue(parsing: [UInt8](JSONEncoder().encode(manifest)))
    }

    /// Sets or removes the value at a pointer.
    private func changed(_ value: JSONValue, _ tokens: ArraySlice<String>, _ new: JSONValue?) -> JSONValue {
        guard let first = tokens.first else { return new ?? value }
        let rest = tokens.dropFirst()
        switch value {
        case .object(var object):
            if rest.isEmpty {
                object[first] = new
            } else if let inner = object[first] {
                object[first] = changed(inner, rest, new)
            }
            return .object(object)
        case .array(var elements):
            guard let index = Int(first), elements.indices.contains(index) else { return value }
            elements[index] = changed(elements[index], rest, new)
            return .array(elements)
        default: return value
        }
    }

    static let breaks: [(String, JSONValue?)] = [
        ("/schema", 2), ("/tool/version", nil), ("/bundle/id", "x"), ("/bundle/name", "a/b"),
        ("/bundle/createdAt", "today"),
        ("/bundle/createdAt", "2026-11-23T10:00:00"), ("/mode", "hybrid"), ("/playbook/version", 0), ("/argv", "a"),
        ("/request/port", 70000), ("/request/org", nil), ("/request/httpStatus", 42), ("/request/window/to", "x"),
        ("/mustCollect/0/item", "logs"), ("/mustCollect/0/state", "done"), ("/complete", "yes"),
        ("/items/0/sha256", "ab"),
        ("/items/0/path", "../x"), ("/items/0/path", "/items/trace/x"), ("/items/0/path", "items/trace/../x"),
        ("/items/0/path", "items/trace/a\\b"), ("/items/0/bytes", -1), ("/items/0/redactions", ["Bad Rule": 1]),
        ("/items/0/redactions", ["rule": -1]), ("/items/0/source/type", "web"), ("/items/3/capture/packets", "many"),
        ("/redaction/unredacted", true), ("/redaction/level", "none"), ("/leakScan/state", "ok"),
        ("/diagnosis/0/confidence", "sure"), ("/diagnosis/0/cause", "No Cause"), ("/diagnosis/0/evidence/0/item", nil),
        ("/limits/threads", 1.5), ("/interrupted", nil), ("/case/id", ""), ("/node/hostname", nil),
    ]

    @Test(arguments: [Samples.Name.partial, .complete, .bare])
    func whatWeWriteIsValid(sample: Samples.Name) throws {
        let validator = try SchemaValidator(schema: Template.manifestSchema.bytes)
        #expect(try validator.violations(of: encoded(sample.manifest)) == [])
    }

    @Test func additionsAreWelcome() throws {
        let validator = try SchemaValidator(schema: Template.manifestSchema.bytes)
        var manifest = try encoded(Samples.partial)
        for place in ["/new", "/bundle/new", "/items/0/new", "/request/new", "/diagnosis/0/new", "/mustCollect/0/new"] {
            manifest = changed(manifest, JSONPointer.tokens(of: place)[...], ["x": 1])
        }
        #expect(validator.violations(of: manifest) == [])
    }

    @Test func anItemThatWasWithheldNeedsNoChecksum() throws {
        let validator = try SchemaValidator(schema: Template.manifestSchema.bytes)
        var manifest = Samples.partial
        manifest.items[0].state = .missing
        manifest.items[0].sha256 = ""
        #expect(try validator.violations(of: encoded(manifest)) == [])
    }

    @Test(arguments: breaks)
    func whatIsBrokenIsFound(pointer: String, value: JSONValue?) throws {
        let validator = try SchemaValidator(schema: Template.manifestSchema.bytes)
        let manifest = try encoded(Samples.partial)
        let broken = changed(manifest, JSONPointer.tokens(of: pointer)[...], value)
        #expect(broken != manifest)
        let paths = validator.violations(of: broken).map(\.path)
        #expect(paths.contains { pointer.hasPrefix($0) || $0.hasPrefix(pointer) }, "\(paths)")
    }

    /// The same documents, good and broken, in one run of Python's jsonschema: it must judge as we do.
    @Test func pythonAgrees() throws {
        let manifest = try encoded(Samples.partial)
        var documents: [JSONValue] = [manifest, try encoded(Samples.bare), try encoded(Samples.complete)]
        documents += Self.breaks.map { changed(manifest, JSONPointer.tokens(of: $0.0)[...], $0.1) }
        let validator = try SchemaValidator(schema: Template.manifestSchema.bytes)
        let ours = documents.map { validator.violations(of: $0).isEmpty }
        let script = """
            import json, sys
            try:
                import jsonschema
            except ImportError:
                print("none"); sys.exit()
            schema, documents = json.load(sys.stdin)
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            print(json.dumps([validator.is_valid(d) for d in documents]))
            """
        let schema = try JSONValue(parsing: Template.manifestSchema.bytes)
        let input = JSONValue.array([schema, .array(documents)]).encoded()
        guard let output = try python(script, input: input), output.first != UInt8(ascii: "n") else {
            try Test.cancel("Python's jsonschema is not installed")
        }
        #expect(try JSONValue(parsing: output) == .array(ours.map { .bool($0) }))
    }

    private func python(_ script: String, input: [UInt8]) throws -> [UInt8]? {
        let tool = "/usr/bin/python3"
        guard FileManager.default.isExecutableFile(atPath: tool) else { return nil }
        let file = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString).json")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = ["-c", script]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? [UInt8](data) : nil
    }
}
