import Redact
import Testing

/// Recall and harm on labelled cases with new random values in every run: its seed is in every message.
@Suite struct LabelledTests {
    private static let seed = UInt64.random(in: 1...UInt64.max)

    /// Redacts with a vault of its own, so that no case helps another one.
    private static func redact(_ text: String) throws -> String {
        string(try makeRedactor().text(Array(text.utf8)))
    }

    private struct Tally {
        var count = 0
        var wrong: [String] = []
        var kinds: Set<String> = []
        var contexts: Set<String> = []

        /// How many of a thousand are right.
        var perMille: Double { count == 0 ? 0 : Double(count - wrong.count) * 1_000 / Double(count) }
        var account: String {
            "seed \(LabelledTests.seed): \(wrong.count) of \(count) are wrong:\n"
                + wrong.prefix(12).joined(separator: "\n")
        }
    }

    /// Counts as found what is gone, its surroundings intact, once and for all.
    private static func tally(_ cases: [LabelledCase]) throws -> Tally {
        var tally = Tally()
        for one in cases {
            tally.count += 1
            tally.kinds.insert(one.kind)
            tally.contexts.insert(one.context)
            let output = try redact(one.text)
            let isRight =
                !output.contains(one.secret) && output.hasPrefix(one.before) && output.hasSuffix(one.after)
                && lineBreaks(Array(output.utf8)) == lineBreaks(Array(one.text.utf8))
            let again = try redact(output)
            if !isRight || again != output {
                tally.wrong.append("\(one.kind) in \(one.context): \(one.text) became \(output), then \(again)")
            }
        }
        return tally
    }

    @Test("at least 99 % of the values that their name gives away go")
    func named() throws {
        var labels = Labels(seed: Self.seed)
        let tally = try Self.tally(labels.named(perName: 8))
        #expect(tally.perMille >= 990, "\(tally.account)")
        #expect(tally.count >= 2_500 && tally.kinds.count >= 55 && tally.contexts.count >= 90)
    }

    @Test("at least 99 % of the values that give themselves away go")
    func tokens() throws {
        var labels = Labels(seed: Self.seed)
        let tally = try Self.tally(labels.tokens(perTemplate: 9))
        #expect(tally.perMille >= 990, "\(tally.account)")
        #expect(tally.count >= 1_500 && tally.kinds.count >= 100 && tally.contexts.count >= 25)
    }

    @Test("every private key goes, in every form")
    func privateKeys() throws {
        var labels = Labels(seed: Self.seed)
        for key in labels.privateKeys(perForm: 6) {
            let output = try Self.redact(key.text)
            let left = key.lines.filter { $0.count > 3 && output.contains($0) }
            #expect(left.isEmpty && output.contains("REDACTED."), "seed \(Self.seed), \(key.form.id): \(output)")
            #expect(lineBreaks(Array(output.utf8)) == lineBreaks(Array(key.text.utf8)), "\(key.form.id): \(output)")
        }
    }

    @Test("every credential inside of base64 goes")
    func wrapped() throws {
        var dice = LabelDice(seed: Self.seed)
        let tally = try Self.tally(Wrapped.cases(&dice, each: 1))
        #expect(tally.wrong.isEmpty, "\(tally.account)")
    }

    @Test("at least 99.5 % of the look-alikes stay to the byte")
    func lookAlikes() throws {
        var labels = Labels(seed: Self.seed)
        var tally = Tally()
        for one in labels.lookAlikes(perTemplate: 5) {
            tally.count += 1
            let output = try Self.redact(one.text)
            if output != one.text { tally.wrong.append("\(one.id): \(one.text) became \(output)") }
        }
        #expect(tally.perMille >= 995, "\(tally.account)")
        #expect(tally.count >= 3_000)
    }
}
