import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// `capture`, live on loopback against a server that asks for a client certificate.
    @Suite("The packets alone", .enabled(if: geteuid() == 0 && Program.find("tcpdump") != nil))
    struct CaptureCommand {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        /// A TLS server of OpenSSL on a port of its choice.
        private func server() async throws -> (program: Program, port: String) {
            _ = try await Program.tool(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=backend.example.com", "-keyout", "key.pem", "-out", "cert.pem",
                ], in: scratch.url)
            let openssl = try #require(Program.find("openssl"))
            let program = try Program.start(
                openssl,
                [
                    "s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem", "-Verify", "1",
                    "-verify_return_error", "-CAfile", "cert.pem", "-tls1_2", "-www",
                ], in: scratch.url, limit: 60)
            for _ in 0..<200 {
                if let line = program.printed.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }),
                    let port = line.split(separator: ":").last
                {
                    return (program, String(port))
                }
                try await Task.sleep(for: .milliseconds(50))
            }
            throw Program.Missing(name: "openssl s_server")
        }

        private func bundle() async throws -> UnpackedBundle {
            let name = try #require(Tree.list(scratch.url).first { $0.hasSuffix(".tar.gz") })
            return try await UnpackedBundle(scratch.url.appendingPathComponent(name))
        }

        /// Waits until tcpdump runs, and has had the time to begin.
        private func capturing(_ program: Program) async throws {
            let tasks = "/proc/\(program.process.processIdentifier)/task"
            for _ in 0..<600 {
                let children = (try? FileManager.default.contentsOfDirectory(atPath: tasks))?.flatMap { task in
                    (try? String(contentsOfFile: "\(tasks)/\(task)/children", encoding: .utf8))?.split(separator: " ")
                        ?? []
                }
                let names = children?.compactMap { try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8) }
                if names?.contains("tcpdump\n") == true { return try await Task.sleep(for: .seconds(1)) }
                try await Task.sleep(for: .milliseconds(50))
            }
            throw Program.Missing(name: "tcpdump")
        }

        @Test("it counts live, ends with the first failing handshake, and writes a diagnosed bundle")
        func untilFailure() async throws {
            let (server, port) = try await server()
            defer { server.send(SIGKILL) }
            let capture = try Program.start(
                Collect.binary,
                ["capture", "--host", "127.0.0.1", "--port", port, "--until-failure", "--work-dir", scratch.path],
                in: scratch.url, limit: 60)
            // Handshakes until one is caught: tcpdump may not listen yet for the first ones.
            let client = Task {
                while !Task.isCancelled {
                    _ = try? await Program.tool(
                        "openssl", ["s_client", "-connect", "127.0.0.1:\(port)", "-tls1_2"], input: [], limit: 5)
                }
            }
            let ending = await capture.end()
            client.cancel()
            #expect(ending.status == 0, "\(ending.printed)")
            #expect(ending.errorText.contains(" failed, "), "\(ending.errorText)")
            let bundle = try await bundle()
            #expect(bundle.manifest.isComplete)
            #expect(bundle.manifest.mustCollect.map(\.item) == ["packet-capture"])
            #expect(bundle.manifest.itemPaths.contains("items/packet-capture/capture.pcap"))
            #expect(bundle.manifest.verdicts.contains { $0.cause == "no-client-certificate" })
            #expect(try await Collect.verify(bundle.file).status == 0)
        }

        @Test(
            "Ctrl-C, the time and the size end it with a valid bundle", arguments: ["signal", "--duration", "--size"])
        func ends(by end: String) async throws {
            var arguments = ["capture", "--host", "127.0.0.1", "--port", "9", "--work-dir", scratch.path]
            if end == "--duration" { arguments += [end, "1s"] }
            if end == "--size" { arguments = Array(arguments[..<3]) + ["--work-dir", scratch.path, end, "1K"] }
            let capture = try Program.start(Collect.binary, arguments, in: scratch.url, limit: 60)
            try await capturing(capture)
            if end == "signal" { capture.send(SIGINT) }
            if end == "--size" {
                for _ in 0..<40 { _ = try? await Program.tool("openssl", ["s_client", "-connect", "127.0.0.1:9"]) }
            }
            let ending = await capture.end()
            #expect(ending.status == (end == "signal" ? 130 : 3), "\(ending.printed)")
            let bundle = try await bundle()
            #expect(!bundle.manifest.isComplete)
            #expect(bundle.manifest.isInterrupted == (end == "signal"))
            #expect(bundle.manifest.wanted("packet-capture")?.state == "partial")
            #expect(try await Collect.verify(bundle.file).status == 0)
        }

        @Test("a user who may not capture gets a bundle that says so")
        func withoutRights() async throws {
            let copy = scratch.url.appendingPathComponent("apigee-collect")
            try FileManager.default.copyItem(atPath: Collect.binary, toPath: copy.path)
            let folder = try scratch.folder("out")
            _ = unsafe chown(folder.path, 65_534, 65_534)
            _ = unsafe chmod(scratch.path, 0o755)
            let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""
            let ending = try await Program.tool(
                "setpriv",
                [
                    "--reuid", "65534", "--regid", "65534", "--clear-groups", copy.path, "capture", "--host",
                    "127.0.0.1", "--duration", "1s", "--work-dir", folder.path, "-o", folder.path,
                ], environment: ["LD_LIBRARY_PATH": libraries], in: folder)
            #expect(ending.status == 3, "\(ending.printed)")
            #expect(ending.outputText.contains("run it with sudo"))
        }
    }
}
