public import Diagnose
internal import Documents
internal import Platform
public import SupportBundle

/// An item that says that the management API knows nothing of a name: a reference or keystore that is named, but not
/// there, is a cause of failures.
struct Absence: Sendable {
    private static let prefix = "absent-"

    let name: String
    /// What the management API said.
    let answer: String

    static func fileName(_ name: String) -> String { prefix + name + ".json" }

    func encoded() -> [UInt8] {
        JSONValue.object(["absent": .string(name), "answer": .string(answer)]).encoded(pretty: true) + [0x0A]
    }

    init(name: String, answer: String) {
        self.name = name
        self.answer = answer
    }

    /// Reads such an item; `nil` for any other.
    init?(path: String, bytes: [UInt8]) {
        guard PathText.lastName(path).hasPrefix(Self.prefix), let value = try? JSONValue(parsing: bytes),
            let name = value["absent"]?.string
        else { return nil }
        self.init(name: name, answer: value["answer"]?.string ?? "")
    }
}

extension DiagnosisInput {
    /// Adds an item of a bundle, also one that says that something is not there.
    public mutating func take(kind: ItemKind, path: String, bytes: [UInt8]) {
        if let absence = Absence(path: path, bytes: bytes) {
            add(absent: kind, name: absence.name, answer: absence.answer)
        } else {
            add(kind: kind, path: path, bytes: bytes)
        }
    }
}
