import Foundation

/// One transaction as the Message Processor records it for a debug session.
struct Trace: Sendable {
    /// One result of a point.
    enum Result: Sendable {
        case info([(String, String)])
        case request(headers: [(String, String)], uri: String, verb: String, content: String)
        case response(isError: Bool, headers: [(String, String)], status: Int, reason: String, content: String)
        case access(get: [(String, String?)], set: [(String, String)])
    }

    struct Point: Sendable {
        let id: String
        var results: [Result] = []
    }

    /// `dd-MM-yy HH:mm:ss:SSS`, no zone.
    let timestamp: String
    var points: [Point] = []

    /// The `Data` element: `Completed` and the points.
    func xmlData(indent: String = "") -> String {
        var text = "\(indent)<Data>\n\(indent)    <Completed>true</Completed>\n"
        for point in points {
            if point.results.isEmpty {
                text += "\(indent)    <Point id=\"\(point.id)\"/>\n"
            } else {
                text += "\(indent)    <Point id=\"\(point.id)\">\n"
                for result in point.results { text += xml(result, indent: indent + "        ") }
                text += "\(indent)    </Point>\n"
            }
        }
        return text + "\(indent)</Data>\n"
    }

    private func xml(_ result: Result, indent: String) -> String {
        let escape = PlantedSecret.xmlEscaped
        func headers(_ list: [(String, String)]) -> String {
            let lines = list.map { "\(indent)        <Header name=\"\(escape($0.0))\">\(escape($0.1))</Header>\n" }
                .joined()
            return "\(indent)    <Headers>\n\(lines)\(indent)    </Headers>\n"
        }
        func content(_ text: String) -> String {
            text.isEmpty ? "" : "\(indent)    <Content>\(escape(text))</Content>\n"
        }
        switch result {
        case .info(let properties):
            let lines = properties.map {
                "\(indent)        <Property name=\"\(escape($0.0))\">\(escape($0.1))</Property>\n"
            }.joined()
            let list =
                properties.isEmpty
                ? "\(indent)    <Properties/>\n" : "\(indent)    <Properties>\n\(lines)\(indent)    </Properties>\n"
            return
                "\(indent)<DebugInfo>\n\(indent)    <Timestamp>\(timestamp)</Timestamp>\n\(list)\(indent)</DebugInfo>\n"
        case .request(let list, let uri, let verb, let body):
            return "\(indent)<RequestMessage>\n\(content(body))\(headers(list))\(indent)    <URI>\(escape(uri))</URI>\n"
                + "\(indent)    <Verb>\(verb)</Verb>\n\(indent)</RequestMessage>\n"
        case .response(let isError, let list, let status, let reason, let body):
            let name = isError ? "ErrorMessage" : "ResponseMessage"
            return
                "\(indent)<\(name)>\n\(content(body))\(headers(list))\(indent)    <ReasonPhrase>\(reason)</ReasonPhrase>\n"
                + "\(indent)    <StatusCode>\(status)</StatusCode>\n\(indent)</\(name)>\n"
        case .access(let gets, let sets):
            let getLines = gets.map { name, value in
                "\(indent)    <Get\(value.map { " value=\"\(escape($0))\"" } ?? "") name=\"\(escape(name))\"/>\n"
            }
            let setLines = sets.map {
                "\(indent)    <Set success=\"true\" value=\"\(escape($0.1))\" name=\"\(escape($0.0))\"/>\n"
            }
            return "\(indent)<VariableAccess>\n\((getLines + setLines).joined())\(indent)</VariableAccess>\n"
        }
    }

    /// The transaction as the API gives it in JSON.
    var json: [String: Any] {
        ["completed": true, "point": points.map { ["id": $0.id, "results": $0.results.map(json)] as [String: Any] }]
    }

    private func json(_ result: Result) -> [String: Any] {
        func pairs(_ list: [(String, String)]) -> [[String: String]] { list.map { ["name": $0.0, "value": $0.1] } }
        switch result {
        case .info(let properties):
            return [
                "ActionResult": "DebugInfo", "properties": ["property": pairs(properties)], "timestamp": timestamp,
            ]
        case .request(let headers, let uri, let verb, let content):
            return [
                "ActionResult": "RequestMessage", "headers": pairs(headers), "uRI": uri, "verb": verb,
                "content": content,
            ]
        case .response(let isError, let headers, let status, let reason, let content):
            return [
                "ActionResult": isError ? "ErrorMessage" : "ResponseMessage", "headers": pairs(headers),
                "statusCode": String(status), "reasonPhrase": reason, "content": content,
            ]
        case .access(let gets, let sets):
            let getItems = gets.map { name, value in
                ["Get": value.map { ["name": name, "value": $0] } ?? ["name": name]] as [String: Any]
            }
            let setItems = sets.map {
                ["Set": ["name": $0.0, "value": $0.1, "success": true] as [String: Any]] as [String: Any]
            }
            return ["ActionResult": "VariableAccess", "accessList": getItems + setItems]
        }
    }
}

extension Trace {
    /// The whole answer in XML, with the root that the variant asks for.
    func document(root: LabVariants.TraceRoot, names: LabNames, id: String, session: String) -> String {
        let prolog = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"# + "\n"
        let message = "<Message>\n<DebugId>\(id)</DebugId>\n\n\(xmlData())\n</Message>\n"
        switch root {
        case .data: return prolog + xmlData()
        case .message: return prolog + message
        case .debugSession:
            let now = Date().formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
            return prolog
                + """
                <DebugSession>
                <Retrieved>\(now)</Retrieved>
                <Organization>\(names.org)</Organization>
                <Environment>\(names.env)</Environment>
                <API>\(names.api)</API>
                <Revision>\(names.revision)</Revision>
                <SessionId>\(PlantedSecret.xmlEscaped(session))</SessionId>
                <Messages>
                \(message)</Messages>
                </DebugSession>

                """
        }
    }
}
