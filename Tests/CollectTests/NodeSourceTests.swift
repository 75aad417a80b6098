import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Sources of a node that have ways of their own to tell what they hold.
    @Suite("Sources of a node")
    struct NodeSources {
        private func shell(_ text: String, in folder: URL) async throws {
            let ending = try await Program.tool("sh", ["-ec", text], in: folder)
            try #require(ending.status == 0, "\(ending.printed)")
        }

        @Test("of nginx's error log the window is taken, in its own form of time, however long it is")
        func errorLog() async throws {
            let scratch = try Scratch(mode: 0o711)
            let root = try scratch.folder("root", mode: 0o755)
            let logs = try scratch.folder("root/opt/apigee/var/log/edge-router/nginx", mode: 0o755)
            func line(_ second: Int, _ text: String) -> String {
                let clock = [second / 3600, second / 60 % 60, second % 60].map { String(format: "%02d", $0) }
                return "2026/11/23 \(clock.joined(separator: ":")) [error] 812#0: *\(second) \(text)\n"
            }
            let reason = "upstream timed out (110: Connection timed out) while reading response header from upstream"
            let rows = (0..<80_000).map { line($0, "\(reason), request number \($0)") }
            try Data(rows.joined().utf8).write(to: logs.appendingPathComponent("acme~prod.9001_error_log"))
            let run = try await CollectRun(
                root: root, sources: ["router-log"],
                arguments: [
                    "--org", "acme", "--env", "prod", "--since", "2026-11-23 02:00:00", "--until",
                    "2026-11-23 02:00:09",
                ])
            let ending = try await run.run()
            let bundle = try await run.bundle()
            let path = try #require(bundle.manifest.itemPaths.first { $0.hasSuffix("_error_log") }, "\(ending.printed)")
            let text = try bundle.text(path)
            #expect(text.split(separator: "\n").count == 10, "\(text.prefix(2000))")
            #expect(text.hasPrefix("2026/11/23 02:00:00 [error]") && text.contains("request number 7209"))
            #expect(ending.errorText.contains("nginx access and error log"), "\(ending.errorText)")
        }

        /// Whether the kernel groups tasks by session, so that nice values mean nothing outside of one.
        private static let groupsSessions =
            (try? String(contentsOfFile: "/proc/sys/kernel/sched_autogroup_enabled", encoding: .utf8))?.hasPrefix("1")
            == true

        @Test(
            "the run and a program of the node have the lowest priority, the program's session too",
            .enabled(if: groupsSessions && getuid() == 0, "needs sched_autogroup and root"))
        func priority() async throws {
            let scratch = try Scratch(mode: 0o755)
            let root = try scratch.folder("root", mode: 0o755)
            let tools = try scratch.folder("tools", mode: 0o755)
            let tool = tools.appendingPathComponent("qpid-stat")
            // It looks at the threads of who started it, too.
            let script = """
                #!/bin/sh
                sleep 1
                cat /proc/self/autogroup
                nice
                ionice
                for i in 1 2 3 4 5 6; do cat /proc/$PPID/task/*/stat | sed 's/.*) /thread /'; sleep 0.1; done

                """
            try Data(script.utf8).write(to: tool)
            #expect(unsafe chmod(tool.path, 0o755) == 0)
            var run = try await CollectRun(root: root, sources: ["qpid-queues"])
            run.environment["PATH"] = tools.path + ":/usr/sbin:/usr/bin:/sbin:/bin"
            let ending = try await run.run()
            let bundle = try await run.bundle()
            let path = try #require(bundle.manifest.itemPaths.first { $0.contains("qpid-queues") }, "\(ending.printed)")
            let lines = try bundle.text(path).split(separator: "\n").map(String.init)
            #expect(lines.contains { $0.hasPrefix("/autogroup-") && $0.hasSuffix(" nice 19") }, "\(lines)")
            #expect(lines.contains("19") && lines.contains("idle"), "\(lines)")
            // Field 19 of proc(5)'s stat, counted from behind the name: libdispatch would give its threads another value.
            let values = lines.filter { $0.hasPrefix("thread ") }.map { $0.split(separator: " ").map { Int($0) } }
                .compactMap { $0.count > 40 ? $0[17] : nil }.filter { (-20...19).contains($0) }
            #expect(values.count > 5 && Set(values) == [19], "\(Set(values)) of \(values.count)")
        }

        @Test("certificates that the node's settings name are told with their end, and no key with them")
        func certificates() async throws {
            let scratch = try Scratch(mode: 0o711)
            let root = try scratch.folder("root", mode: 0o755)
            let conf = try scratch.folder("root/opt/apigee/customer/conf", mode: 0o755)
            let nginx = try scratch.folder("root/opt/nginx/conf.d", mode: 0o755)
            let settings = try scratch.folder("root/opt/apigee/customer/application", mode: 0o755)
            try await shell(
                """
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout router.key \
                -out router.pem -subj '/O=Acme/CN=router.acme.example'
                keytool -genkeypair -keyalg EC -alias old -dname 'CN=old.acme.example, O=Acme' -startdate -10d -validity 5 \
                -keystore old.jks -storetype JKS -storepass ch4ngeit-4711 -keypass ch4ngeit-4711
                keytool -exportcert -rfc -alias old -keystore old.jks -storepass ch4ngeit-4711 -file old.pem
                cat router.key router.pem > both.pem
                openssl pkcs12 -export -inkey router.key -in router.pem -passout pass:ch4ngeit-4711 -out ui.p12
                chmod 644 *
                """, in: conf)
            try Data(
                """
                server {
                  ssl_certificate "/opt/apigee/customer/conf/router.pem";
                  ssl_certificate_key /opt/apigee/customer/conf/router.key;
                  ssl_client_certificate /opt/nginx/conf.d/gone.pem;
                }

                """.utf8
            ).write(to: nginx.appendingPathComponent("acme_prod_default.conf"))
            try FileManager.default.copyItem(
                at: conf.appendingPathComponent("old.pem"),
                to: nginx.appendingPathComponent("acme-prod-default-client.pem"))
            try Data(
                "conf_a_keystore.path=/opt/apigee/customer/conf/both.pem\nconf_b=/opt/apigee/customer/conf/ui.p12\n"
                    .utf8
            ).write(to: settings.appendingPathComponent("ui.properties"))
            let run = try await CollectRun(root: root, sources: ["node"])
            let ending = try await run.run()
            let bundle = try await run.bundle()
            let bytes = try bundle.bytes("items/node/certificates.json")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            let files = try #require(json["files"] as? [[String: Any]], "\(ending.printed)")
            func told(_ name: String) -> (row: [String: Any], first: [String: Any]) {
                let row = files.first { ($0["path"] as? String)?.hasSuffix("/" + name) == true } ?? [:]
                return (row, (row["certificates"] as? [[String: Any]])?.first ?? [:])
            }
            #expect(told("router.pem").first["subject"] as? String == "CN=router.acme.example,O=Acme")
            #expect(told("router.pem").first["expired"] as? Bool == false)
            #expect(told("acme-prod-default-client.pem").first["expired"] as? Bool == true, "\(files)")
            #expect(told("both.pem").first["sha256"] as? String == told("router.pem").first["sha256"] as? String)
            #expect((told("ui.p12").row["note"] as? String)?.contains("password") == true)
            #expect((told("gone.pem").row["note"] as? String)?.contains("no such file") == true)
            // The key is named by its directive alone, which is not asked for.
            #expect(told("router.key").row.isEmpty)
            let key = try String(contentsOf: conf.appendingPathComponent("router.key"), encoding: .utf8)
            let line = try #require(key.split(separator: "\n").first { !$0.hasPrefix("-") })
            for file in Tree.files(bundle.top) {
                #expect(!SecretSearch.contains(file.bytes, String(line)), "\(file.path)")
            }
        }
    }
}
