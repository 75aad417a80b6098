import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// The same faults while a bundle is sent: the bundle stays as it is, and the same command goes on.
    @Suite(
        "Faults while attaching", .serialized, .demonstration(),
        .enabled(if: SmallDisk.isPossible && Program.find("prlimit") != nil, "needs root and the right to mount"))
    struct FaultsAttaching {
        let demo: Demo
        let search: SecretSearch

        init() throws {
            demo = try LabTrait.demonstration
            search = SecretSearch(demo.lab.secrets)
        }

        /// A bundle that is being sent to a desk of its own.
        private struct Sending {
            let scratch: Scratch
            let desk: SupportDesk
            let file: URL
            let bytes: [UInt8]
            var arguments: [String]
            var environment: [String: String]
            var folder: URL
        }

        private func sending(in folder: URL? = nil) async throws -> Sending {
            let scratch = try Scratch(mode: 0o711)
            let desk = try SupportDesk()
            let place = try folder ?? scratch.folder("case")
            let file = place.appendingPathComponent("apigee-support-acme-prod-20261123T100000Z.tar.gz")
            try FileManager.default.copyItem(at: demo.bundle.file, to: file)
            let url = try scratch.write(desk.signedURL + "\n", to: "url")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
            var arguments = ["attach", file.path, "--to-file", url.path, "--yes"]
            // What verify suspects has to be accepted by name.
            let verify = try await Collect.run(["verify", file.path, "--json"])
            let report = try JSONSerialization.jsonObject(with: Data(verify.output)) as? [String: Any]
            for case let finding as [String: Any] in report?["suspicions"] as? [Any] ?? [] {
                if let id = finding["id"] as? String { arguments += ["--accept-finding", id] }
            }
            return Sending(
                scratch: scratch, desk: desk, file: file, bytes: [UInt8](try Data(contentsOf: file)),
                arguments: arguments,
                environment: ["HOME": scratch.path, "TMPDIR": try scratch.folder("tmp", mode: 0o777).path],
                folder: place)
        }

        /// Sends slowly, lets the fault happen in the middle, and looks at what is left.
        private func cell(
            _ kind: FaultKind, _ sending: Sending, prefix: [String] = [], binary: String = Collect.binary,
            strike: (Int32) async throws -> Void
        ) async throws {
            guard case .codes(let codes) = FaultTable.cell(kind, .attach) else { return }
            let words =
                prefix + [binary] + sending.arguments + ["--limit-rate", "\(max(4_000, sending.bytes.count / 3))"]
            let program = try Program.start(
                words[0], Array(words.dropFirst()), environment: sending.environment, in: sending.scratch.url, limit: 60
            )
            for _ in 0..<4_000 where program.process.isRunning {
                if sending.desk.requests.contains(where: { $0.hasPrefix("PUT") }), sending.desk.received > 0 { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(program.process.isRunning, "it was over before the fault")
            try await strike(program.identifier)
            let ending = await program.end()
            #expect(!ending.timedOut, "it hung")
            #expect(codes.contains(ending.status), "\(codes.sorted()): \(ending.printed)")
            try check(sending, ending)
            FaultTable.record(kind, .attach, ending.status)
            guard ending.status != 0 else { return }
            // What was sent is not lost, and the same command goes on.
            let again = try await Collect.run(
                sending.arguments, environment: sending.environment, in: sending.scratch.url)
            // It may have been whole already.
            #expect(again.status == 0 || again.status == 5 && again.errorText.contains("sent"), "\(again.printed)")
            #expect(sending.desk.objects == [sending.bytes])
        }

        private func check(_ sending: Sending, _ ending: Program.Ending) throws {
            #expect(try [UInt8](Data(contentsOf: sending.file)) == sending.bytes, "the bundle was changed")
            #expect(search.findings(in: ending.output + ending.errors).isEmpty, "a secret is printed")
            #expect(search.findings(below: sending.scratch.url).isEmpty)
            let own = sending.file.lastPathComponent
            let left = Tree.list(sending.folder).filter { !$0.hasPrefix(own) && $0 != "filler" }
            #expect(left.isEmpty, "\(left)")
            if ending.status == 0 { #expect(sending.desk.objects == [sending.bytes]) }
        }

        @Test(
            "signals",
            arguments: zip(
                [FaultKind.killed, .interrupted, .terminated, .hangUp, .brokenPipe],
                [SIGKILL, SIGINT, SIGTERM, SIGHUP, SIGPIPE]))
        func signals(kind: FaultKind, signal: Int32) async throws {
            try await cell(kind, sending()) { kill($0, signal) }
        }

        @Test("a disk that is full, or becomes read-only", arguments: [FaultKind.diskFull, .readOnly])
        func disk(kind: FaultKind) async throws {
            try await SmallDisk.with(kilobytes: 2_000) { disk in
                let sending = try await sending(in: disk.folder)
                try await cell(kind, sending) { _ in
                    if kind == .diskFull { FaultTools.fill(disk.folder) } else { try await disk.becomeReadOnly() }
                }
            }
        }

        @Test(
            "a user who may no longer write beside the bundle",
            .enabled(if: Program.find("setpriv") != nil, "needs setpriv"))
        func noPermission() async throws {
            let sending = try await sending()
            let copy = sending.scratch.url.appendingPathComponent("apigee-collect")
            try FileManager.default.copyItem(atPath: Collect.binary, toPath: copy.path)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path)
            let url = sending.scratch.url.appendingPathComponent("url")
            for path in [sending.folder.path, sending.file.path, url.path] {
                #expect(unsafe chown(path, 65_534, 65_534) == 0)
            }
            let setpriv = try #require(Program.find("setpriv"))
            try await cell(
                .noPermission, sending, prefix: [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"],
                binary: copy.path
            ) { _ in
                #expect(unsafe chown(sending.folder.path, 0, 0) == 0 && chmod(sending.folder.path, 0o755) == 0)
            }
        }

        @Test(
            "the clock jumps", .enabled(if: FaultTools.clock != nil, "needs gcc"),
            arguments: [FaultKind.clockForward, .clockBack])
        func clock(kind: FaultKind) async throws {
            var sending = try await sending()
            let clock = try sending.scratch.write("0", to: "clock")
            sending.environment.merge(["LD_PRELOAD": try #require(FaultTools.clock?.path), "CLOCK_OFFSET": clock.path])
            { $1 }
            try await cell(kind, sending) { _ in
                try Data("\((kind == .clockForward ? 400 : -2) * 86_400)".utf8).write(to: clock)
            }
        }

        @Test(
            "memory gets scarce, or there is none left",
            .enabled(if: MemoryLimit.isPossible, "needs root and the memory controller"),
            arguments: [FaultKind.memoryTight, .memoryGone])
        func memory(kind: FaultKind) async throws {
            let limit = try MemoryLimit(bytes: kind == .memoryTight ? 64 << 20 : 16 << 10)
            try await cell(kind, sending()) { try limit.take($0) }
        }

        @Test("no descriptor is left")
        func descriptors() async throws {
            try await cell(.descriptors, sending()) { process in
                try await FaultTools.limit(process, FaultTools.noDescriptor(of: process))
            }
        }

        @Test("files may not grow above 8 KiB")
        func fileSize() async throws {
            try await cell(.fileSize, sending()) { try await FaultTools.limit($0, "--fsize=8192") }
        }

        // MARK: Others' faults

        /// One run whose end is told; nothing is sent.
        private func refused(
            _ kind: FaultKind, _ sending: Sending, arguments: [String], prefix: [String] = [], isSent: Bool = false
        ) async throws {
            guard case .codes(let codes) = FaultTable.cell(kind, .attach) else { return }
            let words = prefix + [Collect.binary] + arguments
            let ending = try await Program.start(
                words[0], Array(words.dropFirst()), environment: sending.environment, in: sending.scratch.url, limit: 90
            ).end()
            #expect(!ending.timedOut, "it hung")
            #expect(codes.contains(ending.status), "\(codes.sorted()): \(ending.printed)")
            #expect(ending.errorText.contains("error:"), "\(ending.printed)")
            #expect(isSent || sending.desk.received == 0, "something was sent")
            #expect(search.findings(in: ending.output + ending.errors).isEmpty)
            FaultTable.record(kind, .attach, ending.status)
        }

        @Test("the host's name can't be found", .enabled(if: FaultTools.hasNamespaces, "needs unshare"))
        func dns() async throws {
            let resolver = SilentResolver()
            let sending = try await sending()
            let url = try sending.scratch.write("https://storage.example.com/b/o?upload_id=1\n", to: "url")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
            try await refused(
                .dnsDead, sending, arguments: sending.arguments, prefix: FaultTools.withoutDNS(sending.scratch))
            withExtendedLifetime(resolver) {}
        }

        @Test("the desk answers with a login page, or lies about what arrived", arguments: [true, false])
        func desk(isPortal: Bool) async throws {
            let sending = try await sending()
            sending.desk.set { ($0.isPortal, $0.liesAboutSums) = (isPortal, !isPortal) }
            try await refused(.apiFaults, sending, arguments: sending.arguments, isSent: true)
            #expect(!FileManager.default.fileExists(atPath: sending.file.path + ".receipt.json"))
        }

        @Test("a damaged bundle")
        func malformed() async throws {
            let sending = try await sending()
            var damaged = sending.bytes
            damaged[damaged.count / 2] ^= 0x55
            try Data(damaged).write(to: sending.file)
            try await refused(.malformed, sending, arguments: sending.arguments)
        }

        @Test("gcloud is missing, or hangs", arguments: [FaultKind.toolMissing, .toolHangs])
        func gcloud(kind: FaultKind) async throws {
            var sending = try await sending()
            let bin = try sending.scratch.folder("bin", mode: 0o755)
            let mark = "71.\(Int.random(in: 100_000...999_999))"
            if kind == .toolHangs {
                let tool = bin.appendingPathComponent("gcloud")
                try Data("#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do sleep \(mark); done\n".utf8).write(to: tool)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)
            }
            sending.environment["PATH"] = bin.path + ":/usr/bin:/bin"
            let arguments =
                [
                    "attach", sending.file.path, "--case", "projects/p/cases/1", "--endpoint", sending.desk.endpoint,
                    "--yes",
                ]
                + sending.arguments.drop { $0 != "--accept-finding" }
            try await refused(kind, sending, arguments: arguments)
            let left = try await Program.tool("pgrep", ["-f", "sleep \(mark)"])
            #expect(left.outputText.isEmpty, "it still runs")
        }
    }
}
