internal import Diagnose
internal import EdgeAPI
internal import Logs
internal import Synchronization

/// What is known of the case so far. Collectors read and extend it; nothing in it is secret.
struct CaseFacts: Sendable {
    var org = ""
    var env = ""
    var api = ""
    var revision = ""
    var messageID = ""
    /// Milliseconds since 1970 of the failing record, or `nil`.
    var time: Int?
    /// Where the log says that the backend is, or `--host`.
    var backends: [Backend] = []
    /// Both ends of the connection as the log shows them, while it is open which one is the backend.
    var channel: ChannelAddresses?
    /// The backend's name as the target endpoint gives it.
    var hostName = ""
    var port = 0
    var targetEndpoint: String?
    var keyAlias: String?
    var httpStatus: Int?
    var faultCode: String?
    var faultSource: String?
    /// The beginning of the answer to the reproduced request, which may hold secrets: in memory only.
    var response: [UInt8] = []
    /// The same of the failing transaction's trace.
    var trace: [UInt8] = []
    /// Milliseconds since 1970.
    var window: ClosedRange<Int> = 0...0
    var endpoints: [TargetEndpointFacts] = []
    var targetServers: [TargetServerFacts] = []
    /// How far this node's clock is ahead of the management server's, in milliseconds.
    var clockOffsetMilliseconds: Int?

    struct Backend: Sendable, Equatable, Hashable {
        var host: String
        var port: Int
    }

    /// Where the management API keeps things of the environment.
    var scope: EnvironmentScope { EnvironmentScope(org: org, env: env) }

    /// Takes what the log tells of the failing request.
    mutating func adopt(_ found: FailingRequestContext) {
        messageID = found.messageId ?? messageID
        org = found.org ?? org
        env = found.env ?? env
        api = found.api ?? api
        revision = found.revision ?? revision
        time = found.time?.milliseconds ?? time
        keyAlias = found.sslInfo?.keyAlias ?? keyAlias
        channel = found.channel
        decideBackend()
    }

    /// What the operator says wins over what was found.
    mutating func override(_ options: CollectOptions) {
        org = options.org ?? org
        env = options.env ?? env
        api = options.api ?? api
        revision = options.revision ?? revision
        messageID = options.messageID ?? messageID
        if !options.hosts.isEmpty {
            channel = nil
            backends = options.hosts.map { Backend(host: $0.host, port: $0.port ?? 0) }
        }
    }

    /// Tells the backend's end of the connection by the ports that the proxy names.
    mutating func decideBackend() {
        let ports = Set(endpoints.compactMap(\.urlPort) + targetServers.compactMap(\.port))
        // Without a port there is nothing to tell by that was not known before.
        guard backends.isEmpty || !ports.isEmpty, let backend = channel?.backend(knownPorts: ports) else { return }
        backends = [Backend(host: backend.host, port: backend.port)]
    }

    /// The backend's port, where anything tells it.
    var backendPort: Int? { port > 0 ? port : backends.first { $0.port > 0 }?.port }
}

/// The facts, shared by the collectors of one run.
final class CaseFile: Sendable {
    private let facts: Mutex<CaseFacts>

    init(_ facts: CaseFacts) { self.facts = Mutex(facts) }

    var current: CaseFacts { facts.withLock { $0 } }

    func update(_ change: (inout CaseFacts) -> Void) {
        facts.withLock { facts in change(&facts) }
    }
}
