import Foundation
import Testing

@testable import Logs

/// A simple reader of logs to compare with: splits whole files into lines and asks every record.
struct ReferenceReader {
    struct Record {
        let text: [UInt8]
        let moments: [Int]
    }

    var files: [[Record]] = []

    /// - Parameter moments: what a civil time (seconds) may mean.
    mutating func add(_ bytes: [UInt8], moments: (Int) -> [Int]) {
        var records: [Record] = []
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let feed = rest.firstIndex(of: 0x0A) {
            lines.append(Array(rest[...feed]))
            rest = rest[(feed + 1)...]
        }
        if !rest.isEmpty { lines.append(Array(rest)) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "yyyy-MM-dd HH:mm:ss"
        var last: [Int] = []
        for line in lines {
            let head = String(decoding: line.prefix(32), as: UTF8.self)
            if head.first?.isNumber == true, let date = format.date(from: String(head.prefix(19))),
                let fraction = Int(head.dropFirst(20).prefix(3))
            {
                let civil = Int(date.timeIntervalSince1970)
                last = (head.hasPrefix(" UTC", after: 23) ? [civil] : moments(civil)).map { $0 * 1000 + fraction }
                records.append(Record(text: line, moments: last))
            } else if head.hasPrefix("org:") {
                records.append(Record(text: line, moments: last))
            } else if let open = records.popLast() {
                records.append(Record(text: open.text + line, moments: open.moments))
            }
        }
        files.append(records)
    }

    func slice(_ from: Int, _ to: Int) -> [UInt8] {
        var result: [UInt8] = []
        for records in files {
            for record in records {
                for moment in record.moments where moment >= from && moment <= to {
                    result += record.text
                    break
                }
            }
        }
        return result
    }
}

extension String {
    fileprivate func hasPrefix(_ prefix: String, after count: Int) -> Bool {
        dropFirst(count).hasPrefix(prefix)
    }
}

/// Logs of ordinary traffic in several files, each the continuation of the one before.
struct GeneratedLogs {
    var files: [[UInt8]] = []
    let first: Int
    let last: Int

    /// - Parameters:
    ///   - civil: the civil second that clocks show at a moment.
    ///   - pace: the longest pause between two records, in milliseconds.
    init(seed: UInt64, start: Int, records: Int, files count: Int, pace: Int, civil: (Int) -> Int) {
        var generator = SeededGenerator(seed: seed)
        var now = start * 1000
        first = now
        for _ in 0..<count {
            var text: [UInt8] = []
            for number in 0..<records {
                // Equal times, and threads that write late.
                let pause =
                    Int.random(in: 0...9, using: &generator) < 3 ? 0 : Int.random(in: 0...pace, using: &generator)
                now += pause
                let written =
                    now
                    - (Int.random(in: 0...19, using: &generator) == 0 ? Int.random(in: 0...900, using: &generator) : 0)
                text += Self.record(written, number: number, isFirst: text.isEmpty, civil: civil, &generator)
            }
            files.append(text)
        }
        last = now
    }

