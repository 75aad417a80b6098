public import EdgeAPI
public import Platform
public import SupportBundle

/// What `collect` was asked to do: checked, ready to use, and free of secrets but for ``login``.
public struct CollectOptions: Sendable {
    /// A file of the operator, read before anything else is done.
    public struct InputFile: Sendable {
        public let path: String
        public let bytes: [UInt8]
        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    public var playbook: String?
    public var mode: Manifest.Mode?
    public var org: String?
    public var env: String?
    public var api: String?
    public var revision: String?
    public var messageID: String?
    /// `host` or `host:port` of backends.
    public var hosts: [(host: String, port: Int?)] = []
    public var since: String?
    public var until: String?
    public var tried: [String] = []
    public var notes: [String] = []
    public var caseID: String?
    /// Collected besides the playbook's list.
    public var alsoItems: Set<ItemKind> = []

    public var errorFiles: [InputFile] = []
    public var traceFiles: [InputFile] = []
    public var apiProxyFiles: [InputFile] = []
    public var captureFiles: [String] = []
    public var logFiles: [String] = []

    /// The complete curl command.
    public var curlCommand: [UInt8]?
    public var reproduce = false
    public var reproduceUnsafe = false
    public var traceSessionSeconds: Int?
    /// Seconds; 0: no capture.
    public var captureSeconds = 60
    public var probe = true
    /// Thread dumps by SIGQUIT, which Java writes into its console log.
    public var threadsBySignal = false
    /// What is on the heap, which holds the process up.
    public var heap = false
    /// Ports of components that are not the documented ones, by those.
    public var componentPorts: [Int: Int] = [:]

    public var managementURL: String?
    public var login: Login = .none
    public var caCertificateFile: String?
    public var clientCertificateFile: String?
    public var clientKeyFile: String?
    public var httpProxy: String?
    public var allowHTTP = false

    public var redaction = "secrets"
    public var ruleFiles: [InputFile] = []
    /// 32 bytes for fingerprints; random when there is no key file.
    public var pseudonymKey: Secret?
    /// Where the sealed reverse map of pseudonyms goes; needs a key file and level `strict`.
    public var pseudonymMap: String?
    public var level = 6
    public var threads = 1
    public var timeLimitSeconds = 600
    public var maxSizeBytes: Int?
    public var maxItemSizeBytes: Int?
    public var root = "/"
    /// The killed run that this one finishes.
    public var resumes: StaleRun?
    public var workParent: String?
    /// Encryption, signature, parts.
    public var delivery = BundleDelivery()
    /// Where the bundle goes: a folder, or a file name.
    public var output: String?
    public var sitePlaybooks: [(name: String, bytes: [UInt8])] = []
    /// The command line as typed; redacted before it is written.
    public var arguments: [String] = []
    public var version = ""

    public init() {}
}
