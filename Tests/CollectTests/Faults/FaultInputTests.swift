import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// Faults of what the run depends on: names, servers, tools, and input that is no input.
    @Suite("Faults around a run", .serialized, .lab(), .enabled(if: getuid() == 0, "needs root"))
    struct FaultsAround {
        let lab: Lab
        let search: SecretSearch

        init() throws {
            lab = try LabTrait.current
            search = SecretSearch(lab.secrets)
        }

        /// A whole run with the fault, which ends in a valid bundle that says what is missing.
        private func run(
            _ kind: FaultKind, _ stage: FaultStage, prefix: [String] = [], limit: Double = 90,
            _ change: (inout CollectRun) throws -> Void
        ) async throws {
            guard case .codes(let codes) = FaultTable.cell(kind, stage) else { return }
            var run = try CollectRun(lab, reproduces: false, capture: 3)
            try change(&run)
            let words = prefix + [Collect.binary] + run.arguments
            let ending = try await Program.start(
                words[0], Array(words.dropFirst()), environment: run.environment, in: run.scratch.url, limit: limit
            ).end()
            #expect(!ending.timedOut, "it hung")
            #expect(codes.contains(ending.status), "\(codes.sorted()): \(ending.printed)")
            #expect(run.left.count == 1 && run.leftInWork.isEmpty, "\(run.left) \(run.leftInWork)")
            let bundle = try await run.bundle()
            let verify = try await Collect.verify(bundle.file)
            #expect([0, 6].contains(verify.status), "\(verify.printed)")
            #expect(!bundle.manifest.isComplete)
            for wanted in bundle.manifest.mustCollect where wanted.isRequired && wanted.state != "collected" {
                #expect(wanted.reason?.isEmpty == false && wanted.hint?.isEmpty == false, "\(wanted)")
            }
            #expect(try bundle.leaks(search).isEmpty)
            #expect(search.findings(in: ending.output + ending.errors).isEmpty)
            FaultTable.record(kind, stage, ending.status)
        }

        @Test("no name can be found", .enabled(if: FaultTools.hasNamespaces, "needs unshare"))
        func dns() async throws {
            let resolver = SilentResolver()
            let scratch = try Scratch()
            try await run(.dnsDead, .collect, prefix: FaultTools.withoutDNS(scratch)) { _ in }
            withExtendedLifetime(resolver) {}
        }

        @Test("the management API fails", arguments: [Fault.serverError, .cutOff, .truncatedJSON, .brokenZip])
        func api(fault: Fault) async throws {
            lab.faults.replace(with: [fault])
            defer { lab.faults.replace(with: []) }
            try await run(.apiFaults, .collect) { $0.arguments += ["--time-limit", "30s"] }
        }

        @Test("no tool is there")
        func toolMissing() async throws {
            try await run(.toolMissing, .collect) { run in
                run.environment["PATH"] = try run.scratch.folder("bin", mode: 0o755).path
            }
        }

        @Test("every tool hangs and takes no signal")
        func toolHangs() async throws {
            let mark = "73.\(Int.random(in: 100_000...999_999))"
            try await run(.toolHangs, .collect, limit: 120) { run in
                let bin = try run.scratch.folder("bin", mode: 0o755)
                for name in ["tcpdump", "openssl", "ip", "ss", "curl", "id", "uname"] {
                    let tool = bin.appendingPathComponent(name)
                    try Data("#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do /bin/sleep \(mark); done\n".utf8).write(
                        to: tool)
                    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)
                }
                #expect(unsafe chmod(run.scratch.path, 0o755) == 0)
                run.environment["PATH"] = bin.path + ":/usr/sbin:/usr/bin:/sbin:/bin"
                run.arguments += ["--time-limit", "20s"]
            }
            let left = try await Program.tool("pgrep", ["-f", "sleep \(mark)"])
            #expect(left.outputText.isEmpty, "tools still run")
        }

        // MARK: Malformed

        /// Bytes of many kinds that only begin like something.
        private static let noise: [(name: String, bytes: [UInt8])] = {
            var generator = SystemRandomNumberGenerator()
            let random = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let heads: [(String, [UInt8])] = [
                ("a.log", Array("2026-11-23 10:00:00,000 org:".utf8)), ("a.json", Array("{\"a\":[".utf8)),
                ("a.xml", Array("<?xml version='1.0'?><a b='".utf8)), ("a.yaml", Array("a: &b [*b, *b]\n".utf8)),
                ("a.properties", Array("a=\\u12\\\n".utf8)), ("a.zip", [0x50, 0x4B, 3, 4, 20, 0]),
                ("a.gz", [0x1F, 0x8B, 8, 0]), ("a.tar", Array("name\0".utf8)),
                ("a.pcap", [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]),
                ("a.pcapng", [0x0A, 0x0D, 0x0D, 0x0A]), ("a.har", Array("{\"log\":{\"entries\":[".utf8)),
                ("a.zst", [0x28, 0xB5, 0x2F, 0xFD]), ("a.xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]), ("empty.log", []),
            ]
            return heads.map { name, head in (name, head.isEmpty ? [] : head + random) }
        }()

        @Test("logs of noise: the run says that it found no failure")
        func malformedLogs() async throws {
            let logs = URL(fileURLWithPath: lab.info.root)
                .appendingPathComponent("opt/apigee/var/log/edge-message-processor/logs")
            let saved = Tree.files(logs)
            defer { for (name, bytes) in saved { try? Data(bytes).write(to: logs.appendingPathComponent(name)) } }
            for (index, file) in saved.enumerated() {
                try Data(Self.noise[index % Self.noise.count].bytes).write(to: logs.appendingPathComponent(file.path))
            }
            try await run(.malformed, .discover) { _ in }
        }

        @Test("every answer of the management API is broken")
        func malformedAnswers() async throws {
            lab.faults.replace(with: [.truncatedJSON, .brokenZip, .wrongContentType])
            defer { lab.faults.replace(with: []) }
            try await run(.malformed, .collect) { $0.arguments += ["--time-limit", "30s"] }
        }

        @Test("a folder of broken files is redacted, and no secret stays")
        func malformedFiles() async throws {
            let scratch = try Scratch()
            let input = try scratch.folder("in")
            let secret = "hT7zkLp2" + UUID().uuidString.replacingOccurrences(of: "-", with: "")
            for (name, bytes) in Self.noise {
                let planted =
                    bytes + Array("\npassword=\(secret)\nAuthorization: Bearer \(secret)\n".utf8) + bytes.suffix(2_000)
                try Data(planted).write(to: input.appendingPathComponent(name))
            }
            let output = scratch.url.appendingPathComponent("out")
            let ending = try await Collect.run(["redact", input.path, "-o", output.path])
            #expect(FaultTable.allows(.malformed, .redact, ending.status), "\(ending.printed)")
            // What can't be redacted is withheld, and said.
            let withheld = Self.noise.map(\.name).filter { !Tree.list(output).contains($0) }
            #expect(withheld.isEmpty == (ending.status == 0), "\(withheld)")
            for name in withheld { #expect(ending.errorText.contains(name), "nothing is said of \(name)") }
            for file in Tree.files(output) { #expect(!SecretSearch.contains(file.bytes, secret), "\(file.path)") }
            FaultTable.record(.malformed, .redact, ending.status)
        }

        @Test("a diagnosis of broken files says that it knows nothing")
        func malformedEvidence() async throws {
            let scratch = try Scratch()
            var arguments = ["diagnose", "--json"]
            for (option, name) in [
                ("--pcap", "a.pcap"), ("--pcap", "a.pcapng"), ("--log", "a.log"), ("--trace", "a.xml"),
            ] {
                let bytes = try #require(Self.noise.first { $0.name == name }).bytes
                arguments += [option, try scratch.write(Data(bytes), to: name).path]
            }
            let ending = try await Collect.run(arguments, in: scratch.url)
            #expect(FaultTable.allows(.malformed, .diagnose, ending.status), "\(ending.printed)")
            let json = try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any]
            let certain = ManifestView.verdicts(json?["verdicts"]).filter { $0.confidence == "certain" }
            #expect(certain.isEmpty, "\(certain)")
            FaultTable.record(.malformed, .diagnose, ending.status)
        }

        @Test("a damaged bundle is neither added to nor called right")
        func malformedBundle() async throws {
            let whole = try CollectRun(lab, reproduces: false, capture: 0)
            _ = try await whole.run()
            let file = try await whole.bundle().file
            var bytes = [UInt8](try Data(contentsOf: file))
            bytes[bytes.count / 2] ^= 0x55
            try Data(bytes).write(to: file)
            let add = try await Collect.run(["add", file.path, "--note", "x"], in: whole.scratch.url)
            #expect(FaultTable.allows(.malformed, .pack, add.status), "\(add.printed)")
            #expect(try [UInt8](Data(contentsOf: file)) == bytes && whole.left.count == 1, "it was changed")
            FaultTable.record(.malformed, .pack, add.status)
            let verify = try await Collect.verify(file)
            #expect(FaultTable.allows(.malformed, .verify, verify.status), "\(verify.printed)")
            FaultTable.record(.malformed, .verify, verify.status)
        }
    }
}

