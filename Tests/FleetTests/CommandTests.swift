import Documents
import Foundation
import Lab
import SupportBundle
import Testing

/// The program under test, run to its end without a terminal.
private func program(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil
) throws -> (status: Int32, output: String, errors: String) {
    var folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
    var binary = URL(fileURLWithPath: ".build/debug/apigee-collect")
    for _ in 0..<4 {
        let file = folder.appendingPathComponent("apigee-collect")
        if FileManager.default.isExecutableFile(atPath: file.path) {
            binary = file
            break
        }
        folder.deleteLastPathComponent()
    }
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = binary
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": scratch.url.path].merging(environment) { $1 }
    let (output, errors) = (scratch.path("out"), scratch.path("err"))
    for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try Data((input ?? "").utf8).write(to: URL(fileURLWithPath: scratch.path("in")))
    process.standardInput = FileHandle(forReadingAtPath: scratch.path("in"))
    try process.run()
    process.waitUntilExit()
    return (
        process.terminationStatus, try String(contentsOfFile: output, encoding: .utf8),
        try String(contentsOfFile: errors, encoding: .utf8)
    )
}

@Suite("The commands merge and attach", .serialized)
struct CommandTests {
    private let name = "projects/acme-prod/cases/12345678"

    @Test("merge tells what it did as JSON, and by its exit code that a node is missing")
    func merging() throws {
        let scratch = try Scratch()
        try SampleNode.processor("mp01").write(scratch)
        try SampleNode.processor("mp02", fails: false).write(scratch)
        let list =
            #"{"schema": 1, "nodes": [{"name": "a", "bundle": "mp01.tar.gz"}, {"name": "b", "state": "refused"}]}"#
        try Data(list.utf8).write(to: URL(fileURLWithPath: scratch.path("nodes.json")))
        let whole = try program([
            "merge", scratch.path("mp01.tar.gz"), scratch.path("mp02.tar.gz"), "-o", scratch.path("whole.tar.gz"),
            "--json",
        ])
        #expect(whole.status == 0, "\(whole.errors)")
        let partial = try program(
            [
                "merge", "--nodes", scratch.path("nodes.json"), "--pseudonym-key-file", "-", "-o",
                scratch.path("partial.tar.gz"), "--json",
            ], input: "a key of the nodes")
        #expect(partial.status == 3, "\(partial.errors)")
        let result = try JSONValue(parsing: Array(partial.output.utf8))
        #expect(result["nodes"]?.array?.map { $0["state"]?.string } == ["merged", "refused"])
        #expect(try program(["verify", scratch.path("partial.tar.gz")]).status == 0)
        #expect(try program(["merge", "-o", scratch.path("x.tar.gz")]).status == 2)
        #expect(try program(["merge", scratch.path("gone.tar.gz"), "-o", scratch.path("x.tar.gz")]).status == 1)
        // The pages are those of the product.
        let page = try program(["show", scratch.path("partial.tar.gz"), "START-HERE.txt"])
        #expect(page.output.contains("WHAT HAPPENED"))
    }

    @Test("add puts an item into a case bundle, and keeps what the nodes have")
    func adding() throws {
        let scratch = try Scratch()
        try SampleNode.processor("mp01").write(scratch)
        try SampleNode.router("r01").write(scratch)
        let bundle = scratch.path("case.tar.gz")
        let merged = try program(["merge", scratch.path("mp01.tar.gz"), scratch.path("r01.tar.gz"), "-o", bundle])
        #expect([0, 3].contains(merged.status), "\(merged.errors)")
        try Data("HTTP/1.1 503 Service Unavailable\n\n".utf8).write(to: URL(fileURLWithPath: scratch.path("error.txt")))
        let added = try program(["add", bundle, "--error", scratch.path("error.txt")])
        #expect([0, 3].contains(added.status), "\(added.errors)")
        #expect(try program(["verify", bundle]).status == 0)
        let listing = try program(["inspect", bundle]).output
        for path in ["NODES.txt", "timeline.jsonl", "nodes/r01/manifest.json", "items/error-message/error.txt"] {
            #expect(listing.contains(path), "\(path)")
        }
        #expect(try program(["show", bundle, "manifest.json"]).output.contains("request-path"))
    }

