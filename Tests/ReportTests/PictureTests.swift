import Diagnose
import Documents
import Foundation
import Report
import SupportBundle
import Testing

/// The pictures of a real capture, certificate, log and trace: what is drawn, what the tables say and what the diagnosis
/// has is the same.
@Suite struct PictureTests {
    private static let log = """
        2026-11-23 10:00:00,001 org:o env:e NIOThread@0 INFO HTTP.CLIENT - one
        2026-11-23 10:00:00,500 org:o env:e NIOThread@0 ERROR HTTP.CLIENT - handshake failed
            at com.example.Some.thing(Some.java:1)
        2026-11-23 10:00:31,000 UTC org:o env:e NIOThread@0 ERROR HTTP.CLIENT - in another zone
        2026-11-23 10:01:05.000 Apigee-Main-6 INFO KERNEL.DEPLOYMENT - revision 7 deployed
        2026-11-23 11:00:00,000 Apigee-Main-6 ERROR KERNEL - outside of the window
        """

    private static let trace = """
        <DebugSession><Messages><Message><Data>
        <Point id="StateChange"><DebugInfo><Timestamp>23-11-26 10:00:00:100</Timestamp><Properties><Property name="To">PROXY_REQ_FLOW</Property></Properties></DebugInfo></Point>
        <Point id="Execution"><DebugInfo><Timestamp>23-11-26 10:00:00:110</Timestamp><Properties><Property name="stepDefinition-name">VA-Key</Property></Properties></DebugInfo></Point>
        <Point id="StateChange"><DebugInfo><Timestamp>23-11-26 10:00:00:150</Timestamp><Properties><Property name="To">TARGET_REQ_FLOW</Property></Properties></DebugInfo></Point>
        <Point id="Error"><DebugInfo><Timestamp>23-11-26 10:00:00:450</Timestamp><Properties><Property name="error">The Service is temporarily unavailable</Property><Property name="error.cause">Received fatal alert: bad_certificate</Property><Property name="state">TARGET_REQ_FLOW</Property></Properties></DebugInfo></Point>
        </Data></Message></Messages></DebugSession>
        """

    private static let certificate = """
        {"certName":"client-cert","certInfo":[{"subject":"CN=client","issuer":"CN=Root CA, O=OtherCompany, ST=VIC, C=AU",
        "validFrom":1700000000000,"expiryDate":1764000000000}]}
        """

    private static let keystore = """
        {"name":"store","certs":["client-cert"],"keys":[],"aliases":[{"aliasName":"client","cert":"client-cert","key":"k"}]}
        """

    private struct Case {
        var manifest: Manifest
        var input: DiagnosisInput
        var diagnosis: JSONValue
    }

