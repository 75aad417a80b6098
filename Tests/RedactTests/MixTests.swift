import Redact
import Testing

/// Pieces of every notation thrown together: nothing may crash, and neither chunks nor a second run may matter.
@Suite struct MixTests {
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let pieces = [
        "password", "=", ":", "\"", "\\\"", "&quot;", "'", "<", ">", "/>", "</", "{", "}", "[", "]", ",", ";", "&",
        "%22", "%3D", "\\u003d",
        "Authorization: ", "Basic YWRtaW46czNjcmV0LXB3", "Bearer x9f8e7d6c5b4a3", "Cookie: a=1; b=2",
        "Set-Cookie: c=3; Path=/", "\n", "\r\n", " ",
        "curl -u a:b1 ", "://u:p@h/", "https://", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
        "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.dBjft",
        "4111111111111111",
        "joe@mail.example.com", "CN=", "name", "value", "entry", "\"entry\":[{\"name\":\"a\",\"value\":\"v1\"}",
        "<Entry><Value>", "ÿ", "\u{0}",
        "<saml:Assertion>", "</saml:Assertion>", "token", "_", "secret", "x-api-key", "AKIAIOSFODNN7EXAMPLE",
        "{SSHA}0123456789abcdefghij",
        "eyJ1c2VyIjoiam9lIiwicGFzc3dvcmQiOiJIdW50ZXIyISJ9", "hunter22", "2026-11-23 10:00:00,123 INFO nothing here",
        "|\n  a\n  b\n", "--",
        "\\", "\\n", "${x}", "ref://x", "true", "?", "@", "é", "=[", "jdbc:oracle:thin:a/b@c",
        "form-data; name=\"password\"\r\n\r\nx1\r\n",
    ]

    private static func mix(seed: UInt64, count: Int) -> [UInt8] {
        var dice = Dice(state: seed)
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes += Array(pieces[Int.random(in: 0..<pieces.count, using: &dice)].utf8) }
        return bytes
    }

    @Test(arguments: [1, 2] as [UInt64]) func chunksDoNotMatter(seed: UInt64) throws {
        let input = Self.mix(seed: seed, count: 5_000)
        for format in [ContentFormat.log, .json, .properties, .yaml, .xml] {
            let whole = try makeRedactor().text(input, format)
            #expect(try makeRedactor().text(input, format, chunk: 1_013) == whole)
            #expect(lineBreaks(whole) == lineBreaks(input))
        }
    }

    @Test(arguments: 1...300) func shortMixesAreRedactedOnce(seed: Int) throws {
        let input = Self.mix(seed: UInt64(seed) &* 7_919, count: 40)
        let once = try makeRedactor().text(input, .log)
        let twice = try makeRedactor().text(once, .log)
        // What a marker makes look different may be found by the second run; it must never grow without end.
        let thrice = try makeRedactor().text(twice, .log)
        #expect(thrice == twice, "\(string(input)) became \(string(once)), \(string(twice)), \(string(thrice))")
    }
}