    @Test("attach asks before it sends, and sends nothing where nobody can be asked")
    func consent() throws {
        let scratch = try Scratch()
        let bundle = try SampleNode.processor("mp01").write(scratch)
        let desk = try SupportDesk()
        defer { desk.stop() }
        let token = ["GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.a-token-of-the-test"]
        let arguments = ["attach", bundle, "--case", name, "--endpoint", desk.endpoint]
        let asked = try program(arguments, environment: token)
        #expect(asked.status == 5)
        #expect(asked.errors.contains("--yes") && asked.errors.contains("goes to \(name)"))
        #expect(asked.errors.contains("verified"))
        #expect(desk.requests.isEmpty)

        let sent = try program(arguments + ["--yes", "--comment", "--json"], environment: token)
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(desk.attachments.map(\.filename) == ["mp01.tar.gz"])
        #expect(desk.comments.count == 1 && desk.comments[0].hasPrefix("read me\n\nmp01.tar.gz: "))
        let receipt = try JSONValue(parsing: Array(sent.output.utf8))
        #expect(receipt["attachments"]?[0]?["name"]?.string == "\(name)/attachments/0684M00000")
        #expect(!(sent.output + sent.errors).contains("ya29"))

        let twice = try program(arguments + ["--yes"], environment: token)
        #expect(twice.status == 5)
        #expect(twice.errors.contains("--again"))
        #expect(desk.attachments.count == 1)
    }

    @Test("attach sends nothing that is damaged, and nothing suspected that was not accepted")
    func unsound() throws {
        let scratch = try Scratch()
        let desk = try SupportDesk()
        defer { desk.stop() }
        let token = ["GOOGLE_OAUTH_ACCESS_TOKEN": "a-token"]
        let damaged = try SampleNode.processor("mp01").write(scratch)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: damaged))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: damaged))
        let options = ["--case", name, "--endpoint", desk.endpoint, "--yes"]
        #expect(try program(["attach", damaged] + options, environment: token).status == 4)

        var node = SampleNode.processor("mp02")
        node.files[1].text = "conf_password=kT9vQ2mZ7xLw4Rb8Nc1\n"
        let suspected = try node.write(scratch)
        let refused = try program(["attach", suspected] + options, environment: token)
        #expect(refused.status == 5)
        #expect(!refused.errors.contains("kT9vQ2mZ7xLw4Rb8Nc1"))
        #expect(desk.requests.isEmpty)
        let id = try #require(refused.errors.firstMatch(of: /f-[0-9a-f]{12}/)).output
        let accepted = try program(["attach", suspected, "--accept-finding", String(id)] + options, environment: token)
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(desk.attachments.count == 1)
    }

    @Test("A token from gcloud, a wrong name of a case, an address without TLS")
    func loginsAndNames() throws {
        let scratch = try Scratch()
        let bundle = try SampleNode.processor("mp01").write(scratch)
        let desk = try SupportDesk()
        defer { desk.stop() }
        desk.set { $0.tokens = ["from-gcloud"] }
        let tools = scratch.path("bin")
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        try Data("#!/bin/sh\n[ \"$1 $2\" = 'auth print-access-token' ] && echo from-gcloud\n".utf8).write(
            to: URL(fileURLWithPath: tools + "/gcloud"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/gcloud")
        let path = ["PATH": "\(tools):/usr/bin:/bin"]
        let sent = try program(
            ["attach", bundle, "--case", name, "--endpoint", desk.endpoint, "--yes"], environment: path)
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(try program(["attach", bundle, "--case", "12345678", "--yes"]).status == 2)
        #expect(try program(["attach", bundle, "--to", "http://desk.example/x", "--yes"]).status == 2)
        #expect(try program(["attach", bundle, "--yes"]).status == 2)
    }
}
