import Foundation
import Synchronization
import Testing

@testable import Logs

@Suite struct HostileTests {
    @Test func keepsTheBeginningOfAHugeLine() throws {
        let folder = try LogFolder()
        let before = Array("2026-11-23 10:00:00,000 main INFO A - before\n".utf8)
        var huge = Array("2026-11-23 10:00:01,000 main INFO A - huge ".utf8)
        huge += [UInt8](repeating: UInt8(ascii: "x"), count: 9 << 20) + [0x0A]
        let after = Array("2026-11-23 10:00:02,000 main INFO A - after\n".utf8)
        let file = try folder.write("system.log", before + huge + Array("\tat a.b\n".utf8) + after)
        let search = LogSearch(files: [file], zone: .utc)
        let (bytes, summary) = sliced(search, 0, LogInstant.distantFuture.milliseconds)
        #expect(summary.records == 3)
        #expect(summary.shortenedRecords == 1)
        #expect(bytes.starts(with: before))
        #expect(bytes.reversed().starts(with: after.reversed()))
        let kept = bytes.count - before.count - after.count
        #expect(kept <= RecordScanner.recordLimit + 100)
        let notice = Array("[apigee-collect: ".utf8)
        let place = try #require(position(of: notice, in: bytes))
        let digits = bytes[(place + notice.count)...].prefix { $0.isDigit }
        let omitted = try #require(Int(String(decoding: digits, as: UTF8.self)))
        #expect(omitted + place - 1 - before.count == huge.count + 8)
        let found = search.records(messageId: "after").records
        #expect(found.map(\.line) == [4])
        #expect(found.first?.offset == before.count + huge.count + 8)
    }

    @Test(arguments: [0, 1, 100, 70_000, 3 << 20])
    func skipsZeros(_ count: Int) throws {
        let record = Array("2026-11-23 10:00:00,000 main INFO A - a\n".utf8)
        let zeros = [UInt8](repeating: 0, count: count)
        #expect(try records(zeros + record + zeros + record).map(\.text) == [record, record])
        #expect(try records(zeros).isEmpty)
        let folder = try LogFolder()
        let file = try folder.write("system.log", zeros + record + zeros + record + zeros)
        #expect(sliced(LogSearch(files: [file], zone: .utc), 0, Int.max).bytes.starts(with: record))
    }

