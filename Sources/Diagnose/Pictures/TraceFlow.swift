internal import Documents

/// The way of one transaction through the proxy, as a trace tells it: states, policies, the failure.
struct TraceFlow {
    struct Point {
        enum Kind: String { case state, policy, error }
        var kind: Kind
        /// The state that is entered, the policy, or the text of the error.
        var name: String
        var type = ""
        /// Milliseconds since 1970 on the node's clock, zone not counted.
        var time: Int?
        /// `line 12` in XML, `point[3]` in JSON.
        var location: String
        var hasFailed = false
    }

    struct Failure {
        var text = ""
        var cause = ""
        var errorClass = ""
        /// The flow in which it happened.
        var state = ""
    }

    private static let maximumPoints = 400

    var points: [Point] = []
    var failure: Failure?
    var faultCode: String?
    var status: Int?
    var messageID: String?
    /// Of the failing transaction, 1-based, and how many the trace has.
    var number = 1
    var count = 1

    /// The failing transaction of a trace: the one of that message id, else one with an error, else the last.
    /// - Returns: nil when there is none.
    static func read(_ bytes: [UInt8], messageID: String) -> TraceFlow? {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        let flows: [TraceFlow]
        if first == UInt8(ascii: "<") {
            guard let root = try? XMLElement.parse(bytes, name: "trace") else { return nil }
            let transactions = root.name == "Data" ? [root] : root.descendants("Data")
            flows = transactions.prefix(200).map(TraceFlow.init(xml:))
        } else {
            guard let root = try? JSONValue(parsing: bytes, name: "trace") else { return nil }
            let list = (root["Messages"] ?? root["messages"] ?? root["DebugSession"]?["Messages"])?.array ?? [root]
            flows = list.prefix(200).map { TraceFlow(json: $0["Data"] ?? $0["data"] ?? $0) }
        }
        let named = flows.firstIndex { !messageID.isEmpty && $0.messageID == messageID }
        guard let index = named ?? flows.firstIndex(where: { $0.failure != nil }) ?? flows.indices.last else {
            return nil
        }
        var flow = flows[index]
        guard !flow.points.isEmpty else { return nil }
        flow.number = index + 1
        flow.count = flows.count
        return flow
    }

    // MARK: XML

    init(xml data: XMLElement) {
        for point in data.all("Point") {
            let info = point.first("DebugInfo")
            var properties: [String: String] = [:]
            for property in info?.descendants("Property") ?? [] {
                if let name = property["name"] { properties[name] = property.trimmedText }
            }
            take(point["id"] ?? "", properties, info?.first("Timestamp")?.trimmedText, "line \(point.line)")
            for message in point.all("ErrorMessage") + point.all("ResponseMessage") {
                takeStatus(message.first("StatusCode")?.trimmedText)
                for header in message.first("Headers")?.all("Header") ?? [] {
                    takeHeader(header["name"] ?? "", header.trimmedText)
                }
            }
            for get in point.descendants("Get") where get["name"] == "messageid" {
                messageID = get["value"] ?? messageID
            }
        }
    }

    // MARK: JSON

    init(json data: JSONValue) {
        for (index, point) in (data["point"] ?? data["Point"])?.array?.enumerated() ?? [].enumerated() {
            var properties: [String: String] = [:]
            var time: String?
            for result in (point["results"] ?? point["Results"])?.array ?? [] {
                time = time ?? result["timestamp"]?.string ?? result["Timestamp"]?.string
                for property in (result["properties"]?["property"] ?? result["Properties"]?["Property"])?.array ?? [] {
                    if let name = property["name"]?.string { properties[name] = property["value"]?.string ?? "" }
                }
                takeStatus(result["statusCode"]?.string)
                for header in result["headers"]?.array ?? [] {
                    takeHeader(header["name"]?.string ?? "", header["value"]?.string ?? "")
                }
                for access in result["accessList"]?.array ?? [] {
                    let get = access["Get"] ?? access["get"]
                    if get?["name"]?.string == "messageid" { messageID = get?["value"]?.string ?? messageID }
                }
            }
            take(point["id"]?.string ?? "", properties, time, "point[\(index)]")
        }
    }

    // MARK: What both have

    private mutating func take(_ id: String, _ properties: [String: String], _ time: String?, _ location: String) {
        guard points.count < Self.maximumPoints else { return }
        let time = time.flatMap(Self.milliseconds)
        switch id {
        case "StateChange":
            guard let to = properties["To"], !to.isEmpty else { return }
            points.append(Point(kind: .state, name: to, time: time, location: location))
        case "Execution":
            guard let name = properties["stepDefinition-name"], !name.isEmpty else { return }
            var point = Point(kind: .policy, name: name, type: properties["type"] ?? "", time: time, location: location)
            point.hasFailed = properties["result"] == "false" && properties["error"] != nil
            points.append(point)
        case "Error":
            let failed = Failure(
                text: properties["error"] ?? "", cause: properties["error.cause"] ?? "",
                errorClass: properties["error.class"] ?? "", state: properties["state"] ?? "")
            if failure == nil { failure = failed }
            var point = Point(kind: .error, name: failed.text, time: time, location: location)
            point.hasFailed = true
            points.append(point)
        default:
            // A property `error.cause` may stand in points of other kinds, too.
            if let cause = properties["error.cause"], failure == nil {
                failure = Failure(cause: cause)
                var point = Point(kind: .error, name: cause, time: time, location: location)
                point.hasFailed = true
                points.append(point)
            }
        }
    }

    private mutating func takeStatus(_ text: String?) {
        if let text, let number = Int(text), (100...599).contains(number) { status = number }
    }

    private mutating func takeHeader(_ name: String, _ value: String) {
        switch name.lowercased() {
        case "x-apigee.message-id": messageID = value
        case "x-apigee.fault-code": faultCode = value
        default: break
        }
    }

    /// `dd-MM-yy HH:mm:ss:SSS`.
    private static func milliseconds(_ text: String) -> Int? {
        let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
        guard parts.count == 7, (0...999).contains(parts[6]),
            let seconds = GregorianCalendar.seconds(
                year: parts[2] < 100 ? 2_000 + parts[2] : parts[2], month: parts[1], day: parts[0], hour: parts[3],
                minute: parts[4], second: parts[5])
        else { return nil }
        return seconds * 1_000 + parts[6]
    }

    /// - Parameter offset: seconds east of UTC of the node's clock.
    func json(path: String, offset: Int) -> JSONValue {
        var object: JSONObject = [
            "path": .string(path), "number": .integer(number), "count": .integer(count),
            "points": .array(
                points.map { point in
                    var row: JSONObject = [
                        "kind": .string(point.kind.rawValue), "name": .string(String(point.name.prefix(400))),
                        "location": .string(point.location), "failed": .bool(point.hasFailed),
                    ]
                    if !point.type.isEmpty { row["type"] = .string(String(point.type.prefix(100))) }
                    row["time"] = point.time.map { .integer($0 - offset * 1_000) }
                    return .object(row)
                }),
        ]
        if let failure {
            object["failure"] = .object([
                "text": .string(String(failure.text.prefix(400))), "cause": .string(String(failure.cause.prefix(400))),
                "class": .string(String(failure.errorClass.prefix(200))),
                "state": .string(String(failure.state.prefix(100))),
            ])
        }
        object["messageId"] = messageID.map { .string(String($0.prefix(200))) }
        object["faultCode"] = faultCode.map { .string(String($0.prefix(200))) }
        object["status"] = status.map { .integer($0) }
        return .object(object)
    }
}