    private static func record(
        _ time: Int, number: Int, isFirst: Bool, civil: (Int) -> Int, _ generator: inout SeededGenerator
    ) -> [UInt8] {
        let kind = Int.random(in: 0...19, using: &generator)
        let end = kind == 7 ? "\r\n" : "\n"
        let isUTC = kind == 3
        let parts = CivilTime(secondsSince1970: isUTC ? time / 1000 : civil(time / 1000))
        let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        let fraction = String(1000 + time % 1000).dropFirst()
        var text =
            "\(parts.year)-\(two(parts.month))-\(two(parts.day)) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
        text += (kind == 4 || isUTC ? "." : ",") + fraction + (isUTC ? " UTC " : " ")
        if kind == 0, !isFirst { text = "" }
        text +=
            "org:acme env:prod api:orders rev:7 messageid:rrt-1-\(number)-1 NIOThread@\(number % 8) INFO HTTP.CLIENT - m\(number)\(end)"
        if kind == 5 {
            text +=
                "java.io.IOException: broken\(end)\tat a.b.C.m(C.java:\(number))\(end)2026 is no date\(end)\(end)Caused by: x\(end)"
        }
        return Array(text.utf8)
    }
}

func sliced(
    _ search: LogSearch, _ from: Int, _ to: Int, maxBytes: Int = .max, center: LogInstant? = nil
) -> (bytes: [UInt8], summary: SliceSummary) {
    var bytes: [UInt8] = []
    let summary = search.slice(
        from: LogInstant(milliseconds: from), to: LogInstant(milliseconds: to), maxBytes: maxBytes, center: center
    ) { _, block in bytes += block }
    return (bytes, summary)
}

/// Compares random windows with the reference, and gives the number of those that differ.
func differences(
    seed: UInt64, windows: Int, gzip: Set<Int>, start: Int, pace: Int, civil: (Int) -> Int, moments: (Int) -> [Int]
) throws -> Int {
    let logs = GeneratedLogs(seed: seed, start: start, records: 3000, files: 3, pace: pace, civil: civil)
    let folder = try LogFolder()
    var reference = ReferenceReader()
    var files: [LogFile] = []
    for (index, bytes) in logs.files.enumerated() {
        reference.add(bytes, moments: moments)
        files.append(
            try folder.write(
                "system.log.\(3 - index)", bytes, gzip: gzip.contains(index), modified: logs.last / 1000 + index))
    }
    let search = LogSearch(files: files.shuffled(), zone: .node)
    var generator = SeededGenerator(seed: seed &+ 99)
    var different = 0
    for _ in 0..<windows {
        let from = Int.random(in: logs.first - 60_000...logs.last + 60_000, using: &generator)
        let to =
            from
            + Int.random(
                in: 0...(Bool.random(using: &generator) ? 2000 : max(2000, (logs.last - logs.first) / 20)),
                using: &generator)
        let (bytes, summary) = sliced(search, from, to)
        let expected = reference.slice(from, to)
        if bytes != expected || summary.bytes != expected.count || summary.cut != nil { different += 1 }
    }
    return different
}

/// Windows to compare, in each of two plans: what takes seconds in a release build takes minutes in a debug build.
/// `LOG_WINDOWS` says another number; Benchmarks/logs.sh compares ten thousand.
#if DEBUG
let manyWindows = ProcessInfo.processInfo.environment["LOG_WINDOWS"].flatMap { Int($0) } ?? 120
#else
let manyWindows = ProcessInfo.processInfo.environment["LOG_WINDOWS"].flatMap { Int($0) } ?? 5000
#endif

struct Comparison: Sendable {
    let seed: UInt64
    let windows: Int
    var gzip: Set<Int> = []
    let pace: Int
}

@Suite struct SliceTests {
    @Test(arguments: [
        Comparison(seed: 1, windows: manyWindows, pace: 200), Comparison(seed: 2, windows: manyWindows, pace: 3000),
        Comparison(seed: 3, windows: 20, gzip: [0, 1], pace: 500), Comparison(seed: 4, windows: 30, pace: 20),
    ])
    func equalsASimpleReader(_ plan: Comparison) throws {
        let different = try differences(
            seed: plan.seed, windows: plan.windows, gzip: plan.gzip, start: 1_795_000_000, pace: plan.pace,
            civil: { $0 }, moments: { [$0] }
        )
        #expect(different == 0)
    }

