import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// kill -9 at any moment, and what `resume` makes of it. `APIGEE_KILL_MOMENTS` says how many moments are tried
    /// (Benchmarks/kill.sh: 200).
    @Suite("Killed runs", .lab())
    struct KilledRuns {
        let lab: Lab
        let search: SecretSearch

        init() throws {
            lab = try LabTrait.current
            search = SecretSearch(lab.secrets)
        }

        static let count = ProcessInfo.processInfo.environment["APIGEE_KILL_MOMENTS"].flatMap { Int($0) } ?? 8

        private func workFolders(_ run: CollectRun) throws -> [URL] {
            try FileManager.default.contentsOfDirectory(at: run.work, includingPropertiesForKeys: nil)
                .filter { $0.lastPathComponent.hasPrefix("apigee-collect-") }
        }

        @Test("are finished: a valid bundle each time, nothing raw at any time, nothing left")
        func moments() async throws {
            let whole = try CollectRun(lab, reproduces: false, capture: 0)
            let length = try await whole.run().seconds
            var resumed = 0
            for number in 0..<Self.count {
                let run = try CollectRun(lab, reproduces: false, capture: 0)
                let program = try run.start()
                // Spread over the whole length, somewhere within each piece of it.
                let moment = (Double(number) + .random(in: 0..<1)) / Double(Self.count) * length * 1.05
                try await Task.sleep(for: .seconds(moment))
                program.send(SIGKILL)
                _ = await program.end()
                #expect(search.findings(below: run.work).isEmpty, "raw after \(moment) s")
                let written = run.left
                #expect(written.allSatisfy { $0.hasSuffix(".tar.gz") }, "half-written after \(moment) s: \(written)")
                guard let folder = try workFolders(run).first else { continue }
                resumed += 1
                let ending = try await Collect.run(["resume", folder.path], in: run.scratch.url)
                #expect([0, 3].contains(ending.status), "after \(moment) s: \(ending.printed)")
                #expect(run.leftInWork.isEmpty, "after \(moment) s: \(run.leftInWork)")
                #expect(run.left.count == 1, "after \(moment) s: \(run.left)")
                let bundle = try await run.bundle()
                let verify = try await Collect.verify(bundle.file)
                #expect(verify.status == 0 || verify.status == 6, "after \(moment) s: \(verify.printed)")
                #expect(try bundle.leaks(search).isEmpty)
            }
            #expect(resumed > 0)
        }

        @Test("are finished at the level they began with, and say that other markers may stand for the same secret")
        func strict() async throws {
            let company = lab.info.org.replacing(/-\d+$/, with: "") + ".example"
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            run.arguments += ["--redaction", "strict"]
            let program = try run.start()
            // Some items are finished, and not all.
            var folder: URL?
            for _ in 0..<2_000 {
                try await Task.sleep(for: .milliseconds(5))
                folder = try workFolders(run).first
                let journal = folder.flatMap { try? String(contentsOf: $0.appending(path: "journal"), encoding: .utf8) }
                if journal?.contains("{\"item\":") == true { break }
            }
            program.send(SIGKILL)
            _ = await program.end()
            let ending = try await Collect.run(["resume", try #require(folder).path], in: run.scratch.url)
            #expect([0, 3].contains(ending.status), "\(ending.printed)")
            let bundle = try await run.bundle()
            #expect(bundle.manifest.value("redaction", "level") as? String == "strict")
            #expect(try bundle.leaks(search).isEmpty)
            let items = try #require(bundle.manifest.value("items") as? [[String: Any]])
            let kept = items.filter { ($0["notes"] as? [String])?.contains { $0.contains("another key") } == true }
            #expect(!kept.isEmpty, "\(items)")
            for file in Tree.files(bundle.top) where !file.path.hasSuffix(".pcap") {
                #expect(!SecretSearch.contains(file.bytes, company), "\(file.path)")
            }
        }

        @Test("are found by the next run, which says how to finish them")
        func offered() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 60)
            run.arguments += ["--no-probe"]
            let program = try run.start()
            for _ in 0..<200 where try workFolders(run).isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            let folder = try #require(try workFolders(run).first)
            let busy = try await Collect.run(["resume", folder.path])
            #expect(busy.status == 1 && busy.errorText.contains("still at work"), "\(busy.printed)")
            program.send(SIGKILL)
            _ = await program.end()
            try run.set("--capture", "0")
            let next = try await run.run()
            #expect(next.errorText.contains("apigee-collect resume \(folder.path)"), "\(next.printed)")
        }

        /// A work folder of a run that was killed while its files got their names.
        private func killedAtTheEnd(_ scratch: Scratch, _ name: String, files: [URL]) throws -> URL {
            let folder = try scratch.folder(name)
            #expect(unsafe chmod(folder.path, 0o700) == 0)
            let marks = try files.map { file in
                let facts = try FileManager.default.attributesOfItem(atPath: file.path)
                return
                    "{\"path\":\"\(file.path)\",\"inode\":\(facts[.systemFileNumber] ?? 0),\"bytes\":\(facts[.size] ?? 0)}"
            }
            let lines = [
                "{\"start\":{\"_0\":{\"version\":\"0\",\"arguments\":[\"collect\",\"--no-such-option\"],\"folder\":\"/\","
                    + "\"startedAt\":0,\"messageID\":\"\"}}}",
                "{\"publishing\":{\"shown\":\"\(files.first?.path ?? "")\",\"files\":[\(marks.joined(separator: ","))]}}",
                "",
            ]
            try lines.joined(separator: "\n").write(
                to: folder.appendingPathComponent("journal"), atomically: false, encoding: .utf8)
            return folder
        }

        @Test("are done where the bundle stands already, and take back the half of one")
        func published() async throws {
            let scratch = try Scratch()
            let files = try ["b.tar.gz.001", "b.tar.gz.sha256"].map { try scratch.write("whole", to: $0) }
            let folder = try killedAtTheEnd(scratch, "apigee-collect-0123456789abcdef", files: files)
            let done = try await Collect.run(["resume", folder.path])
            #expect(done.status == 0 && done.outputText.contains(files[0].path), "\(done.printed)")
            #expect(!FileManager.default.fileExists(atPath: folder.path))
            #expect(files.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })

            let half = try killedAtTheEnd(scratch, "apigee-collect-0123456789abcdee", files: files)
            try FileManager.default.removeItem(at: files[1])
            // It has to be collected again, which that command line can't.
            let again = try await Collect.run(["resume", half.path])
            #expect(again.status == 2, "\(again.printed)")
            #expect(!FileManager.default.fileExists(atPath: files[0].path), "the first part is left alone")
        }

        @Test("are refused where somebody else could have made them")
        func refused() async throws {
            let scratch = try Scratch()
            let folder = try scratch.folder("apigee-collect-0123456789abcdef")
            let empty = try await Collect.run(["resume", folder.path])
            #expect(empty.status == 1, "\(empty.printed)")
            #expect(unsafe chmod(folder.path, 0o777) == 0)
            let open = try await Collect.run(["resume", folder.path])
            #expect(open.status == 5, "\(open.printed)")
            let link = scratch.url.appendingPathComponent("apigee-collect-fedcba9876543210")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
            let linked = try await Collect.run(["resume", link.path])
            #expect([1, 5].contains(linked.status), "\(linked.printed)")
        }
    }
}
