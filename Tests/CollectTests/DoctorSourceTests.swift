import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// What `doctor` says of each collector, beside what a run then does.
    @Suite("Doctor and sources", .lab())
    struct DoctorSources {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        private func findings(_ environment: [String: String] = [:]) async throws -> [String: [String: Any]] {
            var arguments = ["doctor", "--json", "--root", lab.info.root]
            for (port, real) in lab.info.componentPorts { arguments += ["--component-port", "\(port)=\(real)"] }
            let ending = try await Collect.run(
                arguments,
                environment: ["PATH": lab.info.tools + ":/usr/sbin:/usr/bin:/sbin:/bin"].merging(environment) { $1 })
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any], "\(ending.printed)")
            let rows = json["findings"] as? [[String: Any]] ?? []
            return Dictionary(rows.map { ($0["subject"] as? String ?? "", $0) }) { first, _ in first }
        }

        @Test("a whole node: every collector of it is fine, and a run collects them", .enabled(if: getuid() == 0))
        func fine() async throws {
            let found = try await findings()
            let bad = found.values.filter { $0["state"] as? String != "ok" }.compactMap { $0["subject"] as? String }
            // The lab's Java process is not started here.
            #expect(Set(bad).isSubset(of: ["threads", "heap"]), "\(bad)")
            let ids = [
                "cassandra-nodetool", "zookeeper-words", "qpid-queues", "mp-revisions", "component-status", "qpid-logs",
            ]
            #expect(ids.allSatisfy { found[$0] != nil })
            let run = try await CollectRun(lab, sources: ids)
            let ending = try await run.run()
            #expect(ending.status == 0, "\(ending.printed)")
        }

        @Test("what is broken is told with what mends it, and a run misses the same", .enabled(if: getuid() == 0))
        func broken() async throws {
            let root = URL(fileURLWithPath: lab.info.root)
            let files = FileManager.default
            let nodetool = root.appendingPathComponent("opt/apigee/apigee-cassandra/bin/nodetool")
            let log = root.appendingPathComponent("opt/apigee/var/log/apigee-zookeeper/zookeeper.log")
            let saved = try [nodetool, log].map { ($0, try Data(contentsOf: $0)) }
            for (file, _) in saved { try files.removeItem(at: file) }
            defer {
                for (file, data) in saved {
                    try? files.removeItem(at: file)
                    try? data.write(to: file)
                    try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
                }
            }
            #expect(unsafe mkfifo(log.path, 0o644) == 0)
            // No qpid-stat and no psql.
            let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
            let found = try await findings(environment)
            for id in ["cassandra-nodetool", "zookeeper-logs", "qpid-queues"] {
                let finding = try #require(found[id], "\(id)")
                #expect(finding["state"] as? String == "missing", "\(finding)")
                #expect((finding["text"] as? String)?.isEmpty == false)
            }
            #expect(found["qpid-queues"]?["hint"] as? String == "install qpid-stat and run it again")
            var run = try await CollectRun(lab, sources: ["cassandra-nodetool", "zookeeper-logs", "qpid-queues"])
            run.environment.merge(environment) { $1 }
            let ending = try await run.run()
            #expect(ending.status == 3, "\(ending.printed)")
            let manifest = try await run.bundle().manifest
            for item in ["cassandra", "zookeeper", "qpid"] {
                #expect(manifest.wanted(item)?.state == "missing", "\(manifest)")
            }
        }
    }

    /// Answers of the management API and of ZooKeeper that are not the ordinary ones.
    @Suite("Answers of sources")
    struct SourceAnswers {
        @Test("an error is evidence, a refused word is told with what allows it, a moved log is found")
        func unusual() async throws {
            var options = LabOptions()
            options.engine = .openssl
            options.refusedWords = ["cons"]
            try await withLab(.noClientCertificate, options: options) { lab in
                var run = try await CollectRun(
                    lab, sources: ["debug-sessions", "virtual-hosts", "zookeeper-words", "management-server-log"])
                run.arguments += ["--org", lab.info.org, "--env", lab.info.env, "--api", "no-such", "--revision", "1"]
                // Neither the folder nor the spelling of the guides: the short path, and moved.
                let root = URL(fileURLWithPath: lab.info.root)
                let old = root.appendingPathComponent("opt/apigee/var/log/edge-management-server/logs/system.log")
                let moved = root.appendingPathComponent("srv/logs/ms")
                try FileManager.default.createDirectory(at: moved, withIntermediateDirectories: true)
                try FileManager.default.moveItem(at: old, to: moved.appendingPathComponent("system.log"))
                let script = root.appendingPathComponent("opt/apigee/etc/edge-management-server.d/APIGEE_APP_LOGDIR.sh")
                try FileManager.default.createDirectory(
                    at: script.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("#!/bin/sh\nexport APIGEE_APP_LOGDIR=\"/srv/logs/ms\"\n".utf8).write(to: script)

                let ending = try await run.run()
                #expect(ending.status == 3, "\(ending.printed)")
                let bundle = try await run.bundle()
                let error = try bundle.text("items/runtime/debug-sessions-error.txt")
                #expect(error.contains("404") && error.contains("ApplicationDoesNotExist"))
                #expect(bundle.manifest.wanted("runtime")?.reason?.contains("no-such") == true)
                // The long form first, then the short one.
                let asked = lab.managementRequests.map(\.target).filter { $0.contains("runtime") }
                #expect(asked.map { $0.contains("/o/") } == [false, true], "\(asked)")
                #expect(bundle.manifest.wanted("virtual-hosts")?.state == "collected")
                let words = try #require(bundle.manifest.wanted("zookeeper"))
                #expect(words.state == "partial" && words.reason?.contains("'cons'") == true, "\(words)")
                #expect(words.hint?.contains("4lw.commands.whitelist") == true)
                #expect(bundle.manifest.itemPaths.contains("items/zookeeper/zookeeper-words-mntr.txt"))
                #expect(bundle.manifest.wanted("management-server-log")?.state == "collected")
            }
        }
    }

    /// One playbook of each family, on a node that has what it asks for.
    @Suite("Whole lists", .lab())
    struct WholeLists {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        @Test(
            "every required item is collected",
            arguments: [
                "404-proxy-not-identified", "deployment-issues", "analytics-issues", "cassandra-issues",
                "zookeeper-wiring", "start-issues", "trace-requests-missing", "microgateway-socket-hang-up",
                "router-certificate-error", "upgrade-postgresql",
            ])
        func complete(id: String) async throws {
            var run = try await CollectRun(lab, sources: nil, reproduces: true, capture: 8)
            let index = try #require(run.arguments.firstIndex(of: "all-sources"))
            run.arguments[index] = id
            let error = try run.scratch.write("HTTP/1.1 503 Service Unavailable\r\n\r\n", to: "error.txt")
            run.arguments += ["--error", error.path]
            let ending = try await run.run()
            #expect(ending.status == 0, "\(ending.printed)")
            let manifest = try await run.bundle().manifest
            #expect(manifest.isComplete, "\(manifest)")
            #expect(manifest.value("playbook", "id") as? String == id)
        }
    }

    @Suite("A faulty management server", .lab())
    struct FaultySources {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        @Test(
            "the run ends in time and says why",
            arguments: [Fault.drip, .endlessBody, .serverError, .redirect, .tooMany, .unauthorizedHTML])
        func faults(fault: Fault) async throws {
            lab.faults.replace(with: [fault])
            defer { lab.faults.replace(with: []) }
            var run = try await CollectRun(lab, sources: ["virtual-hosts", "servers", "analytics-groups"])
            run.arguments += ["--time-limit", "8s", "--org", lab.info.org, "--env", lab.info.env]
            let ending = try await run.run()
            #expect(ending.status == 3 || fault == .drip && ending.status == 0, "\(ending.printed)")
            // Eight seconds, and what packing takes on a busy machine; an answer without end would take for ever.
            #expect(!ending.timedOut && ending.seconds < 75, "\(ending.seconds)")
            let bundle = try await run.bundle()
            for wanted in bundle.manifest.mustCollect where fault != .drip {
                #expect(wanted.state != "collected" && wanted.reason?.isEmpty == false, "\(wanted)")
                #expect(wanted.hint?.isEmpty == false, "\(wanted)")
            }
            #expect(!lab.redirectedRequests.contains { $0.hadCredentials })
            #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
        }
    }
}
