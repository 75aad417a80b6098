import Foundation
import Glibc

/// Puts a lab together.
struct LabBuilder {
    /// The parts of a lab that runs.
    struct Built {
        let info: LabInfo
        let world: EdgeWorld
        let evidence: [Evidence]
        let engine: any TLSEngine
        let messageProcessor: MessageProcessor
        let management: ManagementAPI
        let redirect: RedirectTarget
        let login: LoginServer
        let servers: [LoopbackServer]
        let sample: PlayedRequest
        let components: [ComponentAPI]
        let zooKeeper: WordServer
        let kernel: KernelProcess?
    }

    let scenario: Scenario
    let options: LabOptions
    let folder: LabFolder
    private var engine: (any TLSEngine)?
    private var servers: [LoopbackServer] = []
    private var zooKeeper: WordServer?
    private var kernel: KernelProcess?

    init(scenario: Scenario, options: LabOptions, folder: LabFolder) {
        self.scenario = scenario
        self.options = options
        self.folder = folder
    }

    /// Ends what was started so far.
    func abandon() async {
        for server in servers { await server.stop() }
        zooKeeper?.stop()
        kernel?.stop()
        await engine?.stop()
    }

    mutating func build() async throws -> Built {
        let names = LabNames()
        // Java compiles its program while the certificates are made.
        let started = try makeEngine()
        engine = started
        let pki = try await LabPKI.make(
            in: folder.work.appendingPathComponent("pki"), names: names, scenario: scenario,
            backendHost: options.backendHost)
        let mgmt = try await start()
        let router = try await start()
        let other = try await start()
        let entrance = try await start()
        let paths = NodePaths(root: folder.root, names: names, routerPort: router.port)
        let secrets = PlantedSecrets(
            privateKeys: [
                .clientKey: pki.client.keyPEM, .routerKey: pki.server.keyPEM, .resourceKey: pki.planted.keyPEM,
            ], places: paths.placeNames)
        let setup = try BackendSetup(
            chainFile: pki.bundle("server-chain.pem", [pki.server, pki.serverIssuer]), keyFile: pki.server.keyFile,
            acceptedFile: pki.bundle("accepted.pem", [pki.acceptedRoot, pki.acceptedIssuer, pki.alsoAccepted]),
            tls: options.tls, answer: backendAnswer(secrets))
        let (engine, backendPort) = try await serve(setup, with: started)
        let call = try targetCall(names: names, pki: pki, secrets: secrets, port: backendPort)
        let bundle = ProxyBundle(
            names: names, secrets: secrets, wiring: options.wiring, backendHost: options.backendHost,
            backendPort: backendPort)
        let world = EdgeWorld(
            names: names, keystore: keystore(names, pki), truststore: truststore(names, pki), secrets: secrets,
            bundle: bundle,
            bundleZip: bundle.zip(), user: "ops@\(names.company).example", backendHost: options.backendHost,
            backendPort: backendPort, routerPort: router.port, variants: options.variants)
        let records = FailureRecords(
            names: names, clock: LogClock(zone: .current), variants: options.variants,
            keystoreHash: world.keystore.hash,
            truststoreHash: world.truststore.hash)
        try await writeNode(paths: paths, world: world, records: records, probe: engine.call(call))
        let sessions = DebugSessions()
        let processor = MessageProcessor(
            MessageProcessor.Parts(
                world: world, engine: engine, call: call, sessions: sessions, clock: records.clock, records: records,
                systemLog: LogAppender(file: paths.systemLog), symptom: options.symptom,
                accessLog: LogAppender(file: paths.accessLog)))
        let redirect = RedirectTarget()
        let desk = LoginDesk(user: world.user, secrets: secrets, options: options.login)
        let management = ManagementAPI(
            world: world, sessions: sessions, faults: FaultSwitch(options.faults), slowness: options.slowness,
            redirectTarget: "http://localhost:\(other.port)", login: desk)
        let login = LoginServer(desk: desk, zone: names.company)
        await entrance.handle(with: login)
        await mgmt.handle(with: management)
        await router.handle(with: processor)
        await other.handle(with: redirect)
        if options.runsKernel {
            kernel = try await KernelProcess.start(paths: paths, secrets: secrets, in: folder.work)
        }
        let (components, ports) = try await startComponents(management, port: mgmt.port)
        let sample = PlayedRequest.sample(names: names, secrets: secrets, routerPort: router.port)
        let first = options.playsFirstRequest ? try await processor.play(sample) : nil
        let info = try writeDesk(
            world: world, ports: (mgmt.port, router.port, other.port, entrance.port), components: ports, sample: sample,
            first: first, login: login)
        return Built(
            info: info, world: world,
            evidence: EvidenceList.make(world: world, pki: pki, scenario: scenario, first: first),
            engine: engine, messageProcessor: processor, management: management, redirect: redirect, login: login,
            servers: servers,
            sample: sample, components: components.apis, zooKeeper: components.zooKeeper, kernel: kernel)
    }

