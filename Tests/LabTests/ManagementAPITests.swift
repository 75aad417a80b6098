import Foundation
import Testing

@testable import Lab

extension LabSuites {
    @Suite struct ManagementAPITests {
        @Test func answersBothFormsOfPaths() async throws {
            try await withLab(.issuerNotAccepted) { lab in
                let info = lab.info
                for base in ["/organizations/\(info.org)/environments/\(info.env)", "/o/\(info.org)/e/\(info.env)"] {
                    let reference = try await lab.ask("\(base)/references/\(info.keystoreReference)")
                    #expect(reference.object["refers"] as? String == info.keystore)
                    #expect(reference.object["resourceType"] as? String == "KeyStore")
                    let names = try await lab.ask("\(base)/keystores")
                    #expect((names.json as? [String])?.contains(info.keystore) == true)
                }
                #expect(try await lab.ask("/organizations/\(info.org)").object["name"] as? String == info.org)
                #expect(try await lab.ask("/servers/self").object["uUID"] != nil)
                let revisions = try await lab.ask("/o/\(info.org)/apis/\(info.api)/revisions")
                #expect(revisions.json as? [String] == [info.revision])
                let deployed = try await lab.ask("/o/\(info.org)/e/\(info.env)/apis/\(info.api)/deployments")
                #expect(deployed.text.contains("\"state\" : \"deployed\""))
            }
        }

