import Testing

@testable import Logs

struct Shape: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var time: String?
    var org: String?
    var env: String?
    var api: String?
    var revision: String?
    var messageId: String?
    var thread: String?
    var level: String?
    var logger: String?
    var method: String?
    var message = ""

    var testDescription: String { name }
}

let shapes = [
    Shape(
        name: "all context",
        text:
            "2017-10-23 05:28:57,813 org:acme env:prod api:orders rev:7 messageid:rrt331ea-28215-7515740-33 NIOThread@0 "
            + "ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : it failed\n",
        time: "2017-10-23T05:28:57.813Z", org: "acme", env: "prod", api: "orders", revision: "7",
        messageId: "rrt331ea-28215-7515740-33", thread: "NIOThread@0", level: "ERROR", logger: "HTTP.CLIENT",
        method: "HTTPClient$Context.handshakeFailed", message: "it failed"),
    Shape(
        name: "no date",
        text:
            "org:acme env:prod api:orders rev:7 messageid:rrt-1-2-3 NIOThread@1 ERROR HTTP.CLIENT - "
            + "HTTPClient$Context.handshakeTimeout() : late\n",
        org: "acme", env: "prod", api: "orders", revision: "7", messageId: "rrt-1-2-3", thread: "NIOThread@1",
        level: "ERROR", logger: "HTTP.CLIENT", method: "HTTPClient$Context.handshakeTimeout", message: "late"),
    Shape(
        name: "two spaces, org and env only",
        text:
            "2018-01-30 08:28:09,721 org:mynonprod env:uat  qtp2007599722-712162 ERROR DISTRIBUTION - "
            + "DebugSessionAPI.createDebugSession() : no valid responses from MP(s), throwing error\n",
        time: "2018-01-30T08:28:09.721Z", org: "mynonprod", env: "uat", thread: "qtp2007599722-712162", level: "ERROR",
        logger: "DISTRIBUTION", method: "DebugSessionAPI.createDebugSession",
        message: "no valid responses from MP(s), throwing error"),
    Shape(
        name: "no context, two spaces",
        text:
            "2018-02-27 14:14:50,318  Apigee-Main-6 ERROR MESSAGING.RUNTIME - "
            + "AbstractConfigurator.handleUpdate() : Fatal error deploying proxy\n",
        time: "2018-02-27T14:14:50.318Z", thread: "Apigee-Main-6", level: "ERROR", logger: "MESSAGING.RUNTIME",
        method: "AbstractConfigurator.handleUpdate", message: "Fatal error deploying proxy"),
    Shape(
        name: "dot and zone", text: "2017-12-27 07:44:46.000 UTC org:acme env:test main INFO KERNEL - ready\n",
        time: "2017-12-27T07:44:46.000Z", org: "acme", env: "test", thread: "main", level: "INFO", logger: "KERNEL",
        message: "ready"),
    Shape(
        name: "empty values", text: "2017-12-27 07:44:46.001 UTC org: env: main INFO ZOOKEEPER - connected\r\n",
        time: "2017-12-27T07:44:46.001Z", org: "", env: "", thread: "main", level: "INFO", logger: "ZOOKEEPER",
        message: "connected"),
    Shape(
        name: "empty values, no date", text: "org: env: main INFO ZOOKEEPER - connected\n", org: "", env: "",
        thread: "main", level: "INFO", logger: "ZOOKEEPER", message: "connected"),
    Shape(
        name: "thread with spaces",
        text: "2020-02-29 23:59:60,5 New I/O worker #3 WARN c.a.p.h.d.DNSCachedAddress - x y\n",
        time: "2020-03-01T00:00:00.500Z", thread: "New I/O worker #3", level: "WARN",
        logger: "c.a.p.h.d.DNSCachedAddress",
        message: "x y"),
    Shape(
        name: "distance from UTC", text: "2020-07-01T12:00:00.250+02:00 main INFO A - b\n",
        time: "2020-07-01T10:00:00.250Z",
        thread: "main", level: "INFO", logger: "A", message: "b"),
    Shape(
        name: "no level", text: "2020-07-01 12:00:00,250 something else entirely\n", time: "2020-07-01T12:00:00.250Z",
        message: "something else entirely"),
    Shape(
        name: "impossible date", text: "2020-13-41 12:00:00,250 main INFO A - b\n",
        thread: "2020-13-41 12:00:00,250 main",
        level: "INFO", logger: "A", message: "b"),
    Shape(
        name: "wrapped sample",
        text: """
            2017-10-23 05:28:57,813 org:org-name env:env-name api:apiproxy-name
            rev:revision-number messageid:message_id NIOThread@0 ERROR
            HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[C:1.2.3.4:443
            Remote host:5.6.7.8:40000]@65461

            """,
        time: "2017-10-23T05:28:57.813Z", org: "org-name", env: "env-name", api: "apiproxy-name",
        revision: "revision-number", messageId: "message_id", thread: "NIOThread@0", level: "ERROR",
        logger: "HTTP.CLIENT", method: "HTTPClient$Context.handshakeFailed", message: "SSLClientChannel[C:1.2.3.4:443"),
    Shape(
        name: "hybrid",
        text:
            #"{"timestamp":"1583783842128","level":"ERROR","thread":"NIOThread@4","mdc":{"org":"acme","env":"prod","#
            + #""api":"orders","rev":"3","messageid":"m-1"},"logger":"HTTP.SERVER","message":"say \"hi\"\u00e9\nmore","#
            + #""class":"com.example.A","method":"run"}"# + "\n",
        time: "2020-03-09T19:57:22.128Z", org: "acme", env: "prod", api: "orders", revision: "3", messageId: "m-1",
        thread: "NIOThread@4", level: "ERROR", logger: "HTTP.SERVER", method: "run", message: "say \"hi\"é"),
    Shape(
        name: "hybrid, ISO time",
        text:
            #"{"logger":"HTTP.SERVER","thread":"NIOThread@4","@timestamp":"2020-03-09T19:57:22.128Z","level":"INFO"}"#
            + "\n",
        time: "2020-03-09T19:57:22.128Z", thread: "NIOThread@4", level: "INFO", logger: "HTTP.SERVER"),
]