    /// The ports of the node's components, by the documented ones.
    private mutating func startComponents(
        _ management: ManagementAPI, port: Int
    ) async throws -> ((apis: [ComponentAPI], zooKeeper: WordServer), [Int: Int]) {
        var ports = [8080: port]
        var apis: [ComponentAPI] = []
        for kind in ComponentAPI.Kind.allCases {
            let server = try await start()
            let api = ComponentAPI(kind: kind, management: management)
            await server.handle(with: api)
            apis.append(api)
            ports[kind.documentedPort] = server.port
        }
        let words = ZooKeeperWords(refused: options.refusedWords)
        let zooKeeper = try WordServer { words.answer($0) }
        self.zooKeeper = zooKeeper
        ports[2181] = zooKeeper.port
        return ((apis, zooKeeper), ports)
    }

    private mutating func start() async throws -> LoopbackServer {
        let server = try await LoopbackServer.start()
        servers.append(server)
        return server
    }

    private func makeEngine() throws -> any TLSEngine {
        let java = options.engine == .openssl ? nil : Command.find("java")
        if let java { return try JavaEngine(java: java, in: folder.work) }
        if options.engine == .java {
            throw LabError(.commandMissing, "java", "no such program in PATH", hint: "install a JDK of version 17")
        }
        return OpenSSLEngine(in: folder.work)
    }

    /// Starts the backend; where Java turns out to be no JDK, OpenSSL steps in unless Java was asked for.
    private mutating func serve(_ setup: BackendSetup, with started: any TLSEngine) async throws -> (any TLSEngine, Int)
    {
        do {
            return (started, try await started.serve(setup))
        } catch let error as LabError where options.engine == .automatic && error.code == .engineFailed {
            guard started is JavaEngine else { throw error }
            await started.stop()
            let other = OpenSSLEngine(in: folder.work)
            engine = other
            return (other, try await other.serve(setup))
        }
    }

    private func backendAnswer(_ secrets: PlantedSecrets) -> String {
        let body = #"{"orders":[{"id":1}],"access_token":"\#(secrets[.responseToken])"}"#
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Set-Cookie: backend=\(secrets[.responseCookie]); HttpOnly\r\nConnection: close\r\n\r\n\(body)"
    }

    /// The client certificate that the keystore of the scenario holds, leaf first.
    private func clientChain(_ pki: LabPKI) -> [Certificate] {
        scenario == .noClientCertificate ? [] : [pki.client, pki.clientIssuer]
    }

    private func keystore(_ names: LabNames, _ pki: LabPKI) -> EdgeWorld.Store {
        let chain = clientChain(pki)
        return EdgeWorld.Store(
            name: names.keystore, aliases: chain.isEmpty ? [] : [(names.keyAlias, chain, true)],
            hash: RandomValues.string(8, of: RandomValues.hex))
    }

    private func truststore(_ names: LabNames, _ pki: LabPKI) -> EdgeWorld.Store {
        let trusted = scenario == .serverUntrusted ? pki.otherRoot : pki.serverRoot
        return EdgeWorld.Store(
            name: names.truststore, aliases: [("backend-root", [trusted], false)],
            hash: RandomValues.string(8, of: RandomValues.hex))
    }

    private func targetCall(names: LabNames, pki: LabPKI, secrets: PlantedSecrets, port: Int) throws -> TargetCall {
        // Without Java, OpenSSL would send a certificate of any issuer; Java sends none that the backend doesn't accept.
        let sendsNone = engine?.name == "openssl" && scenario == .issuerNotAccepted
        let chain = sendsNone ? [] : clientChain(pki)
        let trusted = scenario == .serverUntrusted ? pki.otherRoot : pki.serverRoot
        return TargetCall(
            host: "127.0.0.1", port: port, serverName: options.backendHost,
            chainFile: chain.isEmpty ? nil : try pki.bundle("client-chain.pem", chain), keyFile: chain.first?.keyFile,
            alias: names.keyAlias, trustFile: try pki.bundle("trusted.pem", [trusted]),
            request: "GET /orders HTTP/1.1\r\nHost: \(options.backendHost):\(port)\r\n"
                + "Authorization: Bearer \(secrets[.flowJWT])\r\nConnection: close\r\n\r\n")
    }

