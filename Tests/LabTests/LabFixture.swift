import Foundation
import Testing

@testable import Lab

/// All suites of the lab, one test after another: every lab starts a dozen processes.
@Suite(.serialized) enum LabSuites {}

/// Runs a body with a lab that ends afterwards, however the body ends.
func withLab<R>(
    _ scenario: Scenario = .noClientCertificate, tls: TLSVersion = .tls12, options: LabOptions = LabOptions(),
    _ body: (Lab) async throws -> R
) async throws -> R {
    let lab = try await Lab.start(scenario: scenario, tls: tls, options: options)
    do {
        let result = try await body(lab)
        await lab.stop()
        return result
    } catch {
        await lab.stop()
        throw error
    }
}

/// Real programs that check the lab from outside.
enum Tool {
    static func isPresent(_ name: String) -> Bool { Command.find(name) != nil }

    static func run(_ name: String, _ arguments: [String], input: Data = Data()) async throws -> Command.Result {
        try await Command.run(name, arguments, input: input)
    }
}

extension Lab {
    var node: URL { URL(fileURLWithPath: info.root) }
    var logs: URL { node.appendingPathComponent("opt/apigee/var/log/edge-message-processor/logs") }
    var systemLog: String {
        get throws { try String(contentsOf: logs.appendingPathComponent("system.log"), encoding: .utf8) }
    }

    /// The API below the environment.
    var environment: String { "/organizations/\(info.org)/environments/\(info.env)" }

    /// What curl got: status, content type, and the body.
    struct Reply {
        let exitStatus: Int32
        let status: Int
        let contentType: String
        let body: Data
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: Any? { try? JSONSerialization.jsonObject(with: body, options: .fragmentsAllowed) }
        var object: [String: Any] { json as? [String: Any] ?? [:] }
    }

    /// Asks the management API with curl; the password goes through standard input.
    func ask(_ path: String, user: String? = nil, _ options: [String] = []) async throws -> Reply {
        let credentials = user ?? "\(info.user):\(secrets[.managementPassword])"
        let escaped = PlantedSecret.escaped(credentials, ["\"": "\\\"", "\\": "\\\\"])
        let config = credentials.isEmpty ? "" : "user = \"\(escaped)\"\n"
        return try await curl(info.mgmt + path, options, config: config)
    }

    func curl(_ url: String, _ options: [String] = [], config: String = "") async throws -> Reply {
        let result = try await Tool.run(
            "curl", ["-s", "-K", "-", "-w", "\n%{http_code} %{content_type}", "-m", "15"] + options + [url],
            input: Data(config.utf8))
        let parts = result.output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let status = String(decoding: parts.last ?? Data(), as: UTF8.self).split(separator: " ", maxSplits: 1)
        let body = result.output.prefix(max(0, result.output.count - (parts.last?.count ?? 0) - 1))
        return Reply(
            exitStatus: result.status, status: status.first.flatMap { Int($0) } ?? 0,
            contentType: status.count > 1 ? String(status[1]) : "", body: Data(body))
    }
}