    /// What a scanner reports must be the file, whatever the file is.
    @Test(arguments: 0..<40)
    func losesNothingOfGarbage(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let pieces: [[UInt8]] = [
            Array("2026-11-23 10:00:00,000 ".utf8), Array("org:".utf8), [0x0A], [0x0D, 0x0A], [0xFF, 0xFE],
            Array("{\"".utf8),
            Array("\"logger\" \"level\"".utf8), Array("2026-11-2".utf8), Array("99:99:99".utf8),
            Array(" ERROR - ".utf8),
            Array("SSLInfo: KeyStore:".utf8), Array("SSLClientChannel[C:".utf8), Array("Received fatal alert:".utf8),
            Array("messageid: \\ud800\\".utf8), Array("{\"timestamp\":\"1\",\"logger\":{\"level\":[[[[".utf8),
        ]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...400, using: &generator) {
            bytes += pieces.randomElement(using: &generator) ?? []
            bytes += (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                UInt8.random(in: 1...255, using: &generator)
            }
        }
        #expect(try records(bytes).flatMap(\.text) == bytes)
        let folder = try LogFolder()
        let search = LogSearch(files: [try folder.write("system.log", bytes)], zone: .utc)
        _ = search.failures()
        _ = search.records(messageId: "at")
        #expect(sliced(search, Int.min, Int.max).bytes.count <= bytes.count)
    }

    @Test func readsAPackedLogUpToTheDamage() throws {
        let folder = try LogFolder()
        let logs = GeneratedLogs(seed: 3, start: 1_795_000_000, records: 3000, files: 1, pace: 50, civil: { $0 })
        let whole = try folder.write("system.log.1.gz", logs.files[0], gzip: true)
        let packed = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/system.log.1.gz"))
        _ = try folder.write("cut.gz", Array(packed.prefix(packed.count / 2)))
        let cut = try folder.probe("cut.gz")
        #expect(whole.isCompressed && cut.isCompressed)
        let (bytes, summary) = sliced(LogSearch(files: [cut], zone: .utc), Int.min, Int.max)
        #expect(bytes.count > 10_000)
        #expect(logs.files[0].starts(with: bytes))
        #expect(summary.problems.map(\.path) == ["cut.gz"])
        #expect(sliced(LogSearch(files: [whole], zone: .utc), Int.min, Int.max).bytes == logs.files[0])
    }

    @Test func tellsWhichFilesCannotBeRead() throws {
        let folder = try LogFolder()
        let good = try folder.write("system.log", handshakeFailure)
        let gone = LogFile(path: "gone\u{1B}[2J.log", size: 1, modified: Int(Int32.max), isCompressed: false) {
            throw OpenFailure()
        }
        let directory = LogFile(path: "folder", size: 1, modified: Int(Int32.max), isCompressed: false) {
            try openForReading("/")
        }
        let notGzip = LogFile(path: "x.gz", size: 1, modified: Int(Int32.max), isCompressed: true, open: good.open)
        let report = LogSearch(files: [gone, good, directory, notGzip], zone: .utc).failures()
        #expect(report.groups.count == 1)
        #expect(Set(report.problems.map(\.path)) == [gone.path, "folder", "x.gz"])
        #expect(report.problems.allSatisfy { !$0.reason.contains("\u{1B}") })
        #expect(throws: LogError.self) { try LogFile.probe(path: "gone", open: gone.open) }
    }

    @Test func livesWithALogThatIsCutWhileItIsRead() throws {
        let folder = try LogFolder()
        let logs = GeneratedLogs(seed: 4, start: 1_795_000_000, records: 20_000, files: 1, pace: 50, civil: { $0 })
        let file = try folder.write("system.log", logs.files[0])
        let path = folder.path + "/system.log"
        let opened = Mutex(0)
        let shrinking = LogFile(path: "system.log", size: file.size, modified: file.modified, isCompressed: false) {
            try openForReading(path)
        }
        var bytes: [UInt8] = []
        let summary = LogSearch(files: [shrinking], zone: .utc).slice(
            from: .distantPast, to: .distantFuture, maxBytes: .max
        ) {
            bytes += $1
            opened.withLock { $0 += 1 }
            unsafe truncate(path, 1000)
        }
        #expect(opened.withLock { $0 } > 1)
        #expect(logs.files[0].starts(with: bytes))
        #expect(summary.problems.count == 1)
    }

    @Test func readsOnInARotatedLog() throws {
        let folder = try LogFolder()
        let logs = GeneratedLogs(seed: 4, start: 1_795_000_000, records: 20_000, files: 1, pace: 50, civil: { $0 })
        let file = try folder.write("system.log", logs.files[0])
        let path = folder.path + "/system.log"
        var bytes: [UInt8] = []
        let summary = LogSearch(files: [file], zone: .utc).slice(from: .distantPast, to: .distantFuture, maxBytes: .max)
        {
            if bytes.isEmpty {
                unsafe rename(path, path + ".1")
                _ = FileManager.default.createFile(atPath: path, contents: Data("2026-11-23 10:00:00,000 new\n".utf8))
            }
            bytes += $1
        }
        #expect(bytes == logs.files[0])
        #expect(summary.problems.isEmpty)
    }

    @Test func endsSoonWhenCancelled() throws {
        let folder = try LogFolder()
        let logs = GeneratedLogs(seed: 4, start: 1_795_000_000, records: 20_000, files: 1, pace: 50, civil: { $0 })
        let file = try folder.write("system.log", logs.files[0])
        let asked = Atomic(0)
        let cancelled: @Sendable () -> Bool = { asked.wrappingAdd(1, ordering: .relaxed).newValue > 8 }
        var count = 0
        let summary = LogSearch(files: [file], zone: .utc, isCancelled: cancelled).slice(
            from: .distantPast, to: .distantFuture, maxBytes: .max
        ) { count += $1.count }
        #expect(summary.wasInterrupted)
        #expect(count < logs.files[0].count)
        let search = LogSearch(files: [file], zone: .utc, isCancelled: { true })
        #expect(search.failures().wasInterrupted)
        #expect(search.records(messageId: "m").wasInterrupted)
    }

    @Test func boundsNamesAndRecords() throws {
        let long = String(repeating: "n", count: 1 << 20)
        let text =
            "2026-11-23 10:00:00,000 org:\(long) env:e api:\u{1B}[31m rev:1 messageid:m T ERROR A - Received fatal alert: bad_certificate \(long)\n"
        let folder = try LogFolder()
        let search = LogSearch(files: [try folder.write("system.log", text)], zone: .utc)
        let report = search.failures()
        for group in report.groups {
            #expect((group.org ?? "").utf8.count <= 1024)
            #expect(group.newest.record.text.count <= 8192)
        }
        for record in search.records(messageId: "m").records {
            #expect(record.text.count <= LogRecord.textLimit)
            #expect(record.message.utf8.count <= LogRecord.textLimit)
        }
    }
}
