import Foundation
import Testing

@testable import Lab

extension LabSuites {
    @Suite struct DebugSessionTests {
        private func sessions(_ lab: Lab) -> String {
            "\(lab.environment)/apis/\(lab.info.api)/revisions/\(lab.info.revision)/debugsessions"
        }

        @Test(arguments: LabVariants.TraceRoot.allCases) func recordsWhatMatchesItsFilter(
            _ root: LabVariants.TraceRoot
        ) async throws {
            var options = LabOptions()
            options.variants.traceRoot = root
            options.variants.sessionAnswer = root == .data ? .string : .object
            try await withLab(options: options) { lab in
                let created = try await lab.ask(
                    sessions(lab) + "?session=one&timeout=600&header_X-Mark=a%20b&qparam_case=7",
                    ["-X", "POST", "-H", "Content-Type: application/x-www-form-urlencoded", "-d", ""])
                #expect(created.status == 201)
                #expect((created.json as? String ?? created.object["name"] as? String) == "one")
                let url = lab.info.router + lab.info.basePath
                // Only the third request has both the header and the parameter.
                _ = try await lab.curl(url + "?case=7")
                _ = try await lab.curl(url + "?case=8", ["-H", "X-Mark: a b"])
                _ = try await lab.curl(url + "?case=7&apikey=\(lab.secrets[.clientAPIKey])", ["-H", "X-Mark: a b"])
                let id = try #require(lab.messageIDs.last)
                let data = try await lab.ask(sessions(lab) + "/one/data")
                let transactions = try #require(data.json as? [String])
                try #require(transactions.count == 1)
                let path = sessions(lab) + "/one/data/\(transactions[0])"

                let xml = try await lab.ask(path, ["-H", "Accept: application/xml"])
                #expect(xml.contentType == "application/xml")
                #expect(try await Tool.run("xmllint", ["--noout", "-"], input: xml.body).status == 0)
                let names: [LabVariants.TraceRoot: String] = [
                    .debugSession: "DebugSession", .message: "Message", .data: "Data",
                ]
                #expect(try await query(xml.body, "name(/*)") == names[root])
                #expect(
                    try await query(xml.body, "string(//Point[@id='Error']//Property[@name='error.cause'])")
                        .contains("Received fatal alert: "))
                #expect(
                    try await query(xml.body, "string((//ErrorMessage//Header[@name='X-Apigee.Message-ID'])[1])") == id)
                let json = try await lab.ask(path, ["-H", "Accept: application/json"])
                #expect(json.object["completed"] as? Bool == true)
                #expect((json.object["point"] as? [Any])?.count ?? 0 > 10)
                for secret in lab.secrets.all where secret.places.contains("trace") && !isFromTheClient(secret) {
                    #expect(secret.isIn(Array(xml.body)), "\(secret.name) in XML")
                    #expect(secret.isIn(Array(json.body)), "\(secret.name) in JSON")
                }
                #expect(try await lab.ask(sessions(lab) + "/one", ["-X", "DELETE"]).status == 200)
                #expect(try await lab.ask(sessions(lab) + "/one/data").status == 404)
            }
        }

        @Test func recordsTwentyMessagesAtMost() async throws {
            var options = LabOptions()
            options.engine = .openssl
            try await withLab(options: options) { lab in
                _ = try await lab.ask(sessions(lab) + "?session=full", ["-X", "POST"])
                for _ in 0..<22 { try await lab.playRequest() }
                let data = try await lab.ask(sessions(lab) + "/full/data")
                #expect((data.json as? [String])?.count == 20)
            }
        }

        /// What a client sends is in the trace only if this client sent it.
        private func isFromTheClient(_ secret: PlantedSecret) -> Bool {
            secret.places.contains("curl") || secret.name.hasPrefix("request-body")
        }

        private func query(_ document: Data, _ path: String) async throws -> String {
            try await Tool.run("xmllint", ["--xpath", path, "-"], input: document).text
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
