import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Sources of a node that hang, lie, deny or belong to somebody else.
    @Suite("Hostile sources")
    struct HostileSources {
        private let scratch: Scratch
        private let root: URL

        init() throws {
            scratch = try Scratch(mode: 0o755)
            root = try scratch.folder("root", mode: 0o755)
            _ = try scratch.folder("root/opt/apigee", mode: 0o755)
        }

        private func put(_ path: String, _ text: String, mode: Int = 0o644) throws {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        }

        private static let nodetool = "opt/apigee/apigee-cassandra/bin/nodetool"
        private static let zkTree = "opt/apigee/apigee-zookeeper/contrib/zk-tree.sh"

        private func collect(_ ids: [String], _ arguments: [String] = [], path: URL? = nil) async throws
            -> (ending: Program.Ending, bundle: UnpackedBundle)
        {
            var run = try await CollectRun(root: root, sources: ids, arguments: arguments)
            if let path { run.environment["PATH"] = path.path + ":/usr/sbin:/usr/bin:/sbin:/bin" }
            run.limit = 60
            let ending = try await run.run()
            #expect(ending.status == 0 || ending.status == 3, "\(ending.printed)")
            #expect(run.leftInWork.isEmpty)
            let bundle = try await run.bundle()
            #expect(try await [0, 6].contains(Collect.verify(bundle.file).status))
            return (ending, bundle)
        }

        @Test("tools that ignore signals, leave a child with the pipe, or print without end")
        func tools() async throws {
            let mark = "61.\(Int.random(in: 100_000...999_999))"
            try put(
                Self.nodetool, "#!/bin/sh\ntrap '' TERM INT HUP\necho begun\nwhile :; do sleep \(mark); done\n",
                mode: 0o755)
            // A grandchild in a session of its own that holds both pipes.
            try put(Self.zkTree, "#!/bin/sh\nsetsid sleep \(mark) &\necho /regions/dc-1\n", mode: 0o755)
            let bin = try scratch.folder("bin", mode: 0o755)
            let endless = bin.appendingPathComponent("qpid-stat")
            try Data("#!/bin/sh\necho password=Tr0ub4dor-\(mark)\nexec yes 'queue of \(mark)'\n".utf8).write(
                to: endless)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: endless.path)
            let (ending, bundle) = try await collect(
                ["cassandra-nodetool", "zookeeper-tree", "qpid-queues"], ["--time-limit", "10s"], path: bin)
            #expect(ending.seconds < 25, "\(ending.seconds)")
            let paths = bundle.manifest.itemPaths
            // What hangs once is not tried again with another word.
            #expect(paths.filter { $0.contains("/cassandra/") } == ["items/cassandra/cassandra-nodetool-version.txt"])
            #expect(try bundle.text("items/cassandra/cassandra-nodetool-version.txt").contains("begun"))
            let hung = try #require(bundle.manifest.wanted("cassandra"))
            #expect(hung.state == "partial" && hung.reason?.contains("did not end") == true, "\(hung)")
            #expect(hung.hint?.contains("nodetool") == true)
            #expect(try bundle.text("items/zookeeper/zookeeper-tree.txt").contains("/regions/dc-1"))
            let flood = try bundle.bytes("items/qpid/qpid-queues.txt")
            #expect(flood.count > 1 << 20 && flood.count < 16 << 20, "\(flood.count)")
            #expect(!SecretSearch.contains(flood, "Tr0ub4dor"))
            #expect(bundle.manifest.wanted("qpid")?.state == "partial")
            let left = try await Program.tool("pgrep", ["-f", "sleep \(mark)"])
            // The one that left its session can't be found by who started it; it is only not waited for.
            let count = left.outputText.split(separator: "\n").count
            #expect(count <= 1, "\(left.printed)")
            _ = try await Program.tool("pkill", ["-f", "sleep \(mark)"])
        }

        @Test("commands run one at a time, at the lowest priority")
        func gentle() async throws {
            // Where a user `apigee` can make it too, should this machine have one.
            let lock = FileManager.default.temporaryDirectory.appendingPathComponent("one-at-a-time-\(UUID())").path
            let text = "#!/bin/sh\nmkdir \(lock) || echo OVERLAP\nnice\nionice\nsleep 0.2\nrmdir \(lock)\n"
            try put(Self.nodetool, text, mode: 0o755)
            try put(Self.zkTree, text, mode: 0o755)
            try put("opt/apigee/apigee-service/bin/apigee-all", text, mode: 0o755)
            let run = try await CollectRun(
                root: root, sources: ["cassandra-nodetool", "zookeeper-tree", "component-status"])
            let program = try run.start()
            try await Task.sleep(for: .seconds(1.5))
            let threads = niceness(of: program.identifier)
            #expect(threads.count > 2 && threads.allSatisfy { $0 == 19 }, "\(threads)")
            let ending = await program.end()
            #expect(ending.status == 3 || ending.status == 0, "\(ending.printed)")
            let bundle = try await run.bundle()
            for item in ["cassandra", "zookeeper", "component-status"] {
                let printed = String(decoding: bundle.content(of: [item]), as: UTF8.self)
                #expect(printed.contains("\n19\nidle\n") && !printed.contains("OVERLAP\n"), "\(item): \(printed)")
                #expect(bundle.manifest.wanted(item)?.state == "collected")
            }
        }

        /// The priority of each thread of a process (proc(5): field 19 of its stat).
        private func niceness(of process: Int32) -> [Int] {
            let folder = "/proc/\(process)/task"
            return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { thread in
                let stat = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8)
                // The name in brackets may hold blanks.
                let fields = stat?.split(separator: ")").last?.split(separator: " ") ?? []
                return fields.count > 16 ? Int(fields[16]) : nil
            }
        }

        @Test("pipes, links and hard links in place of files", .enabled(if: getuid() == 0, "needs root"))
        func planted() async throws {
            let canary = "canary" + UUID().uuidString
            let secret = try scratch.write("setting=\(canary)\n", to: "outside")
            #expect(unsafe chmod(secret.path, 0o600) == 0)
            try put("opt/apigee/customer/application/router.properties", "conf_a=1\n")
            try put("opt/apigee/var/log/apigee-zookeeper/zookeeper.log", "2026-11-23 10:00:00,000 - INFO fine\n")
            let folders = ["opt/apigee/customer/application", "opt/apigee/var/log/apigee-zookeeper"]
            for (folder, suffix) in zip(folders, [".properties", ".log"]) {
                let place = root.appendingPathComponent(folder)
                #expect(unsafe mkfifo(place.appendingPathComponent("pipe" + suffix).path, 0o666) == 0)
                try FileManager.default.createSymbolicLink(
                    atPath: place.appendingPathComponent("link" + suffix).path, withDestinationPath: secret.path)
                #expect(unsafe link(secret.path, place.appendingPathComponent("hard" + suffix).path) == 0)
                try FileManager.default.createSymbolicLink(
                    atPath: place.appendingPathComponent("device" + suffix).path, withDestinationPath: "/dev/zero")
            }
            let (ending, bundle) = try await collect(["configuration", "zookeeper-logs"])
            #expect(ending.seconds < 20)
            for file in Tree.files(bundle.top) { #expect(!SecretSearch.contains(file.bytes, canary), "\(file.path)") }
            for item in ["configuration", "zookeeper"] {
                let wanted = try #require(bundle.manifest.wanted(item))
                #expect(wanted.state == "partial" && wanted.reason?.contains("pipe") == true, "\(wanted)")
            }
            #expect(bundle.manifest.itemPaths.contains("items/configuration/router.properties"))
            #expect(bundle.manifest.itemPaths.contains("items/zookeeper/apigee-zookeeper-zookeeper.log"))
        }

        @Test("as root, Edge's tools run as the owner of /opt/apigee", .enabled(if: getuid() == 0, "needs root"))
        func asOwner() async throws {
            try put(Self.nodetool, "#!/bin/sh\nid -u\nid -G\n", mode: 0o755)
            let folder = root.appendingPathComponent("opt/apigee")
            for path in [""] + Tree.list(folder) {
                #expect(unsafe lchown(folder.appendingPathComponent(path).path, 65_534, 65_534) == 0)
            }
            let (_, bundle) = try await collect(["cassandra-nodetool"])
            #expect(try bundle.text("items/cassandra/cassandra-nodetool-info.txt").contains("\n65534\n65534\n"))
        }

        @Test(
            "as nobody: what is denied is told, and nothing of another user is run",
            .enabled(if: getuid() == 0, "needs root"))
        func asNobody() async throws {
            let marks = try scratch.folder("marks", mode: 0o777)
            #expect(unsafe chmod(marks.path, 0o777) == 0)
            let mark = marks.appendingPathComponent("mark")
            try put(Self.nodetool, "#!/bin/sh\necho run > \(mark.path)\n", mode: 0o755)
            #expect(unsafe chown(root.appendingPathComponent(Self.nodetool).path, 4711, 4711) == 0)
            try put(Self.zkTree, "#!/bin/sh\necho /tree\n", mode: 0o755)
            try put("opt/apigee/customer/application/router.properties", "conf_a=1\n", mode: 0o600)
            try put("opt/apigee/customer/application/ui.properties", "conf_b=2\n")
            try put("opt/apigee/var/log/edge-router/logs/system.log", "2026-11-23 10:00:00,000 x\n", mode: 0o600)
            let copy = scratch.url.appendingPathComponent("apigee-collect")
            try FileManager.default.copyItem(atPath: Collect.binary, toPath: copy.path)
            #expect(unsafe chmod(copy.path, 0o755) == 0)
            let ids = ["cassandra-nodetool", "zookeeper-tree", "configuration", "router-system-log", "threads"]
            let run = try await CollectRun(root: root, sources: ids)
            for folder in [run.output, run.work] { #expect(unsafe chown(folder.path, 65_534, 65_534) == 0) }
            let setpriv = try #require(Program.find("setpriv"))
            let ending = try await Program.start(
                setpriv, ["--reuid=65534", "--regid=65534", "--clear-groups", copy.path] + run.arguments,
                environment: ["HOME": "/nonexistent"], in: URL(fileURLWithPath: "/"), limit: 60
            ).end()
            #expect(ending.status == 3, "\(ending.printed)")
            let manifest = try await run.bundle().manifest
            #expect(!FileManager.default.fileExists(atPath: mark.path))
            let tool = try #require(manifest.wanted("cassandra"))
            #expect(tool.state == "missing" && tool.hint?.contains("sudo") == true, "\(tool) \(tool.hint ?? "")")
            #expect(manifest.wanted("zookeeper")?.state == "collected")
            let files = try #require(manifest.wanted("configuration"))
            #expect(files.state == "partial" && files.reason?.contains("router.properties") == true, "\(files)")
            #expect(files.hint?.contains("sudo") == true)
            let log = try #require(manifest.wanted("router-log"))
            #expect(log.state == "missing" && log.hint?.contains("sudo") == true, "\(log)")
        }

        @Test("ports that take a connection and say nothing")
        func silentPorts() async throws {
            _ = try scratch.folder("root/opt/apigee/apigee-zookeeper")
            _ = try scratch.folder("root/opt/apigee/edge-message-processor")
            let silent = try SilentServer()
            let (ending, bundle) = try await collect(
                ["zookeeper-words", "mp-classification-tree", "server-self"],
                ["--time-limit", "10s"]
                    + [2181, 8080, 8081, 8082, 8083, 8084].flatMap {
                        ["--component-port", "\($0)=\($0 == 2181 || $0 == 8082 ? silent.port : 1)"]
                    })
            #expect(ending.seconds < 25, "\(ending.seconds)")
            for item in ["zookeeper", "runtime", "servers"] {
                let wanted = try #require(bundle.manifest.wanted(item))
                #expect(["missing", "partial"].contains(wanted.state), "\(wanted)")
                #expect(wanted.hint?.isEmpty == false)
            }
        }

        @Test(
            "names of the case that would be patterns, paths or SQL stay names",
            arguments: ["a*", "../../etc", "acme\" union select 1 --", "-c", "acme/prod"])
        func names(org: String) async throws {
            try put("opt/nginx/conf.d/acme_prod_default.conf", "server {}\n")
            try put("opt/nginx/conf.d/acme-prod-default-client.pem", "x\n")
            try put("opt/apigee/var/log/edge-router/nginx/acme~prod.9001_access_log", "2026-11-23T10:00:00Z\tx\n")
            let marks = try scratch.folder("marks", mode: 0o777)
            let bin = try scratch.folder("bin", mode: 0o755)
            let psql = bin.appendingPathComponent("psql")
            try Data("#!/bin/sh\nprintf '%s\\n' \"$@\" >> \(marks.path)/psql\n".utf8).write(to: psql)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: psql.path)
            let (_, bundle) = try await collect(
                ["router-virtual-host-files", "router-log", "postgres-figures"], ["--org=" + org, "--env", "prod"],
                path: bin)
            for item in ["virtual-hosts", "router-log"] {
                #expect(bundle.manifest.wanted(item)?.state == "missing", "\(bundle.manifest)")
            }
            let said = (try? String(contentsOf: marks.appendingPathComponent("psql"), encoding: .utf8)) ?? ""
            #expect(!said.contains("fact") && said.contains("pg_total_relation_size"), "\(said)")
            #expect(bundle.manifest.wanted("postgres")?.state == "partial")
        }

        @Test("hosts of the data stores are taken from the settings that name them")
        func storeHosts() async throws {
            let store = try SilentServer()
            try put(
                "opt/apigee/customer/application/message-processor.properties",
                """
                conf_zookeeper_connection.string=127.0.0.1:\(store.port),127.0.0.1:1
                conf_zookeeper_session.timeout=30000
                conf_cassandra_driver.class.host=com.apigee.Driver
                conf_cassandra_hosts=127.0.0.2 nowhere.invalid
                conf_cassandra_host.password=Zk4-very-secret-word

                """)
            let (_, bundle) = try await collect(
                ["datastore-port-check"], ["--component-port", "9042=2", "--component-port", "2181=3"])
            let text = try bundle.text("items/network/datastore-port-check.txt")
            #expect(text.contains("127.0.0.1:\(store.port) connected"), "\(text)")
            #expect(text.contains("127.0.0.1:1 refused") && text.contains("127.0.0.2:2 refused"), "\(text)")
            #expect(text.contains("nowhere.invalid:2 has no address"), "\(text)")
            #expect(!text.contains("30000") && !text.contains("Driver") && !text.contains("secret"), "\(text)")
        }

        @Test("a node that has nothing: each source says why, and how it is had")
        func nothing() async throws {
            let ids = try await SourcePlaybook().sources.map(\.id).filter { $0 != "tried" }
            let ports = [8080, 8081, 8082, 8083, 8084, 2181, 9042].flatMap { ["--component-port", "\($0)=1"] }
            var run = try await CollectRun(root: root, sources: ids, arguments: ports)
            run.environment["PATH"] = try scratch.folder("bin", mode: 0o755).path
            let ending = try await run.run()
            #expect(ending.status == 3, "\(ending.printed)")
            let manifest = try await run.bundle().manifest
            for wanted in manifest.mustCollect {
                // Of the node itself there is always something.
                let states = wanted.item == "node" ? ["partial"] : ["missing", "skipped"]
                #expect(states.contains(wanted.state), "\(wanted)")
                #expect(wanted.reason?.isEmpty == false && wanted.hint?.isEmpty == false, "\(wanted)")
            }
        }
    }
}
