/// What `manifest.json` says about a bundle (schema 1, `templates/bundle/manifest.schema.json`).
///
/// The one value from which START-HERE.txt, the report and the terminal summary are written, so that they cannot
/// disagree. Every text in it has been redacted before it is put here.
public struct Manifest: Codable, Equatable, Sendable {
    /// The version of the schema that this code writes; it reads all earlier ones.
    public static let currentSchema = 1

    /// Version of the schema.
    public var schema: Int = Manifest.currentSchema
    /// What wrote the bundle.
    public var tool: Tool
    /// Its name and its time.
    public var bundle: Identity
    /// The support case, if one was named.
    public var `case`: SupportCase?
    /// Private or public cloud.
    public var mode: Mode
    /// Which playbook was followed, and why.
    public var playbook: PlaybookReference
    /// What is known of the installation.
    public var product: Product?
    /// Who ran the tool.
    public var ranAs: RanAs
    /// The command line, redacted.
    public var argv: [String]
    /// The request that fails.
    public var request: FailingRequest
    /// How it shows in the log, and how often.
    public var failure: Failure?
    /// The machine, if the bundle is of one.
    public var node: Node?
    /// The machines of a merged bundle.
    public var nodes: [Node]?
    /// The must-collect list of the playbook, in its order.
    public var mustCollect: [MustCollect]
    /// True when every required entry of `mustCollect` is `collected`.
    public var complete: Bool
    public var items: [Item]
    /// What was removed.
    public var redaction: RedactionSummary
    /// What the scan of the finished archive found.
    public var leakScan: LeakScan
    /// What is wrong, most likely first.
    public var diagnosis: [Verdict]
    /// What was tried before.
    public var tried: [TriedStep]
    /// The limits that the run kept.
    public var limits: Limits
    /// A signal ended the run early.
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
    /// The program that wrote a bundle.
    public struct Tool: Codable, Equatable, Sendable {
        /// Of the program.
        public var name: String
        public var version: String
        public init(name: String = "apigee-collect", version: String) {
            self.name = name
            self.version = version
        }
    }

    /// What tells a bundle from others.
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

    /// A case of the support desk.
    public struct SupportCase: Codable, Equatable, Sendable {
        /// As the desk numbers it.
        public var id: String
        public init(id: String) { self.id = id }
    }

    /// Private cloud (nodes under `/opt/apigee`) or public cloud (only the management API).
    public enum Mode: String, Codable, Sendable, CaseIterable { case `private`, `public` }

    /// Which playbook, and why.
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

    /// What is known of the installation.
    public struct Product: Codable, Equatable, Sendable {
        public var version: String?
        /// Components on this node, such as `edge-router`.
        public var components: [String]
        /// As Edge names it, such as `dc-1`.
        public var region: String?
        /// As Edge names it, such as `gateway`.
        public var pod: String?
        public init(version: String? = nil, components: [String] = [], region: String? = nil, pod: String? = nil) {
            self.version = version
            self.components = components
            self.region = region
            self.pod = pod
        }
    }

    /// Who ran the tool.
    public struct RanAs: Codable, Equatable, Sendable {
        /// Name of the user.
        public var user: String
        /// Whether with all rights.
        public var root: Bool
        public init(user: String, root: Bool) {
            self.user = user
            self.root = root
        }
    }

    /// From a time to another, both included; ISO 8601 with zone.
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
        /// Organization.
        public var org: String
        /// Environment.
        public var env: String
        /// API proxy.
        public var api: String
        /// Of the proxy; empty where unknown.
        public var revision: String
        /// Edge's id of the request; empty where unknown.
        public var messageId: String
        /// The backend's name as the target endpoint gives it, or its address where only that is known.
        public var host: String
        /// 0 when unknown.
        public var port: Int
        /// The address that the target's name stood for.
        public var backendIp: String?
        /// Of the proxy.
        public var targetEndpoint: String?
        /// In the keystore of the target connection.
        public var keyAlias: String?
        /// ISO 8601 with zone; empty when unknown.
        public var time: String
        /// That the client saw.
        public var httpStatus: Int?
        /// Edge's `errorcode`, such as `…http.flow.SslHandshakeFailed`.
        public var faultCode: String?
        /// `X-Apigee-fault-source`, such as `target`.
        public var faultSource: String?
        /// The time that was searched.
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
        /// The text in the log that names the failure.
        public var signature: String
        /// ISO 8601 with zone.
        public var firstSeen: String
        /// ISO 8601 with zone.
        public var lastSeen: String
        /// How often, in the window.
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

    /// A machine.
    public struct Node: Codable, Equatable, Sendable {
        /// As shown at the level of redaction.
        public var hostname: String
        /// Name and version of the system.
        public var os: String
        /// Its release.
        public var kernel: String
        /// Name in the zone database, or the offset.
        public var timezone: String
        /// How far its clock is ahead of the management server's, in milliseconds; nil where it was not measured.
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

    /// A step that was tried.
    public struct TriedStep: Codable, Equatable, Sendable {
        /// Its id in the playbook.
        public var step: String
        public var title: String
        /// What came of it.
        public var note: String?
        public init(step: String, title: String, note: String? = nil) {
            self.step = step
            self.title = title
            self.note = note
        }
    }

    /// The limits of a run.
    public struct Limits: Codable, Equatable, Sendable {
        /// Of the whole run.
        public var timeLimitSeconds: Int
        /// Of the bundle; nil for no limit.
        public var maxSizeBytes: Int?
        /// Of one item, before redaction; nil for no limit.
        public var maxItemSizeBytes: Int?
        /// Of the packet capture at most.
        public var captureSeconds: Int
        /// That packed.
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
