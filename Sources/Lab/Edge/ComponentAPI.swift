import FlyingFox
import Foundation
import Synchronization

/// What a component answers on its own port, without a login: who it is, and of a Message Processor what it has loaded
/// (ports and paths of "How to monitor" and of the playbooks for trace and deployment).
final class ComponentAPI: HTTPHandler {
    enum Kind: String, CaseIterable, Sendable {
        case router
        case messageProcessor = "message-processor"
        case qpidServer = "qpid-server"
        case postgresServer = "postgres-server"

        /// The port that is documented.
        var documentedPort: Int {
            switch self {
            case .router: 8081
            case .messageProcessor: 8082
            case .qpidServer: 8083
            case .postgresServer: 8084
            }
        }
    }

    private let kind: Kind
    private let management: ManagementAPI
    private let log = Mutex<[RecordedRequest]>([])

    init(kind: Kind, management: ManagementAPI) {
        self.kind = kind
        self.management = management
    }

    /// Every request that arrived, in order.
    var requests: [RecordedRequest] { log.withLock { $0 } }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        log.withLock { $0.append(RecordedRequest(request)) }
        let call = Call(request)
        switch call.path.first {
        case "servers" where call.path.dropFirst().first == "self": return own(Array(call.path.dropFirst(2)))
        case "runtime" where kind == .messageProcessor, "classification" where kind == .messageProcessor:
            return await management.answer(to: call)
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func own(_ path: [String]) -> HTTPResponse {
        let world = management.world
        switch path.first {
        case nil: return Answer.json(world.server(of: kind))
        case "up": return Answer.text("true", type: "text/plain")
        case "uuid": return Answer.text(world.identifier(of: kind), type: "text/plain")
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }
}

extension EdgeWorld {
    /// The component's registration, as `/v1/servers` and `/v1/servers/self` describe it.
    func server(of kind: ComponentAPI.Kind) -> [String: Any] {
        let types: [ComponentAPI.Kind: (pod: String, type: [String])] = [
            .router: (names.pod, ["router"]), .messageProcessor: (names.pod, ["message-processor"]),
            .qpidServer: ("central", ["qpid-server"]), .postgresServer: ("analytics", ["postgres-server"]),
        ]
        return [
            "internalHostName": "localhost", "internalIP": "127.0.0.1", "externalHostName": "localhost",
            "externalIP": "127.0.0.1", "isUp": true, "reachable": true, "pod": types[kind]?.pod ?? names.pod,
            "region": names.region, "type": types[kind]?.type ?? [], "uUID": identifier(of: kind),
            "tags": ["property": [["name": "jmx.rmi.port", "value": "1101"]]],
        ]
    }

    /// The UUID under which it is registered.
    func identifier(of kind: ComponentAPI.Kind) -> String {
        guard kind != .messageProcessor else { return serverID }
        let place = ComponentAPI.Kind.allCases.firstIndex(of: kind) ?? 0
        return serverID.prefix(35)
            + String("0123456789abcdef".filter { $0 != serverID.last }.dropFirst(place).prefix(1))
    }
}
