import Foundation
import Lab
import Testing

/// The program under test.
enum Collect {
    /// `apigee-collect` beside the test bundle, or the one that `APIGEE_COLLECT_BINARY` names.
    static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["APIGEE_COLLECT_BINARY"] { return named }
        var folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        for _ in 0..<4 {
            let file = folder.appendingPathComponent("apigee-collect")
            if FileManager.default.isExecutableFile(atPath: file.path) { return file.path }
            folder.deleteLastPathComponent()
        }
        return Self.package.appendingPathComponent(".build/debug/apigee-collect").path
    }()

    /// The package's folder.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: [UInt8]? = nil, in folder: URL? = nil,
        limit: Double = 120
    ) async throws -> Program.Ending {
        try await Program.start(
            binary, arguments, environment: environment, input: input, in: folder, limit: limit
        ).end()
    }

    /// `verify`; 0 and 6 both mean that the bundle is whole and no known secret is in it.
    static func verify(_ bundle: URL) async throws -> Program.Ending { try await run(["verify", bundle.path]) }
}

/// One run of `collect` against a lab: its folders and options.
struct CollectRun: Sendable {
    let scratch: Scratch
    let output: URL
    let work: URL
    var arguments: [String]
    var environment: [String: String] = [:]
    var input: [UInt8]?
    /// Seconds after which the program would be killed, and the test fail.
    var limit = 150.0

    /// - Parameters:
    ///   - login: whether user and password are given.
    ///   - playbook: nil leaves the choice to the program. Without Java the lab's backend ends the handshake with another
    ///     alert, which names no playbook, so most tests name it.
    ///   - reproduces: whether the failing request is sent again, which a complete bundle needs.
    ///   - capture: seconds.
    init(
        _ lab: Lab, playbook: String? = "tls-bad-certificate", login: Bool = true, reproduces: Bool = true,
        capture: Int? = 20,
        mode: Int = 0o700
    ) throws {
        scratch = try Scratch(mode: mode)
        output = try scratch.folder("out")
        work = try scratch.folder("work")
        let info = lab.info
        arguments = ["collect"] + (playbook.map { [$0] } ?? []) + ["--root", info.root, "--mgmt", info.mgmt]
        if login { arguments += ["--user", info.user, "--password-file", info.passwordFile] }
        if reproduces { arguments += ["--curl-file", info.curlFile, "--reproduce"] }
        if let capture { arguments += ["--capture", String(capture)] }
        arguments += ["--tried", "message-id", "--output", output.path, "--work-dir", work.path]
    }

    /// Gives an option that is there another value.
    mutating func set(_ option: String, _ value: String) throws {
        let index = try #require(arguments.firstIndex(of: option))
        arguments[index + 1] = value
    }

    func start() throws -> Program {
        try Program.start(
            Collect.binary, arguments, environment: environment, input: input, in: scratch.url, limit: limit)
    }

    func run() async throws -> Program.Ending { try await start().end() }

    /// Everything in the output folder: a finished run has left one bundle there and nothing else.
    var left: [String] { Tree.list(output) }
    /// What is left in the work folder, which should be nothing.
    var leftInWork: [String] { Tree.list(work) }

    /// The one bundle that the run has written.
    func bundle() async throws -> UnpackedBundle {
        let name = try #require(left.first { $0.hasSuffix(".tar.gz") })
        return try await UnpackedBundle(output.appendingPathComponent(name))
    }
}
