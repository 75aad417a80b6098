import Diagnose
import Documents
import Foundation
import SupportBundle
import Testing

private func input() -> DiagnosisInput {
    DiagnosisInput(playbook: "runtime-issues", keyAlias: nil, serverPort: nil, backendIPs: [])
}

/// The same trace as Edge writes it in XML and in JSON.
private func trace(cause: String) -> (xml: String, json: String) {
    (
        """
        <DebugSession><Messages><Message><Data>
        <Point id="StateChange"><DebugInfo><Timestamp>23-11-26 10:00:00:100</Timestamp><Properties><Property name="To">TARGET_REQ_FLOW</Property></Properties></DebugInfo>
        <ResponseMessage><StatusCode>503</StatusCode><Headers><Header name="X-Apigee.fault-code">messaging.adaptors.http.flow.ServiceUnavailable</Header></Headers></ResponseMessage></Point>
        <Point id="Error"><DebugInfo><Timestamp>23-11-26 10:00:00:450</Timestamp><Properties><Property name="error">The Service is temporarily unavailable</Property><Property name="error.cause">\(cause)</Property><Property name="state">TARGET_REQ_FLOW</Property></Properties></DebugInfo></Point>
        </Data></Message></Messages></DebugSession>
        """,
        """
        {"Messages":[{"Data":{"point":[
        {"id":"StateChange","results":[{"ActionResult":"DebugInfo","timestamp":"23-11-26 10:00:00:100","properties":{"property":[{"name":"To","value":"TARGET_REQ_FLOW"}]}},
         {"ActionResult":"ResponseMessage","statusCode":"503","headers":[{"name":"X-Apigee.fault-code","value":"messaging.adaptors.http.flow.ServiceUnavailable"}]}]},
        {"id":"Error","results":[{"timestamp":"23-11-26 10:00:00:450","properties":{"property":[{"name":"error","value":"The Service is temporarily unavailable"},{"name":"error.cause","value":"\(cause)"},{"name":"state","value":"TARGET_REQ_FLOW"}]}}]}
        ]}}]}
        """
    )
}

