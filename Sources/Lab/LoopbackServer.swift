import FlyingFox
import FlyingSocks
import Foundation

/// An HTTP server on 127.0.0.1 and a port that the system chooses.
struct LoopbackServer: Sendable {
    let port: Int
    private let server: HTTPServer
    private let task: Task<Void, any Error>

    /// Listens; the handler is set afterwards, when it is known what to answer.
    static func start() async throws -> LoopbackServer {
        let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: 0)
        let server = HTTPServer(address: address, timeout: 3600, logger: .disabled)
        let task = Task { try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port) = await server.listeningAddress else {
            throw LabError(.engineFailed, "HTTP server", "has no address")
        }
        return LoopbackServer(port: Int(port), server: server, task: task)
    }

    func handle(with handler: some HTTPHandler) async {
        await server.appendRoute("*", to: handler)
    }

    func stop() async {
        await server.stop(timeout: 0)
        task.cancel()
    }
}
