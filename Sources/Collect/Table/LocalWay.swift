internal import EdgeAPI
internal import Platform
internal import SupportBundle

/// `PORT/path` of the table, with the port that the component really has.
struct LocalAddress {
    let standardPort: Int
    let port: Int
    let path: String

    init(_ text: String, ports: [Int: Int]) {
        let cut = text.firstIndex(of: "/") ?? text.endIndex
        standardPort = Int(text[..<cut]) ?? 0
        port = ports[standardPort] ?? standardPort
        // The version stands in the base of the client.
        path = String(text[cut...].dropFirst())
    }

    var text: String { "\(port)/\(path)" }
}

/// GETs of the ports of the components on this node, which ask for no login.
struct LocalWay {
    let source: ItemSource
    let context: RunContext

    func collect(_ paths: [String]) async {
        let addresses = paths.map { LocalAddress($0, ports: context.options.componentPorts) }
        guard context.knowsNames(of: paths, for: source) else { return }
        let facts = context.caseFile.current
        var silent: [(address: LocalAddress, why: String)] = []
        var answered = 0
        for address in addresses where !context.isStopping {
            let component = EdgeComponent.of(port: address.standardPort)
            let name = addresses.count > 1 ? "\(source.id)-\(component?.name ?? "\(address.port)")" : source.id
            let answers = APIAnswers(source: source, context: context, role: component?.role)
            do throws(EdgeError) {
                let edge = try client(address)
                let path = address.path.hasPrefix("v1/") ? String(address.path.dropFirst(3)) : address.path
                answers.add(try await APITarget(path, facts).get(edge), name: name)
                answered += 1
            } catch {
                switch error.code {
                case .connectionRefused: silent.append((address, "nothing answers on port \(address.port)"))
                case .unauthorized where addresses.count > 1:
                    silent.append((address, "port \(address.port) wants a login"))
                default:
                    answered += 1
                    answers.add(error, name: name)
                }
            }
        }
        report(silent, answered: answered)
    }

    /// The management server alone wants a login, which it gets where it is the one of `--mgmt`.
    private func client(_ address: LocalAddress) throws(EdgeError) -> EdgeClient {
        let own = ["localhost", "127.0.0.1", "[::1]"].map { "http://\($0):\(address.port)/v1" }
        if let edge = context.edge, own.contains(edge.base) { return edge }
        var http = HTTPOptions(environment: [:])
        http.userAgent = context.httpOptions.userAgent
        http.connectTimeout = .seconds(5)
        http.timeout = .seconds(context.patience(30))
        return try EdgeClient(base: "http://localhost:\(address.port)/v1", login: .none, options: http)
    }

    /// A component that is installed here and doesn't answer is told; one that isn't here is not missing where
    /// another one answers.
    private func report(_ silent: [(address: LocalAddress, why: String)], answered: Int) {
        for (address, why) in silent {
            guard let component = EdgeComponent.of(port: address.standardPort) else { continue }
            let isHere = component.isInstalled(context.files)
            guard isHere || answered == 0 else { continue }
            if isHere {
                context.recordAbsent(
                    source, reason: "\(why), though \(component.name) is installed here",
                    hint: "see whether it runs: apigee-service \(component.name) status"
                        + "; where it listens on another port: --component-port \(address.standardPort)=PORT")
            } else {
                context.recordAbsent(
                    source, reason: "\(why): \(component.name) is not on this node",
                    hint: "run apigee-collect there as well, then: apigee-collect merge BUNDLE ... -o FILE")
            }
        }
    }
}

/// The components of Edge with a port of their own (documented in "Port requirements" and "How to monitor").
struct EdgeComponent: Sendable, Equatable {
    /// As in `/opt/apigee/NAME` and in `apigee-service NAME status`.
    let name: String
    let port: Int
    let role: Manifest.Place.Role?

    static let all = [
        EdgeComponent(name: "edge-management-server", port: 8080, role: .managementServer),
        EdgeComponent(name: "edge-router", port: 8081, role: .router),
        EdgeComponent(name: "edge-message-processor", port: 8082, role: .messageProcessor),
        EdgeComponent(name: "edge-qpid-server", port: 8083, role: nil),
        EdgeComponent(name: "edge-postgres-server", port: 8084, role: nil),
        EdgeComponent(name: "apigee-zookeeper", port: 2181, role: nil),
        EdgeComponent(name: "apigee-cassandra", port: 9042, role: nil),
    ]

    static func of(port: Int) -> EdgeComponent? { all.first { $0.port == port } }

    func isInstalled(_ files: NodeFiles) -> Bool { Self.isInstalled(name, files) }

    /// Its own folder may be gone after a failed upgrade, and its logs may have been moved.
    static func isInstalled(_ name: String, _ files: NodeFiles) -> Bool {
        ["/opt/apigee/\(name)", "/opt/apigee/var/log/\(name)", "/opt/apigee/etc/\(name).d"].contains {
            files.isFolder($0)
        }
    }
}
