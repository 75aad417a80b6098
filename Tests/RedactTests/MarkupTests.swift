import Redact
import Testing

/// Values that markup keeps away from their names.
@Suite struct MarkupTests {
    private func redact(_ text: String) throws -> String {
        let redactor = try Redactor(rules: RuleSet.builtIn(), key: [UInt8](repeating: 7, count: 32))
        return String(decoding: try redactor.redact(Array(text.utf8), format: .xml).bytes, as: UTF8.self)
    }

    @Test(
        "a secret one element below its name goes, the reference beside it stays",
        arguments: ["SecretKey", "PrivateKey", "Password"])
    func nestedValue(name: String) throws {
        let text =
            "<\(name) encoding=\"base64\">\n  <Value ref=\"private.partner.key\">gvUL9HQhTd82Ydr9NgNo</Value>\n</\(name)>"
        let redacted = try redact(text)
        #expect(!redacted.contains("gvUL9HQhTd82Ydr9NgNo"))
        #expect(redacted.contains("ref=\"private.partner.key\""))
        #expect(redacted.split(separator: "\n").count == 3)
    }

    @Test("a value before its name goes, whatever markup it holds")
    func escapedValue() throws {
        let redacted = try redact(
            "<Set success=\"true\" value=\"JIm8qu%/+&amp;&gt;&lt;=&quot;N2apEx5D\" name=\"partner.secret\"/>")
        #expect(!redacted.contains("N2apEx5D") && !redacted.contains("JIm8qu"))
        #expect(
            redacted.hasPrefix("<Set success=\"true\" value=\"REDACTED.")
                && redacted.hasSuffix("name=\"partner.secret\"/>"))
    }

    @Test("letters alone are a secret when they are scrambled, not when they are words")
    func letters() throws {
        #expect(!(try redact("{\"token\":\"PwIybfWanEyUFsfrgDIi\"}").contains("PwIybf")))
        #expect(try redact("{\"token\":\"readWriteAccess\"}").contains("readWriteAccess"))
    }
}
