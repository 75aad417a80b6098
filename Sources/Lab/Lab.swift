import Foundation
import Synchronization

/// A loopback Edge: management API, router and Message Processor, backend with mutual TLS, and the files of a node.
///
/// It imitates Edge for the demo and the tests and is never shipped. Everything listens on 127.0.0.1, on ports that the
/// system chooses. Names, certificates and secrets are new in every run.
public final class Lab: Sendable {
    /// Where everything is.
    public let info: LabInfo
    /// Every secret that was planted, with its value.
    public let secrets: PlantedSecrets
    /// What every bundle must still show.
    public let evidence: [Evidence]
    /// The management API's faults; may be changed at any time.
    public let faults: FaultSwitch

    private let folder: LabFolder
    private let engine: any TLSEngine
    private let messageProcessor: MessageProcessor
    private let management: ManagementAPI
    private let redirect: RedirectTarget
    private let login: LoginServer
    private let servers: [LoopbackServer]
    private let sample: PlayedRequest
    private let components: [ComponentAPI]
    private let zooKeeper: WordServer
    private let kernel: KernelProcess?

    /// Starts a lab.
    ///
    /// - Throws: ``LabError`` if a program is missing, doesn't start, or the root can't be written.
    public static func start(
        scenario: Scenario, tls: TLSVersion = .tls12, options: LabOptions = LabOptions()
    ) async throws -> Lab {
        var options = options
        options.tls = tls
        let folder = try LabFolder(root: options.root)
        var builder = LabBuilder(scenario: scenario, options: options, folder: folder)
        do {
            return try await Lab(builder.build(), folder: folder)
        } catch {
            await builder.abandon()
            await folder.remove()
            throw error
        }
    }

    init(_ built: LabBuilder.Built, folder: LabFolder) {
        info = built.info
        secrets = built.world.secrets
        evidence = built.evidence
        faults = built.management.faults
        self.folder = folder
        engine = built.engine
        messageProcessor = built.messageProcessor
        management = built.management
        redirect = built.redirect
        login = built.login
        servers = built.servers
        sample = built.sample
        components = built.components
        zooKeeper = built.zooKeeper
        kernel = built.kernel
    }

    /// Plays one request as the client application does, without going through HTTP.
    ///
    /// - Returns: its message id, the HTTP status, the body, and the text of the handshake's failure, if it failed.
    @discardableResult
    public func playRequest() async throws -> (messageID: String, status: Int, body: String, failure: String?) {
        let played = try await messageProcessor.play(sample)
        return (played.messageID, played.status, played.body, played.isFailed ? played.message : nil)
    }

    /// Ids of every request that was played in this run, in order.
    public var messageIDs: [String] { messageProcessor.played.map(\.messageID) }

    /// What the management API was asked, in order.
    public var managementRequests: [RecordedRequest] { management.requests }

    /// What the components were asked on their own ports.
    public var componentRequests: [RecordedRequest] { components.flatMap(\.requests) }

    /// What the login server was asked, in order.
    public var loginRequests: [LoginRequest] { login.requests }

    /// Every token that it has given: secrets as much as the planted ones.
    public var loginTokens: [String] { login.desk.tokens }

    /// Ends every access token before its time.
    public func endTokens() { login.desk.endTokens() }

    /// What arrived at the place to which ``Fault/redirect`` leads.
    public var redirectedRequests: [RecordedRequest] { redirect.requests }

    /// Ends every process and server, and removes what the lab has made, but for a root that was given.
    public func stop() async {
        for server in servers { await server.stop() }
        zooKeeper.stop()
        kernel?.stop()
        await engine.stop()
        await folder.remove()
    }
}
