import Diagnose
import Foundation
import Packets
import Redact
import SupportBundle
import Testing

private let canCapture = geteuid() == 0 && ["tcpdump", "openssl", "tshark"].allSatisfy(Tools.has)

/// Handshakes of openssl on loopback, captured by the real tcpdump, scrubbed on the way.
@Suite("Conversations: live", .enabled(if: canCapture, "needs root, tcpdump, openssl and tshark"), .serialized)
struct LiveCaptureTests {
    private enum Identity: String { case none, accepted, foreign }

    private struct Handshake {
        var connection: TLSConnection
        var raw: [UInt8]
        var scrubbed: [UInt8]
    }

    @Test("no client certificate", arguments: ["-tls1_2", "-tls1_3"])
    func noCertificate(version: String) throws {
        let handshake = try shake(version, .none)
        let connection = handshake.connection
        #expect(connection.outcome == .failed)
        #expect(connection.alerts.first?.from == .server)
        if version == "-tls1_2" {
            #expect(connection.clientCertificate?.count == 0)
            #expect(connection.certificateRequest?.authorities.count == 1)
            #expect(connection.alerts.first?.description == "handshake_failure")
        } else {
            #expect(connection.alerts.first?.encrypted == true)
            #expect(connection.warnings.contains { $0.contains("empty Certificate") })
        }
        try compare(handshake)
    }

    @Test("a certificate of an issuer that the server does not know", arguments: ["-tls1_2", "-tls1_3"])
    func foreign(version: String) throws {
        let handshake = try shake(version, .foreign)
        #expect(handshake.connection.outcome == .failed)
        if version == "-tls1_2" {
            #expect(handshake.connection.clientCertificate?.certificates.first?.subject == "CN=foreign,C=AU")
            #expect(handshake.connection.alerts.first?.level == "fatal")
            var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: nil, serverPort: nil, backendIPs: [])
            input.add(kind: .packetCapture, path: "items/packet-capture/capture.pcap", bytes: handshake.scrubbed)
            let verdict = try #require(Diagnosis.run(input).verdicts.first)
            #expect(verdict.cause == "issuer-not-accepted")
            #expect(verdict.confidence == .certain)
            #expect(verdict.ruledOut.map(\.cause) == ["no-client-certificate"])
        }
        try compare(handshake)
    }

    @Test("a certificate that is accepted", arguments: ["-tls1_2", "-tls1_3"])
    func accepted(version: String) throws {
        let handshake = try shake(version, .accepted)
        #expect(handshake.connection.outcome == .completed)
        try compare(handshake)
    }

    @Test("our side refuses the server", arguments: ["-tls1_2", "-tls1_3"])
    func refused(version: String) throws {
        let handshake = try shake(version, .accepted, trust: "foreign")
        let connection = handshake.connection
        #expect(connection.outcome == .failed)
        #expect(connection.alerts.first?.from == .client)
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: nil, serverPort: nil, backendIPs: [])
        input.add(kind: .packetCapture, path: "items/packet-capture/capture.pcap", bytes: handshake.scrubbed)
        #expect(Diagnosis.run(input).verdicts.map(\.cause) == ["server-certificate-not-trusted"])
    }

    /// tshark reads the same handshakes before and after scrubbing.
    private func compare(_ handshake: Handshake) throws {
        let fields = [
            "frame.number", "frame.len", "tcp.seq_raw", "tls.handshake.type", "tls.handshake.certificate",
            "tls.handshake.ciphersuite", "tls.handshake.extensions_server_name", "tls.alert_message.desc",
        ]
        let before = try Tools.tshark(handshake.raw, filter: "tcp", fields: fields)
        #expect(try Tools.tshark(handshake.scrubbed, filter: "tcp", fields: fields) == before)
        let application = try Tools.tshark(handshake.scrubbed, filter: "tls.app_data", fields: ["tls.app_data"])
        #expect(application.joined().joined().allSatisfy { "0,".contains($0) })
    }

    private func shake(_ version: String, _ identity: Identity, trust: String = "server") throws -> Handshake {
        try Tools.withFolder { folder in
            for name in ["server", "accepted", "foreign"] {
                _ = try Tools.run([
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days",
                    "2", "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).pem", "-subj",
                    "/C=AU/CN=\(name)",
                ])
            }
            let server = Background([
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "\(folder)/server.pem", "-key",
                "\(folder)/server.key", "-CAfile", "\(folder)/accepted.pem", "-Verify", "1", "-verify_return_error",
                "-www",
                version,
            ])
            defer { server.stop() }
            let line = try server.line(containing: "ACCEPT")
            let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
            let tcpdump = Background([
                "tcpdump", "-i", "lo", "--immediate-mode", "-U", "-s", "0", "-w", "-", "tcp", "port", "\(port)",
            ])
            defer { tcpdump.stop() }
            _ = try tcpdump.line(containing: "listening", onError: true)
            var client = [
                "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-servername", "backend.example.com", "-CAfile",
                "\(folder)/\(trust).pem", "-verify_return_error", "-quiet", "-no_ign_eof",
            ]
            if identity != .none {
                client += ["-cert", "\(folder)/\(identity).pem", "-key", "\(folder)/\(identity).key"]
            }
            _ = try Tools.run(["sh", "-c", "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | \"$@\" -ign_eof", "sh"] + client)
            return try follow(tcpdump)
        }
    }

    /// Reads what tcpdump writes until the connection is closed: in TLS 1.3 a refusal may come after the handshake.
    private func follow(_ tcpdump: Background) throws -> Handshake {
        let scrubber = PacketScrubber()
        let tracker = ConversationTracker()
        var raw: [UInt8] = []
        var scrubbed: [UInt8] = []
        // Only so that a handshake which is not understood fails the test instead of stopping it.
        let watchdog = Thread {
            Thread.sleep(forTimeInterval: 20)
            tcpdump.killed()
        }
        watchdog.start()
        while tracker.connections.first.map({ $0.outcome == .incomplete || $0.closed == nil }) ?? true {
            let piece = tcpdump.output.availableData
            if piece.isEmpty { break }
            raw += piece
            var out: [UInt8] = []
            scrubber.append([UInt8](piece)[...], to: &out)
            scrubbed += out
            tracker.append(out[...])
        }
        _ = scrubber.finish(to: &scrubbed)
        return Handshake(
            connection: try #require(track(scrubbed).connections.first), raw: whole(raw), scrubbed: scrubbed)
    }
}

