public import Diagnose
public import SupportBundle

/// A must-collect list of Apigee Edge with its symptoms, steps and causes: data under `templates/playbooks/`
/// (schema: `templates/bundle/playbook.schema.json`).
public struct Playbook: Sendable, Equatable {
    /// Where a text comes from.
    public enum Place: String, Sendable, CaseIterable {
        case log, response, trace
    }

    public struct Signature: Sendable, Hashable {
        public let id: String
        public let title: String
        /// Texts of which one must be there.
        public let fragments: [String]
        /// Texts which must all be there.
        public let all: [String]
        /// Texts of which none may be there.
        public let without: [String]
        public let places: Set<Place>
    }

    public struct Entry: Sendable, Equatable {
        public let item: ItemKind
        /// Ids of the collectors that bring it (``ItemSource``).
        public internal(set) var from: [String]
        public internal(set) var required: Bool
    }

    public struct Step: Sendable, Equatable {
        public let id: String
        public let title: String
        /// The step is done when all these items were collected.
        public let doneBy: [ItemKind]
    }

    public struct Cause: Sendable, Equatable {
        public let id: String
        public let title: String
        public let resolution: [String]
    }

    public let id: String
    /// The playbook that it takes from what it does not say itself.
    public let extends: String?
    public let version: Int
    public let title: String
    /// The address of the page it follows.
    public let source: String
    /// False when the page's own list could not be read and a substitute stands in.
    public let confirmed: Bool
    public let httpStatus: [Int]
    public let errorCodes: [String]
    public let faultSource: String?
    public let signatures: [Signature]
    public internal(set) var privateList: [Entry]
    public internal(set) var publicList: [Entry]
    /// What is looked for in the items; `nil`: all that is known.
    public internal(set) var diagnosis: Set<Analysis>?
    /// Whether a packet capture without a failing handshake is whole.
    public internal(set) var takesAnyPackets: Bool
    public internal(set) var steps: [Step]
    public internal(set) var causes: [Cause]

    public func mustCollect(_ mode: Manifest.Mode) -> [Entry] {
        switch mode {
        case .private: privateList
        case .public: publicList
        }
    }
}

extension Playbook {
    /// The same with what others ask for as well.
    func union(with others: [Playbook]) -> Playbook {
        var union = self
        for other in others {
            union.takesAnyPackets = union.takesAnyPackets || other.takesAnyPackets
            if let one = union.diagnosis { union.diagnosis = other.diagnosis.map { one.union($0) } }
            union.privateList.merge(other.privateList)
            union.publicList.merge(other.publicList)
            union.steps += other.steps.filter { step in !union.steps.contains { $0.id == step.id } }
            union.causes += other.causes.filter { cause in !union.causes.contains { $0.id == cause.id } }
        }
        return union
    }

    /// The same with the rows of a manifest that it does not have: those of a union, or of an older version.
    func keeping(_ rows: [Manifest.MustCollect], mode: Manifest.Mode) -> Playbook {
        var kept = self
        let entries = rows.map { Entry(item: $0.item, from: [], required: $0.required) }
        switch mode {
        case .private: kept.privateList.merge(entries)
        case .public: kept.publicList.merge(entries)
        }
        return kept
    }
}

extension [Playbook.Entry] {
    /// Adds entries; one for an item that is there already adds its collectors, and makes it required if it is.
    mutating func merge(_ entries: [Playbook.Entry]) {
        for entry in entries {
            guard let index = firstIndex(where: { $0.item == entry.item }) else {
                append(entry)
                continue
            }
            self[index].required = self[index].required || entry.required
            self[index].from += entry.from.filter { !self[index].from.contains($0) }
        }
    }
}
