import Testing

@testable import Logs

@Suite struct AccessLogTests {
    private static let fields = [
        "2026-11-23T10:00:00+01:00", "10.1.1.1:50000", "router1", "10.2.2.2:8998", "0.534", "-", "-", "503", "503",
        "410",
        "130", "GET /v1/orders?apikey=k HTTP/1.1", "rrt331ea-28215-7515740-33", "curl/8.0", "router1-1-2-3", "-",
        "true",
        "target", "messaging.adaptors.http.flow.ServiceUnavailable", "-", "-", "7",
    ]

    @Test(arguments: ["\t", "|", " | "])
    func readsStatusIdAndFault(_ separator: String) throws {
        let row = try #require(AccessLogRow(Array((Self.fields.joined(separator: separator) + "\n").utf8)))
        #expect(row.status == 503)
        #expect(row.upstreamStatus == 503)
        #expect(row.upstream == "10.2.2.2:8998")
        #expect(row.requestTime == "0.534")
        #expect(row.messageId == "rrt331ea-28215-7515740-33")
        #expect(row.faultSource == "target")
        #expect(row.faultCode == "messaging.adaptors.http.flow.ServiceUnavailable")
    }

    @Test(arguments: ["", "\n", "a\tb", "2026-11-23T10:00:00Z", String(repeating: "\t", count: 300)])
    func refusesOtherLines(_ line: String) {
        #expect(AccessLogRow(Array(line.utf8)) == nil)
    }

    @Test func isSearchedLikeOtherLogs() throws {
        let folder = try LogFolder()
        var other = Self.fields
        other[0] = "2026-11-23T11:00:00+01:00"
        other[12] = "rrt331ea-28215-7515740-34"
        let text = [Self.fields, other].map { $0.joined(separator: "\t") + "\n" }.joined()
        let search = LogSearch(files: [try folder.write("access_log", text)])
        let record = try #require(search.records(messageId: "rrt331ea-28215-7515740-34").records.first)
        #expect(record.time?.iso8601(in: .utc) == "2026-11-23T10:00:00.000Z")
        #expect(AccessLogRow(record.text)?.messageId == "rrt331ea-28215-7515740-34")
    }
}
