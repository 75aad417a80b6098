extension Manifest {
    /// How far an item came. `partial`: something is there, but less than the playbook asks for.
    public enum State: String, Codable, Sendable, CaseIterable { case collected, partial, missing, skipped }

    /// One line of the playbook's must-collect list, and what became of it.
    public struct MustCollect: Codable, Equatable, Sendable {
        /// What is asked for.
        public var item: ItemKind
        /// Without it the bundle is not complete.
        public var required: Bool
        /// How far it came.
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
        /// For people.
        public var title: String
        /// Where it comes from.
        public var source: Source
        /// The node that it was collected on; nil for what belongs to none.
        public var collectedOn: Place?
        /// Of the content, such as `text/plain` (RFC 6838).
        public var mediaType: String?
        /// Size in bytes of the file in the bundle.
        public var bytes: Int
        /// Of the file in the bundle, lower-case hex.
        public var sha256: String
        public var state: State
        public var reason: String?
        /// What was cut, if something was.
        public var truncated: Truncation?
        /// ISO 8601 with zone.
        public var startedAt: String
        /// How long collecting it took, in milliseconds.
        public var durationMs: Int
        /// Size in bytes of what was read, before redaction.
        public var rawBytes: Int
        /// Rule id to the number of values removed.
        public var redactions: [String: Int]
        /// Of a packet capture, what is in it.
        public var capture: Capture?
        /// What else is to be known of it, for people.
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

    /// Where an item comes from.
    public struct Source: Codable, Equatable, Sendable {
        /// What kind of source it is.
        public enum Kind: String, Codable, Sendable, CaseIterable { case file, command, api, capture, user }
        /// What kind of source it is.
        public var type: Kind
        /// A path, a command line or an address, redacted.
        public var location: String
        public init(type: Kind, location: String) {
            self.type = type
            self.location = location
        }
    }

    /// A node, and what it is in the system.
    public struct Place: Codable, Equatable, Sendable {
        /// What a node is.
        public enum Role: String, Codable, Sendable, CaseIterable {
            case messageProcessor = "message-processor"
            case router
            case managementServer = "management-server"
            case backend
            case client
        }
        /// Its host name, as shown at the level of redaction.
        public var node: String
        /// What it is.
        public var role: Role
        public init(node: String, role: Role) {
            self.node = node
            self.role = role
        }
    }

    /// What was cut from an item.
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

    /// What is in a packet capture.
    public struct Capture: Codable, Equatable, Sendable {
        /// As tcpdump names it, such as `LINUX_SLL2`.
        public var linkType: String
        /// The filter expression of tcpdump (pcap-filter(7)).
        public var filter: String
        /// Frames in the file.
        public var packets: Int
        /// Frames that the kernel had no room for.
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

    /// What was removed from the whole bundle.
    public struct RedactionSummary: Codable, Equatable, Sendable {
        /// `secrets` or `strict`.
        public var level: String
        /// Number of rules in force.
        public var rules: Int
        /// SHA-256 over the rule files in force, lower-case hex.
        public var rulesSha256: String
        /// Rule id to the number of values removed.
        public var findings: [String: Int]
        /// Secrets that were searched for everywhere, in all their forms.
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

    /// What the scan of the finished archive found.
    public struct LeakScan: Codable, Equatable, Sendable {
        /// How it ended.
        public enum State: String, Codable, Sendable, CaseIterable {
            case clean
            case suspicions
            case notRun = "not-run"
        }
        /// How it ended.
        public var state: State
        /// `path:line: rule [id]`, never the text.
        public var suspicions: [String]
        public init(state: State, suspicions: [String]) {
            self.state = state
            self.suspicions = suspicions
        }
    }
}
