import Platform
import Testing

@Suite struct SecretTests {
    @Test func neverShowsItself() {
        let secret = Secret("correct horse")
        #expect("\(secret)" == "<secret>")
        #expect(String(reflecting: secret) == "<secret>")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("horse"))
        #expect(secret.withBytes { $0 } == Array("correct horse".utf8))
    }
}

@Suite struct TimeTextTests {
    @Test func writesCompactUTC() {
        #expect(TimeText.compactUTC(1_700_000_000_000) == "20231114T221320Z")
        #expect(TimeText.compactUTC(0) == "19700101T000000Z")
        #expect(TimeText.compactUTC(-1) == "19691231T235959Z")
    }

    @Test func writesMillisecondsAndZone() {
        let text = TimeText.iso8601(1_700_000_000_123)
        #expect(text.contains(".123"))
        #expect(text.hasSuffix("Z") || text.suffix(6).contains(":"))
    }
}
