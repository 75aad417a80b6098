import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// Every collector that a playbook may name, in one run over a node that has all there is.
    @Suite("Every collector")
    struct EveryCollector {
        /// What each leaves below `items/`.
        static let files: [String: String] = [
            "error-message": "error-message/records.log", "curl-command": "curl-command/curl.sh",
            "trace": "trace/trace.xml", "tried": "tried/tried.txt", "organization": "organization/organization.json",
            "environment": "environment/environment.json", "api-proxy": ".zip",
            "keystore-certificates": "keystore-certificates/", "truststore-certificates": "truststore-certificates/",
            "references": "references/", "target-servers": "target-servers/",
            "accepted-issuers": "accepted-issuers/s_client", "packet-capture": "packet-capture/capture.pcap",
            "message-processor-log": "message-processor-log/system.log", "router-log": "_access_log",
            "virtual-hosts": "virtual-hosts/virtual-hosts-default.json", "deployments": "deployments/deployments.json",
            "runtime-deployments": "deployments/runtime-deployments.json",
            "debug-sessions": "runtime/debug-sessions.json", "servers": "servers/servers-analytics.json",
            "analytics-groups": "analytics/analytics-groups.json",
            "analytics-status": "analytics/analytics-status.json",
            "mp-environments": "runtime/mp-environments.json", "mp-revisions": "runtime/mp-revisions.json",
            "mp-classification-tree": "runtime/mp-classification-tree.json",
            "server-self": "servers/server-self-edge-router.json",
            "message-processor-startup-log": "edge-message-processor-startupruntimeerrors.log",
            "router-system-log": "router-log/edge-router-system.log",
            "management-server-log": "management-server-log/edge-management-server-system.log",
            "management-server-transactions": "edge-management-server-transactions.log",
            "ui-log": "ui-log/edge-ui-application.log", "startup-logs": "startup-logs/edge-router-startupruntimeerror",
            "zookeeper-logs": "zookeeper/apigee-zookeeper-zookeeper.log",
            "cassandra-logs": "cassandra/apigee-cassandra-system.log", "qpid-logs": "qpid/edge-qpid-server-system.log",
            "postgres-logs": "postgres/apigee-postgresql.log", "microgateway-log": "microgateway-log/edgemicro-",
            "configuration": "configuration/effective-message-processor.properties",
            "router-virtual-host-files": "-default-client.pem",
            "cassandra-configuration": "cassandra/jvm8-server.options",
            "microgateway-configuration": "microgateway-log/microgateway-configuration.txt", "node": "node/system.txt",
            "component-status": "component-status-apigee-all-version.txt", "threads": "-3.txt",
            "heap": "-histogram.txt", "sockets": "network/sockets-ss-tuan.txt",
            "mp-port-check": "network/mp-port-check.txt", "backend-connect": "network/backend-connect-",
            "datastore-port-check": "network/datastore-port-check.txt",
            "client-packet-capture": "packet-capture/client-capture.pcap",
            "zookeeper-words": "zookeeper/zookeeper-words-mntr.txt", "zookeeper-tree": "zookeeper/zookeeper-tree.txt",
            "cassandra-nodetool": "cassandra/cassandra-nodetool-tpstats.txt", "qpid-queues": "qpid/qpid-queues.txt",
            "postgres-figures": "postgres/postgres-figures-1.txt",
            "postgres-alternatives": "postgres/postgres-alternatives.txt",
            "postgres-upgrade-output": "error-message/db_upgrade.txt",
        ]

        @Test(
            "a node that has everything: the bundle is complete, and no secret is in it",
            .enabled(if: Program.find("javac") != nil && getuid() == 0, "needs a JDK and root"))
        func everything() async throws {
            var options = LabOptions()
            options.engine = .openssl
            options.wiring = .targetServer
            options.runsKernel = true
            options.variants.clockAhead = 3600
            try await withLab(.noClientCertificate, options: options) { lab in
                var run = try await CollectRun(lab, sources: nil, reproduces: true, capture: 15)
                let upgrade = try run.scratch.write(
                    "+ pg_upgrade\nERROR: PostgreSQL Upgrade FAILED\n", to: "db_upgrade.txt")
                run.arguments += ["--error", upgrade.path, "--heap", "--time-limit", "30s"]
                let ending = try await run.run()
                #expect(ending.status == 0, "\(ending.printed)")
                let bundle = try await run.bundle()
                #expect(bundle.manifest.isComplete, "\(bundle.manifest.mustCollect)")
                try await whole(bundle)
                let leaks = try bundle.leaks(SecretSearch(lab.secrets))
                #expect(leaks.isEmpty, "\(leaks)")
                #expect(try await [0, 6].contains(Collect.verify(bundle.file).status))
                contents(bundle, lab)
                onlyReads(lab)
                let offset = bundle.manifest.value("node", "clockOffsetMs") as? Int ?? 0
                #expect((-3_602_000...(-3_598_000)).contains(offset), "\(offset)")
                #expect(run.leftInWork.isEmpty)
            }
        }

        /// Each collector of the program has left what the table says, and all of them are the program's own.
        private func whole(_ bundle: UnpackedBundle) async throws {
            let playbook = try await SourcePlaybook()
            #expect(Set(playbook.sources.map(\.id)) == Set(Self.files.keys))
            for source in playbook.sources {
                let name = Self.files[source.id] ?? ""
                #expect(
                    bundle.manifest.itemPaths.contains { $0.hasPrefix("items/\(source.item)/") && $0.contains(name) },
                    "\(source.id)")
                #expect(source.isBuilt || source.id == "postgres-upgrade-output", "\(source.id)")
            }
        }

        private func contents(_ bundle: UnpackedBundle, _ lab: Lab) {
            func text(_ items: String...) -> String { String(decoding: bundle.content(of: items), as: UTF8.self) }
            let configuration = text("configuration")
            #expect(configuration.contains("# set by the customer\nbin_setenv_max_mem=1024m"))
            #expect(configuration.contains("# set by the installer\nconf_cluster_timeout=3000"))
            // Keys stay.
            #expect(configuration.contains("conf_cassandra_password=REDACTED."))
            #expect(text("cassandra").contains("keystore_password: REDACTED."))
            #expect(text("cassandra").contains("READ                         4"))
            #expect(text("zookeeper").contains("imok") && text("zookeeper").contains("zk_avg_latency\t0.4"))
            #expect(text("qpid").contains("ax-q-axgroup001") && text("qpid").contains("connection to broker lost"))
            #expect(text("postgres").contains("2026-10-01") && text("postgres").contains("no space left on device"))
            let dumps = text("threads")
            #expect(dumps.components(separatedBy: "\"Apigee-Main-1\"").count == 4)
            let node = text("node")
            #expect(node.contains("-Xmx64m") && node.contains("-Djavax.net.ssl.trustStorePassword=REDACTED."))
            #expect(node.contains("MemTotal:") && node.contains("Max open files"))
            #expect(text("network").contains("connected in") && text("network").contains("from the management server"))
            #expect(text("runtime").contains(lab.info.revision) && text("runtime").contains(lab.info.env))
            #expect(text("servers").contains("qpid-server") && text("servers").contains("postgres-server"))
            #expect(text("startup-logs").contains("nginx: [emerg] bind()"))
            // Named files only: what lies beside them may hold keys.
            let paths = bundle.manifest.itemPaths
            #expect(!paths.contains { $0.hasSuffix(".key") || $0.contains("cqlshrc") || $0.contains("other_") })
            #expect(!text("management-server-log").contains("of yesterday"))
        }

        /// Nothing but GETs, and the debug session that was asked for; no login goes to the components' own ports.
        private func onlyReads(_ lab: Lab) {
            let others = lab.managementRequests.filter { $0.method != "GET" }
            #expect(others.allSatisfy { $0.method == "POST" && $0.target.contains("/debugsessions?") }, "\(others)")
            #expect(others.count == 1)
            #expect(!lab.componentRequests.isEmpty)
            #expect(lab.componentRequests.allSatisfy { $0.method == "GET" && !$0.hadCredentials })
        }

        @Test("each playbook names collectors of the program alone, for private and public cloud")
        func lists() async throws {
            let list = try await Collect.run(["playbooks", "list", "--json"])
            let json = try #require(try JSONSerialization.jsonObject(with: Data(list.output)) as? [String: Any])
            let built = Set(
                (json["collectors"] as? [[String: Any]] ?? []).filter { $0["inThisVersion"] as? Bool == true }
                    .compactMap { $0["id"] as? String })
            let playbooks = try #require(json["playbooks"] as? [[String: Any]])
            #expect(playbooks.count > 80)
            for playbook in playbooks {
                let lists = playbook["mustCollect"] as? [String: [[String: Any]]] ?? [:]
                for (mode, list) in lists {
                    let from = Set(list.flatMap { $0["from"] as? [String] ?? [] })
                    let others = from.subtracting(built)
                    #expect(
                        others.isSubset(of: ["postgres-upgrade-output"]), "\(playbook["id"] ?? "") \(mode): \(others)")
                }
            }
        }

        @Test(
            "a playbook's list is planned in full",
            arguments: ["trace-requests-missing", "zookeeper-wiring", "router-certificate-error", "analytics-issues"])
        func plan(id: String) async throws {
            let scratch = try Scratch()
            _ = try scratch.folder("opt/apigee")
            let show = try await Collect.run(["playbooks", "list", "--json"])
            let json = try #require(try JSONSerialization.jsonObject(with: Data(show.output)) as? [String: Any])
            let playbook = (json["playbooks"] as? [[String: Any]])?.first { $0["id"] as? String == id }
            let lists = playbook?["mustCollect"] as? [String: [[String: Any]]] ?? [:]
            for mode in ["private", "public"] {
                let plan = try await Collect.run(
                    ["collect", id, "--dry-run", "--json", "--mode", mode, "--root", scratch.path])
                let root = try JSONSerialization.jsonObject(with: Data(plan.output)) as? [String: Any]
                let actions = root?["items"] as? [[String: Any]] ?? []
                let planned = Set(actions.compactMap { $0["item"] as? String })
                let wanted = Set((lists[mode] ?? []).compactMap { $0["item"] as? String })
                // What the operator has tried is no collector's.
                #expect(!wanted.isEmpty && wanted.subtracting(planned).isSubset(of: ["tried"]), "\(mode): \(planned)")
            }
        }

        @Test("what --also asks for is planned too, and nothing else beside the list")
        func alsoPlanned() async throws {
            let scratch = try Scratch()
            _ = try scratch.folder("opt/apigee")
            func items(_ options: [String]) async throws -> Set<String> {
                let plan = try await Collect.run(
                    ["collect", "tls-bad-certificate", "--dry-run", "--json", "--root", scratch.path] + options)
                let root = try JSONSerialization.jsonObject(with: Data(plan.output)) as? [String: Any]
                return Set((root?["items"] as? [[String: Any]] ?? []).compactMap { $0["item"] as? String })
            }
            let (without, with) = (try await items([]), try await items(["--also", "node"]))
            #expect(!without.contains("node") && with == without.union(["node"]), "\(with)")
        }
    }
}
