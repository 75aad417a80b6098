import Foundation
import Glibc

/// A Java process that looks like a Message Processor: Edge's main class, the properties that name its folders, a secret
/// among its arguments. It does nothing, and ends with the lab.
final class KernelProcess: Sendable {
    private let process: Process
    let identifier: Int32

    private static let source = """
        package com.apigee.kernel;
        public class MicroKernel {
            public static void main(String[] args) throws Exception {
                Thread main = new Thread(() -> {
                    try { Thread.sleep(3600000); } catch (InterruptedException e) { }
                }, "Apigee-Main-1");
                main.setDaemon(true);
                main.start();
                System.out.println("started");
                while (System.in.read() >= 0) { }
            }
        }
        """

    static func start(paths: NodePaths, secrets: PlantedSecrets, in folder: URL) async throws -> KernelProcess {
        let file = folder.appendingPathComponent("MicroKernel.java")
        try Data(source.utf8).write(to: file)
        _ = try await Command.check("javac", ["-d", folder.path, file.path])
        guard let java = Command.find("java") else {
            throw LabError(.commandMissing, "java", "no such program in PATH", hint: "install a JDK of version 17")
        }
        return try KernelProcess(java.resolvingSymlinksInPath(), paths: paths, secrets: secrets, in: folder)
    }

    private init(_ java: URL, paths: NodePaths, secrets: PlantedSecrets, in folder: URL) throws {
        let component = paths.url("opt/apigee/edge-message-processor").path
        let console = paths.url("opt/apigee/var/log/edge-message-processor/edge-message-processor.log")
        let output = try FileHandle(forWritingTo: console)
        try output.seekToEnd()
        process = Process()
        process.executableURL = java
        process.arguments = [
            "-Xms32m", "-Xmx64m", "-XX:+UseSerialGC", "-cp", folder.path, "-Dinstallation.dir=\(component)",
            "-Dconf.dir=\(component)/conf", "-Djavax.net.ssl.trustStorePassword=\(secrets[.javaArgument])",
            "com.apigee.kernel.MicroKernel",
        ]
        // It ends when its input does, so also when the lab is killed.
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.runWithCleanSignals()
        identifier = process.processIdentifier
    }

    func stop() {
        if process.isRunning { kill(identifier, SIGKILL) }
        process.waitUntilExit()
    }
}
