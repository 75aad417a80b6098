internal import Documents
public import SupportBundle

/// Gathers what the report draws beside the verdicts: `log/diagnosis.json` of a bundle.
///
/// It is written when the bundle is, so that a report of gigabytes of logs is written anew without reading them again.
public struct PictureBuilder: Sendable {
    /// The file's place in a bundle.
    public static let path = "log/diagnosis.json"

    private struct Lane: Sendable {
        var node: String
        var kind: ItemKind
        var paths: [String]
        var meters: [LogMeter]
    }

    private static let maximumLanes = 24
    private static let maximumDrawn = 8

    private let request: Manifest.FailingRequest
    /// Seconds east of UTC of the node's clock, as the request's times tell.
    private let offset: Int
    private let clockOffsets: [String: Int]
    private var lanes: [Lane] = []
    private var open: (lane: Int, meter: LogMeter)?
    private var trace: (flow: TraceFlow, path: String)?

    /// - Parameter clockOffsets: how far the clock of each node is ahead, in milliseconds; times of its logs are drawn
    ///   as a right clock would have told them.
    public init(request: Manifest.FailingRequest, clockOffsets: [String: Int] = [:]) {
        self.request = request
        self.clockOffsets = clockOffsets
        offset = ISO8601Time.offset(of: request.time.isEmpty ? request.window.from : request.time)
    }

    /// Logs of components; the records of the failing request alone tell no rate.
    public static func isLog(_ item: Manifest.Item) -> Bool {
        let kinds: Set<ItemKind> = [
            .messageProcessorLog, .routerLog, .managementServerLog, .microgatewayLog, .uiLog,
        ]
        return kinds.contains(item.kind) && (item.state == .collected || item.state == .partial)
    }

    public static func isTrace(_ item: Manifest.Item) -> Bool { item.kind == .trace }

    /// Begins a log, whose bytes `take(log:)` then gets piece by piece.
    public mutating func begin(log item: Manifest.Item) {
        finishLog()
        let node = Self.node(of: item)
        var index = lanes.firstIndex { $0.node == node && $0.kind == item.kind }
        if index == nil, lanes.count < Self.maximumLanes {
            lanes.append(Lane(node: node, kind: item.kind, paths: [], meters: []))
            index = lanes.count - 1
        }
        guard let index else { return }
        lanes[index].paths.append(item.path)
        open = (index, LogMeter(offset: offset, isAccessLog: item.kind == .routerLog))
    }

    public mutating func take(log bytes: ArraySlice<UInt8>) { open?.meter.append(bytes) }

    public mutating func finishLog() {
        guard var current = open else { return }
        current.meter.finish()
        lanes[current.lane].meters.append(current.meter)
        open = nil
    }

    /// Takes a trace; of several the one that has the failing request, or a failure, counts.
    public mutating func take(trace bytes: [UInt8], path: String) {
        guard let flow = TraceFlow.read(bytes, messageID: request.messageId) else { return }
        func rank(_ flow: TraceFlow) -> Int {
            (flow.messageID == request.messageId && !request.messageId.isEmpty ? 2 : 0) + (flow.failure != nil ? 1 : 0)
        }
        if let trace, rank(trace.flow) >= rank(flow) { return }
        trace = (flow, path)
    }

    private static func node(of item: Manifest.Item) -> String {
        let parts = item.path.split(separator: "/", maxSplits: 2)
        if parts.count > 2, parts[0] == "nodes" { return String(parts[1]) }
        return item.collectedOn?.node ?? ""
    }

    /// The value: `connections` are those that are drawn, as `diagnose --json` gives them.
    public func encoded(_ input: DiagnosisInput) -> [UInt8] {
        let symptoms = Symptoms(input)
        var object: JSONObject = ["schema": 1]
        addConnections(input, to: &object)
        object["certificates"] = CertificatePicture(input, symptoms).json
        object["trace"] = trace.map { $0.flow.json(path: $0.path, offset: offset) } ?? .null
        object["logs"] = logs
        return JSONValue.object(object).encoded() + [0x0A]
    }

    // MARK: Connections