    @Test func equalsASimpleReaderWhenTheClocksChange() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("TZ", "Europe/Berlin", 1)
            tzset()
            guard let berlin = TimeZone(identifier: "Europe/Berlin") else { exit(1) }
            let offset = { (second: Int) in
                berlin.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
            }
            let moments = { (civil: Int) -> [Int] in
                let found = [7200, 3600].filter { offset(civil - $0) == $0 }.map { civil - $0 }
                return found.isEmpty ? [civil - 3600] : found
            }
            // Both changes of 2026, an hour and a half before them.
            for (index, start) in [1_774_746_000 - 5400, 1_792_890_000 - 5400].enumerated() {
                let different = try differences(
                    seed: 10 + UInt64(index), windows: manyWindows / 2, gzip: [], start: start, pace: 3000,
                    civil: { $0 + offset($0) }, moments: moments)
                if different != 0 { exit(1) }
            }
        }
    }

    @Test func namesFilesAndTimes() throws {
        let folder = try LogFolder()
        let old = try folder.write("system.log.1.gz", "2026-11-23 10:00:00,000 main INFO A - a\n", gzip: true)
        let new = try folder.write(
            "system.log", "2026-11-23 10:00:01,000 main INFO A - b\n\tat x\n2026-11-23 10:00:02,000 main INFO A - c\n")
        let console = try folder.write("console.log", "no time here\nnor here\n")
        let search = LogSearch(files: [new, console, old], zone: .utc)
        var pieces: [String] = []
        let summary = search.slice(
            from: try utc("2026-11-23 10:00"), to: try utc("2026-11-23 10:00:01"), maxBytes: 1 << 20
        ) {
            pieces.append("\($0.path): \(String(decoding: $1, as: UTF8.self))")
        }
        #expect(old.isCompressed && !new.isCompressed)
        #expect(
            pieces == [
                "system.log.1.gz: 2026-11-23 10:00:00,000 main INFO A - a\n",
                "system.log: 2026-11-23 10:00:01,000 main INFO A - b\n\tat x\n",
            ])
        #expect(summary.files.map(\.path) == ["system.log.1.gz", "system.log"])
        #expect(summary.undatedFiles == ["console.log"])
        #expect(summary.records == 2)
        #expect(summary.firstTime?.iso8601(in: .utc) == "2026-11-23T10:00:00.000Z")
        #expect(summary.lastTime?.iso8601(in: .utc) == "2026-11-23T10:00:01.000Z")
        #expect(summary.cut == nil && summary.problems.isEmpty && !summary.wasInterrupted)
    }

    @Test(arguments: [1000, 5000, 20_000, 100_000], [0.0, 0.3, 0.5, 1.0])
    func keepsWhatIsNearestToTheFailure(_ budget: Int, _ place: Double) throws {
        let logs = GeneratedLogs(seed: 5, start: 1_795_000_000, records: 800, files: 2, pace: 400, civil: { $0 })
        let folder = try LogFolder()
        let files = try logs.files.enumerated().map { try folder.write("system.log.\($0.offset)", $0.element) }
        let search = LogSearch(files: files, zone: .utc)
        let center = logs.first + Int(Double(logs.last - logs.first) * place)
        let whole = sliced(search, logs.first, logs.last)
        let part = sliced(search, logs.first, logs.last, maxBytes: budget, center: LogInstant(milliseconds: center))
        #expect(part.bytes.count <= budget)
        #expect(part.bytes.count > budget / 2)
        #expect(part.summary.cut?.bytes == whole.bytes.count - part.bytes.count)
        let first = try #require(part.summary.firstTime), last = try #require(part.summary.lastTime)
        #expect(first.milliseconds <= center + 2000 && last.milliseconds >= center - 2000)
        #expect(position(of: part.bytes, in: whole.bytes) != nil)
    }

    @Test func emptyWindowsGiveNothing() throws {
        let folder = try LogFolder()
        let file = try folder.write("system.log", handshakeFailure)
        let empty = try folder.write("empty.log", "")
        let search = LogSearch(files: [file, empty], zone: .utc)
        #expect(sliced(search, 0, 1000).bytes.isEmpty)
        #expect(sliced(search, 5, 4).bytes.isEmpty)
        #expect(sliced(search, Int.min, Int.max).bytes == Array(handshakeFailure.utf8))
        #expect(sliced(search, Int.min, Int.max, maxBytes: 0).bytes.isEmpty)
        #expect(sliced(LogSearch(files: []), Int.min, Int.max).summary.filesRead == 0)
    }

    @Test func passesOnWhatEmitThrows() throws {
        struct Full: Error {}
        let folder = try LogFolder()
        let search = LogSearch(files: [try folder.write("system.log", handshakeFailure)], zone: .utc)
        #expect(throws: Full.self) {
            try search.slice(from: .distantPast, to: .distantFuture, maxBytes: 1 << 20) { _, _ in throw Full() }
        }
    }
}
