import Documents
import Report
import SupportBundle
import Testing

/// START-HERE.txt and the terminal summary.
@Suite struct PlainTextTests {
    @Test(arguments: Samples.Name.allCases)
    func startHereFitsItsPage(sample: Samples.Name) {
        let text = StartHere.text(sample.manifest)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(text.hasSuffix("\n"))
        #expect(lines.count <= 40)
        for line in lines {
            #expect(TerminalText.columns(String(line)) <= 100)
            #expect(line.last != " ")
        }
        #expect(text.contains("sha256sum -c SHA256SUMS"))
        #expect(harmless(text))
    }

    @Test func startHereTellsWhatMatters() {
        let text = StartHere.text(Samples.partial)
        for words in [
            "partial: 6 of 7 required items", "case 7123456", "org acme, env prod, API payments, revision 7",
            "rrt-0f9a5b21c3d4e5f60-a-eu-1234-567-8", "payments.backend.example:8443 (10.20.30.40)",
            "client-2026\n",
            "HTTP 503", "seen 42 times since", "VERDICT (certain)",
            "The Message Processor has no client certificate to send",
            "* Upload the client's certificate chain", "- trace: a trace is made in the Edge UI",
            "      apigee-collect add apigee-support-acme-prod-20261123T090412Z-mp-1.tar.gz --trace FILE\n",
            "- accepted-issuers, partial (optional)", "items/message-processor-log/  1 file, 1.5 MB",
            "items/keystore-certificates/  2 files, 2.8 kB", "49 secret values",
        ] { #expect(text.contains(words), "\(words) in:\n\(text)") }
        #expect(!StartHere.text(Samples.complete).contains("WHAT IS MISSING"))
        #expect(StartHere.text(Samples.complete).contains("complete: all 7 required items"))
        #expect(StartHere.text(Samples.bare).contains("does not settle the cause"))
    }

    @Test func itemsMissingForOneReasonStandTogether() {
        var manifest = Samples.complete
        for index in [1, 5, 6] {
            manifest.mustCollect[index].state = .missing
            manifest.mustCollect[index].reason = "the management server refused the password"
            manifest.mustCollect[index].hint = "apigee-collect --user NAME"
        }
        let text = StartHere.text(manifest)
        #expect(text.contains("- api-proxy and keystore-certificates: the management server refused the password"))
        #expect(text.contains("- truststore-certificates (optional): the management server"))
    }

    @Test func aLongCommandStaysOneCommandForAShell() throws {
        var manifest = Samples.partial
        let command =
            "apigee-collect add '/var/tmp/my bundles/b.tar.gz' --trace 'the  trace.xml' --tried "
            + (1...20).map { "step\($0)" }.joined(separator: " ")
        manifest.mustCollect[2].hint = command
        let lines = TerminalSummary.lines(manifest, bundlePath: "/tmp/b.tar.gz", color: false)
        let start = try #require(lines.firstIndex { $0.contains("apigee-collect add") })
        var joined = ""
        for line in lines[start...] {
            joined += line.drop { $0 == " " }
            guard joined.hasSuffix("\\") else { break }
            joined.removeLast()
        }
        #expect(joined == command)
    }

    @Test(arguments: Samples.Name.allCases, [40, 80, 120])
    func summaryFitsATerminal(sample: Samples.Name, width: Int) {
        let lines = TerminalSummary.lines(
            sample.manifest, bundlePath: "/home/ops/apigee-support-acme-prod-20261123T090412Z-mp-1.tar.gz",
            color: false,
            width: width, bundleBytes: 1_234_567)
        #expect(lines.count <= 23)
        if width == 80 {
            #expect(lines.reduce(0) { $0 + max(1, (TerminalText.columns($1) + 79) / 80) } <= 23)
        }
        for line in lines where !line.contains("/") && !line.contains("apigee-collect") {
            #expect(TerminalText.columns(line) <= width, "\(line)")
        }
        #expect(harmless(lines.joined(separator: "\n")))
        #expect(lines.contains { $0.contains("/home/ops/apigee-support-acme-prod-20261123T090412Z-mp-1.tar.gz") })
    }

    @Test func summaryTellsWhatMatters() {
        let text = TerminalSummary.lines(
            Samples.partial, bundlePath: "/home/ops/b.tar.gz", color: false, bundleBytes: 1_234_567
        ).joined(separator: "\n")
        for words in [
            "Verdict (certain): The Message Processor has no client certificate to send", "1.2 MB",
            "/home/ops/b.tar.gz",
            "MISSING", "apigee-collect add apigee-support-acme-prod-20261123T090412Z-mp-1.tar.gz", "--trace FILE",
            "apigee-collect inspect /home/ops/b.tar.gz", "To do: Upload the client's",
            "optional: accepted-issuers", "partial: 6 of 7 required items",
        ] { #expect(text.contains(words), "\(words) in:\n\(text)") }
    }

    @Test func whatIsMissingIsNamedWhereTheListHasNoRoom() throws {
        var manifest = Samples.partial
        for index in manifest.mustCollect.indices {
            manifest.mustCollect[index].state = .missing
            manifest.mustCollect[index].required = true
            manifest.mustCollect[index].reason = "reason \(index): " + String(repeating: "long words ", count: 12)
        }
        let lines = TerminalSummary.lines(manifest, bundlePath: "/tmp/b.tar.gz", color: false, width: 120)
        let heading = try #require(lines.firstIndex(of: "Must collect"))
        let names = manifest.mustCollect.map(\.item.rawValue).joined(separator: ", ")
        #expect(lines[heading + 1].hasPrefix("  … MISSING: \(names.prefix(60))"), "\(lines)")
        #expect(lines.count <= 23)
    }

    @Test func coloursAreTheOnlyControlCharacters() {
        let plain = TerminalSummary.lines(Samples.hostile, bundlePath: Samples.hostileText, color: false)
        let coloured = TerminalSummary.lines(Samples.hostile, bundlePath: Samples.hostileText, color: true)
        let stripped = coloured.map { line in
            ["0", "1", "31", "32", "33"].reduce(line) { text, code in
                text.split(separator: "\u{1B}[\(code)m", omittingEmptySubsequences: false).joined()
            }
        }
        #expect(stripped == plain)
        #expect(coloured != plain)
        #expect(harmless(plain.joined(separator: "\n")))
    }

    @Test func aPathWithBlanksIsQuoted() {
        let lines = TerminalSummary.lines(Samples.bare, bundlePath: "/tmp/it's here/b.tar.gz", color: false)
        #expect(lines.contains("  '/tmp/it'\\''s here/b.tar.gz'"))
    }

    private func harmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || TerminalText.harmless(String(scalar)) == String(scalar)
        }
    }
}
