import Foundation
import Lab
import Testing

extension EndToEnd {
    /// Every scenario of the lab: the right cause, and never a wrong one.
    @Suite("Causes")
    struct Causes {
        @Test(
            "the failing scenarios",
            arguments: [
                (Scenario.noClientCertificate, TLSVersion.tls13, Wiring.targetServer, "no-client-certificate"),
                (.issuerNotAccepted, .tls12, .direct, "issuer-not-accepted"),
            ])
        func failing(scenario: Scenario, tls: TLSVersion, wiring: Wiring, cause: String) async throws {
            var options = LabOptions()
            options.wiring = wiring
            try await withLab(scenario, tls: tls, options: options) { lab in
                let demo = try await Demo(lab)
                let manifest = demo.bundle.manifest
                #expect(demo.ending.status == 0, "\(demo.ending.printed)")
                #expect(manifest.isComplete)
                let first = try #require(manifest.verdicts.first, "no verdict")
                #expect(first.cause == cause)
                #expect(first.confidence != "possible")
                let wrong = manifest.verdicts.filter { $0.cause != cause && $0.confidence != "possible" }
                #expect(wrong.isEmpty, "\(wrong)")
                try await sound(demo)
            }
        }

        @Test("scenarios that are not the playbook's", arguments: [Scenario.ok, .serverUntrusted])
        func others(scenario: Scenario) async throws {
            try await withLab(scenario) { lab in
                // The playbook is named, so that its diagnosis looks and has to find nothing.
                let run = try CollectRun(lab, capture: 8)
                let ending = try await run.run()
                #expect(ending.status == 0 || ending.status == 3, "\(ending.printed)")
                let bundle = try await run.bundle()
                let wrong = bundle.manifest.verdicts.filter {
                    ["no-client-certificate", "issuer-not-accepted"].contains($0.cause)
                }
                #expect(wrong.isEmpty, "\(wrong)")
                #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
                if scenario == .ok {
                    // No handshake failed while it was captured.
                    #expect(bundle.manifest.wanted("packet-capture")?.state == "partial")
                    #expect(ending.status == 3, "\(ending.printed)")
                }
                #expect(try await [0, 6].contains(Collect.verify(bundle.file).status))
            }
        }

        private func sound(_ demo: Demo) async throws {
            let leaks = try demo.bundle.leaks(SecretSearch(demo.lab.secrets))
            #expect(leaks.isEmpty, "\(leaks)")
            let verify = try await Collect.verify(demo.bundle.file)
            #expect(verify.status == 0, "\(verify.printed)")
            #expect(demo.run.leftInWork.isEmpty)
            // With a target server the port is not the proxy's.
            let evidence = demo.lab.evidence.filter { $0.name != "backend-port" || demo.lab.info.targetServer == nil }
            let lost = demo.bundle.lostEvidence(evidence)
            #expect(lost.isEmpty, "\(lost.joined(separator: "\n"))")
        }
    }

    /// The management API misbehaves.
    @Suite("Faults of the management API", .lab())
    struct Faults {
        /// The items that only the management API has.
        private static let fromEdge = ["api-proxy", "keystore-certificates", "trace"]

        /// What one of these items says at least, and what its hint names; what is not here ends by the run's own limit.
        private static let told: [Fault: (reason: String, hint: String)] = [
            .unauthorizedHTML: ("(401)", "check user and password"),
            .unauthorizedEmpty: ("(401)", "check user and password"),
            .forbidden: ("(403)", "Read-only Organization Administrator"), .notFound: ("(404)", "case-sensitive"),
            .serverError: ("(500)", "system.log"), .cutOff: ("connection was closed", "try again"),
            .wrongContentType: ("no zip archive", "--api-proxy"), .endlessBody: ("larger than", "--max-item-size"),
            .redirect: ("points to", "--mgmt"), .tooMany: ("(429)", "wait 30 seconds"),
            .truncatedJSON: ("names no store that can be read", "look the reference up"),
        ]

        @Test(arguments: Fault.allCases)
        func fault(_ fault: Fault) async throws {
            let lab = try LabTrait.current
            lab.faults.replace(with: [fault])
            defer { lab.faults.replace(with: []) }
            let earlier = lab.redirectedRequests.count
            var run = try CollectRun(lab, reproduces: false, capture: 3)
            // An API this slow keeps every run from its end: the limit has to.
            let isSlow = [.slow, .drip].contains(fault)
            run.arguments += ["--time-limit", isSlow ? "15s" : "40s"]
            run.limit = 100
            let ending = try await run.run()
            #expect(!ending.timedOut, "it hung")
            #expect(ending.status == 3, "\(ending.printed)")
            #expect(run.left.count == 1 && run.leftInWork.isEmpty, "\(run.left) \(run.leftInWork)")
            let bundle = try await run.bundle()
            let verify = try await Collect.verify(bundle.file)
            #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            #expect(!bundle.manifest.isComplete)
            for wanted in bundle.manifest.mustCollect where wanted.isRequired && wanted.state != "collected" {
                #expect(wanted.reason?.isEmpty == false, "\(wanted) has no reason")
            }
            for wanted in bundle.manifest.mustCollect where wanted.isRequired && wanted.state != "collected" {
                #expect(wanted.hint?.isEmpty == false, "\(wanted) has no hint")
            }
            // JSON with another label is still JSON, and a slow drip still comes to its end.
            if ![.jsonAsText, .drip].contains(fault) {
                let hurt = Self.fromEdge.compactMap { bundle.manifest.wanted($0) }.filter { $0.state != "collected" }
                #expect(!hurt.isEmpty, "nothing is missing with \(fault)")
            }
            if let told = Self.told[fault] {
                let rows = Self.fromEdge.compactMap { bundle.manifest.wanted($0) }
                #expect(
                    rows.contains {
                        $0.reason?.contains(told.reason) == true && $0.hint?.contains(told.hint) == true
                    }, "\(rows) \(rows.map { $0.hint ?? "-" })")
            }
            // What the log and the node give is there all the same.
            #expect(bundle.manifest.wanted("error-message")?.state == "collected")
            #expect(bundle.manifest.wanted("message-processor-log")?.state == "collected")
            let wrong = bundle.manifest.verdicts.filter {
                $0.confidence == "certain" && $0.cause != "no-client-certificate"
            }
            #expect(wrong.isEmpty, "\(wrong)")
            let leaks = try bundle.leaks(SecretSearch(lab.secrets))
            #expect(leaks.isEmpty, "\(leaks)")
            if fault == .redirect {
                let sent = lab.redirectedRequests.dropFirst(earlier)
                #expect(!sent.contains { $0.hadCredentials }, "credentials went to another host")
            }
        }
    }
}
