import FlyingFox
import Synchronization

/// Another host and port: records what is sent there, so that a test sees whether credentials came along.
final class RedirectTarget: HTTPHandler {
    private let log = Mutex<[RecordedRequest]>([])

    var requests: [RecordedRequest] { log.withLock { $0 } }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        log.withLock { $0.append(RecordedRequest(request)) }
        return Answer.json([String]())
    }
}
