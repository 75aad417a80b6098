import Collect
import Documents
import Fleet
import Foundation
import Platform
import Redact
import SupportBundle
import Testing

@Suite("What all nodes together tell")
struct FindingTests {
    @Test("The way of the request, and which Message Processors fail")
    func way() async throws {
        let scratch = try Scratch()
        var bundles: [String] = []
        for number in 1...4 {
            bundles.append(try SampleNode.router("r0\(number)", sees: number == 3).write(scratch))
            let settings = number == 2 ? "a=1\nhttp.client.timeout=5\n" : "a=1\nhttp.client.timeout=60\n"
            bundles.append(
                try SampleNode.processor("mp0\(number)", fails: number == 2, settings: settings).write(scratch))
        }
        let bundle = try await merge(scratch, bundles)
        let verdicts = bundle.result.manifest.diagnosis
        let path = try #require(verdicts.first { $0.cause == "request-path" })
        #expect(path.title == "The failing request went through router r03 and Message Processor mp02")
        #expect(path.evidence.contains { $0.path == "nodes/r03/items/router-log/acme_prod.443_access_log" })
        let failing = try #require(verdicts.first { $0.cause == "some-message-processors-fail" })
        #expect(failing.title == "1 of 4 Message Processors fail: mp02")
        #expect(failing.summary.contains("items/configuration/message-processor.properties is one thing"))
        #expect(failing.evidence.contains { $0.text.contains("http.client.timeout=5") })
        let differing = try #require(verdicts.first { $0.cause == "nodes-differ" })
        #expect(differing.summary.contains("(3 : 1)"))
        // Why comes before where.
        #expect(verdicts.first.map { !["request-path", "nodes-differ"].contains($0.cause) } == true)
        let nodes = bundle.result.manifest.nodes ?? []
        #expect(nodes.filter { $0.sawMessageId == true }.map(\.name) == ["mp02", "r03"])
        #expect(nodes.first { $0.name == "mp02" }?.failures.map { $0 > 0 } == true)
        #expect(nodes.first { $0.name == "mp01" }?.failures == 0)
    }

    @Test("Times are corrected by what was measured, also by an hour and more")
    func clocks() async throws {
        let scratch = try Scratch()
        // One moment on three clocks: an hour and two seconds ahead, right, half an hour behind, in another zone.
        let bundles = [
            try SampleNode.router("r01", at: "2026-11-23T11:00:03+00:00").write(scratch),
            try SampleNode.processor("mp01", at: "2026-11-23 10:00:01,217").write(scratch),
            try {
                var node = SampleNode.processor("mp02", at: "2026-11-23 10:30:01,400")
                node.timezone = "CET (UTC+01:00)"
                return try node.write(scratch)
            }(),
        ]
        let list = """
            {"schema": 1, "nodes": [
             {"name": "r01", "bundle": "r01.tar.gz", "clock": ["1000 3603060", "1100 3603140", "1110 3603200"]},
             {"name": "mp01", "bundle": "mp01.tar.gz", "clockOffsetMs": 0},
             {"name": "mp02", "bundle": "mp02.tar.gz", "clockOffsetMs": -1800000}]}
            """
        let nodes = try NodeList(json: Array(list.utf8), path: scratch.path("nodes.json"))
        #expect(nodes.entries[0].clockOffset == 3_602_035)
        #expect(nodes.entries[0].clockUncertainty == 5)
        let bundle = try await merge(scratch, bundles) { $0.nodes = nodes }
        let logs = try bundle.timeline.filter { $0["event"]?.string == "log" }
        #expect(logs.compactMap { $0["node"]?.string } == ["r01", "mp01", "mp02"])
        #expect(
            logs.compactMap { $0["time"]?.string } == [
                "2026-11-23T10:00:00.965Z", "2026-11-23T10:00:01.217Z", "2026-11-23T10:00:01.400Z",
            ])
        #expect(logs.first?["nodeTime"]?.string == "2026-11-23T11:00:03.000Z")
        #expect(bundle.result.manifest.nodes?.first { $0.name == "r01" }?.clockOffsetMs == 3_602_035)
    }

    @Test("What one node knows for a secret is masked on the others, and nothing else")
    func masking() async throws {
        let scratch = try Scratch()
        let key = PseudonymKey.derived(from: Array("a key of the nodes".utf8))
        let redactor = try Redactor(rules: .builtIn(), key: key)
        let secret = "kT9-vQ2_mZ7xLw4Rb"
        let learned = try redactor.redact(Array("conf_password=\(secret)\nother_password=changeit\n".utf8)).bytes
        #expect(!String(decoding: learned, as: UTF8.self).contains(secret))
        var knows = SampleNode.processor("mp01")
        knows.files.append((.configuration, "other.properties", String(decoding: learned, as: UTF8.self), nil))
        var doesNot = SampleNode.processor("mp02")
        doesNot.files[0].text +=
            "2026-11-23 10:00:02,000 INFO X - sent \(secret), got url=https://h.example/a?x=\(secret)&y=1 changeit\n"
        doesNot.files[0].text += "2026-11-23 10:00:02,100 \(SampleNode.messageID) INFO X - value \"\(secret)\".\n"
        let bundles = [try knows.write(scratch), try doesNot.write(scratch)]

        let bundle = try await merge(scratch, bundles) { $0.pseudonymKey = Secret(key) }
        let log = try bundle.text("nodes/mp02/items/message-processor-log/system.log")
        let marker = redactor.marker(rule: "x", value: Array(secret.utf8)).suffix(12)
        #expect(!log.contains(secret))
        #expect(log.components(separatedBy: marker).count == 4)
        #expect(log.contains("&y=1 changeit\n"))
        #expect(log.filter { $0 == "\n" }.count == doesNot.files[0].text.filter { $0 == "\n" }.count)
        #expect(try !bundle.text("timeline.jsonl").contains(secret))
        #expect(try !bundle.text(Manifest.path).contains(secret))
        let item = try #require(
            bundle.result.manifest.items.first { $0.path == "nodes/mp02/items/message-processor-log/system.log" })
        #expect(item.notes.contains { $0.contains("3 words") })
        #expect(bundle.result.maskedFiles == 1)

        // Without the key, or under another, nobody can know.
        let other = try await merge(try Scratch(), bundles)
        #expect(try other.text("nodes/mp02/items/message-processor-log/system.log").contains(secret))
    }

    @Test("The same inputs give the same bytes, whatever the threads")
    func reproducible() async throws {
        let scratch = try Scratch()
        let bundles = try (1...6).map { try SampleNode.processor("mp0\($0)", fails: $0 % 2 == 0).write(scratch) }
        let one = try await merge(try Scratch(), bundles) { $0.threads = 1 }
        let two = try await merge(try Scratch(), bundles.reversed()) { $0.threads = 4 }
        #expect(try one.text("NODES.txt") == two.text("NODES.txt"))
        #expect(one.result.manifest.diagnosis == two.result.manifest.diagnosis)
        #expect(try one.text("timeline.jsonl") == two.text("timeline.jsonl"))
    }
}
