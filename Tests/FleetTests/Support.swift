import Collect
import Crypto
import Documents
import Fleet
import Foundation
import Platform
import Redact
import SupportBundle
import SystemPackage
import Testing

/// A folder that goes with the test.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("fleet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

/// A node as a run of `collect` would leave its bundle.
struct SampleNode {
    static let messageID = "rrt01-2834-1234567-1"

    var host: String
    var files: [(kind: ItemKind, name: String, text: String, role: Manifest.Place.Role?)] = []
    var failures = 0
    var timezone = "UTC (UTC+00:00)"
    var request = SampleNode.messageID
    /// What the manifest says of each item's check sum, where that is not the truth.
    var lies: [String: String] = [:]
    var tweak: (inout Manifest) -> Void = { _ in }

    static func router(_ host: String, at time: String = "2026-11-23T10:00:01+00:00", sees: Bool = true) -> SampleNode {
        let row =
            "\(time)\t10.1.2.3:4711\trrt01\t10.0.0.9:8998\t0.019\t-\t-\t503\t503\t\(sees ? messageID : "rrt01-1-1-1")\n"
        return SampleNode(host: host, files: [(.routerLog, "acme_prod.443_access_log", row, .router)])
    }

    static func processor(
        _ host: String, at time: String = "2026-11-23 10:00:01,217", fails: Bool = true, settings: String = "a=1\n"
    ) -> SampleNode {
        let head = "\(time) org:acme env:prod api:orders rev:7 messageid:"
        let log =
            fails
            ? head + messageID + " NIOThread@1 ERROR HTTP.CLIENT - handshake failed, message: Received fatal alert: "
                + "bad_certificate\njavax.net.ssl.SSLException: Received fatal alert: bad_certificate\n\tat a.b.C\n"
            : head + "rrt01-9-9-9 NIOThread@1 INFO HTTP.CLIENT - all is well\n"
        return SampleNode(
            host: host,
            files: [
                (.messageProcessorLog, "system.log", log, .messageProcessor),
                (.configuration, "message-processor.properties", settings, .messageProcessor),
            ], failures: fails ? 1 : 0)
    }

    /// Writes the bundle.
    /// - Returns: its path.
    @discardableResult
    func write(_ scratch: Scratch, as name: String? = nil) throws -> String {
        let top = "apigee-support-acme-prod-20261123T100000Z-\(host)"
        var memory: [String: [UInt8]] = [
            "START-HERE.txt": Array("read me\n".utf8), "report.html": Array("<p>\n".utf8),
            "log/collect.jsonl": Array(#"{"event": "started"}"#.utf8) + [0x0A],
        ]
        var manifest = manifest(top)
        for file in files {
            let bytes = Array(file.text.utf8)
            let path = "items/\(file.kind.rawValue)/\(file.name)"
            memory[path] = bytes
            var item = Manifest.Item(
                kind: file.kind, path: path, title: file.name,
                source: .init(type: .file, location: "/opt/\(file.name)"),
                bytes: bytes.count,
                sha256: lies[path] ?? SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined(),
                startedAt: "2026-11-23T10:00:05.000Z")
            item.collectedOn = file.role.map { .init(node: host, role: $0) }
            manifest.items.append(item)
        }
        tweak(&manifest)
        memory[Manifest.path] = try manifest.encoded()
        let path = scratch.path(name ?? host + ".tar.gz")
        let output = try OutputFile(path: FilePath(path))
        try BundleWriter(name: top, modified: 1_795_428_000).write(nil, memory: memory, to: output)
        try output.publish()
        return path
    }

    private func manifest(_ top: String) -> Manifest {
        let window = Manifest.SpanOfTime(from: "2026-11-23T09:50:00Z", to: "2026-11-23T10:02:00Z")
        var manifest = Manifest(
            tool: .init(version: "0.1.0"),
            bundle: .init(id: UUID().uuidString.lowercased(), name: top, createdAt: "2026-11-23T10:00:10.000Z"),
            mode: .private,
            playbook: .init(
                id: "tls-bad-certificate", version: 1, title: "Bad certificate", source: "https://docs.apigee.com",
                why: "named"), ranAs: .init(user: "apigee", root: false), argv: ["apigee-collect"],
            request: .init(
                org: "acme", env: "prod", api: "orders", revision: "7", messageId: request, host: "backend.example",
                port: 443, time: "2026-11-23T10:00:01.217Z", window: window),
            redaction: .init(level: "secrets", rules: 1, rulesSha256: String(repeating: "0a", count: 32)),
            leakScan: .init(state: .clean, suspicions: []),
            limits: .init(timeLimitSeconds: 600, captureSeconds: 0, threads: 1))
        manifest.node = .init(hostname: host, os: "Rocky Linux 9.6", kernel: "5.14", timezone: timezone)
        manifest.mustCollect = [
            .init(
                item: .messageProcessorLog, required: true,
                state: files.contains { $0.kind == .messageProcessorLog } ? .collected : .missing)
        ]
        manifest.complete = manifest.mustCollect.allSatisfy { $0.state == .collected }
        if failures > 0 {
            manifest.failure = .init(
                signature: "bad_certificate", firstSeen: "2026-11-23T10:00:01.217Z",
                lastSeen: "2026-11-23T10:00:01.217Z", count: failures)
        }
        return manifest
    }
}

/// A merged bundle, unpacked by tar.
struct CaseBundle {
    let path: String
    let result: Merge.Result
    let folder: URL
    /// Goes with this.
    let scratch: Scratch

    var manifest: Manifest { get throws { try Manifest(decoding: bytes(Manifest.path)) } }

    func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appendingPathComponent(path))) }
    func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    var timeline: [JSONValue] {
        get throws {
            try text("timeline.jsonl").split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        }
    }
}

/// Merges, checks the outcome as `verify` does, and unpacks it.
func merge(
    _ scratch: Scratch, _ bundles: [String], _ change: (inout MergeOptions) -> Void = { _ in }
) async throws -> CaseBundle {
    var options = MergeOptions()
    options.bundles = bundles
    options.output = scratch.path("case.tar.gz")
    options.workParent = scratch.url.path
    options.threads = 2
    options.version = "0.1.0"
    change(&options)
    let pages = Pages(
        startHere: { Array(($0.diagnosis.map(\.title).joined(separator: "\n") + "\n").utf8) },
        report: { manifest, _ in Array("<p>\(manifest.items.count)</p>\n".utf8) })
    let result = try await Merge(options, pages: pages, observe: { _ in }).run()
    let report = try BundleVerifier.verify(path: FilePath(result.path))
    #expect(report.problems.isEmpty, "\(report.problems)")
    #expect(report.suspicions.isEmpty)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/tar")
    process.arguments = ["xzf", result.path, "-C", scratch.url.path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
    #expect(!left.contains { $0.hasPrefix("apigee-collect-") }, "the work folder is left")
    return CaseBundle(
        path: result.path, result: result, folder: scratch.url.appendingPathComponent(result.manifest.bundle.name),
        scratch: scratch)
}
