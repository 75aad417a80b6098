import Foundation
import Testing

@testable import Logs

@Suite struct FailureTests {
    private func failures(_ texts: String..., since: LogInstant? = nil, until: LogInstant? = nil) throws
        -> FailureReport
    {
        let folder = try LogFolder()
        let files = try texts.enumerated().map { try folder.write("system.log.\($0.offset)", $0.element) }
        return LogSearch(files: files, zone: .utc).failures(since: since, until: until)
    }

    @Test func tellsAllOfAFailedHandshake() throws {
        let report = try failures(handshakeFailure)
        let group = try #require(report.groups.first)
        #expect(report.groups.count == 1)
        #expect(group.signature == "tls-bad-certificate")
        #expect(group.count == 1)
        #expect([group.org, group.env, group.api] == ["acme", "prod", "orders"])
        #expect(group.backend == LoggedEndpoint(host: "10.1.2.3", port: 8443))
        #expect(group.firstSeen?.iso8601(in: .utc) == "2017-10-23T05:28:57.813Z")
        #expect(group.newest.messageId == "rrt331ea-28215-7515740-33")
        #expect(group.newest.revision == "7")
        #expect(group.newest.sslInfo?.keyAlias == "orders-client")
        #expect(group.newest.sslInfo?.keyStore == "java.security.KeyStore@52de60d9")
        #expect(group.newest.record.line == 1)
        #expect(report.files == ["system.log.0"])
    }

    @Test func putsTheRecordsOfARequestTogether() throws {
        let found = try records(handshakeFailure)
        let context = try #require(FailingRequestContext(records: found.reversed()))
        #expect(context.messageId == "rrt331ea-28215-7515740-33")
        #expect([context.org, context.env, context.api, context.revision] == ["acme", "prod", "orders", "7"])
        #expect(context.channel?.backend(knownPorts: [])?.port == 8443)
        #expect(context.sslInfo?.keyAlias == "orders-client")
        #expect(context.record.message.contains("bad_certificate") || context.record.text.count > 300)
        #expect(FailingRequestContext(records: []) == nil)
    }

    @Test func countsRequestsAcrossARotation() throws {
        let lines = handshakeFailure.split(separator: "\n", omittingEmptySubsequences: false)
        for cut in 1..<3 {
            let report = try failures(
                lines[..<cut].joined(separator: "\n") + "\n", lines[cut...].joined(separator: "\n"))
            #expect(report.groups.map(\.count) == [1])
            #expect(report.groups.first?.newest.sslInfo != nil)
            #expect(report.groups.first?.backend != nil)
        }
    }

    @Test func findsFailuresAmongOtherTraffic() throws {
        var text = ""
        for number in 0..<4000 {
            let head = "2026-11-23 10:\(10 + number / 600):\(10 + number % 50),000 org:o env:e"
            text += "\(head) api:fine rev:1 messageid:ok-\(number) NIOThread@0 INFO HTTP.CLIENT - fine \(number)\n"
            guard number % 1000 == 500 else { continue }
            // Two requests whose records are mixed.
            for record in 0..<3 {
                for request in 0..<2 {
                    let context = "\(head) api:bad\(request) rev:1 messageid:bad-\(number)-\(request) NIOThread@1 ERROR"
                    text +=
                        [
                            "\(context) HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[Connected: Remote:10.0.0.\(request):443 Local:10.1.1.1:40000] Received fatal alert: bad_certificate\n",
                            "\(context) HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLInfo: KeyStore:K@1 KeyAlias:alias\(request) TrustStore:T@1\n",
                            "\(context) ADAPTORS.HTTP.FLOW - X.onException() : y\njavax.net.ssl.SSLException: Received fatal alert: bad_certificate\n\tat a.b\n",
                        ][record]
                }
            }
        }
        let report = try failures(text)
        #expect(report.groups.count == 2)
        for group in report.groups {
            let request = String(group.api?.last ?? "?")
            #expect(group.count == 4)
            #expect(group.backend?.host == "10.0.0.\(request)")
            #expect(group.newest.sslInfo?.keyAlias == "alias\(request)")
            #expect(group.newest.messageId == "bad-3500-\(request)")
            // 3501 ordinary lines and 3 earlier pairs of eight lines stand before.
            let line = try #require(group.newest.record.line)
            let lines = text.split(separator: "\n")
            #expect(lines[line - 1].contains("messageid:bad-3500-\(request) "))
        }
    }

