import Foundation
import Glibc
import Lab
import Testing

/// A small file system in memory; only root can make one.
final class SmallDisk: Sendable {
    let folder: URL
    private let scratch: Scratch

    private init(kilobytes: Int, readOnly: Bool) async throws {
        scratch = try Scratch()
        folder = try scratch.folder("disk")
        let options = "size=\(kilobytes)k,mode=0700" + (readOnly ? ",ro" : "")
        let mount = try await Program.tool("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder.path])
        guard mount.status == 0 else { throw Program.Missing(name: "mount") }
    }

    /// Hands a disk to `body`, and takes it away afterwards.
    static func with<Result>(
        kilobytes: Int, readOnly: Bool = false, _ body: (SmallDisk) async throws -> Result
    ) async throws -> Result {
        let disk = try await SmallDisk(kilobytes: kilobytes, readOnly: readOnly)
        do {
            let result = try await body(disk)
            await disk.unmount()
            return result
        } catch {
            await disk.unmount()
            throw error
        }
    }

    /// From now on nothing can be written to it.
    func becomeReadOnly() async throws {
        let mount = try await Program.tool("mount", ["-o", "remount,ro", folder.path])
        guard mount.status == 0 else { throw Program.Missing(name: "mount: \(mount.printed)") }
    }

    private func unmount() async { _ = try? await Program.tool("umount", ["-l", folder.path]) }

    /// Whether this machine lets tests mount.
    static let isPossible: Bool = {
        guard getuid() == 0, let mount = Program.find("mount"), let umount = Program.find("umount"),
            let scratch = try? Scratch()
        else { return false }
        func run(_ path: String, _ arguments: [String]) -> Bool {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = arguments
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        guard run(mount, ["-t", "tmpfs", "-o", "size=64k", "tmpfs", scratch.path]) else { return false }
        return run(umount, [scratch.path])
    }()
}

extension EndToEnd {
    /// Disks that are full or can't be written.
    @Suite("Disks", .lab(), .enabled(if: SmallDisk.isPossible, "needs root and the right to mount"))
    struct Disks {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        /// - Parameter isEnough: whether the disk may be large enough for all items.
        private func check(_ run: CollectRun, work: URL, output: URL, isEnough: Bool = false) async throws {
            let ending = try await run.run()
            #expect(!ending.timedOut && !ending.wasSignalled, "\(ending.printed)")
            #expect(Tree.list(work).isEmpty, "left in the work folder: \(Tree.list(work))")
            let left = Tree.list(output)
            if ending.status == 1 {
                #expect(left.isEmpty, "left beside: \(left)")
                #expect(!ending.errors.isEmpty)
                return
            }
            #expect(ending.status == 3 || ending.status == 0 && isEnough, "\(ending.printed)")
            #expect(left.count == 1, "\(left)")
            let bundle = try await UnpackedBundle(output.appendingPathComponent(try #require(left.first)))
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            #expect(bundle.manifest.isComplete == (ending.status == 0))
            #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
        }

        @Test("a work folder that is full", arguments: [16, 48, 96])
        func fullWork(kilobytes: Int) async throws {
            try await SmallDisk.with(kilobytes: kilobytes) { disk in
                var run = try CollectRun(lab, capture: 5)
                try run.set("--work-dir", disk.folder.path)
                try await check(run, work: disk.folder, output: run.output, isEnough: kilobytes > 48)
            }
        }

        @Test("an output folder that is full", arguments: [4, 12])
        func fullOutput(kilobytes: Int) async throws {
            try await SmallDisk.with(kilobytes: kilobytes) { disk in
                var run = try CollectRun(lab, reproduces: false, capture: 0)
                try run.set("--output", disk.folder.path)
                try await check(run, work: run.work, output: disk.folder)
            }
        }

        @Test("a work folder that can't be written")
        func readOnlyWork() async throws {
            try await SmallDisk.with(kilobytes: 64, readOnly: true) { disk in
                var run = try CollectRun(lab, reproduces: false, capture: 0)
                try run.set("--work-dir", disk.folder.path)
                let ending = try await run.run()
                #expect([1, 5].contains(ending.status), "\(ending.printed)")
                #expect(ending.errorText.contains("--work-dir") || ending.errorText.contains(disk.folder.path))
                #expect(run.left.isEmpty)
            }
        }
    }
}
