import FoundationEssentials
import Redact
import Testing

/// So many secrets that the index enters only one run of each and looks at every place.
@Suite struct ManyLiteralsTests {
    /// Distinct values of 13 to 20 characters that are no words.
    private static func values(_ count: Int) -> [[UInt8]] {
        var state: UInt64 = 88_172_645_463_325_252
        return (0..<count).map { index in
            [UInt8(ascii: "7")]
                + (0..<(12 + index % 8)).map { _ in
                    state ^= state << 13
                    state ^= state >> 7
                    state ^= state << 17
                    return Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)[Int(state % 62)]
                }
        }
    }

    @Test("each of many is found in every form, at every place", arguments: [nil, "päss wörd 1 x!"])
    func many(withBlanks: String?) throws {
        let redactor = try makeRedactor()
        let values = Self.values(12_000)
        for value in values { redactor.vault.learn(value, rule: "password") }
        #expect(redactor.vault.count == values.count)
        // With a blank among the bytes that were chosen, no place of a text may be passed over.
        if let withBlanks { redactor.vault.learn(Array(withBlanks.utf8), rule: "password") }
        for index in stride(from: 0, to: values.count, by: 611) {
            let forms = VaultTests.forms(of: string(values[index])) + (withBlanks.map(VaultTests.forms) ?? [])
            for (number, form) in forms.enumerated() {
                let before = Array("at \(String(repeating: "-", count: number % 7)) ".utf8)
                for chunk in number % 5 == 0 ? [1, Int.max] : [Int.max] {
                    let output = try redactor.secondPass(before + form + Array(" end\n".utf8), chunk: chunk)
                    #expect(!contains(output, form), "\(string(output))")
                    #expect(string(output).hasSuffix(" end\n"), "\(string(output))")
                }
            }
        }
    }

    @Test func aLiteralAtTheEndsOfAnInputIsFound() throws {
        let redactor = try makeRedactor()
        let values = Self.values(12_000)
        for value in values { redactor.vault.learn(value, rule: "password") }
        for value in values.prefix(40) {
            #expect(string(try redactor.secondPass(value)).hasPrefix("REDACTED.password."))
            #expect(string(try redactor.secondPass(Array("x ".utf8) + value)).hasPrefix("x REDACTED.password."))
        }
    }
}