    /// The failed ones first, those with the backend before others; the rest is counted.
    private func addConnections(_ input: DiagnosisInput, to object: inout JSONObject) {
        var drawn: [(rank: Int, json: JSONValue)] = []
        var counts = (tls: 0, failed: 0, completed: 0)
        var times: [JSONValue] = []
        input.forEachConnection { connection, path in
            if connection.tls { counts.tls += 1 }
            if connection.tls, connection.outcome == .failed { counts.failed += 1 }
            if connection.outcome == .completed { counts.completed += 1 }
            if connection.tls, times.count < 200 {
                times.append([
                    "time": .string(connection.startedAt), "outcome": .string(connection.outcome.rawValue),
                ])
            }
            guard connection.tls || !connection.warnings.isEmpty else { return }
            let isAddress = input.backendIPs.isEmpty || input.backendIPs.contains(connection.server.ip)
            let isPort = input.serverPort == nil || input.serverPort == connection.server.port
            let rank =
                (connection.outcome == .failed ? 0 : connection.outcome == .incomplete ? 3 : 6)
                + (isPort ? 0 : 1) + (isAddress ? 0 : 1)
            if drawn.count >= Self.maximumDrawn, let last = drawn.last, last.rank <= rank { return }
            guard let json = Self.json(connection, path) else { return }
            let place = drawn.firstIndex { $0.rank > rank } ?? drawn.count
            drawn.insert((rank, json), at: place)
            if drawn.count > Self.maximumDrawn { drawn.removeLast() }
        }
        object["connections"] = .array(drawn.map(\.json))
        object["counts"] = [
            "tls": .integer(counts.tls), "failed": .integer(counts.failed), "completed": .integer(counts.completed),
        ]
        object["handshakes"] = .array(times)
    }

    /// As `diagnose --json` has it, with the file that it is from; of lists that could be long, their beginning.
    private static func json(_ connection: TLSConnection, _ path: String) -> JSONValue? {
        var connection = connection
        connection.messages = Array(connection.messages.prefix(120))
        connection.offeredCiphers = Array(connection.offeredCiphers.prefix(60))
        var text = JSONText()
        connection.write(to: &text)
        guard var object = (try? JSONValue(parsing: text.bytes))?.object else { return nil }
        object["path"] = .string(path)
        return .object(object)
    }

    // MARK: Logs

    private var logs: JSONValue {
        guard !lanes.isEmpty else { return .null }
        let known = lanes.flatMap { $0.meters.compactMap(\.range) }
        guard let range = window ?? Self.hull(known) else { return .null }
        let width = LogMeter.width(for: range)
        return .array(
            lanes.map { lane in
                let ahead = clockOffsets[lane.node] ?? 0
                let range = range.lowerBound + ahead...range.upperBound + ahead
                let columns = lane.meters.map { $0.columns(over: range, width: width) }
                let wide = columns.map(\.width).max() ?? width
                // Meters that had to widen their steps make all columns of the lane as wide.
                let same = lane.meters.map { $0.columns(over: range, width: wide) }
                var counts = same.first?.counts ?? []
                for more in same.dropFirst() {
                    for index in counts.indices where index < more.counts.count {
                        counts[index].records += more.counts[index].records
                        counts[index].errors += more.counts[index].errors
                    }
                }
                let deployments = zip(lane.meters, lane.paths).flatMap { meter, path in
                    meter.deployments.map { (path, $0) }
                }
                return .object([
                    "node": .string(lane.node), "kind": .string(lane.kind.rawValue),
                    "paths": .array(lane.paths.map { .string($0) }),
                    "start": .integer((same.first?.start ?? range.lowerBound) - ahead), "width": .integer(wide),
                    "records": .array(counts.map { .integer($0.records) }),
                    "errors": .array(counts.map { .integer($0.errors) }),
                    "deployments": .array(
                        deployments.prefix(20).map { path, deployment in
                            .object([
                                "time": .integer(deployment.milliseconds - ahead), "line": .integer(deployment.line),
                                "path": .string(path), "text": .string(deployment.text),
                            ])
                        }),
                ])
            })
    }

    private var window: ClosedRange<Int>? {
        guard let from = ISO8601Time.milliseconds(request.window.from),
            let to = ISO8601Time.milliseconds(request.window.to),
            from < to
        else { return nil }
        return from...to
    }

    private static func hull(_ ranges: [ClosedRange<Int>]) -> ClosedRange<Int>? {
        guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max() else { return nil }
        return first...last
    }
}
