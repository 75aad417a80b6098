import Foundation

/// One row of the router's access log (fields of version 4.18.05, separated by tabs).
struct AccessRow: Sendable {
    let time: Date
    let request: PlayedRequest
    let messageID: String
    let status: Int
    let seconds: Double
    let bodyBytes: Int
    let faultCode: String?
    let faultSource: String?

    func text(names: LabNames, clock: LogClock) -> String {
        let failed = status >= 400
        let fields = [
            clock.text(time, "yyyy-MM-dd'T'HH:mm:ssxxx"), "127.0.0.1:\(Int.random(in: 32_768...60_999))",
            names.routerHost,
            "127.0.0.1:8998", String(format: "%.3f", seconds), "-", "-", String(status), String(status),
            String(request.target.utf8.count + 210), String(bodyBytes), "\(request.method) \(request.target) HTTP/1.1",
            messageID, request.header("User-Agent") ?? "-",
            "\(names.routerHost)-\(Int.random(in: 1_000...60_000))-\(Int.random(in: 1_000...9_999))-1", "-",
            failed ? "true" : "false", faultSource ?? "-", faultCode ?? "-", failed ? "null/null" : "-",
            failed
                ? "/organizations/\(names.org)/environments/\(names.env)/apiproxies/\(names.api)/revisions/\(names.revision)"
                : "-",
            names.revision, "a", String(Int(seconds * 1000)), names.api, names.basePath,
        ]
        return fields.joined(separator: "\t") + "\n"
    }
}
