import Attach
import EdgeAPI
import Foundation
import Lab
import Platform
import Testing

@Suite("Somebody between")
struct InterceptionTests {
    @Test("A certificate that nobody vouches for ends it before the token is sent, and the hint says what to do")
    func interception() async throws {
        let cargo = try Cargo(20_000)
        let (key, certificate) = (
            cargo.folder.appendingPathComponent("k.pem"), cargo.folder.appendingPathComponent("c.pem")
        )
        try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key.path,
            "-out", certificate.path, "-days", "2", "-subj", "/CN=inspecting-proxy.example", "-addext",
            "subjectAltName=IP:127.0.0.1",
        ]).waitUntilExit()
        let port = Int.random(in: 20_000..<60_000)
        let server = try run([
            "s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate.path, "-key", key.path, "-www", "-quiet",
        ])
        defer { server.terminate() }
        let desk = try SupportDesk()
        defer { desk.stop() }
        var options = try options(cargo, AttachTarget(supportCase: "projects/p/cases/1"), desk)
        options.endpoint = "https://127.0.0.1:\(port)"
        var error: AttachError?
        for _ in 0..<50 {
            error = await failure(options)
            // Until it listens.
            if error?.hint?.contains("goes on where it was") != true { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(error?.hint?.contains("--cacert") == true, "\(String(describing: error))")
        #expect(error?.reason.contains("a-token") == false)
        // With its authority it is another matter.
        options.http.caFile = certificate.path
        #expect(await failure(options)?.hint?.contains("--cacert") != true)
    }

    private func run(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }
}
