import Archive
import Foundation
import Redact

/// One of the formats that compress a stream of bytes: its command, and the ending of its files.
enum Packing: String, CaseIterable, Sendable {
    case gzip, zstd, bzip2, xz

    var ending: String {
        switch self {
        case .gzip: "gz"
        case .zstd: "zst"
        case .bzip2: "bz2"
        case .xz: "xz"
        }
    }

    var compression: Compression {
        switch self {
        case .gzip: .gzip
        case .zstd: .zstd
        case .bzip2: .bzip2
        case .xz: .xz
        }
    }
}

/// Packs with the tool itself, so that the product's own writer is no witness in its own cause.
func pack(_ bytes: [UInt8], _ packing: Packing, options: [String] = []) throws -> [UInt8] {
    try output(of: [packing.rawValue, "-c"] + options, input: bytes)
}

/// Unpacks with the tool itself; throws where the tool refuses.
func unpack(_ bytes: [UInt8], _ packing: Packing) throws -> [UInt8] {
    try output(of: [packing.rawValue, "-dc"], input: bytes)
}

struct ToolFailure: Error, CustomStringConvertible {
    let description: String
}

/// What a tool writes to standard output.
func output(of tool: [String], input: [UInt8]) throws -> [UInt8] {
    try withFile(input, name: "input") { path in
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = tool
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: path))
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let result = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ToolFailure(description: "\(tool.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return [UInt8](result)
    }
}

func archive(_ format: ArchiveWriter.Format, _ entries: [(String, [UInt8])]) throws -> [UInt8] {
    let writer = try ArchiveWriter(inMemory: format)
    for (name, bytes) in entries {
        try writer.add(
            ArchiveEntry(path: name, kind: name.hasSuffix("/") ? .directory : .file, modified: 1_700_000_000),
            bytes: bytes)
    }
    return try writer.finish()
}

func entries(_ bytes: [UInt8]) throws -> [(String, [UInt8])] {
    let reader = try ArchiveReader(bytes: bytes)
    var result: [(String, [UInt8])] = []
    while let entry = try reader.next() { result.append((entry.path, try reader.readAll(limit: 1 << 30))) }
    return result
}

/// A log of so many lines, each with a secret.
func secretLog(lines: Int) -> [UInt8] {
    var text: [UInt8] = []
    for line in 0..<lines {
        text += Array("2026-11-23 10:00:00,\(100 + line % 900) INFO request \(line) password=hunter22 done\n".utf8)
    }
    return text
}
