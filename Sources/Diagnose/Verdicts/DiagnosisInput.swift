public import SupportBundle

/// The facts that a diagnosis rests on, read from the files of a bundle or from loose ones.
public struct DiagnosisInput: Sendable {
    /// A fact and the file that it comes from.
    struct Sourced<Fact: Sendable>: Sendable {
        var fact: Fact
        var kind: ItemKind
        var path: String
    }

    public let playbook: String
    /// The alias that the failing request used, as the log tells.
    public let keyAlias: String?
    public let serverPort: Int?
    public let backendIPs: [String]

    var endpoints: [Sourced<TargetEndpointFacts>] = []
    var targetServers: [Sourced<TargetServerFacts>] = []
    var references: [Sourced<ReferenceFacts>] = []
    var keystores: [Sourced<KeystoreFacts>] = []
    var certificates: [Sourced<CertificateInfo>] = []
    var trustedCertificates: [Sourced<CertificateInfo>] = []
    var issuers: [Sourced<AcceptedIssuers>] = []
    var logs: [Sourced<LogFacts>] = []
    var traces: [Sourced<TraceFacts>] = []
    var captures: [Sourced<ConversationTracker>] = []
    /// Error answers of the management API, and files that could not be read.
    var refusals: [Sourced<FactError>] = []

    /// - Parameters:
    ///   - playbook: id of the playbook of the bundle.
    ///   - keyAlias: the alias that the log shows for the failing request.
    ///   - serverPort: port of the backend; nil when unknown.
    ///   - backendIPs: addresses of the backend; empty when unknown.
    public init(playbook: String, keyAlias: String?, serverPort: Int?, backendIPs: [String]) {
        self.playbook = playbook
        self.keyAlias = keyAlias.flatMap { $0.isEmpty || $0.contains("{") ? nil : $0 }
        self.serverPort = serverPort
        self.backendIPs = backendIPs
    }

    /// What could not be read, in words, with the file.
    public var problems: [String] { refusals.map { "\($0.path): \($0.fact.reason)" } }

    /// Takes a file of the bundle. Files of kinds that tell nothing here are left alone; damaged ones are noted.
    public mutating func add(kind: ItemKind, path: String, bytes: [UInt8]) {
        do {
            try read(kind, path, bytes)
        } catch {
            refusals.append(Sourced(fact: error, kind: kind, path: path))
        }
    }

    /// Notes that the management API said there is no such thing: evidence by itself where settings name it.
    /// - Parameters:
    ///   - kind: `references` or `keystore-certificates`.
    ///   - name: of the reference or keystore.
    ///   - answer: what the API said, such as its status and code.
    public mutating func add(absent kind: ItemKind, name: String, answer: String) {
        let reason = "\(name) does not exist: \(answer)"
        refusals.append(
            Sourced(fact: FactError(.apiError, name, reason), kind: kind, path: "items/\(kind.rawValue)/\(name)"))
    }

    /// Takes a capture that was followed while it was read.
    public mutating func add(capture tracker: ConversationTracker, path: String) {
        captures.append(Sourced(fact: tracker, kind: .packetCapture, path: path))
    }

    var hasCapture: Bool { !captures.isEmpty }

    /// Whether a capture shows any connection.
    public var hasConnections: Bool { captures.contains { $0.fact.connectionCount > 0 } }

    /// Nothing was given that tells of a failing request.
    var isEmpty: Bool { captures.isEmpty && logs.isEmpty && traces.isEmpty }

    /// What is to be known of the captures as a whole.
    public var captureNotes: [String] {
        captures.flatMap { capture in
            var notes: [String] = []
            if let damage = capture.fact.damage { notes.append("\(capture.path): \(damage)") }
            if capture.fact.forgotten > 0 {
                notes.append(
                    "\(capture.path): \(capture.fact.forgotten) connections are not told of, there were too many")
            }
            return notes
        }
    }

    /// Visits the connections of all captures, one at a time, each with the path of its capture.
    public func forEachConnection(_ body: (TLSConnection, String) -> Void) {
        for capture in captures { capture.fact.forEachConnection { body($0, capture.path) } }
    }

    private mutating func read(_ kind: ItemKind, _ path: String, _ bytes: [UInt8]) throws(FactError) {
        func sourced<Fact>(_ fact: Fact) -> Sourced<Fact> { Sourced(fact: fact, kind: kind, path: path) }
        switch kind {
        case .apiProxy:
            if path.hasSuffix(".xml") {
                endpoints.append(sourced(try TargetEndpointFacts.read(targetXML: bytes, file: path)))
            } else if bytes.starts(with: [0x50, 0x4B]) {
                endpoints += try TargetEndpointFacts.read(proxyZip: bytes).map(sourced)
            }
        case .targetServers: targetServers.append(sourced(try TargetServerFacts.read(json: bytes)))
        case .references: references.append(sourced(try ReferenceFacts.read(json: bytes)))
        case .keystoreCertificates, .truststoreCertificates: try readStore(kind, path, bytes)
        case .acceptedIssuers: issuers.append(sourced(AcceptedIssuers.read(sClientOutput: bytes)))
        case .errorMessage where path.hasSuffix(".log"), .messageProcessorLog:
            logs.append(sourced(LogFacts.read(bytes)))
        case .errorMessage: traces.append(sourced(TraceFacts.read(bytes)))
        case .trace: traces.append(sourced(TraceFacts.read(bytes)))
        case .packetCapture where path.hasSuffix(".pcap") || path.hasSuffix(".pcapng"):
            let tracker = ConversationTracker()
            tracker.append(bytes[...])
            tracker.finish()
            add(capture: tracker, path: path)
        default: return
        }
    }

    private mutating func readStore(_ kind: ItemKind, _ path: String, _ bytes: [UInt8]) throws(FactError) {
        let isTrust = kind == .truststoreCertificates
        if !bytes.contains(UInt8(ascii: "{")) {
            let info = Sourced(fact: try CertificateInfo.read(pem: bytes), kind: kind, path: path)
            if isTrust { trustedCertificates.append(info) } else { certificates.append(info) }
        } else if let info = try? CertificateInfo.read(json: bytes) {
            let sourced = Sourced(fact: info, kind: kind, path: path)
            if isTrust { trustedCertificates.append(sourced) } else { certificates.append(sourced) }
        } else {
            let store = try KeystoreFacts.read(json: bytes)
            if !isTrust { keystores.append(Sourced(fact: store, kind: kind, path: path)) }
        }
    }
}
