internal import Documents

/// What a trace session tells of an error on the way to the target (XML or JSON, as Edge writes them).
struct TraceFacts: Sendable {
    struct Cause: Sendable {
        var text: String
        /// `line 12` in XML, a path in JSON.
        var location: String
    }

    /// Values of `error.cause`, and of `error` in points of the kind Error.
    var causes: [Cause] = []

    private static let names: Set<String> = ["error.cause", "error", "error.message", "error.class"]
    private static let maximumCauses = 200

    static func read(_ bytes: [UInt8]) -> TraceFacts {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        var facts = TraceFacts()
        if first == UInt8(ascii: "<") {
            if let root = try? XMLElement.parse(bytes, name: "trace") { facts.readXML(root) }
        } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            if let root = try? JSONValue(parsing: bytes, name: "trace") { facts.readJSON(root, at: "", depth: 0) }
        }
        return facts
    }

    private mutating func readXML(_ root: XMLElement) {
        // The pages with which a web server refuses a connection.
        for content in root.descendants("Content") { addPage(content.trimmedText, "line \(content.line)") }
        for point in root.descendants("Point") {
            let isError = point["id"] == "Error"
            for property in point.descendants("Property") {
                guard let name = property["name"], name == "error.cause" || isError && TraceFacts.names.contains(name)
                else { continue }
                add(property.trimmedText, "line \(property.line)")
            }
            for variable in point.descendants("Get") + point.descendants("Set") where variable["name"] == "error.cause"
            {
                add(variable["value"] ?? "", "line \(variable.line)")
            }
        }
    }

    private mutating func readJSON(_ value: JSONValue, at path: String, depth: Int) {
        guard depth < 64, causes.count < TraceFacts.maximumCauses else { return }
        if let name = value["name"]?.string, TraceFacts.names.contains(name), let text = value["value"]?.string {
            add(text, path)
        }
        if let content = value["content"]?.string { addPage(content, path + ".content") }
        if let object = value.object {
            for member in object.members {
                readJSON(member.value, at: path.isEmpty ? member.key : path + "." + member.key, depth: depth + 1)
            }
        }
        for (index, element) in (value.array ?? []).enumerated() {
            readJSON(element, at: "\(path)[\(index)]", depth: depth + 1)
        }
    }

    private mutating func addPage(_ content: String, _ location: String) {
        let text = String(content.prefix(4_096))
        let pages: Set<FailureText.Sign> = [.plainHTTPToTLS, .northboundCertificate, .northboundNoCertificate]
        guard let page = FailureText.signs(in: text).first(where: { pages.contains($0.sign) }) else { return }
        add(String(text[page.place...].prefix(120)), location)
    }

    private mutating func add(_ text: String, _ location: String) {
        guard !text.isEmpty, causes.count < TraceFacts.maximumCauses else { return }
        causes.append(Cause(text: String(text.prefix(400)), location: location))
    }

    /// What the causes tell.
    var signs: [(sign: FailureText.Sign, cause: Cause)] {
        causes.flatMap { cause in FailureText.signs(in: cause.text).map { ($0.sign, cause) } }
    }
}
