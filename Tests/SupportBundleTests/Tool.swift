import Foundation

/// A real program as a judge of what we write.
enum Tool {
    struct Outcome {
        var status: Int32
        var output: [UInt8]
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    static func path(of name: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program to its end, with its output and errors together.
    static func run(_ name: String, _ arguments: [String], in folder: URL? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path(of: name) ?? "/usr/bin/\(name)")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: [UInt8](output))
    }
}

/// A folder that is gone after the body.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

extension Tool {
    /// Lower-case hex, by coreutils.
    static func sha256(_ bytes: [UInt8]) throws -> String {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("x")
            try Data(bytes).write(to: file)
            return String(try run("sha256sum", [file.path]).text.prefix(64))
        }
    }
}
