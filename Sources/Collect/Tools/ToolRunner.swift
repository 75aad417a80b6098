internal import Glibc
internal import Platform
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// Runs one program of the system: clean environment, no input, bounded output, a deadline, and its whole process
/// group ended whatever happens.
struct ToolRunner: Sendable {
    struct Outcome: Sendable {
        /// `nil` when it was ended by a signal.
        var exitCode: Int?
        var signal: Int?
        /// What it printed on standard error, at most 64 KiB.
        var errorText: [UInt8]
        var timedOut: Bool
    }

    /// Asks the program to end by itself (SIGINT), such as tcpdump, which then prints its counts.
    final class Stop: Sendable {
        private let state = Mutex<(requested: Bool, action: (@Sendable () -> Void)?)>((false, nil))

        func request() {
            let action = state.withLock { state -> (@Sendable () -> Void)? in
                if state.requested { return nil }
                state.requested = true
                return state.action
            }
            action?()
        }

        fileprivate func arm(_ action: @escaping @Sendable () -> Void) {
            let now = state.withLock { state -> Bool in
                state.action = action
                return state.requested
            }
            if now { action() }
        }

        fileprivate func disarm() { state.withLock { $0.action = nil } }
    }

    private enum Event: Sendable { case output, errors, deadline }

    private final class Gathered: Sendable {
        let errors = Mutex<[UInt8]>([])
        let timedOut = Mutex(false)

        func addError(_ bytes: [UInt8]) {
            errors.withLock { $0.append(contentsOf: bytes.prefix(max(0, 65_536 - $0.count))) }
        }
    }

    /// - Parameters:
    ///   - path: an absolute path, see ``ToolPath``.
    ///   - identity: as whom to run when this process is root.
    ///   - seconds: after which it is ended.
    ///   - onErrorLine: called with each piece of standard error as it comes.
    ///   - onOutput: called with each piece of standard output, in order; false ends the program.
    func run(
        _ path: String, _ arguments: [String], as identity: ReaderIdentity? = nil, seconds: Double,
        stop: Stop? = nil, onErrorOutput: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        onOutput: @escaping @Sendable (ArraySlice<UInt8>) -> Bool
    ) async throws(CollectError) -> Outcome {
        var options = PlatformOptions()
        options.createSession = true
        // What happens to the program when the run is cancelled.
        options.teardownSequence = ToolRunner.gently
        let (path, arguments) = try Self.command(path, arguments, as: identity)
        guard DescriptorRoom.isThere(DescriptorRoom.ofProgram) else {
            throw CollectError(
                .unavailable, PathText.lastName(path), "there are too few file descriptors to run it",
                hint: "raise the limit (ulimit -n) and run this again")
        }
        let gathered = Gathered()
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(arguments),
                environment: .custom(ToolRunner.environment(home: identity?.home)), workingDirectory: FilePath("/"),
                platformOptions: options, input: .none, output: .sequence, error: .sequence
            ) { execution in
                Hardening.yieldSession(of: execution.processIdentifier.value)
                stop?.arm { try? execution.send(signal: .interrupt) }
                defer { stop?.disarm() }
                await withTaskGroup(of: Event.self) { group in
                    group.addTask {
                        do {
                            for try await buffer in execution.standardOutput {
                                let bytes = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
                                if !onOutput(bytes[...]) {
                                    stop?.request()
                                    if stop == nil { try? execution.send(signal: .terminate, toProcessGroup: true) }
                                }
                            }
                        } catch {}
                        return .output
                    }
                    group.addTask {
                        do {
                            for try await buffer in execution.standardError {
                                let bytes = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
                                onErrorOutput(bytes[...])
                                gathered.addError(bytes)
                            }
                        } catch {}
                        return .errors
                    }
                    group.addTask {
                        do {
                            try await Task.sleep(for: .seconds(seconds))
                        } catch {
                            return .deadline
                        }
                        gathered.timedOut.withLock { $0 = true }
                        await execution.teardown(using: ToolRunner.gently)
                        return .deadline
                    }
                    var open = 2
                    while open > 0, let event = await group.next() {
                        if event == .deadline {
                            // A cancelled run ends the program as well; its pipes close then.
                            if Task.isCancelled { await execution.teardown(using: ToolRunner.gently) }
                        } else {
                            open -= 1
                        }
                    }
                    group.cancelAll()
                }
            }
            return switch result.terminationStatus {
            case .exited(let code):
                Outcome(
                    exitCode: Int(code), signal: nil, errorText: gathered.errors.withLock { $0 },
                    timedOut: gathered.timedOut.withLock { $0 })
            case .signaled(let number):
                Outcome(
                    exitCode: nil, signal: Int(number), errorText: gathered.errors.withLock { $0 },
                    timedOut: gathered.timedOut.withLock { $0 })
            }
        } catch {
            throw CollectError(.unavailable, path, "can't be run: \(error)")
        }
    }

    /// The command that runs a program as another user: setpriv(1) of util-linux. The user id is not set by our own
    /// child between fork and exec: the C library then waits for threads that only the parent has.
    private static func command(
        _ path: String, _ arguments: [String], as identity: ReaderIdentity?
    ) throws(CollectError) -> (String, [String]) {
        guard let identity, geteuid() == 0 else { return (path, arguments) }
        guard case .found(let setpriv) = ToolPath(path: nil, asRoot: true).find("setpriv") else {
            throw CollectError(
                .unavailable, path, "can't be run as user \(identity.name): there is no setpriv",
                hint: "install util-linux, or run it as user \(identity.name)")
        }
        let groups = identity.groups.map(String.init).joined(separator: ",")
        return (
            setpriv,
            [
                "--reuid=\(identity.user)", "--regid=\(identity.group)",
                groups.isEmpty ? "--clear-groups" : "--groups=\(groups)", "--no-new-privs", "--", path,
            ] + arguments
        )
    }

    /// Runs a program and returns what it printed, at most `limit` bytes.
    func output(
        _ path: String, _ arguments: [String], as identity: ReaderIdentity? = nil, seconds: Double, limit: Int
    ) async throws(CollectError) -> (bytes: [UInt8], outcome: Outcome) {
        let collected = Mutex<[UInt8]>([])
        let outcome = try await run(path, arguments, as: identity, seconds: seconds) { bytes in
            collected.withLock { all in
                all.append(contentsOf: bytes.prefix(max(0, limit - all.count)))
                return all.count < limit
            }
        }
        return (collected.withLock { $0 }, outcome)
    }

    private static var gently: [TeardownStep] {
        [
            .send(signal: .interrupt, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
        ]
    }

    /// What a child may know: no credential of ours can be in it.
    private static func environment(home: String?) -> [Environment.Key: String] {
        [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": Platform.environment("TZ") ?? "",
            "HOME": home ?? "/",
        ]
        .filter { !$0.value.isEmpty }
    }
}
