import Archive
import Foundation
import SupportBundle
import SystemPackage
import Testing

/// Writes small bundles for the tests.
enum Sample {
    static let name = "apigee-support-acme-prod-20261123T100000Z"
    static let time: Int64 = 1_795_428_000

    static func work(_ parent: URL) throws -> WorkFolder {
        let work = try WorkFolder.create(parent: FilePath(parent.path), reserve: 0)
        for (path, content) in [
            ("items/error-message/records.log", "2026-11-23 10:00:00 ERROR handshake_failure\n"),
            ("items/message-processor-log/system.log", String(repeating: "line of a log\n", count: 30_000)),
            ("items/api-proxy/Grüße.txt", "x"), ("items/empty.txt", ""),
        ] {
            let file = try work.makeFinished(path)
            try file.write(Array(content.utf8))
            try file.close()
        }
        return work
    }

    static let memory: [String: [UInt8]] = [
        "START-HERE.txt": Array("read me\n".utf8), "report.html": Array("<p>\n".utf8),
    ]

    @discardableResult
    static func bundle(_ work: WorkFolder, at path: URL) throws -> BundleWriter.Outcome {
        let output = try OutputFile(path: FilePath(path.path))
        let outcome = try BundleWriter(name: name, modified: time).write(work, memory: memory, to: output)
        try output.publish()
        return outcome
    }
}

@Suite("Bundles")
struct BundleTests {
    @Test("are what other programs expect")
    func otherPrograms() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            let outcome = try Sample.bundle(Sample.work(folder), at: file)
            let sum = try Tool.run("sha256sum", [file.path])
            #expect(sum.text.hasPrefix(outcome.digest.sha256))
            #expect(try Data(contentsOf: file).count == outcome.digest.bytes)
            #expect(try Tool.run("gzip", ["-t", file.path]).status == 0)
            let listing = try Tool.run(
                "tar", ["--numeric-owner", "--utc", "--full-time", "--quoting-style=literal", "-tvzf", file.path])
            #expect(listing.status == 0)
            let lines = listing.text.split(separator: "\n")
            #expect(lines.allSatisfy { $0.contains(" 0/0 ") && $0.contains("2026-11-23 10:00:00") }, "\(listing.text)")
            #expect(lines.filter { $0.hasPrefix("d") }.allSatisfy { $0.hasPrefix("drwxr-xr-x") })
            #expect(lines.filter { $0.hasPrefix("-") }.allSatisfy { $0.hasPrefix("-rw-r--r--") })
            let names = lines.compactMap { $0.split(separator: " ").last.map(String.init) }
            #expect(names.first == Sample.name + "/")
            #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            for (tool, arguments) in [
                ("tar", ["-xzf", file.path]), ("bsdtar", ["-tf", file.path]), ("7z", ["t", file.path]),
                (
                    "python3",
                    [
                        "-c",
                        "import tarfile,sys; t=tarfile.open(sys.argv[1]); assert len(t.getnames())==\(names.count); assert all(not m.uname for m in t)",
                        file.path,
                    ]
                ),
            ] where Tool.path(of: tool) != nil {
                let outcome = try Tool.run(tool, arguments, in: folder)
                #expect(outcome.status == 0, "\(tool): \(outcome.text)")
            }
            let check = try Tool.run(
                "sha256sum", ["--strict", "-c", "SHA256SUMS"], in: folder.appendingPathComponent(Sample.name))
            #expect(check.status == 0, "\(check.text)")
            #expect(check.text.split(separator: "\n").count == 6)
        }
    }

    @Test("are the same bytes from another folder, thread, umask")
    func deterministic() throws {
        try withTemporaryFolder { folder in
            let first = folder.appendingPathComponent("1"), second = folder.appendingPathComponent("2")
            try Sample.bundle(Sample.work(folder), at: first)
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                let old = umask(0o077)
                _ = try? Sample.bundle(Sample.work(folder), at: second)
                umask(old)
                done.signal()
            }
            done.wait()
            #expect(try Data(contentsOf: first) == Data(contentsOf: second))
        }
    }

    @Test("are read back entry by entry")
    func readBack() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("b.tar.gz")
            let work = try Sample.work(folder)
            try Sample.bundle(work, at: file)
            let reader = try BundleReader(path: FilePath(file.path))
            #expect(try reader.topFolder() == Sample.name)
            let entries = try reader.entries()
            #expect(entries.filter { !$0.isFolder }.count == 7)
            #expect(entries.first { $0.path == "items/api-proxy/Grüße.txt" }?.bytes == 1)
            #expect(
                try reader.read("items/error-message/records.log", limit: 100)
                    == work.readFinished("items/error-message/records.log"))
            #expect { try reader.read("items/message-processor-log/system.log", limit: 100) } throws: {
                ($0 as? BundleError)?.code == .tooLarge
            }
            #expect { try reader.read("nothing", limit: 100) } throws: { ($0 as? BundleError)?.code == .notFound }
            #expect { try reader.manifest() } throws: { ($0 as? BundleError)?.code == .notABundle }
            var total = 0
            try reader.copy("items/message-processor-log/system.log") { total += $0.count }
            #expect(total == 420_000)
        }
    }

    @Test("are refused with two files of one path")
    func collisions() throws {
        try withTemporaryFolder { folder in
            let work = try Sample.work(folder)
            let writer = try BundleWriter(name: Sample.name, modified: 0)
            for memory in [["items/empty.txt": [UInt8(1)]], ["SHA256SUMS": [1]], ["../x": [1]], ["items": [1]]] {
                #expect { try writer.write(work, memory: memory) { _ in } } throws: {
                    ($0 as? BundleError)?.code == .invalidPath
                }
            }
            #expect(throws: BundleError.self) { try BundleWriter(name: "a/b", modified: 0) }
        }
    }

    @Test("notice a finished file that changed on disk")
    func changed() throws {
        try withTemporaryFolder { folder in
            let work = try Sample.work(folder)
            try Data("y".utf8).write(to: URL(fileURLWithPath: work.path.string + "/finished/items/api-proxy/Grüße.txt"))
            #expect { try BundleWriter(name: Sample.name, modified: 0).write(work) { _ in } } throws: {
                ($0 as? BundleError)?.code == .misuse
            }
        }
    }
}
