import Foundation
import Glibc
import Testing

@testable import Lab

/// The program that `swift test` builds beside the tests, or nil.
enum LabProgram {
    static let url: URL? = {
        let folders = [Bundle.main.bundleURL, URL(fileURLWithPath: CommandLine.arguments[0])]
        for start in folders {
            var folder = start
            for _ in 0..<4 {
                let candidate = folder.appendingPathComponent("apigee-lab")
                var isFolder: ObjCBool = false
                if unsafe FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
                    !isFolder.boolValue
                {
                    return candidate
                }
                folder.deleteLastPathComponent()
            }
        }
        return nil
    }()
}

extension LabSuites {
    /// Drives the real `apigee-lab`.
    @Suite(.enabled(if: LabProgram.url != nil)) struct CommandLineTests {
        /// A lab in a process of its own.
        private struct Running {
            let process: Process
            let input: Pipe
            let info: LabInfo
            let folder: URL

            func hasEnded(within seconds: Int) async -> Bool {
                for _ in 0..<(seconds * 20) where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
                return !process.isRunning
            }

            /// Ids of processes whose command line names the lab's folder.
            var children: [String] {
                get throws {
                    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int32($0) != nil }.filter {
                        id in
                        let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(id)/cmdline"))) ?? Data()
                        return line.range(of: Data("\(labFolder)/".utf8)) != nil
                    }
                }
            }

            var labFolder: String {
                URL(fileURLWithPath: info.passwordFile).deletingLastPathComponent().deletingLastPathComponent().path
            }
        }

        private func start(_ arguments: [String]) async throws -> Running {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lab-cli-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let ready = folder.appendingPathComponent("ready.json")
            let process = Process()
            let program: URL = try #require(LabProgram.url)
            process.executableURL = program
            process.arguments = ["run", "--ready-file", ready.path] + arguments
            let input = Pipe()
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            try process.runWithCleanSignals()
            for _ in 0..<1200 where process.isRunning && !FileManager.default.fileExists(atPath: ready.path) {
                try await Task.sleep(for: .milliseconds(50))
            }
            let info = try JSONDecoder().decode(LabInfo.self, from: Data(contentsOf: ready))
            return Running(process: process, input: input, info: info, folder: folder)
        }

        @Test(arguments: [SIGTERM, SIGINT]) func endsCleanlyOnASignal(_ number: Int32) async throws {
            let running = try await start(["--scenario", "issuer-not-accepted", "--traffic", "0.3"])
            defer { try? FileManager.default.removeItem(at: running.folder) }
            #expect(try !running.children.isEmpty)
            kill(running.process.processIdentifier, number)
            #expect(await running.hasEnded(within: 15))
            #expect(running.process.terminationStatus == 0)
            #expect(!FileManager.default.fileExists(atPath: running.labFolder))
            #expect(try running.children.isEmpty)
        }

        @Test func endsWhenItsInputCloses() async throws {
            let running = try await start(["--scenario", "ok", "--tls", "1.3"])
            defer { try? FileManager.default.removeItem(at: running.folder) }
            try running.input.fileHandleForWriting.close()
            #expect(await running.hasEnded(within: 15))
            #expect(!FileManager.default.fileExists(atPath: running.labFolder))
        }

        @Test(arguments: ["automatic", "openssl"]) func leavesNoProcessWhenItIsKilled(_ engine: String) async throws {
            let running = try await start(["--engine", engine])
            defer {
                try? FileManager.default.removeItem(at: running.folder)
            }
            kill(running.process.processIdentifier, SIGKILL)
            #expect(await running.hasEnded(within: 5))
            for _ in 0..<200 where try !running.children.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try running.children.isEmpty)
            // The planted secrets don't outlive the lab either.
            #expect(!FileManager.default.fileExists(atPath: running.labFolder))
        }

        @Test func trafficWritesNewFailures() async throws {
            let running = try await start(["--traffic", "0.2", "--for", "4"])
            defer { try? FileManager.default.removeItem(at: running.folder) }
            let log = URL(fileURLWithPath: running.info.root)
                .appendingPathComponent("opt/apigee/var/log/edge-message-processor/logs/system.log")
            let before = try Data(contentsOf: log).count
            var after = before
            for _ in 0..<60 where after == before {
                try await Task.sleep(for: .milliseconds(50))
                after = (try? Data(contentsOf: log).count) ?? after
            }
            #expect(after > before)
            #expect(await running.hasEnded(within: 15))
            #expect(running.process.terminationStatus == 0)
        }

        @Test func saysWhatIsWrong() async throws {
            let program = try #require(LabProgram.url)
            let folder = program.deletingLastPathComponent().path
            for arguments in [["run", "--fault", "nonsense"], ["run", "--traffic", "-1"], ["run", "--tls", "1.1"]] {
                let result = try await Tool.run("env", ["PATH=\(folder):/usr/bin:/bin", "apigee-lab"] + arguments)
                #expect(result.status == 64)
                #expect(!result.errorText.isEmpty)
            }
            let help = try await Tool.run("env", ["PATH=\(folder):/usr/bin:/bin", "apigee-lab", "run", "--help"])
            #expect(help.status == 0 && help.text.contains("EXAMPLE"))
        }
    }
}