@Suite struct RecordTests {
    @Test(arguments: shapes)
    func readsEveryShapeOfLine(_ shape: Shape) throws {
        let record = try #require(try records(shape.text).first)
        #expect(record.time?.iso8601(in: .utc) == shape.time)
        #expect(record.org == shape.org)
        #expect(record.env == shape.env)
        #expect(record.api == shape.api)
        #expect(record.revision == shape.revision)
        #expect(record.messageId == shape.messageId)
        #expect(record.thread == shape.thread)
        #expect(record.level == shape.level)
        #expect(record.logger == shape.logger)
        #expect(record.method == shape.method)
        #expect(record.message == shape.message)
        #expect(record.text == Array(shape.text.utf8))
        #expect(record.line == 1)
    }

    @Test func keepsStacksWithTheirRecord() throws {
        let found = try records(handshakeFailure)
        #expect(found.map(\.line) == [1, 2, 3])
        #expect(found.flatMap(\.text) == Array(handshakeFailure.utf8))
        #expect(String(decoding: found[2].text, as: UTF8.self).hasSuffix("6 common frames omitted\n"))
        #expect(found[2].offset == found[0].text.count + found[1].text.count)
    }

    @Test func leavesJSONBodiesInsideTheirRecord() throws {
        let text = """
            2020-07-01 12:00:00,250 main INFO A - body:
            {"level":"high","message":"not a log line"}
            {
              "logger": "neither"
            }
            2020-07-01 12:00:01,250 main INFO A - next

            """
        #expect(try records(text).count == 2)
    }

    @Test func givesUndatedRecordsTheTimeBefore() throws {
        let text = "2020-07-01 12:00:00,250 main INFO A - a\norg:o env:e main INFO B - b\norg:o env:e main INFO C - c\n"
        let found = try records(text)
        #expect(found.map(\.logger) == ["A", "B", "C"])
        #expect(Set(found.map(\.time)).count == 1)
    }

