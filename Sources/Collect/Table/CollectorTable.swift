internal import SupportBundle

/// Which code collects what the table of collectors names.
enum CollectorTable {
    /// Collectors of the failing request, written before there was a table; each brings one or more whole kinds.
    private static let ofRequest: Set<String> = [
        "error-message", "curl-command", "trace", "tried", "organization", "environment", "api-proxy",
        "keystore-certificates", "truststore-certificates", "references", "target-servers", "accepted-issuers",
        "packet-capture", "message-processor-log",
    ]

    /// Sources with code of their own.
    private static let own: [String: @Sendable (ItemSource) -> any Collector] = [
        "node": { NodeCollector(source: $0) },
        "threads": { ThreadsCollector(source: $0) },
        "heap": { HeapCollector(source: $0) },
        "mp-port-check": { PortCheckCollector(source: $0, target: .messageProcessors) },
        "datastore-port-check": { PortCheckCollector(source: $0, target: .dataStores) },
        "backend-connect": { BackendConnectCollector(source: $0) },
        "client-packet-capture": { ClientCaptureCollector(source: $0) },
    ]

    static func isBuilt(_ source: ItemSource) -> Bool {
        ofRequest.contains(source.id) || collector(for: source) != nil
    }

    /// The collector of one row; `nil` for what a collector of the failing request brings, or a person has to.
    static func collector(for source: ItemSource) -> (any Collector)? {
        if ofRequest.contains(source.id) { return nil }
        if let make = own[source.id] { return make(source) }
        let isRunnable = source.ways.allSatisfy { way in
            switch way {
            case .own, .given: false
            case .api, .local, .logs, .files, .commands, .words: true
            }
        }
        return isRunnable ? SourceCollector(source: source) : nil
    }
}
