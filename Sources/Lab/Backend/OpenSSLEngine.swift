import Foundation
import Synchronization

/// TLS by OpenSSL, for machines without Java. Its alerts differ from Java's: a missing client certificate is answered
/// with `handshake_failure` in TLS 1.2 and `certificate_required` in TLS 1.3 (RFC 8446 section 4.4.2.4).
final class OpenSSLEngine: TLSEngine {
    let name = "openssl"
    private let folder: URL
    private let servers = Mutex<[Process]>([])

    init(in folder: URL) { self.folder = folder }

    func serve(_ setup: BackendSetup) async throws -> Int {
        guard let shell = Command.find("sh"), let openssl = Command.find("openssl") else {
            throw LabError(.commandMissing, "openssl", "no such program in PATH", hint: "install openssl")
        }
        let process = Process()
        process.executableURL = shell
        // The shell lives as long as its standard input: so the server ends with this process, however that ends.
        process.arguments = [
            "-c", #""$@" </dev/null & p=$!; cat >/dev/null; kill -9 "$p"; wait "$p""#, "sh", openssl.path, "s_server",
            "-accept",
            "127.0.0.1:0", "-cert", setup.chainFile.path, "-cert_chain", setup.chainFile.path, "-key",
            setup.keyFile.path,
            "-CAfile", setup.acceptedFile.path, "-Verify", "5", "-verify_return_error", "-www",
            setup.tls == .tls12 ? "-tls1_2" : "-tls1_3",
        ]
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.runWithCleanSignals()
        servers.withLock { $0.append(process) }
        return try await Self.port(from: output.fileHandleForReading)
    }

    /// `ACCEPT 127.0.0.1:34567` is the server's first line; what follows is read and dropped.
    private static func port(from output: FileHandle) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                var text = ""
                var told = false
                while true {
                    let chunk = output.availableData
                    if chunk.isEmpty { break }
                    if told { continue }
                    text += String(decoding: chunk, as: UTF8.self)
                    for line in text.split(separator: "\n") where line.hasPrefix("ACCEPT") && text.contains("\n") {
                        if let port = line.split(separator: ":").last.flatMap({ Int($0) }) {
                            told = true
                            continuation.resume(returning: port)
                            break
                        }
                    }
                }
                if !told {
                    continuation.resume(
                        throwing: LabError(.engineFailed, "openssl s_server", "ended before it listened"))
                }
            }.start()
        }
    }

    func call(_ call: TargetCall) async throws -> TargetResult {
        let localPort = try LoopbackPort.free()
        var arguments = [
            "s_client", "-connect", "\(call.host):\(call.port)", "-bind", "127.0.0.1:\(localPort)", "-CAfile",
            call.trustFile.path, "-verify_return_error", "-quiet", "-no_ign_eof",
        ]
        if let name = call.serverName { arguments += ["-servername", name] } else { arguments += ["-noservername"] }
        if let chain = call.chainFile, let key = call.keyFile {
            arguments += ["-cert", chain.path, "-cert_chain", chain.path, "-key", key.path]
        }
        let start = Date()
        let result = try await Command.run(
            "openssl", arguments + ["-ign_eof"], input: Data(call.request.utf8), in: folder)
        let elapsed = Int(Date().timeIntervalSince(start) * 1000)
        let message = Self.failure(in: result.errorText)
        let completed = message == nil && result.text.hasPrefix("HTTP/")
        return TargetResult(
            isCompleted: completed, localPort: localPort, milliseconds: elapsed, protocolName: "TLS", cipher: "",
            exceptionClass: completed ? "" : "javax.net.ssl.SSLException",
            message: completed ? "" : message ?? "Remote host terminated the handshake", frames: [],
            response: completed ? result.text : "")
    }

    func stop() async {
        let running = servers.withLock { servers in
            defer { servers = [] }
            return servers
        }
        for process in running {
            try? (process.standardInput as? Pipe)?.fileHandleForWriting.close()
        }
        for process in running {
            for _ in 0..<40 where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
            if process.isRunning { process.terminate() }
            process.waitUntilExit()
        }
    }

    /// The failure that OpenSSL printed, in the words that Java uses.
    static func failure(in errors: String) -> String? {
        if let range = errors.range(of: "SSL alert number ") {
            let number = Int(errors[range.upperBound...].prefix { $0.isNumber }) ?? -1
            return "Received fatal alert: \(alerts[number] ?? "unknown (\(number))")"
        }
        if errors.contains("certificate verify failed") {
            return "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: "
                + "unable to find valid certification path to requested target"
        }
        return nil
    }

    /// Alert numbers and names (RFC 8446 section 6).
    private static let alerts = [
        40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate", 45: "certificate_expired",
        46: "certificate_unknown", 48: "unknown_ca", 51: "decrypt_error", 70: "protocol_version",
        116: "certificate_required",
    ]
}