    @Test(arguments: ["C:127.0.0.1:40001 Remote host:127.0.0.1:", "Remote host:127.0.0.1:40001 C:127.0.0.1:"])
    func tellsTheBackendByItsPortComingAgain(_ ends: String) throws {
        let text = (0..<5).map {
            "2026-11-23 10:00:0\($0),000 org:o env:e api:a rev:1 messageid:m-\($0) T@1 ERROR HTTP.CLIENT - "
                + "A.b() : SSLClientChannel[\(ends)\(50_000 + $0)] Received fatal alert: bad_certificate\n"
        }
        let report = try failures(text.joined())
        #expect(report.groups.map(\.count) == [5])
        #expect(report.groups.first?.backend?.port == 40001)
    }

    @Test(arguments: [
        (
            "ERROR HTTP.CLIENT - A.b() : x Received fatal alert: handshake_failure", "tls-fatal-alert",
            "handshake_failure"
        ),
        ("ERROR HTTP.CLIENT - A.b() : x Received fatal alert:\nbad_certificate", "tls-bad-certificate", nil),
        ("ERROR HTTP.SERVER - A.b() : x Received fatal alert: bad_certificate", nil, nil),
        (
            "ERROR HTTP.CLIENT - HTTPClient$Context.handshakeTimeout() : SSLClientChannel[Connected: Remote:1.2.3.4:443 Local:2.3.4.5:40000] isOpen=true handshake timeout",
            "tls-handshake-timeout", nil
        ),
        (
            "ERROR HTTP.CLIENT - a\nsun.security.validator.ValidatorException: PKIX path building failed: x",
            "tls-server-untrusted", nil
        ),
        ("ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : Broken pipe", "tls-handshake-failed", nil),
        ("ERROR A - Unexpected EOF at target", "unexpected-eof-at-target", nil),
        (
            "ERROR A - ErrorResponse{errorCode = messaging.adaptors.http.flow.GatewayTimeout, errorMessage = x}",
            "error-response",
            "messaging.adaptors.http.flow.GatewayTimeout"
        ),
        ("INFO A - Received the request, all fine, SSLInfo: KeyStore:a KeyAlias:b TrustStore:c", nil, nil),
    ])
    func knowsFailuresByTheirWords(_ message: String, _ signature: String?, _ detail: String?) throws {
        let report = try failures("2026-11-23 10:00:00,000 org:o env:e api:a rev:1 messageid:m-1 T@1 \(message)\n")
        #expect(report.groups.map(\.signature) == [signature].compactMap(\.self))
        #expect(report.groups.first?.detail == detail)
    }

