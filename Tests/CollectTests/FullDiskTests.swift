import Foundation
import Lab
import Testing

extension EndToEnd {
    /// One small disk for the work folder and the bundle, of many sizes. `APIGEE_DISK_POINTS` says how many are tried
    /// (Benchmarks/disk.sh: 50).
    @Suite("Small disks", .lab(), .enabled(if: SmallDisk.isPossible, "needs root and the right to mount"))
    struct SmallDisks {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        static let count = ProcessInfo.processInfo.environment["APIGEE_DISK_POINTS"].flatMap { Int($0) } ?? 5

        @Test("end in a valid bundle, or in nothing at all and exit code 1")
        func points() async throws {
            var codes: Set<Int32> = []
            for number in 0..<Self.count {
                let kilobytes = 8 + 240 * number / max(1, Self.count - 1)
                let disk = try await SmallDisk(kilobytes: kilobytes)
                do {
                    codes.insert(try await point(disk, kilobytes))
                } catch {
                    await disk.unmount()
                    throw error
                }
                await disk.unmount()
            }
            #expect(codes.isSubset(of: [1, 3]) && codes.contains(3))
        }

        private func point(_ disk: SmallDisk, _ kilobytes: Int) async throws -> Int32 {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            for option in ["--output", "--work-dir"] {
                let index = try #require(run.arguments.firstIndex(of: option))
                run.arguments[index + 1] = disk.folder.path
            }
            let ending = try await run.run()
            let left = Tree.list(disk.folder)
            #expect(!ending.timedOut && !ending.wasSignalled, "\(kilobytes) KiB: \(ending.printed)")
            if ending.status == 1 {
                #expect(left.isEmpty, "\(kilobytes) KiB: \(left)")
                #expect(!ending.errors.isEmpty)
            } else {
                #expect(left.count == 1, "\(kilobytes) KiB: \(left)")
                let bundle = try await UnpackedBundle(disk.folder.appendingPathComponent(try #require(left.first)))
                let verify = try await Collect.verify(bundle.file)
                #expect(verify.status == 0 || verify.status == 6, "\(kilobytes) KiB: \(verify.printed)")
                #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
            }
            return ending.status
        }
    }
}
