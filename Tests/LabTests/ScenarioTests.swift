import Foundation
import Testing

@testable import Lab

extension LabSuites {
    @Suite struct ScenarioTests {
        /// What the Message Processor reads in each case, per engine.
        struct Case: Sendable, CustomTestStringConvertible {
            let scenario: Scenario
            let tls: TLSVersion
            let engine: EngineChoice
            let failure: String?
            var testDescription: String { "\(scenario.rawValue), TLS \(tls.rawValue), \(engine.rawValue)" }
        }

        // Which alert: bad_certificate from older Java servers, handshake_failure or certificate_required from newer ones.
        static let cases =
            [
                Case(
                    scenario: .noClientCertificate, tls: .tls12, engine: .java,
                    failure: "Received fatal alert: "),
                Case(
                    scenario: .noClientCertificate, tls: .tls13, engine: .java,
                    failure: "Received fatal alert: "),
                Case(
                    scenario: .issuerNotAccepted, tls: .tls12, engine: .java,
                    failure: "Received fatal alert: "),
                Case(
                    scenario: .issuerNotAccepted, tls: .tls13, engine: .java,
                    failure: "Received fatal alert: "),
                Case(scenario: .ok, tls: .tls12, engine: .java, failure: nil),
                Case(scenario: .ok, tls: .tls13, engine: .java, failure: nil),
                Case(scenario: .serverUntrusted, tls: .tls12, engine: .java, failure: "PKIX path building failed"),
                Case(scenario: .serverUntrusted, tls: .tls13, engine: .java, failure: "PKIX path building failed"),
                Case(
                    scenario: .noClientCertificate, tls: .tls12, engine: .openssl,
                    failure: "Received fatal alert: handshake_failure"),
                Case(
                    scenario: .issuerNotAccepted, tls: .tls13, engine: .openssl,
                    failure: "Received fatal alert: certificate_required"),
                Case(scenario: .ok, tls: .tls12, engine: .openssl, failure: nil),
                Case(scenario: .ok, tls: .tls13, engine: .openssl, failure: nil),
                Case(scenario: .serverUntrusted, tls: .tls12, engine: .openssl, failure: "PKIX path building failed"),
            ].filter { $0.engine == .openssl || Tool.isPresent("java") }

        @Test(arguments: cases) func playsTheScenario(_ example: Case) async throws {
            var options = LabOptions()
            options.engine = example.engine
            try await withLab(example.scenario, tls: example.tls, options: options) { lab in
                let reply = try await lab.curl(lab.info.router + lab.info.basePath + "?limit=3")
                let id = try #require(lab.messageIDs.last)
                let log = try lab.systemLog
                guard let failure = example.failure else {
                    #expect(reply.status == 200)
                    #expect(!log.contains(id))
                    return
                }
                #expect(reply.status == 503)
                let fault = try #require(reply.object["fault"] as? [String: Any])
                let code = (fault["detail"] as? [String: Any])?["errorcode"] as? String
                let isUntrusted = example.scenario == .serverUntrusted
                #expect(
                    code == "messaging.adaptors.http.flow."
                        + (isUntrusted ? "SslHandshakeFailed" : "ServiceUnavailable"))
                let records = log.split(separator: "\n").filter { $0.contains("messageid:\(id) ") }
                try #require(records.count == 3)
                #expect(records[0].contains("HTTPClient$Context.handshakeFailed() : SSLClientChannel["))
                #expect(records[0].contains(failure))
                #expect(records[0].contains(":\(lab.info.backend.port)"))
                #expect(records[1].contains("KeyAlias:\(lab.info.keyAlias) "))
                #expect(records[2].contains("ADAPTORS.HTTP.FLOW - RequestWriteListener.onException()"))
                #expect(log.contains("com.apigee.nio.handlers.NIOThread.run(NIOThread.java:123)"))
            }
        }

        /// The wire shows what the playbook describes; tshark says so, not the lab.
        @Test(
            .enabled(if: getuid() == 0 && Tool.isPresent("tshark") && Tool.isPresent("java")),
            arguments: [
                Scenario.noClientCertificate, .issuerNotAccepted,
            ])
        func theWireShowsAnEmptyCertificateAndTheAlert(_ scenario: Scenario) async throws {
            try await withLab(scenario) { lab in
                let port = lab.info.backend.port
                let file = FileManager.default.temporaryDirectory.appendingPathComponent(
                    "lab-\(UUID().uuidString).pcap")
                defer { try? FileManager.default.removeItem(at: file) }
                async let capture = Tool.run(
                    "timeout",
                    [
                        "-k", "1", "2", "tcpdump", "--immediate-mode", "-i", "lo", "-U", "-w", file.path,
                        "tcp port \(port)",
                    ])
                // The capture is on when the file has its header.
                for _ in 0..<60 where (try? Data(contentsOf: file).count) ?? 0 < 24 {
                    try await Task.sleep(for: .milliseconds(50))
                }
                let played = try await lab.playRequest()
                #expect(played.status == 503)
                _ = try await capture
                func tshark(_ filter: String, _ field: String) async throws -> String {
                    try await Tool.run(
                        "tshark",
                        ["-r", file.path, "-d", "tcp.port==\(port),tls", "-Y", filter, "-T", "fields", "-e", field]
                    ).text.trimmingCharacters(in: .whitespacesAndNewlines)
                }
                let length = try await tshark(
                    "tls.handshake.type == 11 && tcp.dstport == \(port)", "tls.handshake.certificates_length")
                #expect(length == "0")
                let alert = try await tshark("tls.alert_message.level == 2", "tls.alert_message.desc")
                #expect(["42", "40", "116"].contains(alert), "\(alert)")
                let authorities = try await tshark("tls.handshake.type == 13", "x509sat.uTF8String")
                #expect(authorities.contains("Client Issuing CA 1"))
            }
        }

        /// A run-time without the compiler can't run the program: then OpenSSL plays.
        @Test func fallsBackToOpenSSLWhereJavaDoesNotWork() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lab-jre-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let java = folder.appendingPathComponent("java")
            try Data("#!/bin/sh\nexit 1\n".utf8).write(to: java)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: java.path)
            let program: URL = try #require(LabProgram.url)
            let result = try await Tool.run(
                "env", ["PATH=\(folder.path):/usr/local/bin:/usr/bin:/bin", program.path, "run", "--for", "0.01"])
            let info = try JSONDecoder().decode(LabInfo.self, from: result.output)
            #expect(info.engine == "openssl")
            #expect(result.status == 0)
        }

        @Test(arguments: LabVariants.ChannelDump.allCases) func servesEveryFormOfChannelDump(
            _ form: LabVariants.ChannelDump
        ) async throws {
            var options = LabOptions()
            options.variants.channelDump = form
            options.variants.recordPrefix = form == .connected ? .dotUTC : .comma
            options.variants.stackStyle = .java8
            options.engine = .openssl
            try await withLab(options: options) { lab in
                let log = try lab.systemLog
                let backend = "127.0.0.1:\(lab.info.backend.port)"
                let marks: [LabVariants.ChannelDump: String] = [
                    .backendFirst: "SSLClientChannel[C:\(backend) Remote host:", .localFirst: "Remote host:\(backend)]",
                    .connected: "SSLClientChannel[Connected: Remote:\(backend) Local:",
                ]
                #expect(log.contains(try #require(marks[form])))
                #expect(log.contains("sun.security.ssl.Alerts.getSSLException(Alerts.java:208)"))
                #expect(log.contains(" UTC org:\(lab.info.org)") == (form == .connected))
            }
        }
    }
}
