import Foundation
import Glibc
import Lab
import Testing

/// What `strace` saw going into regular files.
struct WriteTrace {
    /// Everything that was written, by path.
    private(set) var written: [String: [UInt8]] = [:]
    /// Copies by the kernel into a regular file, whose bytes can't be seen.
    private(set) var copies: [String] = []
    /// Shared writable mappings of a file.
    private(set) var mappings: [String] = []

    static let calls = "write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,splice,mmap"

    init(_ file: URL) throws {
        for line in try Data(contentsOf: file).split(separator: 0x0A) { add(Self.decoded(Array(line))) }
    }

    /// Paths and strings come as `\x2f\x74`: everything else is plain.
    private static func decoded(_ line: [UInt8]) -> (text: [UInt8], strings: [[UInt8]]) {
        var text: [UInt8] = []
        var strings: [[UInt8]] = []
        var open: [UInt8]?
        var index = 0
        func digit(_ byte: UInt8) -> UInt8? { Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) } }
        while index < line.count {
            if line[index] == 0x5C, index + 3 < line.count, line[index + 1] == UInt8(ascii: "x"),
                let high = digit(line[index + 2]), let low = digit(line[index + 3])
            {
                let byte = high << 4 | low
                if open != nil { open?.append(byte) } else { text.append(byte) }
                index += 4
            } else if line[index] == UInt8(ascii: "\"") {
                if let string = open {
                    strings.append(string)
                    open = nil
                } else {
                    open = []
                }
                index += 1
            } else {
                if open != nil { open?.append(line[index]) } else { text.append(line[index]) }
                index += 1
            }
        }
        return (text, strings)
    }

    private mutating func add(_ line: (text: [UInt8], strings: [[UInt8]])) {
        let text = String(decoding: line.text, as: UTF8.self)
        guard let call = text.firstMatch(of: /^(?:\d+ +)?([a-z0-9_]+)\((.*)$/) else { return }
        let (name, arguments) = (String(call.output.1), String(call.output.2))
        let files = arguments.matches(of: /\d+<(\/[^>]*)>/).map { String($0.output.1) }
            .filter { !$0.hasPrefix("/dev/") && !$0.hasPrefix("/proc/") }
        switch name {
        case "mmap":
            if arguments.contains("PROT_WRITE"), arguments.contains("MAP_SHARED"), let file = files.first {
                mappings.append(file)
            }
        case "sendfile", "copy_file_range", "splice":
            // The target is the first descriptor of sendfile, and the second of the others.
            let descriptors = arguments.split(separator: ",").filter { $0.contains("<") }
            let target = name == "sendfile" ? descriptors.first : descriptors.last
            if let target, target.contains("</"), !target.contains("</dev/") { copies.append("\(name) \(target)") }
        default:
            guard let first = arguments.firstMatch(of: /^\d+<(\/[^>]*)>/) else { return }
            let path = String(first.output.1)
            guard !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/") else { return }
            written[path, default: []] += line.strings.joined()
        }
    }
}

extension EndToEnd {
    /// The kernel's own record of what goes into files.
    @Suite("System calls", .lab(), .enabled(if: Program.find("strace") != nil, "needs strace"))
    struct SystemCalls {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        private func trace(_ command: [String], in scratch: Scratch) async throws -> (WriteTrace, Program.Ending) {
            let file = scratch.url.appendingPathComponent("strace.txt")
            let outcome = try await Program.tool(
                "strace",
                ["-f", "-y", "-xx", "-s", "1048576", "-e", "trace=\(WriteTrace.calls)", "-o", file.path] + command,
                in: scratch.url, limit: 180)
            return (try WriteTrace(file), outcome)
        }

        @Test("no planted secret goes into any regular file, and no file is mapped to be written")
        func collect() async throws {
            var run = try CollectRun(lab)
            let bare = try await trace([Collect.binary] + run.arguments, in: run.scratch)
            // Under the tracer everything is slower; what matters is what was written.
            #expect(bare.1.status == 0 || bare.1.status == 3, "\(bare.1.printed)")
            #expect(run.left.contains { $0.hasSuffix(".tar.gz") })
            let search = SecretSearch(lab.secrets)
            for (path, bytes) in bare.0.written {
                let found = search.findings(in: bytes)
                #expect(found.isEmpty, "\(path): \(found)")
            }
            #expect(bare.0.written.keys.contains { $0.contains(run.work.path) }, "the tracer saw the work folder")
            #expect(bare.0.copies.isEmpty, "\(bare.0.copies)")
            #expect(bare.0.mappings.isEmpty, "\(bare.0.mappings)")
            run.limit = 0
        }

        @Test("the check fails where a program copies a secret")
        func canary() async throws {
            let scratch = try Scratch()
            let secret = try #require(lab.secrets.secret(named: "management-password"))
            let source = try scratch.write("password=\(secret.value)\n", to: "source")
            let target = scratch.url.appendingPathComponent("target")
            let (writes, outcome) = try await trace(
                ["dd", "if=\(source.path)", "of=\(target.path)", "bs=7", "status=none"], in: scratch)
            #expect(outcome.status == 0, "\(outcome.printed)")
            let found = writes.written.flatMap { SecretSearch([secret]).findings(in: $0.value) }
            #expect(found.contains { $0.contains("plain") }, "\(writes.written.keys)")
        }
    }
}
