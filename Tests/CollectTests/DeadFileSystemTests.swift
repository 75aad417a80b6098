import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Files whose server is gone: whoever touches them waits until the kernel is told otherwise.
    @Suite("A dead file system")
    struct DeadFileSystem {
        @Test(
            "a dead file system: what lies on it is given up, the rest is collected",
            .enabled(
                if: getuid() == 0 && FileManager.default.isReadableFile(atPath: "/dev/fuse"), "needs root and /dev/fuse"
            ),
            arguments: ["opt/apigee/customer/application", "opt/apigee/var/log/edge-message-processor/logs"])
        func deadFileSystem(path: String) async throws {
            let scratch = try Scratch(mode: 0o755)
            let root = try scratch.folder("root", mode: 0o755)
            let other = try scratch.folder("root/opt/apigee/var/log/apigee-zookeeper", mode: 0o755)
            try Data("2026-11-23 10:00:00,000 - INFO fine\n".utf8).write(
                to: other.appendingPathComponent("zookeeper.log"))
            let place = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            // A mount whose server answers nothing, as that of a network file system that is gone.
            let server = """
                import ctypes, os, sys
                libc = ctypes.CDLL(None, use_errno=True)
                server = os.open("/dev/fuse", os.O_RDWR)
                options = b"fd=%d,rootmode=40000,user_id=0,group_id=0" % server
                if libc.mount(b"dead", sys.argv[1].encode(), b"fuse", 6, options) != 0: sys.exit(1)
                open(sys.argv[2], "w").close()
                sys.stdin.read()
                """
            let ready = scratch.url.appendingPathComponent("ready")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", "-c", server, place.path, ready.path]
            let input = Pipe()
            process.standardInput = input
            try process.run()
            defer {
                // Whoever waits for it gets an error when it ends.
                try? input.fileHandleForWriting.close()
                process.waitUntilExit()
                _ = unsafe umount2(place.path, Int32(MNT_DETACH))
            }
            for _ in 0..<100 where !FileManager.default.fileExists(atPath: ready.path) { usleep(50_000) }
            try #require(FileManager.default.fileExists(atPath: ready.path), "nothing was mounted")

            var run = try await CollectRun(
                root: root, sources: ["configuration", "message-processor-log", "zookeeper-logs", "node"],
                arguments: ["--time-limit", "8s"])
            run.limit = 90
            let ending = try await run.run()
            #expect(ending.status == 3 && run.leftInWork.isEmpty, "\(ending.printed)")
            let bundle = try await run.bundle()
            #expect(try await [0, 6].contains(Collect.verify(bundle.file).status))
            #expect(ending.seconds < 45, "\(ending.seconds)")
            let item = path.contains("log") ? "message-processor-log" : "configuration"
            let dead = try #require(bundle.manifest.wanted(item))
            #expect(dead.state == "missing" && dead.reason?.isEmpty == false && dead.hint?.isEmpty == false, "\(dead)")
            #expect(bundle.manifest.wanted("zookeeper")?.state == "collected")
        }
    }
}
