import Archive
import Foundation
import SupportBundle
import SystemPackage
import Testing

@Suite("The verification")
struct VerifierTests {
    static let name = "apigee-support-acme-prod-20261123T100000Z"

    /// The files of a small, sound bundle, but for SHA256SUMS.
    static func content(log: String = "2026-11-23 ERROR handshake_failure\n") throws -> [String: [UInt8]] {
        let path = "items/error-message/records.log"
        let bytes = Array(log.utf8)
        let digest = try Tool.sha256(bytes)
        var manifest = Manifest(
            tool: .init(version: "0.1.0"),
            bundle: .init(id: "6f1d3c52-9a2e-4d0e-8f6b-0a1b2c3d4e5f", name: name, createdAt: "2026-11-23T10:00:00Z"),
            mode: .private,
            playbook: .init(
                id: "tls-bad-certificate", version: 1, title: "t", source: "https://example.com/x", why: "w"),
            ranAs: .init(user: "root", root: true), argv: ["apigee-collect"],
            request: .init(window: .init(from: "2026-11-23T09:50:00Z", to: "2026-11-23T10:02:00Z")),
            redaction: .init(level: "secrets", rules: 1, rulesSha256: digest),
            limits: .init(timeLimitSeconds: 600, captureSeconds: 60, threads: 1))
        manifest.mustCollect = [.init(item: .errorMessage, required: true, state: .collected)]
        manifest.complete = true
        manifest.items = [
            .init(
                kind: .errorMessage, path: path, title: "log records",
                source: .init(type: .file, location: "/opt/x.log"),
                bytes: bytes.count, sha256: digest, startedAt: "2026-11-23T10:00:00Z")
        ]
        return [path: bytes, "manifest.json": try manifest.encoded(), "START-HERE.txt": Array("read\n".utf8)]
    }

