import Foundation

/// TLS by JSSE: one Java process plays the backend and its client.
struct JavaEngine: TLSEngine {
    let name = "java"
    private let process: LineProcess

    /// Compiles and starts the program in a folder of the lab.
    init(java: URL, in folder: URL) throws {
        let source = folder.appendingPathComponent(JavaSource.fileName)
        try Data(JavaSource.text.utf8).write(to: source)
        process = try LineProcess(
            java, ["-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", source.path],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"], in: folder)
    }

    func serve(_ setup: BackendSetup) async throws -> Int {
        let fields = try await process.ask(
            "serve",
            [
                setup.chainFile.path, setup.keyFile.path, setup.acceptedFile.path, "TLSv\(setup.tls.rawValue)",
                setup.answer.base64,
            ])
        guard let port = fields.first.flatMap(Int.init) else {
            throw LabError(.engineFailed, "java", "the backend told no port")
        }
        return port
    }

    func call(_ call: TargetCall) async throws -> TargetResult {
        let fields = try await process.ask(
            "connect",
            [
                call.host, String(call.port), call.serverName ?? "-", call.chainFile?.path ?? "-",
                call.keyFile?.path ?? "-",
                call.alias, call.trustFile.path, call.request.base64,
            ])
        guard fields.count == 9, let localPort = Int(fields[1]), let elapsed = Int(fields[2]) else {
            throw LabError(.engineFailed, "java", "answered \(fields.count) fields")
        }
        func decoded(_ text: String) -> String {
            Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return TargetResult(
            isCompleted: fields[0] == "yes", localPort: localPort, milliseconds: elapsed, protocolName: fields[3],
            cipher: fields[4], exceptionClass: fields[5], message: decoded(fields[6]),
            frames: decoded(fields[7]).split(separator: "\n").map(String.init), response: decoded(fields[8]))
    }

    func stop() async { await process.stop() }
}