        @Test func certificatesAgreeWithOpenSSL() async throws {
            try await withLab(.issuerNotAccepted) { lab in
                let store = "\(lab.environment)/keystores/\(lab.info.keystore)"
                let description = try await lab.ask(store)
                #expect(
                    (description.object["aliases"] as? [[String: String]])?.first?["aliasName"] == lab.info.keyAlias)
                let certificate = try #require((description.object["certs"] as? [String])?.first)
                let answer = try await lab.ask("\(store)/certs/\(certificate)")
                let info = try #require((answer.object["certInfo"] as? [[String: Any]])?.first)
                let alias = try await lab.ask("\(store)/aliases/\(lab.info.keyAlias)")
                let inAlias = (alias.object["certsInfo"] as? [String: Any])?["certInfo"] as? [[String: Any]]
                #expect(inAlias?.count == 2)
                let pem = try await lab.ask("\(store)/certs/\(certificate)/export")
                #expect(!pem.text.contains("PRIVATE"))
                let openssl = try await Tool.run(
                    "openssl",
                    [
                        "x509", "-noout", "-serial", "-startdate", "-enddate", "-issuer", "-nameopt",
                        "dn_rev,sep_comma_plus_space,utf8,sname",
                    ],
                    input: pem.body
                ).text
                let serial = try #require(info["serialNumber"] as? String)
                #expect(openssl.contains("serial=\(serial.replacingOccurrences(of: ":", with: "").uppercased())\n"))
                let issuer = try #require(info["issuer"] as? String)
                #expect(openssl.contains("issuer=\(issuer.replacingOccurrences(of: "\"", with: ""))\n"))
                let expiry = Date(timeIntervalSince1970: Double(try #require(info["expiryDate"] as? Int)) / 1000)
                let formatter = DateFormatter()
                formatter.locale = Locale(identifier: "en_US_POSIX")
                formatter.timeZone = TimeZone(secondsFromGMT: 0)
                formatter.dateFormat = "MMM d HH:mm:ss yyyy"
                let printed = openssl.split(separator: " ").joined(separator: " ")
                #expect(printed.contains("notAfter=\(formatter.string(from: expiry)) GMT"))
            }
        }

        @Test func theKeystoreIsEmptyWithoutAClientCertificate() async throws {
            try await withLab { lab in
                let store = try await lab.ask("\(lab.environment)/keystores/\(lab.info.keystore)")
                #expect((store.object["certs"] as? [String])?.isEmpty == true)
                #expect(store.object["name"] as? String == lab.info.keystore)
            }
        }

        @Test(arguments: Wiring.allCases) func theTargetEndpointNamesItsStores(_ wiring: Wiring) async throws {
            var options = LabOptions()
            options.wiring = wiring
            options.engine = .openssl
            try await withLab(options: options) { lab in
                let reply = try await lab.ask(
                    "/o/\(lab.info.org)/apis/\(lab.info.api)/revisions/\(lab.info.revision)?format=bundle")
                #expect(reply.contentType == "application/octet-stream")
                let file = FileManager.default.temporaryDirectory.appendingPathComponent("lab-\(UUID().uuidString).zip")
                defer { try? FileManager.default.removeItem(at: file) }
                try reply.body.write(to: file)
                #expect(try await Tool.run("unzip", ["-tq", file.path]).status == 0)
                let target = try await Tool.run("unzip", ["-p", file.path, "apiproxy/targets/default.xml"]).output
                #expect(try await Tool.run("xmllint", ["--noout", "-"], input: target).status == 0)
                let text = String(decoding: target, as: UTF8.self)
                switch wiring {
                case .endpoint: #expect(text.contains("<KeyStore>ref://\(lab.info.keystoreReference)</KeyStore>"))
                case .direct: #expect(text.contains("<KeyStore>\(lab.info.keystore)</KeyStore>"))
                case .targetServer:
                    let server = try #require(lab.info.targetServer)
                    #expect(text.contains("<Server name=\"\(server)\"/>"))
                    let answer = try await lab.ask("\(lab.environment)/targetservers/\(server)").object
                    let sslInfo = try #require(answer["sSLInfo"] as? [String: Any])
                    #expect(sslInfo["keyStore"] as? String == "ref://\(lab.info.keystoreReference)")
                    #expect(answer["port"] as? Int == lab.info.backend.port)
                }
                for secret in lab.secrets.all {
                    for place in secret.places where place.hasPrefix("zip:") {
                        let entry = try await Tool.run("unzip", ["-p", file.path, String(place.dropFirst(4))]).output
                        #expect(secret.isIn(Array(entry)), "\(secret.name) in \(place)")
                    }
                }
            }
        }

        @Test(arguments: LabVariants.UnauthorizedBody.allCases) func refusesWrongCredentials(
            _ body: LabVariants.UnauthorizedBody
        ) async throws {
            var options = LabOptions()
            options.variants.unauthorizedBody = body
            options.engine = .openssl
            options.playsFirstRequest = false
            try await withLab(options: options) { lab in
                for user in ["", "\(lab.info.user):wrong", "someone:\(lab.secrets[.managementPassword])"] {
                    let reply = try await lab.ask("/organizations/\(lab.info.org)", user: user)
                    #expect(reply.status == 401)
                    #expect(reply.body.isEmpty == (body == .empty))
                }
                let bearer = "header = \"Authorization: Bearer \(lab.secrets[.managementToken])\"\n"
                #expect(try await lab.curl(lab.info.mgmt + "/organizations", config: bearer).status == 200)
            }
        }

        @Test func unknownThingsAreErrorsInEdgesForm() async throws {
            var options = LabOptions()
            options.engine = .openssl
            options.playsFirstRequest = false
            try await withLab(options: options) { lab in
                for path in [
                    "/o/nobody", "/o/\(lab.info.org)/e/nothing", "\(lab.environment)/keystores/none",
                    "\(lab.environment)/references/none", "\(lab.environment)/targetservers/none",
                    "/o/\(lab.info.org)/apis/none", "/o/\(lab.info.org)/apis/\(lab.info.api)/revisions/9999",
                    "/%ff/%2e%2e",
                    "/",
                ] {
                    let reply = try await lab.ask(path)
                    #expect(reply.status == 404, "\(path)")
                    #expect(reply.object["code"] is String && reply.object["contexts"] is [Any], "\(path)")
                }
            }
        }
    }
}

extension PlantedSecret {
    /// Whether the secret is there in any form.
    func isIn(_ bytes: [UInt8]) -> Bool {
        let data = Data(bytes)
        return forms.values.contains { data.range(of: Data($0)) != nil }
    }
}