    @Test func looksOnlyBetweenTheTwoMoments() throws {
        let later = handshakeFailure.replacingOccurrences(of: "05:28:57", with: "05:29:57").replacingOccurrences(
            of: "-33", with: "-34")
        let text = handshakeFailure + later
        #expect(try failures(text).groups.map(\.count) == [2])
        #expect(try failures(text, since: utc("2017-10-23 05:29")).groups.map(\.count) == [1])
        #expect(
            try failures(text, since: utc("2017-10-23 05:29")).groups.first?.newest.messageId?.hasSuffix("-34") == true)
        #expect(try failures(text, until: utc("2017-10-23 05:29")).groups.map(\.count) == [1])
        #expect(try failures(text, since: utc("2017-10-23 06:00")).groups.isEmpty)
        #expect(try failures(text, since: utc("2017-10-23 06:00"), until: utc("2017-10-23 05:00")).groups.isEmpty)
    }

    @Test func sortsByFrequencyAndBoundsTheGroups() throws {
        var text = ""
        for number in 0..<400 {
            text +=
                "2026-11-23 10:00:00,000 org:o env:e api:p\(number) rev:1 messageid:a-\(number) T@1 ERROR A - Received fatal alert: bad_certificate\n"
        }
        text +=
            "2026-11-23 10:00:00,000 org:o env:e api:p7 rev:1 messageid:b-1 T@1 ERROR A - Received fatal alert: bad_certificate\n"
        let report = try failures(text)
        #expect(report.groups.count == FailureCollector.groupLimit)
        #expect(report.groups.first?.api == "p7")
        #expect(report.groups.reduce(0) { $0 + $1.count } + report.requestsInFurtherGroups == 401)
    }

    @Test func countsUndatedFailures() throws {
        let text =
            "org:o env:e api:a rev:1 messageid:m-1 T@1 ERROR HTTP.CLIENT - Received fatal alert: bad_certificate\n"
        let report = try failures(text, since: LogInstant.now.adding(seconds: -3600))
        #expect(report.groups.map(\.count) == [1])
        #expect(report.groups.first?.lastSeen == nil)
    }

    @Test func findsARequestInAllFiles() throws {
        let folder = try LogFolder()
        func line(_ time: String, _ id: String) -> String {
            "2026-11-23 \(time),000 org:o env:e api:a rev:1 messageid:\(id) T@1 INFO A - x\n\tat a.b.c\n"
        }
        let old = try folder.write("system.log.2.gz", line("09:00:00", "m-1") + line("09:50:00", "m-2"), gzip: true)
        let middle = try folder.write("system.log.1", line("10:00:00", "m-1") + line("10:00:01", "m-12"))
        let new = try folder.write(
            "system.log",
            line("10:00:02", "m-1") + line("11:00:00", "m-1") + line("11:00:00", "x-m-1") + line("11:30:00", "m-3"))
        let search = LogSearch(files: [middle, new, old], zone: .utc)
        let all = search.records(messageId: "m-1", stopWhenFound: false)
        #expect(all.files == ["system.log", "system.log.1", "system.log.2.gz"])
        #expect(
            all.records.map { $0.time?.iso8601(in: .utc).dropFirst(11).prefix(8) } == [
                "09:00:00", "10:00:00", "10:00:02", "11:00:00",
            ])
        #expect(all.records.map(\.line) == [1, 1, 1, 3])
        #expect(all.records.allSatisfy { $0.text.count == line("09:00:00", "m-1").utf8.count })
        // The newest file alone holds this one, far from its start.
        #expect(search.records(messageId: "m-3").files == ["system.log"])
        // Found near the start of a file: it may have begun in the one before, but not in the one before that.
        #expect(search.records(messageId: "m-12").files == ["system.log", "system.log.1", "system.log.2.gz"])
        #expect(search.records(messageId: "m").records.isEmpty)
        #expect(search.records(messageId: "").records.isEmpty)
    }

    /// Jumping over what is of no interest must find the same as reading every record.
    @Test(arguments: zip([6, 7] as [UInt64], [true, false]))
    func findsWhatASimpleReaderFinds(_ seed: UInt64, _ gzip: Bool) throws {
        let logs = GeneratedLogs(seed: seed, start: 1_795_000_000, records: 12_000, files: 1, pace: 50, civil: { $0 })
        let folder = try LogFolder()
        let search = LogSearch(files: [try folder.write("system.log", logs.files[0], gzip: gzip)], zone: .utc)
        let all = try records(logs.files[0])
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let id = "rrt-1-\(Int.random(in: 0..<12_000, using: &generator))-1"
            #expect(search.records(messageId: id).records == all.filter { $0.messageId == id })
        }
    }
}
