import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// A log folder that its user has prepared for root: links, pipes, names, programs.
    @Suite("A hostile node", .lab(), .enabled(if: getuid() == 0, "needs root"))
    struct HostileNode {
        let lab: Lab
        private var root: URL { URL(fileURLWithPath: lab.info.root) }
        private var logs: URL { root.appendingPathComponent("opt/apigee/var/log/edge-message-processor/logs") }
        /// The user who owns `/opt/apigee` of the lab.
        private static let owner: UInt32 = 65_534

        init() throws {
            lab = try LabTrait.current
            let folder = root.appendingPathComponent("opt/apigee")
            for path in [""] + Tree.list(folder) {
                _ = unsafe lchown(folder.appendingPathComponent(path).path, Self.owner, Self.owner)
            }
        }

        /// A text no rule would find, in a record that the time window takes.
        private func record(_ canary: String) -> String {
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.dateFormat = "yyyy-MM-dd HH:mm:ss,SSS"
            let info = lab.info
            return
                "\(format.string(from: Date())) org:\(info.org) env:\(info.env) api:\(info.api) rev:\(info.revision) "
                + "messageid:\(info.messageId ?? "x") NIOThread@1 ERROR HTTP.CLIENT - \(canary)\n"
        }

        private func name() -> String { "canary" + UUID().uuidString.replacingOccurrences(of: "-", with: "") }

        private func collect(limit: Double = 90) async throws -> (CollectRun, Program.Ending, UnpackedBundle) {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.limit = limit
            let ending = try await run.run()
            #expect(!ending.timedOut, "it hung")
            #expect(ending.status == 3, "\(ending.printed)")
            #expect(run.leftInWork.isEmpty)
            let bundle = try await run.bundle()
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            return (run, ending, bundle)
        }

        @Test("links out of the log folder, hard links to files of root, pipes, folders and devices")
        func planted() async throws {
            let scratch = try Scratch(mode: 0o755)
            let outside = name()
            let secret = try scratch.write(record(outside), to: "secret")
            #expect(unsafe chmod(secret.path, 0o600) == 0)
            let files = FileManager.default
            let up = String(repeating: "../", count: 24)
            var made: [URL] = []
            func place(_ file: String) -> URL {
                made.append(logs.appendingPathComponent(file))
                return made[made.count - 1]
            }
            defer { for file in made { try? files.removeItem(at: file) } }
            try files.createSymbolicLink(atPath: place("system.log.20").path, withDestinationPath: secret.path)
            try files.createSymbolicLink(
                atPath: place("system.log.21").path, withDestinationPath: up + secret.path.dropFirst())
            try files.createSymbolicLink(atPath: place("system.log.22").path, withDestinationPath: "/proc/self/environ")
            try files.createSymbolicLink(atPath: place("system.log.23").path, withDestinationPath: "/dev/zero")
            #expect(unsafe mkfifo(place("system.log.24").path, 0o666) == 0)
            try files.createDirectory(at: place("system.log.25"), withIntermediateDirectories: false)
            // A file of root inside the same file system, linked by a name that the owner chose.
            let inside = name()
            let own = root.appendingPathComponent("opt/root-only.conf")
            try Data(record(inside).utf8).write(to: own)
            defer { try? files.removeItem(at: own) }
            #expect(unsafe chmod(own.path, 0o600) == 0)
            #expect(unsafe link(own.path, place("system.log.26").path) == 0)
            try files.createSymbolicLink(
                atPath: place("system.log.27").path, withDestinationPath: "/opt/root-only.conf")
            try files.createSymbolicLink(atPath: place("system.log.28").path, withDestinationPath: "system.log.28")

            let (run, ending, bundle) = try await collect()
            for canary in [outside, inside] {
                #expect(!SecretSearch.contains(ending.output + ending.errors, canary))
                for file in Tree.files(bundle.top) {
                    #expect(
                        !SecretSearch.contains(file.bytes, canary),
                        "\(canary == outside ? "link" : "hard link") in \(file.path)")
                }
            }
            #expect(
                bundle.manifest.wanted("message-processor-log")?.state == "collected"
                    || bundle.manifest.wanted("message-processor-log")?.state == "partial")
            #expect(run.left.count == 1)
        }

        @Test("a live log that may not be read is told, with what helps")
        func deniedLog() async throws {
            let log = logs.appendingPathComponent("system.log")
            #expect(unsafe chown(log.path, 0, 0) == 0 && chmod(log.path, 0o600) == 0)
            defer { #expect(unsafe chown(log.path, Self.owner, Self.owner) == 0 && chmod(log.path, 0o644) == 0) }
            let (_, _, bundle) = try await collect()
            let row = try #require(bundle.manifest.wanted("message-processor-log"))
            #expect(row.state == "partial" || row.state == "missing", "\(row)")
            #expect(row.reason?.contains("system.log': permission denied") == true, "\(row)")
            #expect(row.hint?.contains("let that user read") == true, "\(row.hint ?? "-")")
        }

        @Test("the log folder itself is a link out of the root")
        func linkedFolder() async throws {
            let scratch = try Scratch(mode: 0o755)
            let canary = name()
            let elsewhere = try scratch.folder("logs", mode: 0o700)
            try Data(record(canary + " Received fatal alert: bad_certificate").utf8)
                .write(to: elsewhere.appendingPathComponent("system.log"))
            let files = FileManager.default
            let aside = logs.deletingLastPathComponent().appendingPathComponent("aside")
            try files.moveItem(at: logs, to: aside)
            try files.createSymbolicLink(atPath: logs.path, withDestinationPath: elsewhere.path)
            defer {
                try? files.removeItem(at: logs)
                try? files.moveItem(at: aside, to: logs)
            }
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.limit = 90
            let ending = try await run.run()
            #expect(ending.status == 3 && !ending.timedOut, "\(ending.printed)")
            let bundle = try await run.bundle()
            for file in Tree.files(bundle.top) { #expect(!SecretSearch.contains(file.bytes, canary), "\(file.path)") }
        }

        @Test("escape sequences and names of a megabyte")
        func hostileText() async throws {
            let log = logs.appendingPathComponent("system.log")
            let whole = try Data(contentsOf: log)
            defer { try? whole.write(to: log) }
            let escape = "\u{1B}]0;owned\u{07}\u{1B}[2J\u{1B}[31m"
            let long = String(repeating: "a", count: 1 << 20)
            let now = record("x").prefix(23)
            let lines = [
                "\(now) org:\(escape) env:\(escape) api:\(escape) rev:1 messageid:\(escape) NIOThread@1 ERROR HTTP.CLIENT - HTTPClient$Context.onException() : Received fatal alert: bad_certificate\n",
                "\(now) org:\(long) env:\(long) api:\(long) rev:\(long) messageid:\(long) NIOThread@1 ERROR HTTP.CLIENT - HTTPClient$Context.onException() : Received fatal alert: bad_certificate\n",
                "\(now) org:../../../../etc env:.. api:$(touch pwned) rev:`id` messageid:';id;' NIOThread@1 ERROR HTTP.CLIENT - Received fatal alert: bad_certificate\n",
            ]
            try (whole + Data((lines.joined() + record("end")).utf8)).write(to: log)
            let (run, ending, bundle) = try await collect(limit: 120)
            #expect(!(ending.output + ending.errors).contains(0x1B), "an escape sequence reached the terminal")
            #expect(!(ending.output + ending.errors).contains(0x07))
            #expect(!Tree.list(run.scratch.url).contains { $0.contains("pwned") })
            for page in ["START-HERE.txt", "report.html"] {
                #expect(!(try bundle.bytes(page)).contains(0x1B), "\(page)")
            }
            #expect(bundle.file.lastPathComponent.utf8.count <= 255)
            let plan = try await Collect.run(["collect", "--root", lab.info.root, "--dry-run"])
            #expect(plan.status == 0 && !plan.output.contains(0x1B), "\(plan.errorText)")
        }

        @Test("bytes that are no text, a broken gzip and a gzip bomb")
        func brokenFiles() async throws {
            let files = FileManager.default
            var noise = [UInt8](repeating: 0, count: 200_000)
            for index in noise.indices { noise[index] = UInt8.random(in: 0...255) }
            let bomb = try await Program.tool("bash", ["-c", "head -c 300M /dev/zero | gzip -1"])
            let content: [String: Data] = [
                "system.log.30": Data(noise),
                "system-2026-01-01-1.log.gz": Data([0x1F, 0x8B, 8, 0] + noise.prefix(5000)),
                "system-2026-01-02-1.log.gz": Data(bomb.output), "system.log.31": Data(),
                "system.log.32": Data(repeating: 0x0A, count: 500_000),
            ]
            for (name, data) in content { try data.write(to: logs.appendingPathComponent(name)) }
            defer { for name in content.keys { try? files.removeItem(at: logs.appendingPathComponent(name)) } }
            _ = try await collect(limit: 150)
        }

        @Test("nothing that others can write is run as root")
        func programs() async throws {
            let scratch = try Scratch(mode: 0o755)
            let mark = scratch.url.appendingPathComponent("mark")
            let script = Data("#!/bin/sh\necho \"$0\" >> \(mark.path)\n".utf8)
            let bin = try scratch.folder("bin", mode: 0o777)
            #expect(unsafe chmod(bin.path, 0o777) == 0)
            var places = ["tcpdump", "openssl", "sh", "id"].map { bin.appendingPathComponent($0) }
            places.append(root.appendingPathComponent("opt/apigee/apigee-service/bin/apigee-service"))
            places.append(root.appendingPathComponent("opt/apigee/apigee-service/bin/apigee-all"))
            let shell = root.appendingPathComponent("opt/apigee/etc/edge-message-processor.d/APIGEE_APP_LOGDIR.sh")
            let saved = try (places.suffix(2) + [shell]).map { ($0, try Data(contentsOf: $0)) }
            defer { for (file, data) in saved { try? data.write(to: file) } }
            for place in places {
                try script.write(to: place)
                #expect(unsafe chmod(place.path, 0o755) == 0)
                #expect(unsafe chown(place.path, Self.owner, Self.owner) == 0)
            }
            try Data("export APIGEE_APP_LOGDIR=$(echo sourced >> \(mark.path))\n".utf8).write(to: shell)
            var run = try CollectRun(lab, capture: 3)
            run.environment["PATH"] = bin.path + ":/usr/sbin:/usr/bin:/sbin:/bin"
            let ending = try await run.run()
            #expect(ending.status == 0 || ending.status == 3, "\(ending.printed)")
            #expect(
                !FileManager.default.fileExists(atPath: mark.path),
                "\(String(decoding: scratch.bytes("mark"), as: UTF8.self))")
        }

        @Test("a configuration that others may write is refused")
        func configuration() async throws {
            let folder = root.appendingPathComponent("etc/apigee-collect")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appendingPathComponent("config.yaml")
            try Data("mgmt: http://127.0.0.1:1/v1\n".utf8).write(to: file)
            #expect(unsafe chmod(file.path, 0o666) == 0)
            let open = try await Collect.run(["collect", "--root", lab.info.root, "--dry-run"])
            #expect(open.status == 5, "\(open.printed)")
            #expect(unsafe chmod(file.path, 0o644) == 0)
            #expect(unsafe chown(file.path, Self.owner, Self.owner) == 0)
            let foreign = try await Collect.run(["collect", "--root", lab.info.root, "--dry-run"])
            #expect(foreign.status == 5, "\(foreign.printed)")
            #expect(unsafe chown(file.path, 0, 0) == 0)
            let right = try await Collect.run(["collect", "--root", lab.info.root, "--dry-run"])
            #expect(right.status == 0, "\(right.printed)")
            // Comments alone, as the packages bring it, set nothing.
            let shipped = Collect.package.appendingPathComponent("deploy/packages/config.yaml")
            try Data(contentsOf: shipped).write(to: file)
            let commented = try await Collect.run(["collect", "--root", lab.info.root, "--dry-run"])
            #expect(commented.status == 0, "\(commented.printed)")
        }
    }
}
