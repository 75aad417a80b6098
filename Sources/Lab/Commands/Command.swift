import Dispatch
import Foundation
import Synchronization

/// Runs a program to its end and returns what it printed.
enum Command {
    struct Result: Sendable {
        let status: Int32
        let output: Data
        let errors: Data

        var text: String { String(decoding: output, as: UTF8.self) }
        var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    /// The first executable of this name in `PATH`, or nil.
    static func find(_ name: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in path.split(separator: ":") {
            let candidate = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return URL(fileURLWithPath: candidate) }
        }
        return nil
    }

    /// Runs a program; its arguments are visible to others, so secrets go through standard input.
    ///
    /// - Throws: ``LabError`` if it isn't there or can't be started.
    static func run(_ name: String, _ arguments: [String], input: Data = Data(), in folder: URL? = nil) async throws
        -> Result
    {
        guard let executable = find(name) else {
            throw LabError(.commandMissing, name, "no such program in PATH", hint: "install \(name)")
        }
        // Pipes block, and Swift's own threads are as few as the cores: a thread of our own waits.
        return try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Swift.Result { try runBlocking(executable, arguments, input: input, in: folder) })
            }.start()
        }
    }

    private static func runBlocking(_ executable: URL, _ arguments: [String], input: Data, in folder: URL?) throws
        -> Result
    {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.runWithCleanSignals()
        // All three pipes move at once, so that none can fill up and block the program.
        let errors = Mutex(Data())
        let done = DispatchSemaphore(value: 0)
        Thread {
            // A program that ends before it has read everything is no error here.
            try? QuietPipe.write(input, to: stdin.fileHandleForWriting)
            try? stdin.fileHandleForWriting.close()
            done.signal()
        }.start()
        Thread {
            let text = (try? stderr.fileHandleForReading.readToEnd()) ?? Data()
            errors.withLock { $0 = text }
            done.signal()
        }.start()
        let output = (try? stdout.fileHandleForReading.readToEnd()) ?? Data()
        done.wait()
        done.wait()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: output, errors: errors.withLock { $0 })
    }

    /// As ``run(_:_:input:in:)``, but a non-zero exit status is an error.
    static func check(_ name: String, _ arguments: [String], input: Data = Data(), in folder: URL? = nil) async throws
        -> Data
    {
        let result = try await run(name, arguments, input: input, in: folder)
        guard result.status == 0 else {
            throw LabError(
                .commandFailed, "\(name) \(arguments.first ?? "")",
                "exit status \(result.status): \(result.errorText.prefix(400))")
        }
        return result.output
    }
}
