import Foundation

/// Runs a tool with a text on its standard input; its exit status, or nil where it is not installed.
func run(_ tool: [String], input: [UInt8]) throws -> Int32? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = tool
    let pipe = Pipe()
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try? pipe.fileHandleForWriting.write(contentsOf: Data(input))
    try? pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationStatus == 127 ? nil : process.terminationStatus
}

/// Whether bash takes the text for a valid command.
func shell(_ command: String) throws -> Int32 { try run(["bash", "-n"], input: Array(command.utf8)) ?? 0 }

/// Writes bytes to a file in a fresh folder and hands on its path.
func withFile<R>(_ bytes: [UInt8], name: String, _ body: (String) throws -> R) throws -> R {
    let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "redact-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return try body(file.path)
}
