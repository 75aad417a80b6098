import Foundation
import Testing

@testable import Lab

extension LabSuites {
    /// The ports and files of the node's other components.
    @Suite struct ComponentTests {
        private static var options: LabOptions {
            var options = LabOptions()
            options.engine = .openssl
            options.refusedWords = ["stat"]
            return options
        }

        @Test func componentsTellWhoTheyAreWithoutALogin() async throws {
            try await withLab(options: Self.options) { lab in
                var identifiers: Set<String> = []
                for (documented, type) in [
                    (8081, "router"), (8082, "message-processor"), (8083, "qpid-server"), (8084, "postgres-server"),
                ] {
                    let port = try #require(lab.info.componentPorts[documented])
                    let own = try await lab.curl("http://127.0.0.1:\(port)/v1/servers/self")
                    #expect(own.object["type"] as? [String] == [type])
                    identifiers.insert(try #require(own.object["uUID"] as? String))
                    #expect(try await lab.curl("http://127.0.0.1:\(port)/v1/servers/self/up").text == "true")
                }
                #expect(identifiers.count == 4)
                let pod = try await lab.ask("/servers?pod=analytics")
                #expect((pod.json as? [[String: Any]])?.count == 1)
                let port = try #require(lab.info.componentPorts[8082])
                let path =
                    "runtime/organizations/\(lab.info.org)/environments/\(lab.info.env)/apis/\(lab.info.api)/revisions"
                #expect(
                    try await lab.curl("http://127.0.0.1:\(port)/v1/\(path)").json as? [String] == [lab.info.revision])
                // A Router has loaded no proxy.
                let router = try #require(lab.info.componentPorts[8081])
                #expect(try await lab.curl("http://127.0.0.1:\(router)/v1/\(path)").status == 404)
                #expect(lab.componentRequests.count == 10)
            }
        }

        @Test func managementServerAsksTheMessageProcessors() async throws {
            try await withLab(options: Self.options) { lab in
                let base = "/runtime\(lab.environment)/apis/\(lab.info.api)/revisions"
                let deployments = try await lab.ask("\(base)/deployments")
                #expect(deployments.text.contains("\"router\"") && deployments.text.contains("\"message-processor\""))
                #expect(try await lab.ask("\(base)/\(lab.info.revision)/debugsessions").json as? [String] == [])
                #expect((try await lab.ask("/analytics/groups/ax").json as? [Any])?.count == 2)
                #expect(try await lab.ask("\(lab.environment)/provisioning/axstatus").text.contains(lab.info.env))
            }
        }

        @Test func zooKeeperAnswersWordsAndRefusesSome() async throws {
            try await withLab(options: Self.options) { lab in
                let port = try #require(lab.info.componentPorts[2181])
                func say(_ word: String) async throws -> String {
                    try await Tool.run(
                        "bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '%s\\n' \(word) >&3; cat <&3"]
                    ).text
                }
                #expect(try await say("ruok") == "imok")
                #expect(try await say("mntr").contains("zk_server_state\tstandalone"))
                #expect(try await say("stat").contains("not in the whitelist"))
            }
        }
    }
}
