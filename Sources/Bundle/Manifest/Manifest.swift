/// What `manifest.json` says about a bundle (schema 1, `templates/bundle/manifest.schema.json`).
///
/// The one value from which START-HERE.txt, the report and the terminal summary are written, so that they cannot
/// disagree. Every text in it has been redacted before it is put here.
public struct Manifest: Codable, Equatable, Sendable {
    public static let currentSchema = 1

    public var schema: Int = Manifest.currentSchema
    public var tool: Tool
    public var bundle: Identity
    public var `case`: SupportCase?
    public var mode: Mode
    public var playbook: PlaybookReference
    public var product: Product?
    public var ranAs: RanAs
    /// The command line, redacted.
    public var argv: [String]
    public var request: FailingRequest
    public var failure: Failure?
    public var node: Node?
    public var nodes: [Node]?
    public var mustCollect: [MustCollect]
    /// True when every required entry of `mustCollect` is `collected`.
    public var complete: Bool
    public var items: [Item]
    public var redaction: RedactionSummary
    public var leakScan: LeakScan
    public var diagnosis: [Verdict]
    public var tried: [TriedStep]
    public var limits: Limits
    public var interrupted: Bool

    public init(
        tool: Tool, bundle: Identity, mode: Mode, playbook: PlaybookReference, ranAs: RanAs, argv: [String],
        request: FailingRequest, mustCollect: [MustCollect] = [], complete: Bool = false, items: [Item] = [],
        redaction: RedactionSummary, leakScan: LeakScan = LeakScan(state: .notRun, suspicions: []),
        diagnosis: [Verdict] = [], tried: [TriedStep] = [], limits: Limits, interrupted: Bool = false
    ) {
        self.tool = tool
        self.bundle = bundle
        self.mode = mode
        self.playbook = playbook
        self.ranAs = ranAs
        self.argv = argv
        self.request = request
        self.mustCollect = mustCollect
        self.complete = complete
        self.items = items
        self.redaction = redaction
        self.leakScan = leakScan
        self.diagnosis = diagnosis
        self.tried = tried
        self.limits = limits
        self.interrupted = interrupted
    }
}

extension Manifest {
    public struct Tool: Codable, Equatable, Sendable {
        public var name: String
        public var version: String
        public init(name: String = "apigee-collect", version: String) {
            self.name = name
            self.version = version
        }
    }

    public struct Identity: Codable, Equatable, Sendable {
        /// A UUID (RFC 9562).
        public var id: String
        /// The name of the top folder and, with `.tar.gz`, of the file.
        public var name: String
        /// ISO 8601 with zone.
        public var createdAt: String
        public init(id: String, name: String, createdAt: String) {
            self.id = id
            self.name = name
            self.createdAt = createdAt
        }
    }

    public struct SupportCase: Codable, Equatable, Sendable {
        public var id: String
        public init(id: String) { self.id = id }
    }

    /// Private cloud (nodes under `/opt/apigee`) or public cloud (only the management API).
    public enum Mode: String, Codable, Sendable, CaseIterable { case `private`, `public` }

    public struct PlaybookReference: Codable, Equatable, Sendable {
        public var id: String
        public var version: Int
        public var title: String
        /// The address of the page that the playbook follows.
        public var source: String
        /// Why this playbook was chosen, in a sentence.
        public var why: String
        public init(id: String, version: Int, title: String, source: String, why: String) {
            self.id = id
            self.version = version
            self.title = title
            self.source = source
            self.why = why
        }
    }

    public struct Product: Codable, Equatable, Sendable {
        public var version: String?
        public var components: [String]
        public var region: String?
        public var pod: String?
        public init(version: String? = nil, components: [String] = [], region: String? = nil, pod: String? = nil) {
            self.version = version
            self.components = components
            self.region = region
            self.pod = pod
        }
    }

    public struct RanAs: Codable, Equatable, Sendable {
        public var user: String
        public var root: Bool
        public init(user: String, root: Bool) {
            self.user = user
            self.root = root
        }
    }