    private func writeNode(paths: NodePaths, world: EdgeWorld, records: FailureRecords, probe: TargetResult)
        async throws
    {
        let earlier = (0..<3).map { _ in
            "\(world.names.routerHost)-\(Int.random(in: 2000...9999))-\(Int.random(in: 1_000_000...9_999_999))-\(Int.random(in: 1...9))"
        }
        let logs = NodeLogs(
            paths: paths, secrets: world.secrets, clock: records.clock, records: records,
            backendPort: world.backendPort,
            earlier: earlier, symptom: options.symptom,
            failureText: probe.isCompleted ? "Received fatal alert: bad_certificate" : probe.message)
        try await NodeTree(
            paths: paths, secrets: world.secrets, clock: records.clock, logs: logs, systemTools: folder.tools
        ).write()
    }

    /// Of a symptom that no request shows, its own words.
    private func errorText(_ first: MessageProcessor.Played?) -> String {
        if let symptom = options.symptom { return symptom.response }
        return first.map { "HTTP/1.1 \($0.status) \($0.isFailed ? "Service Unavailable" : "OK")\r\n\r\n\($0.body)" }
            ?? ""
    }

    private func writeDesk(
        world: EdgeWorld, ports: (mgmt: Int, router: Int, redirect: Int, login: Int), components: [Int: Int],
        sample: PlayedRequest, first: MessageProcessor.Played?, login: LoginServer
    ) throws -> LabInfo {
        let names = world.names
        let desk = folder.desk
        let (password, token, curl) = (
            desk.appendingPathComponent("password"), desk.appendingPathComponent("token"),
            desk.appendingPathComponent("curl.sh")
        )
        try PrivateFile.write(world.secrets[.managementPassword] + "\n", to: password)
        try PrivateFile.write(world.secrets[.managementToken] + "\n", to: token)
        let (codes, passcode) = (desk.appendingPathComponent("codes"), desk.appendingPathComponent("passcode"))
        try PrivateFile.write(login.desk.codes.joined(separator: "\n") + "\n", to: codes)
        try PrivateFile.write(login.desk.passcodes.joined(separator: "\n") + "\n", to: passcode)
        let error = desk.appendingPathComponent("error.txt")
        try PrivateFile.write(errorText(first), to: error)
        let headers = sample.headers.filter { $0.name != "Host" && $0.name != "User-Agent" }
            .map { " -H '\($0.name): \($0.value)'" }.joined()
        try PrivateFile.write(
            "curl -i -A OrdersMobile/4.2\(headers) 'http://127.0.0.1:\(ports.router)\(sample.target)'\n", to: curl)
        return LabInfo(
            mgmt: "http://127.0.0.1:\(ports.mgmt)/v1", router: "http://127.0.0.1:\(ports.router)",
            redirect: "http://localhost:\(ports.redirect)",
            backend: LabInfo.Endpoint(host: options.backendHost, port: world.backendPort), root: folder.root.path,
            org: names.org, env: names.env, api: names.api, revision: names.revision, basePath: names.basePath,
            keyAlias: names.keyAlias, keystore: names.keystore, truststore: names.truststore,
            keystoreReference: names.keystoreReference, truststoreReference: names.truststoreReference,
            targetServer: options.wiring == .targetServer ? names.targetServer : nil, user: world.user,
            passwordFile: password.path, tokenFile: token.path, curlFile: curl.path,
            errorFile: error.path, loginUrl: "http://127.0.0.1:\(ports.login)",
            zoneLoginUrl: "http://\(login.zone).localhost:\(ports.login)",
            codesFile: codes.path, passcodeFile: passcode.path, messageId: first?.messageID,
            scenario: scenario, tls: options.tls, engine: engine?.name ?? "", processId: getpid(),
            componentPorts: components, tools: folder.tools.path, kernelProcessId: kernel?.identifier)
    }
}