/// The frames that came whole: reading stops in the middle of one.
private func whole(_ capture: [UInt8]) -> [UInt8] {
    var parser = CaptureParser()
    var writer = CaptureWriter()
    var out: [UInt8] = []
    parser.append(capture[...])
    while let element = parser.next() {
        switch element {
        case .section(let format): writer.begin(format, to: &out)
        case .interface(let interface): writer.write(interface, to: &out)
        case .frame(let frame): writer.write(frame, to: &out)
        case .skipped, .broken: break
        }
    }
    return out
}

/// A program that runs beside the test.
private final class Background: @unchecked Sendable {
    private let process = Process()
    private let out = Pipe()
    private let error = Pipe()
    var output: FileHandle { out.fileHandleForReading }

    init(_ arguments: [String]) {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out
        process.standardError = error
    }

    /// Starts it, and waits for a line.
    func line(containing mark: String, onError: Bool = false) throws -> String {
        try process.run()
        var text = ""
        while true {
            let piece = (onError ? error : out).fileHandleForReading.availableData
            if piece.isEmpty { throw CocoaError(.fileReadUnknown) }
            text += String(decoding: piece, as: UTF8.self)
            let whole = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = whole.first(where: { $0.contains(mark) }) { return String(line) }
        }
    }

    /// Ends it without waiting.
    func killed() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Children inherit the blocked signals of the thread that starts them, so only this one is sure to end them.
    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
