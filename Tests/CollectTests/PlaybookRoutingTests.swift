import Foundation
import Lab
import Testing

/// The router, through `--dry-run --json`: every failure that the lab knows leads to its playbook.
@Suite("Which playbook") struct PlaybookRoutingTests {
    /// Failures that share all that can be seen with another playbook: what both ask for is collected.
    static let alike = [
        "tls-handshake-failure": "tls-bad-certificate", "404-same-host-alias": "404-proxy-not-identified",
    ]

    struct Plan {
        let playbook: String
        let why: String
        let items: Set<String>
    }

    private func plan(_ arguments: [String]) async throws -> Plan {
        let ending = try await Collect.run(["collect", "--dry-run", "--json"] + arguments)
        #expect(ending.status == 0, "\(ending.printed)")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any])
        let items = (json["items"] as? [[String: Any]] ?? []).compactMap { $0["item"] as? String }
        return Plan(
            playbook: json["playbook"] as? String ?? "", why: json["why"] as? String ?? "", items: Set(items))
    }

    /// A node whose log shows a symptom a minute ago, among records of other kinds.
    private func node(_ symptom: Symptom) throws -> Scratch {
        let scratch = try Scratch()
        let clock = DateFormatter()
        clock.locale = Locale(identifier: "en_US_POSIX")
        clock.dateFormat = "yyyy-MM-dd HH:mm:ss,SSS"
        let time = clock.string(from: Date().addingTimeInterval(-60))
        let logs = try scratch.folder("opt/apigee/var/log/\(symptom.component.rawValue)/logs")
        let noise = """
            \(time) org:acme-0042 env:prod api:other rev:1 messageid:m-1 NIOThread@1 INFO HTTP.CLIENT - channel from pool
            \(time)  Apigee-Timer-7 WARN ADAPTORS.HTTP.FLOW - LBServer.incrementFailureCount() : Failure count 2 for server : \
            x{Environment=acme-0042__prod,Application=other__1,Target=default}

            """
        try Data((noise + symptom.log(Symptom.Names(), time: time) + noise).utf8).write(
            to: logs.appendingPathComponent("system.log"))
        return scratch
    }

    @Test("by the log", arguments: Symptom.all.filter { !$0.records.isEmpty }.map(\.id))
    func byLog(id: String) async throws {
        let symptom = try #require(Symptom.all.first { $0.id == id })
        let node = try node(symptom)
        let plan = try await plan(["--root", node.path])
        #expect(plan.playbook == Self.alike[id] ?? id, "\(plan)")
        if Self.alike[id] != nil { #expect(plan.why.contains(id)) }
        #expect(plan.why.contains("the log shows") || id == "runtime-issues", "\(plan.why)")
    }

    @Test("by what the client got", arguments: Symptom.all.filter { !$0.response.isEmpty }.map(\.id))
    func byResponse(id: String) async throws {
        let symptom = try #require(Symptom.all.first { $0.id == id })
        let scratch = try Scratch()
        let file = try scratch.write(symptom.response, to: "error.txt")
        let plan = try await plan(["--root", scratch.path, "--mode", "public", "--error", file.path])
        // One code covers several playbooks: then the others are named, and collected too.
        let others = plan.why.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        #expect(plan.playbook == id || others.contains(id) || id == "runtime-issues", "\(plan)")
        if ["503-service-unavailable", "503-no-active-targets"].contains(id) {
            #expect(plan.playbook == id, "\(plan)")
        }
    }

    @Test("by the trace", arguments: Symptom.all.filter { $0.faultCode != nil && $0.isRequest }.map(\.id))
    func byTrace(id: String) async throws {
        let symptom = try #require(Symptom.all.first { $0.id == id })
        let scratch = try Scratch()
        let file = try scratch.write(symptom.trace(Symptom.Names()), to: "trace.xml")
        let plan = try await plan(["--root", scratch.path, "--mode", "public", "--trace", file.path])
        let others = plan.why.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        #expect(plan.playbook == Self.alike[id] ?? id || others.contains(id) || id == "runtime-issues", "\(plan)")
        // The cause in the trace tells apart what one code covers.
        if symptom.cause != nil { #expect(plan.playbook == Self.alike[id] ?? id, "\(plan)") }
    }

    @Test("by the Router's access log, where the Message Processor's log tells nothing", arguments: [false, true])
    func byAccessLog(isTold: Bool) async throws {
        let scratch = try Scratch()
        let logs = try scratch.folder("opt/apigee/var/log/edge-router/nginx")
        let time = ISO8601DateFormatter().string(from: Date().addingTimeInterval(-60))
        func row(_ status: Int, _ id: String, _ code: String) -> String {
            let revision = "/organizations/acme/environments/prod/apiproxies/orders/revisions/7"
            return [
                time, "192.0.2.9:50000", "rrt1", "127.0.0.1:8998", "55.002", "-", "-", "\(status)", "\(status)", "300",
                "90",
                "GET /v1/orders?apikey=k HTTP/1.1", id, "curl", "rrt1-1-2-3", "-", "true", "target", code, "null/null",
                revision, "7", "a", "55001", "orders", "/v1/orders",
            ].joined(separator: "\t") + "\n"
        }
        let code = isTold ? "messaging.adaptors.http.flow.GatewayTimeout" : "-"
        try Data((row(504, "m-4", code) + row(200, "m-5", "-")).utf8).write(
            to: logs.appendingPathComponent("acme~prod.9001_access_log"))
        let ending = try await Collect.run(["collect", "--dry-run", "--json", "--root", scratch.path])
        let plan = try #require(try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any])
        #expect(plan["messageId"] as? String == "m-4", "\(ending.printed)")
        #expect(plan["playbook"] as? String == (isTold ? "504-gateway-timeout" : "runtime-issues"))
    }

    @Test("in doubt the lists of all that fit are collected")
    func union() async throws {
        let scratch = try Scratch()
        let symptom = try #require(Symptom.all.first { $0.id == "503-service-unavailable" })
        let file = try scratch.write(symptom.response, to: "error.txt")
        let plan = try await plan(["--root", scratch.path, "--mode", "public", "--error", file.path])
        for other in ["tls-bad-certificate", "tls-handshake-failure", "503-broken-pipe"] {
            #expect(plan.why.contains(other), "\(plan.why)")
        }
        #expect(plan.items.isSuperset(of: ["packet-capture", "keystore-certificates", "trace"]), "\(plan.items)")
    }

    @Test(
        "nothing known, and a status that many share, lead to the guide", arguments: ["HTTP/1.1 503 x\r\n\r\nx", "x"])
    func guide(text: String) async throws {
        let scratch = try Scratch()
        let file = try scratch.write(text, to: "error.txt")
        let plan = try await plan(["--root", scratch.path, "--mode", "public", "--error", file.path])
        #expect(plan.playbook == "runtime-issues")
        #expect(plan.why.contains("official guide"), "\(plan.why)")
    }

    @Test("every playbook has a symptom in the lab, or is named by a person")
    func everyPlaybook() async throws {
        let list = try await Collect.run(["playbooks", "list"])
        let ids = list.outputText.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(ids.count > 70)
        #expect(Set(ids) == Set(Symptom.all.map(\.id) + Symptom.named))
    }
}
