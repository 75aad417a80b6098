import Foundation

/// Removes a folder when it is told to, or when this process ends in whatever way: the lab's folder holds secrets.
///
/// It is a shell that waits for the end of its standard input, which the kernel closes with the last holder.
final class Janitor: Sendable {
    private let process: Process
    private let input: FileHandle

    /// - Parameter folder: a folder that the lab has made itself.
    init(of folder: URL) throws {
        guard let shell = Command.find("sh") else { throw LabError(.commandMissing, "sh", "no such program in PATH") }
        process = Process()
        process.executableURL = shell
        process.arguments = ["-c", #"cat >/dev/null; rm -rf -- "$1""#, "sh", folder.path]
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        let pipe = Pipe()
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        input = pipe.fileHandleForWriting
        try process.runWithCleanSignals()
    }

    /// Has the folder removed and waits until it is.
    func finish() async {
        try? input.close()
        // The shell may wait longer when a program that was started meanwhile holds its input too.
        for _ in 0..<100 where process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
    }
}