@Suite("Evidence in other forms")
struct EvidenceTests {
    @Test(
        "a trace in JSON tells what it tells in XML",
        arguments: ["Received fatal alert: protocol_version", "PKIX path building failed", "no such words"])
    func traces(cause: String) throws {
        let (xml, json) = trace(cause: cause)
        var told: [[String]] = []
        var drawn: [JSONValue] = []
        for text in [xml, json] {
            var input = input()
            input.add(kind: .trace, path: "items/trace/trace", bytes: Array(text.utf8))
            told.append(Diagnosis.run(input).verdicts.map { "\($0.confidence) \($0.cause)" })
            let request = Manifest.FailingRequest(
                org: "o", env: "e", api: "a", revision: "1", messageId: "", host: "h", port: 443,
                time: "2026-11-23T10:00:00Z",
                window: Manifest.SpanOfTime(from: "2026-11-23T09:59:00Z", to: "2026-11-23T10:01:00Z"))
            var pictures = PictureBuilder(request: request)
            pictures.take(trace: Array(text.utf8), path: "items/trace/trace")
            let picture = try JSONValue(parsing: pictures.encoded(input))
            drawn.append(try #require(picture["trace"]))
        }
        #expect(told[0] == told[1])
        #expect(told[0].isEmpty == (cause == "no such words"))
        for member in ["status", "faultCode", "failure"] { #expect(drawn[0][member] == drawn[1][member], "\(member)") }
        #expect(drawn[0]["points"]?.array?.count == 2 && drawn[1]["points"]?.array?.count == 2)
        #expect(String(decoding: drawn[1].encoded(), as: UTF8.self).contains("point[1]"))
    }

    @Test("the page of a Router in a trace in JSON, and JSON that is hostile")
    func pages() {
        var page = input()
        page.add(
            kind: .trace, path: "t",
            bytes: Array(#"{"a":[{"content":"<h1>400 No required SSL certificate was sent</h1>"}]}"#.utf8))
        #expect(Diagnosis.run(page).verdicts.map(\.cause) == ["northbound-no-client-certificate"])
        let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        let many =
            "[" + [String](repeating: #"{"name":"error","value":"x"}"#, count: 5_000).joined(separator: ",") + "]"
        for text in [deep, many, "{", "[1,", #"{"name":"error.cause"}"#, "\u{feff}{}"] {
            var input = input()
            input.add(kind: .trace, path: "t", bytes: Array(text.utf8))
            #expect(Diagnosis.run(input).verdicts.isEmpty)
        }
    }

    private static let log = """
        2026-11-23 10:00:00,001 org:o env:e api:a rev:1 messageid:m NIOThread@0 INFO HTTP.CLIENT - one
        2026-11-23 10:00:00,002 org:o env:e api:a rev:1 messageid:m NIOThread@0 ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : SSLClientChannel[C:] handshake failed, message: Received fatal alert: protocol_version
        last line without an end
        """

    @Test("a log that is read piece by piece tells the same, of each node and of all", arguments: [1, 17, 100_000])
    func pieces(step: Int) throws {
        let bytes = Array(Self.log.utf8)
        var whole = input()
        whole.add(kind: .messageProcessorLog, path: "items/l", bytes: bytes)
        var reading = LogReading()
        for start in stride(from: 0, to: bytes.count, by: step) {
            reading.append(Array(bytes[start..<min(start + step, bytes.count)]))
        }
        reading.finish()
        var node = input()
        #expect(node.failureSigns.count == 0 && node.failureSigns.first == nil)
        node.add(log: reading, kind: .messageProcessorLog, path: "items/l")
        #expect(Diagnosis.run(node).verdicts == Diagnosis.run(whole).verdicts)
        #expect(node.failureSigns.first?.location == "line 2")
        var all = input()
        all.add(capture: track(try Tools.fixture("tls/live/o-proto-mismatch.pcap")), path: "c.pcap")
        #expect(all.failureSigns.count == 1 && all.failureSigns.first?.text == "a TLS handshake failed")
        all.add(node)
        #expect(all.failureSigns.count == node.failureSigns.count + 1)
        #expect(all.failureSigns.first?.location == "line 2")
        #expect(Diagnosis.run(all).verdicts.first?.evidence.count ?? 0 > 1)
    }

    @Test("what follows a line without end is read again, and the lines are counted")
    func overlong() {
        var reading = LogReading()
        for _ in 0..<300 { reading.append([UInt8](repeating: 0x78, count: 64 << 10)) }
        reading.append(Array("tail\n".utf8) + Array(Self.log.utf8))
        reading.finish()
        var node = input()
        node.add(log: reading, kind: .messageProcessorLog, path: "items/l")
        #expect(node.failureSigns.count >= 1)
    }

    private func text(_ input: DiagnosisInput) -> [String] {
        var lines: [String] = []
        DiagnosisText.write(input, Diagnosis.verdicts(input)) { lines.append($0) }
        return lines
    }

    @Test("the text for people has verdict, evidence, what to do, and the handshake")
    func written() throws {
        var one = input()
        one.add(capture: track(try Tools.fixture("tls/live/o-proto-mismatch.pcap")), path: "items/c.pcap")
        one.add(kind: .references, path: "items/references/r.json", bytes: Array("{".utf8))
        let lines = text(one)
        #expect(lines.first?.hasPrefix("CERTAIN: ") == true && lines.first?.hasSuffix("(protocol-mismatch)") == true)
        for part in ["  It rests on:", "  To do:", "  Ruled out:", "items/c.pcap"] {
            #expect(lines.contains(part), "\(lines)")
        }
        #expect(lines.contains { $0.contains("ALERT fatal protocol_version") })
        #expect(lines.contains { $0.hasPrefix("not read: items/references/r.json: ") })
        #expect(!lines.contains { $0.contains("are not drawn") })
    }

    @Test("nothing given, nothing found, and more than can be drawn")
    func counts() {
        #expect(text(input()).count == 1)
        var good = input()
        good.add(capture: track(Wire.capture([.open(1)])), path: "c.pcap")
        #expect(text(good).first != text(input()).first)
        let failed = (1...40).flatMap { number -> [Wire.Step] in
            [.open(number), .client(number, Wire.clientHello(name: nil)), .server(number, Wire.alert(40))]
        }
        var many = input()
        let tracker = track(Array(Wire.capture(failed).dropLast(3)))
        tracker.finish()
        many.add(capture: tracker, path: "c.pcap")
        let lines = text(many)
        let drawn = lines.count { $0 == "c.pcap" }
        #expect(drawn > 0 && drawn < 40)
        #expect(lines.contains("\(40 - drawn) more connections are not drawn: --json lists all of them."))
        #expect(lines.contains { $0.hasPrefix("note: c.pcap: ") })
    }
}
