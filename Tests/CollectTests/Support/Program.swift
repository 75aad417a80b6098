import Foundation
import Glibc
import Synchronization

/// A program that runs or has run: its process, and what it printed into files.
final class Program: Sendable {
    /// How it ended.
    struct Ending: Sendable {
        /// The exit code, or 128 + the signal that ended it.
        var status: Int32
        var wasSignalled: Bool
        /// It had to be killed because it took longer than it may.
        var timedOut: Bool
        var seconds: Double
        var output: [UInt8]
        var errors: [UInt8]

        var outputText: String { String(decoding: output, as: UTF8.self) }
        var errorText: String { String(decoding: errors, as: UTF8.self) }
        /// Everything that was printed, for messages of failing tests.
        var printed: String { "exit \(status) after \(Int(seconds)) s\n\(outputText)\n\(errorText)" }
    }

    let process: Process
    private let started = ContinuousClock.now
    private let limit: Double
    private let streams: Scratch
    private let isOver = Mutex(false)

    private init(_ process: Process, limit: Double, streams: Scratch) {
        self.process = process
        self.limit = limit
        self.streams = streams
    }

    /// Starts a program. Its output goes into files: a pipe that nobody empties would stop it.
    ///
    /// - Parameters:
    ///   - environment: all that it sees besides `PATH`, `HOME`, `TMPDIR` and `SWIFT_BACKTRACE`.
    ///   - limit: seconds after which it is killed.
    static func start(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8]? = nil,
        in folder: URL? = nil, limit: Double = 120
    ) throws -> Program {
        let streams = try Scratch()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": streams.path, "TMPDIR": NSTemporaryDirectory(),
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(environment) { $1 }
        process.currentDirectoryURL = folder ?? streams.url
        process.standardOutput = try streams.newFile("out")
        process.standardError = try streams.newFile("err")
        if let input {
            process.standardInput = try FileHandle(forReadingFrom: streams.write(Data(input), to: "in"))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        return Program(process, limit: limit, streams: streams)
    }

    /// What it has printed so far on standard output.
    var printed: String { String(decoding: streams.bytes("out"), as: UTF8.self) }

    var identifier: Int32 { process.processIdentifier }

    /// Sends a signal, if the program still runs.
    func send(_ signal: Int32) {
        isOver.withLock { isOver in if !isOver { _ = kill(identifier, signal) } }
    }

    /// Waits for its end on a thread of its own, since the lab of the test runs on the tasks' threads.
    func end() async -> Ending {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: self.wait()) }.start()
        }
    }

    private func wait() -> Ending {
        let killer = Thread {
            let until = self.started + .seconds(self.limit)
            while ContinuousClock.now < until {
                if self.isOver.withLock({ $0 }) { return }
                usleep(50_000)
            }
            self.send(SIGKILL)
        }
        killer.start()
        // waitUntilExit() spins on a thread whose run loop has nothing to wait for, which takes a core from the
        // program under test, who runs at the lowest priority.
        while process.isRunning { usleep(5_000) }
        isOver.withLock { $0 = true }
        let elapsed = (ContinuousClock.now - started).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        let signalled = process.terminationReason == .uncaughtSignal
        return Ending(
            status: process.terminationStatus + (signalled ? 128 : 0), wasSignalled: signalled,
            timedOut: signalled && seconds >= limit, seconds: seconds, output: streams.bytes("out"),
            errors: streams.bytes("err"))
    }

    /// Runs a program of the system to its end.
    static func tool(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8]? = nil,
        in folder: URL? = nil, limit: Double = 120
    ) async throws -> Ending {
        guard let path = name.hasPrefix("/") ? name : find(name) else { throw Missing(name: name) }
        return try await start(
            path, arguments, environment: environment, input: input, in: folder, limit: limit
        ).end()
    }

    struct Missing: Error { let name: String }

    /// A Python that has the module `jsonschema`.
    static let pythonWithSchemas: String? = {
        let own = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
        return (["/usr/bin/python3"] + own).first { path in
            guard FileManager.default.isExecutableFile(atPath: path) else { return false }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = ["-c", "import jsonschema"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }()

    /// Where a program of the system is.
    static func find(_ name: String) -> String? {
        let own = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin"] + own).map { $0 + "/" + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
