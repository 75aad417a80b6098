import FoundationEssentials
import Redact
import Testing

/// What one input teaches is removed from all others, in every form.
@Suite struct VaultTests {
    static let secrets = ["hunter2-9x/+", "a\"b&c<d>e'9", "päss wörd 1!", "0a1B2c3D4e5F6g7H8i9J"]

    static func forms(of secret: String) -> [[UInt8]] {
        let bytes = Array(secret.utf8)
        let data = Data(bytes)
        let encoded = data.base64EncodedString()
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let percent = bytes.map { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                ? String(UnicodeScalar(byte))
                : "%" + (String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)).uppercased()
        }.joined()
        let lowered = percent.split(separator: "%", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset == 0 ? String($0.element) : $0.element.prefix(2).lowercased() + $0.element.dropFirst(2) }
            .joined(separator: "%")
        let json = secret.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let xml = secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        let texts = [
            secret, encoded, encoded.replacing("+", with: "-").replacing("/", with: "_"), hex, hex.uppercased(),
            percent, lowered,
            json, xml, xml.replacing("\"", with: "&quot;").replacing("'", with: "&apos;"),
        ]
        var forms = texts.map { Array($0.utf8) }
        for (before, after) in [("x", ""), ("ab", "cd"), ("user:", "\n"), ("{\"k\":\"", "\"}")] {
            forms.append(Array((Data(Array(before.utf8) + bytes + Array(after.utf8))).base64EncodedString().utf8))
        }
        return forms
    }

    @Test(arguments: secrets) func aLearnedSecretGoesInEveryForm(secret: String) throws {
        let redactor = try makeRedactor()
        redactor.vault.learn(Array(secret.utf8), rule: "password")
        #expect(redactor.vault.count == 1)
        for form in Self.forms(of: secret) {
            for chunk in [1, 5, Int.max] {
                let output = try redactor.secondPass(Array("at ".utf8) + form + Array(" end\n".utf8), chunk: chunk)
                #expect(!contains(output, form), "\(string(form)) stayed: \(string(output))")
                #expect(
                    string(output).hasPrefix("at REDACTED.password.") && string(output).hasSuffix(" end\n"),
                    "\(string(output))")
            }
        }
    }

    @Test func oneInputTeachesTheNext() throws {
        let redactor = try makeRedactor()
        _ = try redactor.redact(
            Array("Authorization: Basic YWRtaW46czNjcmV0LXB3\nconf_ldap_password=l0ngEnough!\n".utf8), format: .http)
        let output = string(
            try redactor.text(Array("ps: -Dpw=s3cret-pw x l0ngEnough! and YWRtaW46czNjcmV0LXB3\n".utf8), .log))
        #expect(
            !output.contains("s3cret-pw") && !output.contains("l0ngEnough!") && !output.contains("YWRtaW46"),
            "\(output)")
        #expect(output.contains(redactor.marker(rule: "password", value: Array("l0ngEnough!".utf8))), "\(output)")
    }

    @Test func theSecondPassFindsWhatCameBeforeItWasLearned() throws {
        let redactor = try makeRedactor()
        // What is looked at in one go learns as one; the second pass is for what lies further back.
        let between = String(repeating: "nothing to see\n", count: 8_000)
        let log = Array("user typed s3cr3tWord9 here\n\(between)password=s3cr3tWord9\n".utf8)
        let once = try redactor.text(log, .log)
        #expect(contains(once, Array("s3cr3tWord9".utf8)))
        let twice = try redactor.secondPass(once, .log)
        #expect(!contains(twice, Array("s3cr3tWord9".utf8)))
        #expect(try redactor.secondPass(twice, .log) == twice)
    }

    @Test("what one pass removes from known places, two passes remove", arguments: [7, 4_096, Int.max])
    func rulesAloneFirst(chunk: Int) throws {
        let log = Array("password=s3cr3tWord9\nand s3cr3tWord9 again\nx=czNjcjN0V29yZDk= %73%33cr3tWord9\n".utf8)
        let first = try makeRedactor()
        let once = try first.run(first.makeFirstStream(.log), log, chunk: chunk).bytes
        #expect(contains(once, Array("and s3cr3tWord9 again".utf8)), "the first pass looks for rules alone")
        let redactor = try makeRedactor()
        #expect(try redactor.inTwoPasses(log, .log, chunk: chunk) == makeRedactor().text(log, .log, chunk: chunk))
    }

    @Test func aLearnedSecretThatStandsInEncodedTextAsItIsGoes() throws {
        let redactor = try makeRedactor()
        redactor.vault.learn(Array("q0x5t0rn7khgkiZk7".utf8), rule: "password")
        for text in ["YWRtaW46c2VJcmq0x5t0rn7khgkiZk7V\n", "YWRtaW46c2VJcmq0x5t0rn7khgkiZk7V0\n"] {
            let output = string(try redactor.secondPass(Array(text.utf8), .auto))
            #expect(!output.contains("q0x5t0rn7khgkiZk7"), "\(output)")
        }
    }

    @Test(
        "encoded text without a secret stays byte for byte",
        arguments: [
            "SGVsbG8gd29ybGQsIGhvdyBhcmUgeW91IHRvZGF5P", "SGVsbG8gd29ybGQsIGhvdyBhcmUgeW91IHRvZGF5Pz9=\n",
            "SGVsbG8gd29ybGQsIGhvdyBhcmUgeW91IHRvZGF5Pz", "SGVsbG8gd29ybGQsIGhvdyBhcmUgeW91IHRvZGF5P===",
            "48656c6c6f20776f726c642c20686f772061726520796f7520746f646179333",
            "SGVsbG8gd29ybGQsIGhvdyBhcmUgeW91IHRvZGF5P\n",
        ])
    func encodedTextStays(text: String) throws {
        for chunk in [1, 7, Int.max] {
            let redactor = try makeRedactor()
            #expect(string(try redactor.run(redactor.makeStream(.auto), Array(text.utf8), chunk: chunk).bytes) == text)
        }
    }

    @Test(arguments: [
        "short1", "password", "message-processor", "2026-11-23T10:00:00", "10.20.30.40", "node1.acme.example",
        "aaaaaaaaaaaa", "TargetServer",
    ])
    func commonValuesAreCountedNotApplied(value: String) throws {
        let redactor = try makeRedactor()
        redactor.vault.learn(Array(value.utf8), rule: "password")
        #expect(redactor.vault.count == 0 && redactor.vault.notAppliedCount == 1)
        #expect(string(try redactor.secondPass(Array("x \(value) y".utf8))) == "x \(value) y")
    }

    @Test func nothingPrintsALearnedSecret() throws {
        let redactor = try makeRedactor()
        redactor.vault.learn(Array("s3cr3tWord9".utf8), rule: "password")
        let literal = try #require(redactor.vault.literals().first)
        var dumped = ""
        dump(literal, to: &dumped)
        let bytes = Array("s3cr3tWord9".utf8).map(String.init).joined(separator: ", ")
        for text in ["\(literal)", String(reflecting: literal), dumped, "\(redactor.vault)"] {
            #expect(!text.contains("s3cr3t") && !text.contains(bytes), "\(text)")
        }
    }

    @Test func markersDependOnTheKeyAndTheValueAlone() throws {
        let one = try makeRedactor()
        let other = try Redactor(rules: RuleSet.builtIn(), key: [UInt8](repeating: 1, count: 32))
        let value = Array("s3cr3tWord9".utf8)
        #expect(one.marker(rule: "password", value: value) != other.marker(rule: "password", value: value))
        #expect(
            one.marker(rule: "password", value: value).suffix(12) == one.marker(rule: "secret", value: value).suffix(12)
        )
        #expect(try makeRedactor().marker(rule: "password", value: value) == one.marker(rule: "password", value: value))
    }
}
