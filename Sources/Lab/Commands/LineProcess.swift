import Foundation
import Glibc
import Synchronization

/// A long-lived child that answers each line on its standard input with one line on its standard output.
///
/// Lines are fields separated by tabs: a word, the request's number, then the rest. The child must end when its
/// standard input closes: then it also ends when this process is killed.
final class LineProcess: Sendable {
    private struct State {
        var nextNumber = 1
        var waiting: [Int: CheckedContinuation<[String], any Error>] = [:]
        var ended = false
    }

    private let process: Process
    private let input: FileHandle
    private let name: String
    private let state = Mutex(State())

    init(_ executable: URL, _ arguments: [String], environment: [String: String], in folder: URL) throws {
        name = executable.lastPathComponent
        process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        let stdin = Pipe()
        let stdout = Pipe()
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        input = stdin.fileHandleForWriting
        try process.runWithCleanSignals()
        let output = stdout.fileHandleForReading
        Thread { [self] in readLines(from: output) }.start()
    }

    /// Sends one request and waits for its answer.
    ///
    /// - Returns: the fields of the answer after its number.
    /// - Throws: ``LabError`` if the child ends or doesn't answer within the limit.
    func ask(_ word: String, _ fields: [String], limit: Duration = .seconds(60)) async throws -> [String] {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        let line = ([word, String(number)] + fields).joined(separator: "\t") + "\n"
        let timer = Task { [self] in
            try await Task.sleep(for: limit)
            finish(number, with: .failure(LabError(.timeout, name, "no answer to \(word)")))
        }
        defer { timer.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            let isRunning = state.withLock { state in
                if !state.ended { state.waiting[number] = continuation }
                return !state.ended
            }
            guard isRunning else {
                continuation.resume(throwing: LabError(.engineFailed, name, "ended before \(word)"))
                return
            }
            do {
                try QuietPipe.write(Data(line.utf8), to: input)
            } catch {
                finish(number, with: .failure(error))
            }
        }
    }

    /// Closes the child's input, waits for its end and kills it if it doesn't end by itself.
    @concurrent
    func stop() async {
        try? input.close()
        for _ in 0..<40 where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    private func readLines(from output: FileHandle) {
        var pending = Data()
        while true {
            let chunk = output.availableData
            if chunk.isEmpty { break }
            pending.append(chunk)
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                take(String(decoding: pending[pending.startIndex..<end], as: UTF8.self))
                pending = Data(pending[pending.index(after: end)...])
            }
        }
        let left = state.withLock { state in
            state.ended = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in left.values {
            continuation.resume(throwing: LabError(.engineFailed, name, "ended while it was asked"))
        }
    }

    private func take(_ line: String) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 2, let number = Int(fields[1]) else { return }
        if fields[0] == "error" {
            let reason = fields.dropFirst(2).joined(separator: " ")
            finish(number, with: .failure(LabError(.engineFailed, name, reason)))
        } else {
            finish(number, with: .success(Array(fields.dropFirst(2))))
        }
    }

    private func finish(_ number: Int, with result: Result<[String], any Error>) {
        let continuation = state.withLock { $0.waiting.removeValue(forKey: number) }
        continuation?.resume(with: result)
    }
}
