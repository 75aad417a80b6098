import Foundation
import Testing

@testable import Lab

extension LabSuites {
    @Suite struct FaultTests {
        @Test func everyFaultDoesWhatItSays() async throws {
            var options = LabOptions()
            options.engine = .openssl
            options.playsFirstRequest = false
            options.slowness = 0.7
            try await withLab(options: options) { lab in
                let organization = "/organizations/\(lab.info.org)"
                for fault in Fault.allCases {
                    lab.faults.replace(with: [fault])
                    switch fault {
                    case .unauthorizedHTML:
                        let reply = try await lab.ask(organization)
                        #expect(reply.status == 401 && reply.contentType == "text/html")
                    case .unauthorizedEmpty:
                        let reply = try await lab.ask(organization)
                        #expect(reply.status == 401 && reply.body.isEmpty)
                    case .forbidden: #expect(try await lab.ask(organization).status == 403)
                    case .notFound:
                        #expect(try await lab.ask(organization).status == 200)
                        #expect(try await lab.ask("\(lab.environment)/keystores/\(lab.info.keystore)").status == 404)
                    case .serverError: #expect(try await lab.ask(organization).status == 500)
                    case .slow:
                        #expect(try await lab.ask(organization, ["-m", "0.2"]).exitStatus == 28)
                        #expect(try await lab.ask(organization).status == 200)
                    case .drip:
                        let reply = try await lab.ask(organization)
                        #expect(reply.object["name"] as? String == lab.info.org)
                    case .cutOff: #expect(try await lab.ask(organization).exitStatus == 18)
                    case .wrongContentType:
                        let reply = try await lab.ask(organization)
                        #expect(reply.contentType == "application/json" && reply.text.hasPrefix("<html>"))
                    case .jsonAsText:
                        let reply = try await lab.ask(organization)
                        #expect(reply.contentType == "text/plain" && reply.object["name"] != nil)
                    case .brokenZip: try await brokenZip(lab)
                    case .endlessBody: #expect(try await lab.ask(organization, ["-m", "0.5"]).exitStatus == 28)
                    case .redirect: try await redirect(lab, organization)
                    case .tooMany: #expect(try await lab.ask(organization).status == 429)
                    case .truncatedJSON:
                        let reply = try await lab.ask(organization)
                        #expect(reply.status == 200 && reply.json == nil && reply.text.hasPrefix("{"))
                    }
                }
                lab.faults.replace(with: [])
                #expect(try await lab.ask(organization).object["name"] as? String == lab.info.org)
            }
        }

        private func brokenZip(_ lab: Lab) async throws {
            let path = "/o/\(lab.info.org)/apis/\(lab.info.api)/revisions/\(lab.info.revision)?format=bundle"
            let reply = try await lab.ask(path)
            #expect(reply.status == 200 && reply.text.hasPrefix("PK"))
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("lab-\(UUID().uuidString).zip")
            defer { try? FileManager.default.removeItem(at: file) }
            try reply.body.write(to: file)
            #expect(try await Tool.run("unzip", ["-tq", file.path]).status != 0)
        }

        /// curl keeps credentials from another host; `--location-trusted` doesn't, and the lab sees the difference.
        private func redirect(_ lab: Lab, _ path: String) async throws {
            #expect(try await lab.ask(path).status == 302)
            #expect(try await lab.ask(path, ["-L"]).status == 200)
            #expect(lab.redirectedRequests.map(\.hadCredentials) == [false])
            #expect(try await lab.ask(path, ["-L", "--location-trusted"]).status == 200)
            #expect(lab.redirectedRequests.map(\.hadCredentials) == [false, true])
        }
    }
}