    @Test(arguments: [
        ("SSLClientChannel[C:10.1.2.3:8443 Remote host:10.9.8.7:51234]@1", "10.1.2.3:8443", false),
        ("SSLClientChannel[C:10.1.2.3:51234 Remote host:10.9.8.7:8443]@1", "10.9.8.7:8443", false),
        ("SSLClientChannel[C:10.1.2.3:51234 Remote host:10.9.8.7:51235]@1", "10.9.8.7:51235", false),
        ("SSLClientChannel[Connected: Remote:10.1.2.3:443 Local:10.0.0.1:45678]@1 x", "10.1.2.3:443", true),
        ("ClientChannel[Connected: Remote:10.1.2.3:51234 Local:10.0.0.1:443]@1 x", "10.1.2.3:51234", true),
        ("SSLClientChannel[C:[2001:db8::1]:443 Remote host:/10.9.8.7:40000]", "2001:db8::1:443", false),
        (
            "SSLClientChannel[C:0:0:0:0:0:0:0:1:443 Remote host:backend.example.com/10.9.8.7:40000]",
            "0:0:0:0:0:0:0:1:443", false
        ),
        ("SSLClientChannel[C:IP address:port #\nRemote host:10.9.8.7:443]", "10.9.8.7:443", false),
    ])
    func tellsTheBackendFromTheChannel(_ dump: String, _ backend: String, _ certain: Bool) throws {
        let channel = try #require(addresses("... : \(dump)"))
        let found = try #require(channel.backend(knownPorts: []))
        #expect("\(found.host):\(found.port)" == backend)
        #expect(channel.isRemoteCertain == certain)
        #expect(channel.candidates.first == found)
    }

    @Test func knownPortsDecideBetweenTheEnds() throws {
        let dump = "SSLClientChannel[C:10.1.2.3:40001 Remote host:10.9.8.7:40002]"
        let channel = try #require(addresses(dump))
        #expect(channel.backend(knownPorts: [40001])?.host == "10.1.2.3")
        #expect(channel.backend(knownPorts: [40002])?.host == "10.9.8.7")
        #expect(channel.candidates.count == 2)
    }

    @Test(arguments: [
        "", "[", "SSLClientChannel[", "SSLClientChannel[]", "SSLClientChannel[C: Remote host:]",
        "SSLClientChannel[C:a:99999 x",
        "SSLClientChannel[C:a:-1 Remote:", "SSLClientChannel[Remote:]", "SSLClientChannel[C::1]",
    ])
    func refusesBrokenChannels(_ dump: String) {
        #expect(addresses(dump) == nil)
    }

    @Test(arguments: [
        (
            "SSLInfo: KeyStore:java.security.KeyStore@52de60d9 KeyAlias:orders-client TrustStore:java.security.KeyStore@6ec45759",
            "java.security.KeyStore@52de60d9", "orders-client", "java.security.KeyStore@6ec45759"
        ),
        ("SSLInfo: KeyStore:null KeyAlias:null TrustStore:null", nil, nil, nil),
        ("SSLInfo: KeyStore:K@1, KeyAlias:my key alias, TrustStore:T@2, more", "K@1", "my key alias", "T@2"),
        ("SSLInfo: KeyStore:K@1\nKeyAlias:wrapped\nTrustStore:T@2", "K@1", "wrapped", "T@2"),
        ("SSLInfo: KeyAlias:only this", nil, "only this", nil),
    ])
    func readsSSLInfo(_ text: String, _ keyStore: String?, _ alias: String?, _ trustStore: String?) throws {
        let info = try #require(sslInfo(text))
        #expect(info.keyStore == keyStore)
        #expect(info.keyAlias == alias)
        #expect(info.trustStore == trustStore)
    }

    /// Where one read ends and the next begins must not matter: there the mark between two records may be cut anywhere.
    @Test(arguments: -28...4, ["\n", "\r\n"])
    func findsRecordsAcrossTheBordersOfReads(_ shift: Int, _ end: String) throws {
        // The first read fills the whole buffer of a scanner.
        let border = RecordScanner.recordLimit + 256 << 10 + shift
        let head = Array("2026-11-23 10:00:00,000 main INFO A - ".utf8)
        let next = Array(
            (end + "2026-11-23 10:00:01,000 main INFO A - b" + end + "org:o env:e main INFO A - c" + end).utf8)
        var bytes: [UInt8] = []
        while bytes.count < border {
            let length = min(200_000, border - bytes.count)
            let fill = max(0, length - head.count - (border - bytes.count > 200_000 ? end.utf8.count : 0))
            bytes += (length > head.count ? head : []) + [UInt8](repeating: UInt8(ascii: "x"), count: fill)
            if bytes.count < border { bytes += Array(end.utf8) }
        }
        let before = bytes.count { $0 == 0x0A } + 1
        bytes += next
        let found = try records(bytes)
        #expect(found.count == before + 2)
        #expect(found.map(\.line) == (1...before + 2).map { $0 })
        #expect(found.last?.text == Array(("org:o env:e main INFO A - c" + end).utf8))
        #expect(found.reduce(0) { $0 + $1.text.count } == bytes.count)
    }
}