/// What the documents say about the matrix.
@Suite("Reliability, as written down")
struct ReliabilityTests {
    @Test("docs/reliability.md has the matrix of the tests, and what was seen is what is promised")
    func document() throws {
        FaultTable.recordPromises()
        let text = try String(
            contentsOf: Collect.package.appendingPathComponent("docs/reliability.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        for kind in FaultKind.allCases {
            let row = try #require(rows.first { $0.count > 8 && $0[1] == kind.title }, "\(kind.title) is not there")
            for (index, stage) in FaultStage.allCases.enumerated() {
                let cell = FaultTable.cell(kind, stage)
                let parts = row[2 + index].split(separator: "→").map { $0.trimmingCharacters(in: .whitespaces) }
                guard case .codes(let codes) = cell else {
                    #expect(parts == ["–"], "\(kind.title), \(stage.rawValue)")
                    continue
                }
                #expect(parts.first == cell.text, "\(kind.title), \(stage.rawValue): \(row[2 + index])")
                let seen = (parts.count > 1 ? parts[1] : "").split(separator: ",").compactMap {
                    Int32($0.trimmingCharacters(in: .whitespaces))
                }
                #expect(!seen.isEmpty && codes.isSuperset(of: seen), "\(kind.title), \(stage.rawValue): \(seen)")
            }
        }
    }
}