    static func pack(_ content: [String: [UInt8]], name: String = VerifierTests.name) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try BundleWriter(name: name, modified: 1_795_428_000).write(nil, memory: content) { bytes += $0 }
        return bytes
    }

    static func verify(
        _ bytes: [UInt8], literals: [[UInt8]] = []
    ) throws -> VerifyReport {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            try Data(bytes).write(to: file)
            return try BundleVerifier(literals: literals).verify(BundleReader(path: FilePath(file.path)))
        }
    }

    @Test("of a sound bundle finds nothing, and its report is JSON")
    func sound() throws {
        let bytes = try Self.pack(Self.content())
        let report = try Self.verify(bytes)
        #expect(report.problems == [] && report.suspicions == [])
        #expect(report.exitCode == 0)
        #expect(report.name == Self.name)
        #expect(report.files == 4)
        #expect(try report.sha256 == Tool.sha256(bytes))
        #expect(try JSONDecoder().decode(VerifyReport.self, from: JSONEncoder().encode(report)) == report)
        #expect(report.leakScan.state == .clean)
    }

    @Test("finds every single byte that was changed", arguments: [UInt8(0xff), 1])
    func flips(mask: UInt8) throws {
        let good = try Self.pack(Self.content())
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            for index in good.indices {
                var bad = good
                bad[index] ^= mask
                try Data(bad).write(to: file)
                let code = (try? BundleVerifier.verify(path: FilePath(file.path)).exitCode) ?? 1
                #expect(code == 4 || code == 1, "byte \(index) of \(good.count)")
            }
        }
    }

    @Test("finds every cut and every tail")
    func cuts() throws {
        let good = try Self.pack(Self.content())
        for count in stride(from: 0, to: good.count, by: 7) {
            let code = (try? Self.verify(Array(good.prefix(count))).exitCode) ?? 1
            #expect(code == 4 || code == 1, "cut at \(count)")
        }
        for tail in [[UInt8(0)], [1, 2, 3], Array("tail".utf8), [0x1f, 0x8b, 8]] {
            #expect(try Self.verify(good + tail).exitCode == 4)
        }
        #expect(try Self.verify(good + good).exitCode == 4)
        #expect(try Self.verify(Array(good.dropLast(58))).exitCode == 4)
    }

    @Test("notices that a bundle was packed again")
    func repacked() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            try Data(Self.pack(Self.content())).write(to: file)
            #expect(try Tool.run("gunzip", [file.path]).status == 0)
            #expect(try Tool.run("gzip", ["-n", folder.appendingPathComponent("b.tar").path]).status == 0)
            let report = try BundleVerifier.verify(path: FilePath(file.path))
            #expect(report.problems.map(\.kind) == [.archive])
        }
    }

    /// The problems after a change of the content and the repacking of it all.
    static func problems(
        _ change: (inout [String: [UInt8]]) throws -> Void, name: String = VerifierTests.name
    ) throws -> Set<String> {
        var content = try Self.content()
        try change(&content)
        let report = try verify(pack(content, name: name))
        #expect(report.exitCode == 4)
        return Set(report.problems.map { "\($0.kind.rawValue) \($0.path)" })
    }

    static func edited(_ content: inout [String: [UInt8]], _ change: (inout Manifest) -> Void) throws {
        var manifest = try Manifest(decoding: content["manifest.json"] ?? [])
        change(&manifest)
        content["manifest.json"] = try manifest.encoded()
    }

    @Test("compares the manifest with the files, and with itself")
    func manifest() throws {
        let log = "items/error-message/records.log"
        #expect(try Self.problems { $0[log]? += [0x0a] } == ["manifest \(log)"])
        #expect(try Self.problems { $0[log] = nil } == ["manifest \(log)"])
        #expect(try Self.problems { $0["items/trace/x.xml"] = [1] } == ["manifest items/trace/x.xml"])
        #expect(try Self.problems { $0["manifest.json"] = nil } == ["schema manifest.json"])
        #expect(try Self.problems { $0["manifest.json"] = Array("{}".utf8) } == ["schema manifest.json"])
        #expect(try Self.problems({ _ in }, name: "another") == ["manifest manifest.json"])
        #expect(try Self.problems { try Self.edited(&$0) { $0.complete = false } } == ["manifest manifest.json"])
        #expect(try Self.problems { try Self.edited(&$0) { $0.items[0].state = .missing } } == ["manifest \(log)"])
        #expect(try Self.problems { try Self.edited(&$0) { $0.items += $0.items } } == ["manifest \(log)"])
        #expect(try Self.problems { try Self.edited(&$0) { $0.bundle.id = "no uuid" } } == ["schema manifest.json"])
    }

    /// Packed by hand: what our writer would not write.
    static func raw(_ entries: [(ArchiveEntry, [UInt8])]) throws -> [UInt8] {
        let writer = try ArchiveWriter(inMemory: .tarGzip(level: 6))
        for (entry, bytes) in entries { try writer.add(entry, bytes: bytes) }
        return try writer.finish()
    }

    static func link(_ path: String, _ kind: ArchiveEntry.Kind) -> ArchiveEntry {
        var entry = ArchiveEntry(path: path, kind: kind)
        entry.linkTarget = Array("/etc/passwd".utf8)
        return entry
    }

    @Test(
        "finds entries that may not be there",
        arguments: [
            ("traversal", ArchiveEntry(path: "top/../../etc/x")), ("absolute", ArchiveEntry(path: "/etc/x")),
            ("other top", ArchiveEntry(path: "other/x")),
            ("beside the top", ArchiveEntry(path: "x")), ("symlink", link("top/l", .symbolicLink)),
            ("hard link", link("top/h", .hardLink)),
            ("twice", ArchiveEntry(path: "top/a")), ("file as folder", ArchiveEntry(path: "top")),
            ("control", ArchiveEntry(path: "top/a\u{1b}[31m")),
            ("no UTF-8", ArchiveEntry(pathBytes: Array("top/".utf8) + [0xff, 0xfe])),
        ])
    func entries(name: String, entry: ArchiveEntry) throws {
        let bytes = try Self.raw([
            (ArchiveEntry(path: "top/", kind: .directory), []), (ArchiveEntry(path: "top/a"), [1]), (entry, []),
        ])
        let report = try Self.verify(bytes)
        #expect(report.problems.contains { $0.kind == .entry }, "\(report.problems)")
        #expect(report.exitCode == 4)
        for problem in report.problems { #expect(!"\(problem)".contains("\u{1b}")) }
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            try Data(bytes).write(to: file)
            let reader = try BundleReader(path: FilePath(file.path))
            #expect { try reader.entries() } throws: { ($0 as? BundleError)?.code == .notABundle }
        }
    }

    @Test("finds check sums that are missing, wrong or too many")
    func sums() throws {
        func report(_ sums: String?, _ name: String = "SHA256SUMS") throws -> Set<String> {
            var entries = [
                (ArchiveEntry(path: "top/", kind: .directory), [UInt8]()), (ArchiveEntry(path: "top/a"), [1]),
            ]
            if let sums { entries.append((ArchiveEntry(path: "top/" + name), Array(sums.utf8))) }
            return Set(try Self.verify(Self.raw(entries)).problems.filter { $0.kind == .checksum }.map(\.path))
        }
        let right = try Tool.sha256([1])
        #expect(try report("\(right)  a\n") == [])
        #expect(try report(nil) == ["SHA256SUMS"])
        #expect(try report("") == ["a"])
        #expect(try report("\(right)  a\n\(right)  b\n") == ["b"])
        #expect(try report("\(right.replacingOccurrences(of: "4", with: "5"))  a\n") == ["a"])
        #expect(try report("\(right) a\n") == ["SHA256SUMS"])
        #expect(try report("\(right)  a") == ["SHA256SUMS"])
        #expect(try report("\(right)  a\n\(right)  a\n") == ["SHA256SUMS"])
    }

    @Test("of what is no bundle at all says only that", arguments: ["", "no archive, just text\n", "PK\u{3}\u{4}"])
    func nothing(text: String) {
        #expect(throws: BundleError.self) { try Self.verify(Array(text.utf8)) }
    }

    @Test("tells suspicions from known secrets")
    func leaks() throws {
        let bytes = try Self.pack(Self.content(log: "a\npassword=tr0ub4dor\n"))
        let suspicion = try Self.verify(bytes)
        #expect(suspicion.exitCode == 6)
        #expect(suspicion.suspicions.map(\.description) == ["items/error-message/records.log:2: password"])
        #expect(suspicion.leakScan.state == .suspicions)
        let known = try Self.verify(bytes, literals: [Array("tr0ub4dor".utf8)])
        #expect(known.exitCode == 4)
        #expect(known.problems.map(\.kind) == [.secret])
        #expect(!"\(known)".contains("tr0ub4dor"))
    }

    @Test("takes a million entries and a petabyte without filling the memory")
    func bounds() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            // Written by Python straight into gzip: one header, many times, with the number in its name.
            let script = """
                import gzip,sys,tarfile
                f=gzip.open(sys.argv[1],'wb',1)
                for n in range(150000): f.write(tarfile.TarInfo('top/%d'%n).tobuf(tarfile.USTAR_FORMAT))
                f.write(bytes(1024)); f.close()
                """
            #expect(try Tool.run("python3", ["-c", script, file.path]).status == 0)
            let reader = try BundleReader(path: FilePath(file.path))
            #expect { try reader.entries() } throws: { ($0 as? BundleError)?.archive?.code == .tooManyEntries }
            let sparse = """
                import gzip,sys,tarfile
                f=gzip.open(sys.argv[1],'wb',1)
                i=tarfile.TarInfo('top/x'); i.size=1<<50; f.write(i.tobuf(tarfile.GNU_FORMAT)); f.write(bytes(1<<20)); f.close()
                """
            #expect(try Tool.run("python3", ["-c", sparse, file.path]).status == 0)
            #expect { try BundleReader(path: FilePath(file.path)).read("x", limit: 1 << 24) } throws: {
                ($0 as? BundleError)?.archive?.code == .truncated
            }
        }
    }

    @Test("never waits at a FIFO and reads no device", arguments: ["fifo", "/dev/zero", "/nonexistent"])
    func places(path: String) throws {
        try withTemporaryFolder { folder in
            var path = path
            if path == "fifo" {
                path = folder.appendingPathComponent("fifo").path
                #expect(unsafe mkfifo(path, 0o600) == 0)
            }
            #expect(throws: BundleError.self) { try BundleReader(path: FilePath(path)) }
        }
    }

    @Test("finds the same with a thread for the leak scan as without one")
    func threads() throws {
        var content = try Self.content()
        for number in 0..<40 {
            let line = "2026-11-23 \(number) ordinary line of a log\n"
            content["items/node/\(number).log"] = Array(
                (String(repeating: line, count: 30_000 / line.count) + "password=Zq8xR2vL\(number)tN\n").utf8)
        }
        let bytes = try Self.pack(content)
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            try Data(bytes).write(to: file)
            let reports = try [1, 2].map { threads in
                try BundleVerifier(literals: [Array("Zq8xR2vL7tN".utf8)], threads: threads)
                    .verify(BundleReader(path: FilePath(file.path)))
            }
            #expect(reports[0] == reports[1])
            #expect(reports[0].suspicions.count >= 40 && reports[0].problems.contains { $0.kind == .secret })
        }
    }
}
