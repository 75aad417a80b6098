import Foundation
import Lab
import Testing

extension EndToEnd {
    /// One small disk for the work folder and the bundle, of many sizes. `APIGEE_DISK_POINTS` says how many are tried
    /// (Benchmarks/disk.sh: 50).
    @Suite("Small disks", .lab(), .enabled(if: SmallDisk.isPossible, "needs root and the right to mount"))
    struct SmallDisks {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        static let count = ProcessInfo.processInfo.environment["APIGEE_DISK_POINTS"].flatMap { Int($0) } ?? 5

        @Test("end in a valid bundle, or in nothing at all and exit code 1")
        func points() async throws {
            var codes: Set<Int32> = []
            for number in 0..<Self.count {
                let kilobytes = 8 + 240 * number / max(1, Self.count - 1)
                codes.insert(try await SmallDisk.with(kilobytes: kilobytes) { try await point($0, kilobytes) })
            }
            #expect(codes.isSubset(of: [1, 3]) && codes.contains(3))
        }

        @Test("cut a log that does not fit behind a whole record, and say so")
        func cutLog() async throws {
            let log = URL(fileURLWithPath: lab.info.root)
                .appendingPathComponent("opt/apigee/var/log/edge-message-processor/logs/system.log")
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.dateFormat = "yyyy-MM-dd HH:mm:ss,SSS"
            let time = format.string(from: Date())
            var generator = SystemRandomNumberGenerator()
            // What hardly packs: six megabytes of it don't fit on the disk.
            let records = (0..<12_000).map { number in
                let digits = (0..<28).map { _ in String(UInt64.random(in: .min ... .max, using: &generator), radix: 36)
                }
                return "\(time) NIOThread@\(number) INFO SAMPLE - \(digits.joined(separator: ":")) end-\(number)\n"
            }
            let handle = try FileHandle(forWritingTo: log)
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(records.joined().utf8))
            try handle.close()

            var run = try CollectRun(lab, reproduces: false, capture: 0)
            let ending = try await SmallDisk.with(kilobytes: 3_000) { disk in
                try run.set("--work-dir", disk.folder.path)
                return try await run.run()
            }
            #expect(ending.status == 3, "\(ending.printed)")
            let bundle = try await run.bundle()
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0, "\(verify.printed)")
            let item = try #require(
                (bundle.manifest.value("items") as? [[String: Any]])?.first {
                    $0["kind"] as? String == "message-processor-log"
                })
            #expect(item["state"] as? String == "partial")
            #expect((item["truncated"] as? [String: Any])?["how"] is String, "\(item)")
            let text = try bundle.text(try #require(item["path"] as? String))
            let last = try #require(text.split(separator: "\n").last)
            #expect(text.contains(lab.info.messageId ?? "?"))
            #expect(text.count > 100_000 && text.hasSuffix("\n") && last.contains(/end-\d+$/), "ends in '\(last)'")
        }

        private func point(_ disk: SmallDisk, _ kilobytes: Int) async throws -> Int32 {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            for option in ["--output", "--work-dir"] { try run.set(option, disk.folder.path) }
            let ending = try await run.run()
            let left = Tree.list(disk.folder)
            #expect(!ending.timedOut && !ending.wasSignalled, "\(kilobytes) KiB: \(ending.printed)")
            if ending.status == 1 {
                #expect(left.isEmpty, "\(kilobytes) KiB: \(left)")
                #expect(!ending.errors.isEmpty)
            } else {
                #expect(left.count == 1, "\(kilobytes) KiB: \(left)")
                let bundle = try await UnpackedBundle(disk.folder.appendingPathComponent(try #require(left.first)))
                let verify = try await Collect.verify(bundle.file)
                #expect(verify.status == 0 || verify.status == 6, "\(kilobytes) KiB: \(verify.printed)")
                #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
            }
            return ending.status
        }
    }
}
