import Redact
import Testing

/// A document with one of everything, for the tests of the machinery.
let mixedDocument = """
    2026-11-23 10:00:00,123 INFO Authorization: Basic YWRtaW46czNjcmV0LXB3 message.id=rrt-1
    curl -u 'joe:s3 cr3t!' -H "X-Api-Key: Ab12Cd34Ef" --data 'password=hunter22&x=1' https://u:pw0rd@a.example/?token=f3b1c9d2e8a74
    {"name":"settings","entry":[{"name":"a","value":"kvm-Value-1"},{"value":"kvm-Value-2","name":"b"}],"n":1}
    {"headers":[{"name":"Cookie","value":"sid=cookieValue11; t=2"},{"value":"Bearer x9f8e7d6c5b4a3","name":"Authorization"}]}
    <Property name="db.password">p1 &amp; p2</Property><Get value="jWX0EoUEPVbkGgg7dvfq" name="apigee.access_token"/>
    -----BEGIN RSA PRIVATE KEY-----
    MIIEpAIBAAKCAQEAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZab
    c2hvcnQ=
    -----END RSA PRIVATE KEY-----
    {"log":"{\\"password\\":\\"in\\\\\\"ner1\\"}","jwt":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.dBjftJeZ4CVPmB92K27uhbUJ"}
    card 4111 1111 1111 1111 by joe.doe@mail.example.com; CN=x, EMAILADDRESS=pki@acme.example
    data eyJ1c2VyIjoiam9lIiwicGFzc3dvcmQiOiJIdW50ZXIyISJ9 end
    password:
      |
    literal again: czNjcmV0LXB3 s3cret-pw c3Mzcjt plain s3cret-pw
    -----BEGIN CERTIFICATE-----
    MIIC+zCCAeOgAwIBAgIJAKIAghp_AKIAIOSFODNN7EXAMPLEpasswordZXlKaGJHY2k=
    -----END CERTIFICATE-----
    last password="unterminated s3cr3t99
    """

@Suite struct StreamTests {
    @Test(arguments: [1, 2, 3, 7, 64, 1_000, 5_000]) func chunksDoNotMatter(chunk: Int) throws {
        // More than a window of text between two copies, so that windows end inside of the document.
        let filler = String(repeating: "2026-11-23 10:00:00 INFO nothing to see here, move on {}\n", count: 900)
        let input = Array((mixedDocument + "\n" + filler + mixedDocument + "\n" + filler).utf8)
        let whole = try makeRedactor().text(input, .log)
        let cut = try makeRedactor().text(input, .log, chunk: chunk)
        #expect(whole == cut)
        #expect(lineBreaks(whole) == lineBreaks(input))
    }

    @Test func aSecondRunChangesNothing() throws {
        let once = try makeRedactor().text(Array(mixedDocument.utf8), .log)
        #expect(string(try makeRedactor().text(once, .log)) == string(once))
        for secret in [
            "YWRtaW46", "s3 cr3t", "Ab12Cd34Ef", "hunter22", "pw0rd", "f3b1c9d2", "kvm-Value", "cookieValue11",
            "x9f8e7d6", "p1 &amp;",
            "jWX0EoUE", "MIIEpAIB", "ner1", "eyJhbGci", "4111", "joe.doe", "eyJ1c2Vy", "cr3t99", "s3cret-pw",
            "czNjcmV0LXB3",
        ] { #expect(!contains(once, Array(secret.utf8)), "\(secret) is in \(string(once))") }
        for kept in [
            "message.id=rrt-1", "curl -u 'joe:", "https://u:", "EMAILADDRESS=pki@acme.example", "MIIC+zCCAeOg",
            "\"n\":1}", "sid=",
        ] {
            #expect(contains(once, Array(kept.utf8)), "\(kept) is gone from \(string(once))")
        }
    }

    /// Secrets longer than a window: the whole of them goes, and what follows is looked at again.
    @Test(arguments: [32_700, 33_000, 70_000, 150_000]) func aVeryLongSecretGoes(length: Int) throws {
        let body = String(repeating: "Zq9", count: length / 3)
        let pem = String(repeating: String(repeating: "Zq9x", count: 16) + "\n", count: length / 65)
        for (before, after, format) in [
            ("{\"password\":\"", "\",\"a\":\"password=hunter22\"}", ContentFormat.json),
            ("<Password>", "</Password><a password=\"hunter22\"/>", .xml),
            ("password=", " a password=hunter22", .log),
            ("[{\"entry\":[{\"name\":\"a\",\"value\":\"", "\"},{\"name\":\"b\",\"value\":\"hunter22\"}]}]", .json),
        ] {
            let input = Array((before + body + after).utf8)
            let output = string(try makeRedactor().text(input, format, chunk: 4_096))
            #expect(!output.contains("Zq9") && !output.contains("hunter22"), "\(output.prefix(200))")
            #expect(output.hasPrefix(before + "REDACTED."), "\(output.prefix(200))")
            #expect(string(try makeRedactor().text(input, format)) == output)
        }
        let key = Array(("x\n-----BEGIN PRIVATE KEY-----\n" + pem + "end of it, password=hunter22\n").utf8)
        let output = string(try makeRedactor().text(key, .log, chunk: 999))
        #expect(
            !output.contains("Zq9x") && output.contains("end of it, password=REDACTED.password."),
            "\(output.suffix(200))")
        #expect(lineBreaks(Array(output.utf8)) == lineBreaks(key))
    }

