internal import Documents
internal import SupportBundle

/// One time line of all nodes, each node's times corrected by how far its clock is ahead.
struct TimeLine {
    /// Where it stands in the case bundle.
    static let path = "timeline.jsonl"

    struct Event: Sendable {
        /// Corrected, milliseconds since 1970.
        var time: Int
        var node: String
        /// `log`, `handshake-failed`, `first-failure`, `last-failure`, `collected`.
        var kind: String
        var role: String?
        var path: String?
        var place: String?
        var text: String
        /// How far the node's clock is ahead; nil: not measured.
        var offset: Int?
        /// As the node tells it, where it tells more than milliseconds.
        var exact: String?
    }

    private(set) var events: [Event] = []

    init(_ view: FleetView) {
        for node in view.nodes { add(node) }
        events.sort {
            ($0.time, $0.node, $0.path ?? "", $0.place ?? "") < ($1.time, $1.node, $1.path ?? "", $1.place ?? "")
        }
    }

    private mutating func add(_ node: NodeView) {
        let offset = node.head.clockOffset
        let manifest = node.head.manifest
        func event(_ time: Int?, _ kind: String, _ text: String) -> Event? {
            time.map { Event(time: $0 - (offset ?? 0), node: node.name, kind: kind, text: text, offset: offset) }
        }
        var texts: Set<String> = []
        // A record may stand in two items of a node: among those of the request, and in the slice of the log.
        for sighting in node.findings.sightings where texts.insert(sighting.text).inserted {
            guard var row = event(sighting.time, "log", sighting.text) else { continue }
            (row.role, row.path, row.place) = (sighting.role?.rawValue, sighting.path, "line \(sighting.line)")
            events.append(row)
        }
        for connection in node.findings.failedConnections {
            let text = "a TLS handshake with \(connection.server) failed"
            guard var row = event(EventTime.milliseconds(connection.time), "handshake-failed", text) else { continue }
            (row.path, row.place, row.exact) = (connection.path, "frame \(connection.frame)", connection.time)
            events.append(row)
        }
        if let failure = manifest.failure {
            let zone = EventTime.zone(of: manifest)
            let rows = [
                event(
                    EventTime.milliseconds(failure.firstSeen, zone: zone), "first-failure",
                    "first of \(failure.count): \(failure.signature)"),
                failure.count > 1
                    ? event(
                        EventTime.milliseconds(failure.lastSeen, zone: zone), "last-failure",
                        "last of \(failure.count): \(failure.signature)") : nil,
            ]
            events += rows.compactMap(\.self)
        }
        if let row = event(EventTime.milliseconds(manifest.bundle.createdAt), "collected", "the node was collected") {
            events.append(row)
        }
    }

    /// One line of JSON an event.
    func lines(_ sink: ([UInt8]) throws(BundleError) -> Void) throws(BundleError) {
        for event in events {
            let value = JSONValue.object([
                "time": .string(EventTime.text(event.time)),
                "nodeTime": .string(event.exact ?? EventTime.text(event.time + (event.offset ?? 0))),
                "clockOffsetMs": event.offset.map { .integer($0) } ?? .null, "node": .string(event.node),
                "event": .string(event.kind), "role": event.role.map { .string($0) } ?? .null,
                "path": event.path.map { .string($0) } ?? .null, "place": event.place.map { .string($0) } ?? .null,
                "text": .string(event.text),
            ])
            try sink(value.encoded() + [0x0A])
        }
    }
}
