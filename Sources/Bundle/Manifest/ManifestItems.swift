extension Manifest {
    /// How far an item came. `partial`: something is there, but less than the playbook asks for.
    public enum State: String, Codable, Sendable, CaseIterable { case collected, partial, missing, skipped }

    /// One line of the playbook's must-collect list, and what became of it.
    public struct MustCollect: Codable, Equatable, Sendable {
        public var item: ItemKind
        public var required: Bool
        public var state: State
        /// Why it is not `collected`, for people.
        public var reason: String?
        /// What to do about it: a command, or a sentence.
        public var hint: String?
        public init(item: ItemKind, required: Bool, state: State, reason: String? = nil, hint: String? = nil) {
            self.item = item
            self.required = required
            self.state = state
            self.reason = reason
            self.hint = hint
        }
    }

    /// One file below `items/`. Several files may share a kind.
    public struct Item: Codable, Equatable, Sendable {
        public var kind: ItemKind
        /// Relative to the bundle's top folder, `items/<kind>/…`.
        public var path: String
        public var title: String
        public var source: Source
        public var collectedOn: Place?
        public var mediaType: String?
        /// Size in bytes of the file in the bundle.
        public var bytes: Int
        /// Of the file in the bundle, lower-case hex.
        public var sha256: String
        public var state: State
        public var reason: String?
        public var truncated: Truncation?
        /// ISO 8601 with zone.
        public var startedAt: String
        public var durationMs: Int
        /// Size in bytes of what was read, before redaction.
        public var rawBytes: Int
        /// Rule id to the number of values removed.
        public var redactions: [String: Int]
        public var capture: Capture?
        public var notes: [String]
        public init(
            kind: ItemKind, path: String, title: String, source: Source, mediaType: String? = nil, bytes: Int = 0,
            sha256: String = "", state: State = .collected, reason: String? = nil, startedAt: String,
            durationMs: Int = 0,
            rawBytes: Int = 0, redactions: [String: Int] = [:], notes: [String] = []
        ) {
            self.kind = kind
            self.path = path
            self.title = title
            self.source = source
            self.mediaType = mediaType
            self.bytes = bytes
            self.sha256 = sha256
            self.state = state
            self.reason = reason
            self.startedAt = startedAt
            self.durationMs = durationMs
            self.rawBytes = rawBytes
            self.redactions = redactions
            self.notes = notes
        }
    }

    public struct Source: Codable, Equatable, Sendable {
        public enum Kind: String, Codable, Sendable, CaseIterable { case file, command, api, capture, user }
        public var type: Kind
        /// A path, a command line or an address, redacted.
        public var location: String
        public init(type: Kind, location: String) {
            self.type = type
            self.location = location
        }
    }

    public struct Place: Codable, Equatable, Sendable {
        public enum Role: String, Codable, Sendable, CaseIterable {
            case messageProcessor = "message-processor"
            case router
            case managementServer = "management-server"
            case backend
            case client
        }
        public var node: String
        public var role: Role
        public init(node: String, role: Role) {
            self.node = node
            self.role = role
        }
    }

    public struct Truncation: Codable, Equatable, Sendable {
        /// What was cut, in words.
        public var how: String
        /// Bytes left out, where known.
        public var bytes: Int?
        public init(how: String, bytes: Int? = nil) {
            self.how = how
            self.bytes = bytes
        }
    }

    public struct Capture: Codable, Equatable, Sendable {
        /// As tcpdump names it, such as `LINUX_SLL2`.
        public var linkType: String
        public var filter: String
        public var packets: Int
        public var droppedByKernel: Int
        /// TLS handshakes seen, whole or not.
        public var handshakes: Int
        /// Of these, how many failed.
        public var failures: Int
        public init(
            linkType: String, filter: String, packets: Int, droppedByKernel: Int, handshakes: Int, failures: Int
        ) {
            self.linkType = linkType
            self.filter = filter
            self.packets = packets
            self.droppedByKernel = droppedByKernel
            self.handshakes = handshakes
            self.failures = failures
        }
    }

    public struct RedactionSummary: Codable, Equatable, Sendable {
        public var level: String
        /// Number of rules in force.
        public var rules: Int
        /// SHA-256 over the rule files in force, lower-case hex.
        public var rulesSha256: String
        public var findings: [String: Int]
        public var learnedSecrets: Int
        /// Learned secrets that were not searched for, since a value so common would eat evidence.
        public var notApplied: Int
        /// Always false: there is no way to write an unredacted bundle.
        public var unredacted: Bool
        public init(
            level: String, rules: Int, rulesSha256: String, findings: [String: Int] = [:], learnedSecrets: Int = 0,
            notApplied: Int = 0
        ) {
            self.level = level
            self.rules = rules
            self.rulesSha256 = rulesSha256
            self.findings = findings
            self.learnedSecrets = learnedSecrets
            self.notApplied = notApplied
            self.unredacted = false
        }
    }

    public struct LeakScan: Codable, Equatable, Sendable {
        public enum State: String, Codable, Sendable, CaseIterable {
            case clean
            case suspicions
            case notRun = "not-run"
        }
        public var state: State
        /// `path:line: rule [id]`, never the text.
        public var suspicions: [String]
        public init(state: State, suspicions: [String]) {
            self.state = state
            self.suspicions = suspicions
        }
    }
}
