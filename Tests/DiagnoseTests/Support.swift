import Crypto
import Diagnose
import Foundation

enum Tools {
    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func fixture(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: packageRoot.appending(path: "Tests/Fixtures/\(path)")))
    }

    /// Other people's files; nil when they are not there.
    static func publicData(_ path: String) -> [UInt8]? {
        let base =
            ProcessInfo.processInfo.environment["APIGEE_COLLECT_DATA"].map { URL(filePath: $0) }
            ?? packageRoot.appending(path: "../shared/data/public")
        return (try? Data(contentsOf: base.appending(path: path))).map { [UInt8]($0) }
    }

    static func has(_ tool: String) -> Bool {
        ["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/"].contains {
            FileManager.default.isExecutableFile(atPath: $0 + tool)
        }
    }

    struct Failed: Error { let command: [String] }

    /// Runs a program and returns its standard output.
    /// - Parameter strict: throws when it fails, such as tshark for a field that it does not know.
    static func run(_ arguments: [String], strict: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if strict, process.terminationStatus != 0 { throw Failed(command: arguments) }
        return String(decoding: data, as: UTF8.self)
    }

    static func withFolder<R>(_ body: (String) throws -> R) throws -> R {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path())
    }

    static func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    static func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    /// One line per frame with the fields, tab-separated, as tshark reads them.
    static func tshark(
        _ bytes: [UInt8], filter: String, fields: [String], options: [String] = []
    ) throws -> [[String]] {
        try withFolder { folder in
            let path = folder + "/capture"
            try write(bytes, path)
            let text = try run(
                ["tshark", "-n", "-r", path, "-Y", filter, "-T", "fields", "-o", "tcp.reassemble_out_of_order:TRUE"]
                    + options + fields.flatMap { ["-e", $0] }, strict: true)
            return text.split(separator: "\n").map { line in
                line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            }
        }
    }
}

extension Tools {
    /// Names of cipher suites by number in hex, from openssl.
    static func cipherNames() throws -> [String: String] {
        let text = try run(["openssl", "ciphers", "-stdname", "-V", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"])
        var names: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 2, words[0].hasPrefix("0x") else { continue }
            names[words[0].replacingOccurrences(of: "0x", with: "").replacingOccurrences(of: ",", with: "")] = words[2]
        }
        return names
    }

    static func sha256(hex: String) throws -> String {
        let digits = Array(hex.replacingOccurrences(of: ":", with: "").utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }
}

func track(_ capture: [UInt8], step: Int = 4_096) -> ConversationTracker {
    let tracker = ConversationTracker()
    for start in stride(from: 0, to: capture.count, by: step) {
        tracker.append(capture[start..<min(start + step, capture.count)])
    }
    return tracker
}