    @Test func aLongListOfEntriesIsFollowedToItsEnd() throws {
        let items = (0..<1_500).map { "{\"name\":\"n\($0)\",\"value\":\"kvm_secret_\($0)x\"}" }.joined(separator: ",\n")
        let input = "{\"entry\":[\(items)],\"property\":[{\"name\":\"a\",\"value\":\"stays-12345\"}]}"
        let output = string(try makeRedactor().text(Array(input.utf8), .json, chunk: 1_000))
        #expect(
            !output.contains("kvm_secret_") && output.hasSuffix("\"value\":\"stays-12345\"}]}"), "\(output.suffix(300))"
        )
        #expect(output.contains("\"name\":\"n1499\""))
    }

    @Test func anythingMayComeIn() throws {
        let secret = "password=hunter22"
        let hostile: [[UInt8]] = [
            [], [0], Array("a\u{0}\(secret)\u{0}b".utf8), [0xFF, 0xFE, 0xFA] + Array(secret.utf8),
            [0xEF, 0xBB, 0xBF] + Array(secret.utf8),
            Array("a\r\n\(secret)\r\nb\r\n".utf8), [0xC3, 0x28] + Array("\(secret)".utf8) + [0xC3],
            Array("<<<<<<\(secret)<".utf8),
            Array(String(repeating: "{\"entry\":[", count: 2_000).utf8) + Array(secret.utf8),
            Array(repeating: 0x5C, count: 100_000),
            Array(String(repeating: "<password", count: 5_000).utf8),
            Array(String(repeating: "password=\\\"", count: 5_000).utf8),
            Array(String(repeating: "%", count: 70_000).utf8), Array(String(repeating: "@", count: 50_000).utf8),
            Array("-----BEGIN PRIVATE KEY-----".utf8), Array("eyJ".utf8), Array("://".utf8), Array("curl -u".utf8),
            Array("Cookie:".utf8),
        ]
        for input in hostile {
            let output = try makeRedactor().text(input, .text)
            #expect(!contains(output, Array("hunter22".utf8)), "\(string(Array(input.prefix(80))))")
        }
    }

    @Test func oneEndlessLineIsRedacted() throws {
        let unit = "{\"a\":\"\(String(repeating: "x", count: 900))\",\"password\":\"hunter22\",\"t\":1472699641914},"
        let input = Array(String(repeating: unit, count: 300).utf8)
        let result = try makeRedactor().redact(input, format: .json)
        #expect(!contains(result.bytes, Array("hunter22".utf8)))
        #expect(result.summary.findings["password"] == 300)
        #expect(result.summary.bytesIn == input.count && result.summary.bytesOut == result.bytes.count)
    }

    @Test(arguments: [false, true]) func wideTextIsRedactedAndStaysWide(bigEndian: Bool) throws {
        let text = "ä password=hunter22 \u{1F512} Authorization: Bearer x9f8e7d6c5b4\r\n"
        func wide(_ text: String) -> [UInt8] {
            [UInt16(0xFEFF)].appending(contentsOf: Array(text.utf16)).flatMap { unit in
                let bytes = [UInt8(unit >> 8), UInt8(unit & 255)]
                return bigEndian ? bytes : bytes.reversed()
            }
        }
        let redactor = try makeRedactor()
        let expected = redactor.redact(text)
        for chunk in [1, 2, 3, 1_000] { #expect(try redactor.text(wide(text), chunk: chunk) == wide(expected)) }
    }

    @Test func findingsTellLineAndColumn() throws {
        let findings = try makeRedactor().findings(in: Array("a\n  password=hunter22\nby joe@mail.example.com\n".utf8))
        #expect(
            findings == [Finding(line: 2, column: 12, rule: "password"), Finding(line: 3, column: 4, rule: "email")])
    }

    @Test func aFinishedStreamTakesNothing() throws {
        let stream = try makeRedactor().makeStream(.text)
        var out: [UInt8] = []
        _ = try stream.finish(to: &out)
        #expect(throws: RedactionError.self) { try stream.append([1][...], to: &out) }
        #expect(throws: RedactionError.self) { _ = try stream.finish(to: &out) }
    }

    @Test func aKeyOfAnotherLengthIsRefused() throws {
        let rules = try RuleSet.builtIn()
        #expect(throws: RedactionError.self) { _ = try Redactor(rules: rules, key: [1, 2, 3]) }
    }
}

extension Array {
    fileprivate func appending(contentsOf other: [Element]) -> [Element] { self + other }
}
