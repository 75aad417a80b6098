public import SupportBundle

/// A must-collect list of Apigee Edge with its symptoms, steps and causes: data under `templates/playbooks/`
/// (schema: `templates/bundle/playbook.schema.json`).
public struct Playbook: Sendable, Equatable {
    public struct Signature: Sendable, Equatable {
        public let id: String
        public let title: String
        /// Texts of which a log record must contain one.
        public let fragments: [String]
        /// Texts of which it must contain none.
        public let without: [String]
    }

    public struct Entry: Sendable, Equatable {
        public let item: ItemKind
        public let required: Bool
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
    public let version: Int
    public let title: String
    /// The address of the page it follows.
    public let source: String
    /// False when the page's own list could not be read and a substitute stands in.
    public let confirmed: Bool
    public let httpStatus: [Int]
    public let errorCodes: [String]
    public let signatures: [Signature]
    public let privateList: [Entry]
    public let publicList: [Entry]
    public let steps: [Step]
    public let causes: [Cause]

    public func mustCollect(_ mode: Manifest.Mode) -> [Entry] {
        switch mode {
        case .private: privateList
        case .public: publicList
        }
    }
}
