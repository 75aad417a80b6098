import FlyingFox
import Foundation

/// One request to the management API, its path taken apart.
struct Call: Sendable {
    let method: String
    /// The segments after `/v1`, percent-decoded; `o` and `e` are written out as `organizations` and `environments`.
    let path: [String]
    let query: [(name: String, value: String)]
    /// The media types that are asked for.
    let accept: String

    init(_ request: HTTPRequest) {
        method = request.method.rawValue
        var segments = request.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        if segments.first == "v1" { segments.removeFirst() } else { segments = ["", ""] }
        for (index, segment) in segments.enumerated() where index.isMultiple(of: 2) && index <= 2 {
            if segment == "o", index == 0 { segments[index] = "organizations" }
            if segment == "e", index == 2 { segments[index] = "environments" }
        }
        path = segments
        query = request.query.map { ($0.name, $0.value) }
        accept = request.headers[HTTPHeader("Accept")] ?? "*/*"
    }

    /// The value of the first query item of this name.
    func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Whether the call asks for something below an environment or a proxy.
    var isOfEnvironment: Bool { path.count > 4 || path.dropFirst(2).first == "apis" }
}
