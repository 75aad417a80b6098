import Foundation
import Glibc

/// Certificates made by openssl for one test, and `openssl s_server` with them on 127.0.0.1.
final class TLSServer: Sendable {
    let port: Int
    private let process: Process

    var url: String { "https://127.0.0.1:\(port)/" }

    /// - Parameter arguments: Of `openssl s_server`, such as `-cert` and `-key`.
    init(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.path("openssl") ?? "openssl")
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-www"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = Pipe()
        try process.run()
        self.process = process
        var text = ""
        var found: Int?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first {
                $0.hasPrefix("ACCEPT ")
            }
            found = line?.split(separator: ":").last.flatMap { Int($0) }
        }
        guard let found else {
            kill(process.processIdentifier, SIGKILL)
            throw NotStarted()
        }
        port = found
    }

    deinit {
        // SIGTERM would not do: children of task threads inherit a mask that blocks it.
        kill(process.processIdentifier, SIGKILL)
    }

    struct NotStarted: Error {}
}

/// A certificate authority with certificates of its own.
final class TestAuthority: Sendable {
    let folder: TemporaryFolder

    var certificate: String { folder.path + "/ca.pem" }

    init() throws {
        folder = try TemporaryFolder()
        try openssl(["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority"])
    }

    /// Makes `name.pem` and `name.key`, signed by the authority or by itself.
    func issue(_ name: String, subjectAltName: String, isSelfSigned: Bool = false) throws -> (
        certificate: String, key: String
    ) {
        let signer = isSelfSigned ? [] : ["-CA", "ca.pem", "-CAkey", "ca.key"]
        try openssl(
            ["-keyout", "\(name).key", "-out", "\(name).pem", "-subj", "/CN=\(name)"]
                + ["-addext", "subjectAltName=\(subjectAltName)", "-addext", "basicConstraints=critical,CA:FALSE"]
                + signer)
        return (folder.path + "/\(name).pem", folder.path + "/\(name).key")
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.path("openssl") ?? "openssl")
        process.arguments =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TLSServer.NotStarted() }
    }
}
