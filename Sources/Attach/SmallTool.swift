internal import Platform
internal import Subprocess

/// Runs a program of the system that answers with a few bytes.
enum SmallTool {
    private static let seconds = 60
    private static let limit = 65_536

    /// - Returns: what it printed; nil when it failed or gave no answer in time.
    /// - Throws: when it can't be run.
    static func run(_ name: String, _ arguments: [String], input: [UInt8] = []) async throws -> [UInt8]? {
        guard DescriptorRoom.isThere(DescriptorRoom.ofProgram) else {
            throw AttachError(.failed, name, "there are too few file descriptors to run it", hint: "raise ulimit -n")
        }
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                // One that is given up goes with all it has started.
                var platform = PlatformOptions()
                platform.createSession = true
                platform.teardownSequence = [
                    .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
                ]
                let result = try await Subprocess.run(
                    .name(name), arguments: Arguments(arguments), platformOptions: platform, input: .array(input),
                    output: .bytes(limit: limit), error: .discarded)
                guard case .exited(0) = result.terminationStatus else { return nil }
                return result.standardOutput
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
