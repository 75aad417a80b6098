import Logs
import Testing

/// Packed logs are read on several threads at once.
@Suite struct ThreadTests {
    @Test(arguments: [2, 3, 8]) func severalThreadsFindWhatOneFinds(threads: Int) throws {
        let folder = try LogFolder()
        var files: [LogFile] = []
        for hour in 0..<6 {
            let lines = (0..<2_000).map { number in
                let time = "2026-11-23 1\(hour):\(10 + number / 60 % 50):\(10 + number % 50),000"
                let id = number % 97 == hour ? "rrt-7-7-7" : "rrt-1-\(number)-1"
                return "\(time) org:o env:e api:a rev:1 messageid:\(id) NIOThread@0 INFO HTTP - number \(number)\n"
            }
            files.append(
                try folder.write(
                    "system.log.\(hour).gz", lines.joined(), gzip: hour < 5, modified: 1_795_428_000 + hour * 3_600))
        }
        let search = LogSearch(files: files, zone: .utc)
        let one = search.records(messageId: "rrt-7-7-7", stopWhenFound: false)
        #expect(one.records.count > 100 && one.files.count == 6 && one.problems.isEmpty)
        let many = search.records(messageId: "rrt-7-7-7", stopWhenFound: false, threads: threads)
        #expect(many.records == one.records)
        #expect(many.files == one.files && many.problems.isEmpty && !many.isCut)
    }
}
