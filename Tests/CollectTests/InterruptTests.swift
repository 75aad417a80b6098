import Foundation
import Glibc
import Lab
import Synchronization
import Testing

/// Looks into a folder again and again while a program runs.
final class FolderWatch: Sendable {
    private struct State {
        var isOver = false
        var found: Set<String> = []
        var looks = 0
    }

    private let state = Mutex(State())

    /// - Parameter folder: in which no planted secret may ever stand.
    init(_ folder: URL, _ search: SecretSearch) {
        Thread { [self] in
            while !state.withLock({ $0.isOver }) {
                let found = search.findings(below: folder)
                state.withLock {
                    $0.found.formUnion(found)
                    $0.looks += 1
                }
                usleep(60_000)
            }
        }.start()
    }

    /// What was found, and how often was looked.
    func end() -> (found: [String], looks: Int) {
        state.withLock { state in
            state.isOver = true
            return (state.found.sorted(), state.looks)
        }
    }
}

extension EndToEnd {
    /// Ctrl-C, SIGTERM, a second signal, a crash.
    @Suite("Interruptions", .lab())
    struct Interruptions {
        let lab: Lab
        let search: SecretSearch

        init() throws {
            lab = try LabTrait.current
            search = SecretSearch(lab.secrets)
        }

        /// A run that takes longer than the tests wait: nothing fails while it captures.
        private func longRun() throws -> CollectRun {
            var run = try CollectRun(lab, reproduces: false, capture: 60)
            run.arguments += ["--no-probe"]
            run.limit = 90
            return run
        }

        @Test(
            "a valid bundle is written first, nothing raw and nothing else is left",
            arguments: zip(
                [0.05, 0.15, 0.3, 0.5, 0.8, 1.2, 1.8, 2.5, 3.5, 5.0],
                [SIGINT, SIGTERM, SIGINT, SIGTERM, SIGINT, SIGTERM, SIGINT, SIGTERM, SIGINT, SIGTERM]))
        func signal(after seconds: Double, number: Int32) async throws {
            let run = try longRun()
            let program = try run.start()
            let watch = FolderWatch(run.work, search)
            try await Task.sleep(for: .seconds(seconds))
            program.send(number)
            let ending = await program.end()
            let seen = watch.end()
            #expect(seen.found.isEmpty, "raw in the work folder: \(seen.found)")
            #expect(!ending.timedOut, "it hung")
            #expect(run.leftInWork.isEmpty, "\(run.leftInWork)")
            if ending.wasSignalled {
                // It came before the program had begun: nothing was touched.
                #expect(ending.status == 128 + number && run.left.isEmpty, "\(run.left) \(ending.printed)")
                return
            }
            #expect(ending.status == 128 + number, "\(ending.printed)")
            #expect(run.left.count == 1, "\(run.left)")
            let bundle = try await run.bundle()
            #expect(bundle.manifest.isInterrupted && !bundle.manifest.isComplete)
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            for wanted in bundle.manifest.mustCollect where wanted.isRequired && wanted.state != "collected" {
                #expect(wanted.reason?.isEmpty == false, "\(wanted) has no reason")
            }
            let leaks = try bundle.leaks(search)
            #expect(leaks.isEmpty, "\(leaks)")
        }

        @Test("with a request that is sent again and a trace session", arguments: [1.0, 2.0])
        func duringReproduction(seconds: Double) async throws {
            lab.faults.replace(with: [.drip])
            defer { lab.faults.replace(with: []) }
            var run = try CollectRun(lab, capture: 30)
            run.limit = 90
            let program = try run.start()
            let watch = FolderWatch(run.work, search)
            try await Task.sleep(for: .seconds(seconds))
            program.send(SIGINT)
            let ending = await program.end()
            #expect(watch.end().found.isEmpty)
            #expect([0, 3, 130].contains(ending.status) && !ending.timedOut, "\(ending.printed)")
            #expect(run.leftInWork.isEmpty, "\(run.leftInWork)")
            if !ending.wasSignalled {
                let bundle = try await run.bundle()
                let verify = try await Collect.verify(bundle.file)
                #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            }
        }

        @Test("a second signal stops at once and leaves nothing")
        func second() async throws {
            let run = try longRun()
            let program = try run.start()
            try await waitForWork(run)
            program.send(SIGINT)
            program.send(SIGTERM)
            usleep(20_000)
            program.send(SIGINT)
            let ending = await program.end()
            #expect(!ending.timedOut && !ending.wasSignalled, "\(ending.printed)")
            #expect([130, 143].contains(ending.status), "\(ending.printed)")
            #expect(run.leftInWork.isEmpty, "\(run.leftInWork)")
            let whole = run.left.filter { $0.hasSuffix(".tar.gz") }
            #expect(run.left == whole, "half a bundle is left: \(run.left)")
        }

        @Test("a lost terminal does not stop it")
        func hangUp() async throws {
            var run = try CollectRun(lab, capture: 5)
            run.limit = 90
            let program = try run.start()
            try await waitForWork(run)
            program.send(SIGHUP)
            let ending = await program.end()
            #expect(ending.status == 0 || ending.status == 3, "\(ending.printed)")
            #expect(run.left.count == 1)
        }

        @Test("a closed output is no crash")
        func closedOutput() async throws {
            let run = try CollectRun(lab, reproduces: false, capture: 0)
            let quoted = ([Collect.binary] + run.arguments).map { "'\($0)'" }.joined(separator: " ")
            let outcome = try await Program.tool(
                "bash", ["-c", "\(quoted) 2>&1 | true; echo ${PIPESTATUS[0]}"], in: run.scratch.url)
            #expect(["3", "0"].contains(outcome.outputText.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(run.left.count == 1 && run.leftInWork.isEmpty, "\(run.left) \(run.leftInWork)")
        }

        @Test("a crash leaves no core, no secret on the terminal or the disk", arguments: [SIGSEGV, SIGABRT, SIGKILL])
        func crash(number: Int32) async throws {
            let run = try longRun()
            let quoted = ([Collect.binary] + run.arguments).map { "'\($0)'" }.joined(separator: " ")
            let program = try Program.start(
                "/bin/sh", ["-c", "ulimit -c unlimited; exec \(quoted)"],
                environment: ["SWIFT_BACKTRACE": "enable=yes"], in: run.scratch.url, limit: 60)
            try await waitForWork(run)
            try await Task.sleep(for: .seconds(1))
            program.send(number)
            let ending = await program.end()
            #expect(ending.wasSignalled && ending.status == 128 + number, "\(ending.printed)")
            let printed = search.findings(in: ending.output + ending.errors)
            #expect(printed.isEmpty, "\(printed)")
            let left = search.findings(below: run.scratch.url)
            #expect(left.isEmpty, "\(left)")
            let cores = Tree.list(run.scratch.url).filter { $0.contains("core") }
            #expect(cores.isEmpty, "\(cores)")
        }

        /// Returns when the run has begun to fill its work folder.
        private func waitForWork(_ run: CollectRun) async throws {
            for _ in 0..<600 {
                if run.leftInWork.contains(where: { $0.contains("sealed/") }) { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("the run did not begin to collect")
        }
    }
}
