import Documents
import Report
import SupportBundle
import Testing

@Suite struct ProgressTests {
    @Test func aLineHasNameStateSizeAndTime() {
        var lines = ProgressLines(color: false)
        lines.plan(3)
        lines.start("trace")
        let line = lines.finish(
            "trace", .collected, bytes: 15_400, milliseconds: 520, reason: nil, width: nil)
        #expect(line == "  trace                       collected   15.4 kB      0.5 s")
        let other = lines.finish(
            "packet capture", .missing, bytes: 0, milliseconds: 61_000, reason: "no tcpdump", width: nil)
        #expect(other == "  packet capture              missing                   61 s  no tcpdump")
    }

    @Test(arguments: [20, 40, 80, 200])
    func nothingIsWiderThanTheTerminal(width: Int) {
        var lines = ProgressLines(color: false)
        lines.plan(12)
        for index in 0..<12 { lines.start("collector number \(index) with a long name") }
        #expect(TerminalText.columns(lines.bar(seconds: 7, width: width)) < max(width, 11))
        let line = lines.finish(
            "logs", .partial, bytes: .max, milliseconds: 3_600_000,
            reason: Samples.hostileText + String(repeating: "x", count: 500),
            width: width)
        #expect(TerminalText.columns(line) < max(width, 42))
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test func theBarCountsWhatIsDone() {
        var lines = ProgressLines(color: false)
        #expect(lines.bar(seconds: 0, width: 80) == "")
        lines.plan(4)
        lines.start("a")
        lines.start("b")
        #expect(lines.bar(seconds: 3, width: 80) == " ░░░░░░░░░░░░░░░░░░░░ 0/4 · 3 s · a, b")
        _ = lines.finish("a", .collected, bytes: 1_000_000, milliseconds: 1, reason: nil, width: 80)
        #expect(lines.bar(seconds: 125, width: 80) == " █████░░░░░░░░░░░░░░░ 1/4 · 1.0 MB · 2 min 5 s · b")
        #expect(lines.bar(seconds: 3, counts: "9 packets", width: 80).hasSuffix("· 9 packets"))
        // More than was planned is no bar that is longer than it can be.
        for _ in 0..<6 { _ = lines.finish("b", .skipped, bytes: .max, milliseconds: 1, reason: nil, width: 80) }
        #expect(lines.bar(seconds: 3, width: 80).contains("████████████████████ 7/7"))
    }

    @Test func coloursAreThereOnlyWhenAskedFor() {
        var plain = ProgressLines(color: false)
        var coloured = ProgressLines(color: true)
        let states: [Manifest.State] = [.collected, .partial, .missing, .skipped]
        for state in states {
            let a = plain.finish("x", state, bytes: 1, milliseconds: 1, reason: nil, width: 80)
            let b = coloured.finish("x", state, bytes: 1, milliseconds: 1, reason: nil, width: 80)
            #expect(!a.contains("\u{1B}"))
            #expect(b.contains("\u{1B}") == (state != .skipped))
        }
    }
}
