internal import Diagnose
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
    /// The backend's name as the target endpoint gives it.
    var hostName = ""
    var port = 0
    var targetEndpoint: String?
    var keyAlias: String?
    var httpStatus: Int?
    var faultCode: String?
    var faultSource: String?
    /// Milliseconds since 1970.
    var window: ClosedRange<Int> = 0...0
    var endpoints: [TargetEndpointFacts] = []
    var targetServers: [TargetServerFacts] = []
    /// The trace of the reproduced request, when the debug session gave one.
    var product = Product()

    struct Backend: Sendable, Equatable, Hashable {
        var host: String
        var port: Int
    }

    struct Product: Sendable {
        var version: String?
        var region: String?
        var pod: String?
        var components: [String] = []
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
