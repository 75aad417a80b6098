import Foundation
import Lab
import Testing

/// Starts a lab before a suite and stops it afterwards; the suite's tests find it in ``LabTrait/current``.
struct LabTrait: SuiteTrait, TestScoping {
    @TaskLocal static var running: Lab?
    @TaskLocal static var demo: Demo?

    /// The lab of the suite.
    static var current: Lab { get throws { try #require(running, "the suite has no lab") } }
    /// The complete run of the suite.
    static var demonstration: Demo { get throws { try #require(demo, "the suite has no run") } }

    let scenario: Scenario
    let tls: TLSVersion
    let options: LabOptions
    let collects: Bool

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let lab = try await Lab.start(scenario: scenario, tls: tls, options: options)
        do {
            let demo = collects ? try await Demo(lab) : nil
            try await Self.$running.withValue(lab) {
                try await Self.$demo.withValue(demo) { try await function() }
            }
        } catch {
            await lab.stop()
            throw error
        }
        await lab.stop()
    }
}

extension Trait where Self == LabTrait {
    /// A lab for all tests of the suite.
    static func lab(
        _ scenario: Scenario = .noClientCertificate, tls: TLSVersion = .tls12, engine: EngineChoice = .openssl
    ) -> Self {
        var options = LabOptions()
        options.engine = engine
        return LabTrait(scenario: scenario, tls: tls, options: options, collects: false)
    }

    /// A lab with one complete run, whose bundle all tests of the suite read.
    static func demonstration(_ scenario: Scenario = .noClientCertificate, tls: TLSVersion = .tls12) -> Self {
        LabTrait(scenario: scenario, tls: tls, options: LabOptions(), collects: true)
    }
}

/// One complete run and what it has left.
struct Demo: Sendable {
    let lab: Lab
    let run: CollectRun
    let ending: Program.Ending
    let bundle: UnpackedBundle

    init(_ lab: Lab) async throws {
        self.lab = lab
        run = try CollectRun(lab, playbook: lab.info.engine == "java" ? nil : "tls-bad-certificate")
        ending = try await run.run()
        try #require(!run.left.isEmpty, "no bundle: \(ending.printed)")
        bundle = try await run.bundle()
    }

    /// A copy of the bundle that a test may change.
    func copy(in scratch: Scratch) throws -> URL {
        let copy = scratch.url.appendingPathComponent("copy.tar.gz")
        try FileManager.default.copyItem(at: bundle.file, to: copy)
        return copy
    }
}

/// Runs a body with a lab of its own.
func withLab<R: Sendable>(
    _ scenario: Scenario, tls: TLSVersion = .tls12, options: LabOptions = LabOptions(),
    _ body: (Lab) async throws -> R
) async throws -> R {
    let lab = try await Lab.start(scenario: scenario, tls: tls, options: options)
    do {
        let result = try await body(lab)
        await lab.stop()
        return result
    } catch {
        await lab.stop()
        throw error
    }
}

/// All tests of the real program, one after the other: each takes both cores.
@Suite("The real program", .serialized)
enum EndToEnd {}
