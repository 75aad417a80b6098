import Foundation
import Testing

@testable import Lab

extension LabSuites {
    @Suite struct NodeTreeTests {
        private static var options: LabOptions {
            var options = LabOptions()
            options.engine = .openssl
            return options
        }

        @Test func everySecretIsWhereTheListSays() async throws {
            try await withLab(options: Self.options) { lab in
                #expect(Set(lab.secrets.all.map(\.name)).count == lab.secrets.all.count)
                #expect(Set(lab.secrets.all.map(\.value)).count == lab.secrets.all.count)
                for secret in lab.secrets.all {
                    for place in secret.places where place.hasPrefix("file:") {
                        let file = lab.node.appendingPathComponent(String(place.dropFirst(5)))
                        let bytes = Array(try Data(contentsOf: file))
                        #expect(secret.isIn(bytes), "\(secret.name) in \(place)")
                    }
                    let curl = Array(try Data(contentsOf: URL(fileURLWithPath: lab.info.curlFile)))
                    if secret.places.contains("curl") {
                        #expect(secret.isIn(curl), "\(secret.name) in the curl command")
                    }
                }
            }
        }

        @Test func noSecretIsInWhatTheLabTells() async throws {
            try await withLab(options: Self.options) { lab in
                let told = Array(try JSONEncoder().encode(lab.info)) + Array(try JSONEncoder().encode(lab.evidence))
                for secret in lab.secrets.all {
                    #expect(!secret.isIn(told), "\(secret.name)")
                    #expect(!"\(lab.secrets)".contains(secret.value))
                }
            }
        }

        @Test func compressedLogsHoldAnEarlierFailure() async throws {
            try await withLab(options: Self.options) { lab in
                let files = try FileManager.default.contentsOfDirectory(atPath: lab.logs.path)
                let compressed = files.filter { $0.hasSuffix(".gz") }
                #expect(compressed.count >= 3)
                var failures = 0
                for name in compressed {
                    let path = lab.logs.appendingPathComponent(name).path
                    #expect(try await Tool.run("gzip", ["-t", path]).status == 0)
                    let text = try await Tool.run("gzip", ["-dc", path]).text
                    failures += text.components(separatedBy: "handshakeFailed() : SSLClientChannel").count - 1
                }
                #expect(failures == 1)
                #expect(files.contains("system.log.1"))
            }
        }

        @Test func theServiceScriptPrintsAStatus() async throws {
            try await withLab(options: Self.options) { lab in
                let script = lab.node.appendingPathComponent("opt/apigee/apigee-service/bin/apigee-all").path
                let result = try await Tool.run(script.contains(" ") ? "false" : "sh", [script, "status"])
                #expect(result.status == 0)
                #expect(result.text.contains("edge-message-processor: OK"))
            }
        }

        @Test func secretsGoIntoAPrivateNewFileOnly() async throws {
            try await withLab(options: Self.options) { lab in
                let file = FileManager.default.temporaryDirectory.appendingPathComponent(
                    "lab-\(UUID().uuidString).json")
                defer { try? FileManager.default.removeItem(at: file) }
                try lab.secrets.write(to: file)
                let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                let read = try JSONDecoder().decode([PlantedSecret].self, from: Data(contentsOf: file))
                #expect(read.count == lab.secrets.all.count)
                #expect(throws: LabError.self) { try lab.secrets.write(to: file) }
            }
        }

        @Test func stopRemovesWhatTheLabMadeButNotAGivenRoot() async throws {
            let root = FileManager.default.temporaryDirectory.appendingPathComponent("lab-root-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: root) }
            var options = Self.options
            options.root = root
            let lab = try await Lab.start(scenario: .ok, options: options)
            let password = lab.info.passwordFile
            #expect(FileManager.default.fileExists(atPath: password))
            await lab.stop()
            #expect(!FileManager.default.fileExists(atPath: password))
            #expect(FileManager.default.fileExists(atPath: root.appendingPathComponent("opt/apigee").path))
            await #expect(throws: LabError.self) { try await Lab.start(scenario: .ok, options: options) }
        }
    }
}