    private func example(capture: String = "jsse/tls12-ca-mismatch") throws -> Case {
        var manifest = Samples.complete
        manifest.request.window = .init(from: "2026-11-23T10:00:00+01:00", to: "2026-11-23T10:02:00+01:00")
        manifest.request.time = "2026-11-23T10:00:00.500+01:00"
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: "client", serverPort: nil, backendIPs: [])
        let tracker = ConversationTracker()
        tracker.append(try Files.read("Tests/Fixtures/\(capture).pcap")[...])
        tracker.finish()
        input.add(capture: tracker, path: "items/packet-capture/capture.pcap")
        func add(_ kind: ItemKind, _ file: String, _ text: String) {
            input.add(kind: kind, path: "items/\(kind.rawValue)/\(file)", bytes: Array(text.utf8))
        }
        add(.keystoreCertificates, "keystore-store.json", Self.keystore)
        add(.keystoreCertificates, "store-client-cert.json", Self.certificate)
        var builder = PictureBuilder(request: manifest.request)
        let item = Samples.item(.messageProcessorLog, "system.log", "Log", bytes: 1)
        builder.begin(log: item)
        // Piece by piece, so that lines are cut anywhere.
        for byte in Self.log.utf8 { builder.take(log: [byte]) }
        builder.finishLog()
        builder.take(trace: Array(Self.trace.utf8), path: "items/trace/trace.xml")
        return Case(manifest: manifest, input: input, diagnosis: try JSONValue(parsing: builder.encoded(input)))
    }

    private func page(_ example: Case, language: Language = .english) throws -> XMLElement {
        let bytes = try ReportPage.html(
            example.manifest, ReportMaterial(diagnosis: example.diagnosis), language: language)
        return try tree(String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: ["jsse/tls12-ca-mismatch", "jsse/tls12-no-client-cert", "tls/tls12-foreign"])
    func theLadderIsThatOfTheDiagnosis(capture: String) throws {
        let example = try example(capture: capture)
        var json: [UInt8] = []
        DiagnosisText.writeJSON(example.input, []) { json += $0 }
        let printed = try #require(try JSONValue(parsing: json)["connections"]?.array)
        let failed = try #require(printed.first { $0["outcome"]?.string == "failed" })
        // The value in the bundle is what `diagnose --json` prints, and the file it is from.
        var kept = try #require(example.diagnosis["connections"]?[0]?.object)
        #expect(kept["path"]?.string == "items/packet-capture/capture.pcap")
        kept["path"] = nil
        #expect(JSONValue.object(kept) == failed)

        let section = try #require(try page(example).section("handshake"))
        let messages = try #require(failed["messages"]?.array)
        let rows = section.cells(ofTable: "messages")
        #expect(rows.count == messages.count)
        #expect(rows.map { $0[0] } == messages.map { "\($0["frame"]?.int ?? 0)" })
        #expect(rows.map { $0[4] } == messages.map { "\($0["length"]?.int ?? 0)" })
        let client = rows.first?[2]
        #expect(rows.map { $0[2] == client } == messages.map { $0["from"]?.string == "client" })
        // The drawing: one arrow a message, with the same words, the same side and the same frame.
        let steps = section.descendants("g").filter { $0["class"]?.hasPrefix("step") == true }
        #expect(steps.count == rows.count)
        #expect(steps.map { $0.first("text")?.text } == rows.map { $0[3] })
        let frames = section.descendants("text").filter { $0["x"] == "0" && $0.text.hasPrefix("frame ") }.map(\.text)
        #expect(frames == rows.map { "frame " + $0[0] })
        let heads = steps.map { $0.first("svg")?["x"] }
        #expect(heads == messages.map { $0["from"]?.string == "client" ? "96%" : "4%" })
        // Every alert that is not a goodbye is marked and explained.
        let alerts = (failed["alerts"]?.array ?? []).filter { $0["description"]?.string != "close_notify" }
        let marks = section.descendants("ol").first { $0["class"] == "marks" }?.all("li") ?? []
        #expect(marks.count >= alerts.count && !alerts.isEmpty)
        #expect(section.descendants("circle").count == marks.count)
        for alert in alerts {
            #expect(marks.contains { $0.allText.contains(alert["description"]?.string ?? "?") })
        }
    }

    @Test func theCertificatesAreCompared() throws {
        let example = try example()
        let data = try #require(example.diagnosis["certificates"])
        #expect(data["match"]?.string == "refused")
        let authorities = example.diagnosis["connections"]?[0]?["certificateRequest"]?["authorities"]?.strings ?? []
        #expect(data["acceptedCount"]?.int == authorities.count)
        #expect((data["accepted"]?.array ?? []).map { $0["name"]?.string } == authorities)
        let section = try #require(try page(example).section("certificates"))
        #expect(section.descendants("p").first?.text.hasPrefix("Mismatch") == true)
        // The parts that differ are marked on both sides, those that agree are not.
        let rows = section.descendants("table").first { $0["class"] == "difference" }?.first("tbody")?.all("tr") ?? []
        #expect(!rows.isEmpty)
        for row in rows {
            let isSame = row.all("td").last?.text == "same"
            #expect(row.descendants("mark").count == (isSame ? 0 : 2), "\(row.allText)")
        }
        #expect(rows.contains { $0.allText.contains("OtherCompany") && $0.allText.contains("different") })
        let names = section.descendants("ul").first { $0["class"] == "accepted-names" }?.all("li") ?? []
        #expect(names.map { $0.first("bdi")?.text } == authorities)
        // The axis has a bar for each certificate, and the expired one is red.
        let dates = section.cells(ofTable: "dates")
        let bars = section.descendants("rect").filter { $0["class"]?.hasPrefix("valid-") == true }
        #expect(bars.count == dates.count && !bars.isEmpty)
        #expect(dates[0][2].hasPrefix("2023-11-14 to 2025-11-24"))
        #expect(bars[0]["class"] == "valid-bad" || dates[0][2].contains("days left"))
    }

    @Test func anAcceptedIssuerIsAMatch() throws {
        var example = try example()
        let name = try #require(
            example.diagnosis["connections"]?[0]?["certificateRequest"]?["authorities"]?.strings.first)
        let text = Self.certificate.replacing("CN=Root CA, O=OtherCompany, ST=VIC, C=AU", with: name)
        var input = DiagnosisInput(playbook: "tls-bad-certificate", keyAlias: "client", serverPort: nil, backendIPs: [])
        let tracker = ConversationTracker()
        tracker.append(try Files.read("Tests/Fixtures/jsse/tls12-ca-mismatch.pcap")[...])
        tracker.finish()
        input.add(capture: tracker, path: "items/packet-capture/capture.pcap")
        input.add(
            kind: .keystoreCertificates, path: "items/keystore-certificates/keystore-store.json",
            bytes: Array(Self.keystore.utf8))
        input.add(
            kind: .keystoreCertificates, path: "items/keystore-certificates/store-client-cert.json",
            bytes: Array(text.utf8))
        example.diagnosis = try JSONValue(parsing: PictureBuilder(request: example.manifest.request).encoded(input))
        #expect(example.diagnosis["certificates"]?["match"]?.string == "accepted")
        let section = try #require(try page(example).section("certificates"))
        #expect(section.descendants("p").first?["class"] == "result good")
        #expect(section.descendants("table").allSatisfy { $0["class"] != "difference" })
        #expect(section.descendants("line").filter { $0["class"] == "link-line good" }.count == 1)
    }

    @Test func theTimeLineCountsTheLog() throws {
        let example = try example()
        let lane = try #require(example.diagnosis["logs"]?[0])
        // Continuation lines are no records; what bears another zone or lies outside is put where it belongs.
        #expect((lane["records"]?.array ?? []).reduce(0) { $0 + ($1.int ?? 0) } == 3)
        #expect((lane["errors"]?.array ?? []).reduce(0) { $0 + ($1.int ?? 0) } == 1)
        let section = try #require(try page(example).section("timeline"))
        let rows = section.cells(ofTable: "rate")
        #expect(rows.map { Int($0[1]) ?? 0 }.reduce(0, +) == 3)
        #expect(rows.map { $0[0] } == ["10:00:00", "10:01:04"])
        let bars = section.descendants("rect").filter { $0["class"] == "bar" }
        #expect(bars.count == rows.count)
        #expect(section.descendants("rect").filter { $0["class"] == "red" }.count == rows.filter { $0[2] != "0" }.count)
        #expect(section.allText.contains("3 records, 1 error"))
        let events = section.descendants("ol").first { $0["class"] == "events" }?.all("li") ?? []
        let words = events.map { $0.descendants("strong").first?.text ?? "" }
        #expect(words.contains("Failing request") && words.contains("Traced transaction"))
        #expect(words.contains("Deployment:"))
        #expect(events.first { $0.allText.contains("Failing request") }?.first("time")?.text == "10:00:00.500")
        // Marks in the drawing name the same numbers as the list.
        let chips = events.compactMap { $0.descendants("span").first { $0["class"]?.hasPrefix("chip") == true }?.text }
        #expect(chips == (1...chips.count).map(String.init))
        let lines = section.descendants("line").filter { $0["class"]?.hasPrefix("mark-line") == true }
        #expect(lines.count == chips.count)
        let picture = section.descendants("div").first { $0["role"] == "img" }?["aria-label"] ?? ""
        #expect(picture.contains("1 logs with 3 records, 1 errors among them, and \(chips.count) events"))
    }

    @Test func eachNodeHasALaneOfItsOwn() throws {
        var manifest = Samples.complete
        manifest.request.window = .init(from: "2026-11-23T10:00:00Z", to: "2026-11-23T10:02:00Z")
        manifest.request.time = "2026-11-23T10:00:00Z"
        var builder = PictureBuilder(request: manifest.request)
        for (node, file) in [("mp-1", "system.log"), ("mp-2", "system.log"), ("mp-2", "system.1.log")] {
            var item = Samples.item(.messageProcessorLog, file, "Log", bytes: 1)
            item.path = "nodes/\(node)/" + item.path
            builder.begin(log: item)
            builder.take(log: Array(Self.log.utf8)[...])
            builder.finishLog()
        }
        let input = DiagnosisInput(playbook: "", keyAlias: nil, serverPort: nil, backendIPs: [])
        let example = Case(
            manifest: manifest, input: input, diagnosis: try JSONValue(parsing: builder.encoded(input)))
        let logs = try #require(example.diagnosis["logs"]?.array)
        #expect(logs.map { $0["node"]?.string } == ["mp-1", "mp-2"])
        #expect(logs.map { $0["paths"]?.strings.count } == [1, 2])
        let sums = logs.map { lane in (lane["records"]?.array ?? []).reduce(0) { $0 + ($1.int ?? 0) } }
        #expect(sums[1] == 2 * sums[0] && sums[0] > 0)
        let section = try #require(try page(example).section("timeline"))
        #expect(section.allText.contains("mp-1 · Message Processor log · \(sums[0]) records"))
        #expect(section.descendants("table").count == 2)
    }

    @Test func theTraceShowsWhereItFailed() throws {
        let section = try #require(try page(try example()).section("trace"))
        let rows = section.cells(ofTable: "steps")
        #expect(
            rows.map { $0[0] } == [
                "PROXY_REQ_FLOW", "VA-Key", "TARGET_REQ_FLOW", "Received fatal alert: bad_certificate",
            ])
        #expect(rows.map { $0[2] } == ["+0 ms", "+10 ms", "+50 ms", "+350 ms"])
        #expect(rows.map { $0[3] } == ["50 ms", "40 ms", "", ""])
        let bars = section.descendants("rect").filter { $0["class"]?.hasPrefix("flow-") == true }
        #expect(bars.map { $0["x"] } == ["0.00%", "2.86%", "14.29%", "99.40%"])
        #expect(bars.last?["class"] == "flow-failed")
        let facts = section.first("dl")?.allText ?? ""
        #expect(facts.contains("TARGET_REQ_FLOW") && facts.contains("Received fatal alert: bad_certificate"))
    }

    @Test func aPageInChineseDrawsTheSame() throws {
        let example = try example()
        let english = try page(example)
        let chinese = try page(example, language: .chinese)
        for name in ["rect", "line", "circle", "path", "tr"] {
            #expect(english.descendants(name).count == chinese.descendants(name).count, "\(name)")
        }
        #expect(chinese.section("handshake")?.allText.contains("空，未发送证书") == true)
    }

    @Test func numbersOfAForeignDiagnosisAreBounded() throws {
        let huge = JSONValue.integer(.max)
        let least = JSONValue.integer(.min)
        let example = Case(
            manifest: Samples.complete,
            input: DiagnosisInput(playbook: "", keyAlias: nil, serverPort: nil, backendIPs: []),
            diagnosis: [
                "counts": ["tls": huge],
                "logs": [
                    [
                        "node": "a", "kind": "x", "start": huge, "width": huge, "records": [huge, huge],
                        "errors": [huge],
                    ],
                    [
                        "start": least, "width": least, "records": [least], "errors": [huge],
                        "deployments": [["time": least]],
                    ],
                ],
                "trace": ["points": [["time": huge, "name": "a"], ["time": least, "name": "b"]]],
                "certificates": [
                    "chain": [
                        ["subject": "", "notBefore": "0001-01-01T00:00:00Z", "notAfter": "9999-12-31T23:59:59Z"]
                    ],
                    "acceptedCount": huge, "matchedIssuer": huge, "nearest": least, "accepted": [["name": "CN=,="]],
                    "acceptedFrom": [:], "match": "refused",
                ],
                "connections": [
                    [
                        "tls": true, "outcome": "failed", "startedAt": "0001-01-01T00:00:00Z",
                        "messages": [["frame": huge, "length": least, "time": "9999-12-31T23:59:59.999999Z"]],
                    ]
                ],
            ])
        _ = try page(example)
    }
}
