/// One answer of the diagnosis: a cause, how sure it is, and on what evidence.
public struct Verdict: Codable, Equatable, Sendable {
    /// How sure a verdict is.
    public enum Confidence: String, Codable, Sendable, CaseIterable, Comparable {
        case possible, likely, certain

        public static func < (a: Confidence, b: Confidence) -> Bool { a.rank < b.rank }
        private var rank: Int { Confidence.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What a verdict rests on.
    public struct Evidence: Codable, Equatable, Sendable {
        /// In which item it stands.
        public var item: ItemKind
        /// The file in the bundle, relative to its top folder.
        public var path: String
        /// Where in the file: `line 12`, `frame 7`, `certInfo[0].issuer`.
        public var location: String
        /// What stands there, in words.
        public var text: String
        public init(item: ItemKind, path: String, location: String, text: String) {
            self.item = item
            self.path = path
            self.location = location
            self.text = text
        }
    }

    /// A cause that it is not.
    public struct RuledOut: Codable, Equatable, Sendable {
        /// Its id.
        public var cause: String
        /// The evidence against it.
        public var why: String
        public init(cause: String, why: String) {
            self.cause = cause
            self.why = why
        }
    }

    /// Playbook id.
    public var playbook: String
    /// Cause id, such as `no-client-certificate` or `issuer-not-accepted`.
    public var cause: String
    /// For people, in a line.
    public var title: String
    /// How sure it is.
    public var confidence: Confidence
    /// What is wrong, for people.
    public var summary: String
    /// What it rests on, strongest first.
    public var evidence: [Evidence]
    /// What to do, step by step.
    public var resolution: [String]
    /// What it is not.
    public var ruledOut: [RuledOut]
    /// What would make the verdict certain, each a thing to collect or to ask.
    public var wouldSettle: [String]

    public init(
        playbook: String, cause: String, title: String, confidence: Confidence, summary: String,
        evidence: [Evidence] = [], resolution: [String] = [], ruledOut: [RuledOut] = [], wouldSettle: [String] = []
    ) {
        self.playbook = playbook
        self.cause = cause
        self.title = title
        self.confidence = confidence
        self.summary = summary
        self.evidence = evidence
        self.resolution = resolution
        self.ruledOut = ruledOut
        self.wouldSettle = wouldSettle
    }
}