    public struct SpanOfTime: Codable, Equatable, Sendable {
        /// ISO 8601 with zone.
        public var from: String
        /// ISO 8601 with zone.
        public var to: String
        public init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// What is known of the failing request. Empty strings stand for what is not known.
    public struct FailingRequest: Codable, Equatable, Sendable {
        public var org: String
        public var env: String
        public var api: String
        public var revision: String
        public var messageId: String
        /// The backend's name as the target endpoint gives it, or its address where only that is known.
        public var host: String
        /// 0 when unknown.
        public var port: Int
        public var backendIp: String?
        public var targetEndpoint: String?
        public var keyAlias: String?
        /// ISO 8601 with zone; empty when unknown.
        public var time: String
        public var httpStatus: Int?
        public var faultCode: String?
        public var faultSource: String?
        public var window: SpanOfTime
        public init(
            org: String = "", env: String = "", api: String = "", revision: String = "", messageId: String = "",
            host: String = "", port: Int = 0, time: String = "", window: SpanOfTime
        ) {
            self.org = org
            self.env = env
            self.api = api
            self.revision = revision
            self.messageId = messageId
            self.host = host
            self.port = port
            self.time = time
            self.window = window
        }
    }

    /// The group of log records to which the failing request belongs.
    public struct Failure: Codable, Equatable, Sendable {
        public var signature: String
        public var firstSeen: String
        public var lastSeen: String
        public var count: Int
        /// Other groups that were seen in the same logs, in words: signature, place and count.
        public var otherFailures: [String]
        public init(signature: String, firstSeen: String, lastSeen: String, count: Int, otherFailures: [String] = []) {
            self.signature = signature
            self.firstSeen = firstSeen
            self.lastSeen = lastSeen
            self.count = count
            self.otherFailures = otherFailures
        }
    }

    public struct Node: Codable, Equatable, Sendable {
        public var hostname: String
        public var os: String
        public var kernel: String
        public var timezone: String
        /// How far its clock is ahead.
        public var clockOffsetMs: Int?
        /// Of its folder below `nodes/`; this and what follows in case bundles of several nodes alone.
        public var name: String?
        /// `merged`, `partly damaged`, `interrupted`, or why nothing of it is in the bundle: `unreachable`, `damaged`, …
        public var state: String?
        public var reason: String?
        /// Of its components: `router`, `message-processor`, `management-server`.
        public var roles: [String]?
        /// The name of its own bundle; nil where there is none.
        public var bundle: String?
        /// Whether its logs hold the message id of the case.
        public var sawMessageId: Bool?
        /// Records and handshakes of its Message Processor that tell of a failure.
        public var failures: Int?
        public init(hostname: String, os: String, kernel: String, timezone: String, clockOffsetMs: Int? = nil) {
            self.hostname = hostname
            self.os = os
            self.kernel = kernel
            self.timezone = timezone
            self.clockOffsetMs = clockOffsetMs
        }
    }

    public struct TriedStep: Codable, Equatable, Sendable {
        public var step: String
        public var title: String
        public var note: String?
        public init(step: String, title: String, note: String? = nil) {
            self.step = step
            self.title = title
            self.note = note
        }
    }

    public struct Limits: Codable, Equatable, Sendable {
        public var timeLimitSeconds: Int
        public var maxSizeBytes: Int?
        public var maxItemSizeBytes: Int?
        public var captureSeconds: Int
        public var threads: Int
        public init(
            timeLimitSeconds: Int, maxSizeBytes: Int? = nil, maxItemSizeBytes: Int? = nil, captureSeconds: Int,
            threads: Int
        ) {
            self.timeLimitSeconds = timeLimitSeconds
            self.maxSizeBytes = maxSizeBytes
            self.maxItemSizeBytes = maxItemSizeBytes
            self.captureSeconds = captureSeconds
            self.threads = threads
        }
    }
}
