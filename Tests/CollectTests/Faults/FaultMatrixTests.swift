import Foundation
import Glibc
import Lab
import Testing

extension EndToEnd {
    /// Each fault at each stage of a run: a valid bundle or a clean folder, nothing raw, the exit code of the contract.
    @Suite(
        "Fault matrix", .serialized, .lab(),
        .enabled(if: SmallDisk.isPossible && Program.find("prlimit") != nil, "needs root and the right to mount"))
    struct FaultMatrix {
        let lab: Lab
        let search: SecretSearch

        init() throws {
            lab = try LabTrait.current
            search = SecretSearch(lab.secrets)
        }

        /// The places of one run. Everything that it can write to lies in `scratch`.
        private struct Site {
            var run: CollectRun
            var environment: [String: String]
            var prefix: [String] = []
            var binary = Collect.binary
            var input: [UInt8]?
            var limit = 120.0
        }

        private func site() throws -> Site {
            var run = try CollectRun(lab, reproduces: false, capture: 0, mode: 0o711)
            run.arguments += ["--verbose"]
            return Site(
                run: run,
                environment: ["HOME": run.scratch.path, "TMPDIR": try run.scratch.folder("tmp", mode: 0o777).path])
        }

        /// Runs until the stage begins, lets the fault happen there, and looks at what is left.
        ///
        /// - Parameters:
        ///   - work, output: where they are not those of the run.
        ///   - strike: happens while the run is stopped.
        private func cell(
            _ kind: FaultKind, _ stage: FaultStage, _ site: Site, work: URL? = nil, output: URL? = nil,
            strike: (StagedProgram) async throws -> Void
        ) async throws {
            let (work, output) = (work ?? site.run.work, output ?? site.run.output)
            let program = try StagedProgram(
                site.binary, site.run.arguments, prefix: site.prefix, environment: site.environment,
                input: site.input, in: site.run.scratch.url, limit: site.limit)
            let isHeld = await program.hold(at: stage, further: stage == .collect ? 2 : 0)
            if isHeld {
                // Searched while nothing moves: what a power cut at this moment would leave.
                let raw = search.findings(below: site.run.scratch.url)
                #expect(raw.isEmpty, "raw at this moment: \(raw)")
                do {
                    try await strike(program)
                } catch {
                    program.send(SIGKILL)
                    program.release()
                    _ = await program.end()
                    throw error
                }
                program.release()
            }
            let ending = await program.end()
            #expect(isHeld, "the stage was not seen: \(ending.printed)")
            try await look(kind, stage, ending, site, work: work, output: output)
            FaultTable.record(kind, stage, ending.status)
        }

        private func look(
            _ kind: FaultKind, _ stage: FaultStage, _ ending: Program.Ending, _ site: Site, work: URL, output: URL
        ) async throws {
            guard case .codes(let codes) = FaultTable.cell(kind, stage) else { return }
            #expect(!ending.timedOut, "it hung: \(ending.printed)")
            #expect(codes.contains(ending.status), "\(codes.sorted()): \(ending.printed)")
            #expect(search.findings(in: ending.output + ending.errors).isEmpty, "a secret is printed")
            let raw =
                search.findings(below: site.run.scratch.url) + search.findings(below: work)
                + search.findings(below: output)
            #expect(raw.isEmpty, "\(raw)")
            let left = Tree.list(output).filter { $0 != "filler" && !$0.hasPrefix("apigee-collect-") }
            if ending.status == 137 {
                #expect(left.allSatisfy { $0.hasSuffix(".tar.gz") }, "half-written: \(left)")
                try await finish(site, stage)
                return
            }
            let waste = Tree.list(work).filter { $0 != "filler" && !left.contains($0) }
            #expect(waste.isEmpty, "left in the work folder: \(waste)")
            if [1, 5].contains(ending.status) {
                #expect(left.isEmpty, "left beside: \(left)")
                #expect(ending.errorText.contains("error:"), "\(ending.printed)")
                return
            }
            try await check(output, left, ending)
        }

        /// A killed run is finished by `resume`.
        private func finish(_ site: Site, _ stage: FaultStage) async throws {
            let folders = try FileManager.default.contentsOfDirectory(
                at: site.run.work, includingPropertiesForKeys: nil
            )
            .filter { $0.lastPathComponent.hasPrefix("apigee-collect-") }
            guard let folder = folders.first else {
                #expect(stage == .discover, "nothing is left to go on with")
                return
            }
            let ending = try await Collect.run(
                ["resume", folder.path], environment: site.environment, in: site.run.scratch.url)
            #expect([0, 3].contains(ending.status), "resume: \(ending.printed)")
            #expect(site.run.leftInWork.isEmpty, "\(site.run.leftInWork)")
            try await check(site.run.output, site.run.left, ending)
        }

