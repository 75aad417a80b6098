import Foundation
import Glibc
import Synchronization

/// A run of `collect --verbose` that can be held at the beginning of a stage.
///
/// Its standard error is a pipe with room for one packet: while the line that tells of the stage lies there unread, the
/// next line can't be written. So the run can't leave a stage before the fault is there.
final class StagedProgram: Sendable {
    private let process: Process
    private let reader: Int32
    private let started = ContinuousClock.now
    private let said = Mutex<[UInt8]>([])
    private let printed: Scratch
    let limit: Double

    var identifier: Int32 { process.processIdentifier }
    /// Where its standard error stands, for messages.
    var errors: [UInt8] { said.withLock { $0 } }

    /// - Parameter prefix: a program that becomes this one, and its arguments, such as `setpriv`.
    init(
        _ path: String, _ arguments: [String], prefix: [String] = [], environment: [String: String],
        input: [UInt8]? = nil, in folder: URL, limit: Double
    ) throws {
        guard let ends = Self.packetPipe(), fcntl(ends.writer, Self.setPipeSize, 4096) == 4096 else {
            throw Program.Missing(name: "a pipe of packets")
        }
        reader = ends.reader
        self.limit = limit
        printed = try Scratch()
        process = Process()
        let words = prefix + [path] + arguments
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SWIFT_BACKTRACE": "enable=no"]
            .merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardOutput = try printed.newFile("out")
        let writer = FileHandle(fileDescriptor: ends.writer, closeOnDealloc: false)
        process.standardError = writer
        if let input {
            process.standardInput = try FileHandle(forReadingFrom: printed.write(Data(input), to: "in"))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        do {
            try process.run()
        } catch {
            close(ends.writer)
            throw error
        }
        close(ends.writer)
    }

    deinit { close(reader) }

    /// F_SETPIPE_SZ, O_DIRECT and tee(2) are in Linux's headers for GNU sources alone.
    private static let setPipeSize: Int32 = 1031
    #if arch(x86_64)
    private static let direct: Int32 = 0x4000
    #else
    private static let direct: Int32 = 0x1_0000
    #endif
    private typealias Tee = @convention(c) (Int32, Int32, Int, UInt32) -> Int
    private static let tee: Tee? = unsafe dlsym(nil, "tee").map { unsafe unsafeBitCast($0, to: Tee.self) }

    /// A pipe that keeps what was written at a time together.
    private static func packetPipe() -> (reader: Int32, writer: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        guard fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) | direct) == 0 else { return nil }
        return (ends[0], ends[1])
    }

    /// Waits for the beginning of a stage, and stops the program there.
    ///
    /// - Parameter further: lines of the stage that are let through first.
    /// - Returns: false when the program ended without it.
    func hold(at stage: FaultStage, further: Int = 0) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: self.reach(stage, further)) }.start()
        }
    }

    private func reach(_ stage: FaultStage, _ further: Int) -> Bool {
        var left = -1
        while let line = look() {
            if left < 0, line.starts(with: "stage: \(stage.rawValue)\n".utf8) { left = further }
            if left == 0 {
                kill(identifier, SIGSTOP)
                return waitUntilStopped()
            }
            if left > 0 { left -= 1 }
            take()
        }
        return false
    }

    private func waitUntilStopped() -> Bool {
        for _ in 0..<2_000 {
            let text = (try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)) ?? ""
            guard let state = text.split(separator: ")").last?.split(separator: " ").first else { return false }
            if state == "T" { return true }
            if state == "Z" { return false }
            usleep(1_000)
        }
        return false
    }

    /// Lets it go on.
    func release() { kill(identifier, SIGCONT) }

    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Reads the rest and waits for the end.
    func end() async -> Program.Ending {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: self.wait()) }.start()
        }
    }

    private func wait() -> Program.Ending {
        let isOver = Mutex(false)
        var isLate = false
        let until = started + .seconds(limit)
        // What the program has started may still hold the pipe when it is gone.
        while process.isRunning {
            var wanted = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&wanted, 1, 20) > 0, wanted.revents & Int16(POLLIN) != 0 { take() } else { usleep(2_000) }
            if ContinuousClock.now > until, !isLate {
                isLate = true
                kill(identifier, SIGCONT)
                kill(identifier, SIGKILL)
            }
        }
        isOver.withLock { $0 = true }
        var wanted = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&wanted, 1, 0) > 0, wanted.revents & Int16(POLLIN) != 0, take() {}
        let elapsed = (ContinuousClock.now - started).components
        let signalled = process.terminationReason == .uncaughtSignal
        return Program.Ending(
            status: process.terminationStatus + (signalled ? 128 : 0), wasSignalled: signalled, timedOut: isLate,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18, output: printed.bytes("out"),
            errors: errors)
    }

    /// The next line, which stays in the pipe; nil at its end.
    private func look() -> [UInt8]? {
        guard let copy = Self.packetPipe(), let tee = Self.tee else { return nil }
        defer {
            close(copy.reader)
            close(copy.writer)
        }
        let until = started + .seconds(limit)
        while true {
            var wanted = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&wanted, 1, 1_000) > 0 { break }
            if ContinuousClock.now > until { return nil }
        }
        guard tee(reader, copy.writer, 1 << 16, 0) > 0 else { return nil }
        return Self.read(copy.reader)
    }

    @discardableResult
    private func take() -> Bool {
        guard let line = Self.read(reader) else { return false }
        said.withLock { $0 += line }
        return true
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }
}