        private func check(_ output: URL, _ left: [String], _ ending: Program.Ending) async throws {
            #expect(left.count == 1 && left.allSatisfy { $0.hasSuffix(".tar.gz") }, "\(left)")
            let file = output.appendingPathComponent(try #require(left.first { $0.hasSuffix(".tar.gz") }))
            let verify = try await Collect.verify(file)
            #expect([0, 6].contains(verify.status), "\(verify.printed)")
            let bundle = try await UnpackedBundle(file)
            #expect(bundle.manifest.isComplete == (ending.status == 0), "\(bundle.manifest)")
            #expect(bundle.manifest.isInterrupted == [130, 143].contains(ending.status), "\(ending.status)")
            for wanted in bundle.manifest.mustCollect where wanted.isRequired && wanted.state != "collected" {
                #expect(wanted.reason?.isEmpty == false && wanted.hint?.isEmpty == false, "\(wanted)")
            }
            #expect(try bundle.leaks(search).isEmpty)
        }

        // MARK: Signals

        @Test("killed: nothing raw, nothing half-written, and resume finishes it", arguments: FaultStage.ofRun)
        func killed(stage: FaultStage) async throws {
            try await cell(.killed, stage, site()) { $0.send(SIGKILL) }
        }

        @Test("SIGINT: a valid bundle first", arguments: FaultStage.ofRun)
        func interrupted(stage: FaultStage) async throws {
            try await cell(.interrupted, stage, site()) { $0.send(SIGINT) }
        }

        @Test("SIGTERM: a valid bundle first", arguments: FaultStage.ofRun)
        func terminated(stage: FaultStage) async throws {
            try await cell(.terminated, stage, site()) { $0.send(SIGTERM) }
        }

        @Test("SIGHUP: it goes on", arguments: FaultStage.ofRun)
        func hangUp(stage: FaultStage) async throws {
            try await cell(.hangUp, stage, site()) { $0.send(SIGHUP) }
        }

        @Test("SIGPIPE: it goes on", arguments: FaultStage.ofRun)
        func brokenPipe(stage: FaultStage) async throws {
            try await cell(.brokenPipe, stage, site()) { $0.send(SIGPIPE) }
        }

        // MARK: Disks

        @Test("the disk of work and output is full", arguments: FaultStage.ofRun)
        func diskFull(stage: FaultStage) async throws {
            try await SmallDisk.with(kilobytes: 2_000) { disk in
                var site = try site()
                for option in ["--output", "--work-dir"] { try site.run.set(option, disk.folder.path) }
                try await cell(.diskFull, stage, site, work: disk.folder, output: disk.folder) { _ in
                    FaultTools.fill(disk.folder)
                }
            }
        }

        @Test("the disk of the output becomes read-only", arguments: FaultTable.stages(.readOnly, FaultStage.ofRun))
        func readOnly(stage: FaultStage) async throws {
            try await SmallDisk.with(kilobytes: 2_000) { disk in
                var site = try site()
                try site.run.set("--output", disk.folder.path)
                try await cell(.readOnly, stage, site, output: disk.folder) { _ in try await disk.becomeReadOnly() }
            }
        }

        @Test(
            "a user who may no longer write to the output",
            .enabled(if: Program.find("setpriv") != nil, "needs setpriv"), arguments: FaultStage.ofRun)
        func noPermission(stage: FaultStage) async throws {
            var site = try asNobody(site())
            let output = site.run.output
            site.environment["HOME"] = "/nonexistent"
            try await cell(.noPermission, stage, site) { _ in
                #expect(unsafe chown(output.path, 0, 0) == 0 && chmod(output.path, 0o755) == 0)
            }
        }

        /// The same as user nobody, whose login comes from standard input.
        private func asNobody(_ site: Site) throws -> Site {
            var site = site
            let index = try #require(site.run.arguments.firstIndex(of: "--password-file"))
            site.run.arguments.removeSubrange(index...index + 1)
            site.run.arguments.append("--password-stdin")
            let password = try #require(lab.secrets.secret(named: "management-password")).value
            site.input = Array((password + "\n").utf8)
            for folder in [site.run.output, site.run.work] { #expect(unsafe chown(folder.path, 65_534, 65_534) == 0) }
            // The build folder may be closed to others.
            let copy = site.run.scratch.url.appendingPathComponent("apigee-collect")
            try FileManager.default.copyItem(atPath: Collect.binary, toPath: copy.path)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path)
            site.binary = copy.path
            site.prefix = [try #require(Program.find("setpriv")), "--reuid=65534", "--regid=65534", "--clear-groups"]
            return site
        }

        // MARK: The clock

        @Test(
            "the clock jumps", .enabled(if: FaultTools.clock != nil, "needs gcc"),
            arguments: [FaultKind.clockForward, .clockBack], FaultStage.ofRun)
        func clock(kind: FaultKind, stage: FaultStage) async throws {
            var site = try site()
            let clock = try site.run.scratch.write("0", to: "clock")
            site.environment.merge(["LD_PRELOAD": try #require(FaultTools.clock?.path), "CLOCK_OFFSET": clock.path]) {
                $1
            }
            try await cell(kind, stage, site) { _ in
                try Data("\((kind == .clockForward ? 400 : -2) * 86_400)".utf8).write(to: clock)
            }
        }

        // MARK: Limits

        @Test(
            "memory gets scarce, or there is none left",
            .enabled(if: MemoryLimit.isPossible, "needs root and the memory controller"),
            arguments: [FaultKind.memoryTight, .memoryGone], FaultStage.ofRun)
        func memory(kind: FaultKind, stage: FaultStage) async throws {
            let limit = try MemoryLimit(bytes: kind == .memoryTight ? 64 << 20 : 64 << 10)
            try await cell(kind, stage, site()) { try limit.take($0.identifier) }
        }

        @Test("no descriptor is left", arguments: FaultStage.ofRun)
        func descriptors(stage: FaultStage) async throws {
            try await cell(.descriptors, stage, site()) { program in
                try await FaultTools.limit(program.identifier, FaultTools.noDescriptor(of: program.identifier))
            }
        }

        @Test("files may not grow above 8 KiB", arguments: FaultStage.ofRun)
        func fileSize(stage: FaultStage) async throws {
            try await cell(.fileSize, stage, site()) { program in
                try await FaultTools.limit(program.identifier, "--fsize=8192")
            }
        }
    }
}
