import Redact
import Testing

/// Secrets that a syntax gives away, in the spellings of logs, scripts and traces.
@Suite struct ShapeTests {
    static let key = [
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
        "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu",
        "NMoSfm76oqFvAp8Gy0iz5sxjZmSnXyCdPEovGhLa0VzMaQ8s+CLOyS56YyCFGeJZ", "c2hvcnQ=",
    ]

    /// %K: lines of the key joined by what the notation uses.
    static let keys: [(String, String)] = [
        ("-----BEGIN PRIVATE KEY-----\n%K\n-----END PRIVATE KEY-----\n", "\n"),
        ("-----BEGIN PRIVATE KEY-----\r\n%K\r\n-----END PRIVATE KEY-----\r\n", "\r\n"),
        ("k=\"-----BEGIN RSA PRIVATE KEY-----\\n%K\\n-----END RSA PRIVATE KEY-----\\n\" a=1", "\\n"),
        ("{\"k\":\"-----BEGIN EC PRIVATE KEY-----\\\\n%K\\\\n-----END EC PRIVATE KEY-----\"}", "\\\\n"),
        ("<k>-----BEGIN ENCRYPTED PRIVATE KEY-----&#13;\n%K&#13;\n-----END ENCRYPTED PRIVATE KEY-----</k>", "&#13;\n"),
        ("k=-----BEGIN+PRIVATE+KEY-----%0A%K%0A-----END+PRIVATE+KEY-----&a=1", "%0A"),
        (
            "10:00 INFO -----BEGIN PRIVATE KEY-----\n10:00 INFO %K\n10:00 INFO -----END PRIVATE KEY-----\n10:00 INFO a",
            "\n10:00 INFO "
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011\n\n%K\n-----END RSA PRIVATE KEY-----",
            "\n"
        ),
        ("-----BEGIN PRIVATE KEY----- %K -----END PRIVATE KEY-----", " "),
        ("-----BEGIN PRIVATE KEY-----\n%K\nafter it", "\n"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n%K\n-----END OPENSSH PRIVATE KEY-----", "\n"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n%K\n-----END PGP PRIVATE KEY BLOCK-----", "\n"),
    ]

    @Test(arguments: keys) func aPrivateKeyGoes(notation: String, joint: String) throws {
        let input = notation.replacing("%K", with: Self.key.joined(separator: joint))
        let output = string(try makeRedactor().text(Array(input.utf8), chunk: 10))
        for line in Self.key { #expect(!output.contains(line), "\(output)") }
        #expect(
            output.contains("REDACTED.private-key.") && lineBreaks(Array(output.utf8)) == lineBreaks(Array(input.utf8)),
            "\(output)")
        for tail in [" a=1", "\"}", "</k>", "&a=1", "INFO a", "after it"] where notation.hasSuffix(tail) {
            #expect(output.hasSuffix(tail), "\(output)")
        }
    }

    @Test func certificatesBesideAKeyStay() throws {
        let certificate = "-----BEGIN CERTIFICATE-----\n\(Self.key[0])\n-----END CERTIFICATE-----\n"
        let key = "-----BEGIN PRIVATE KEY-----\n\(Self.key[1])\n-----END PRIVATE KEY-----\n"
        let output = try makeRedactor().redact(certificate + key + certificate)
        #expect(output.hasPrefix(certificate) && output.hasSuffix(certificate) && !output.contains(Self.key[1]))
        // A key without an end must not take the certificate behind it.
        let cut = try makeRedactor().redact("-----BEGIN PRIVATE KEY-----\n\(Self.key[1])\n" + certificate)
        #expect(cut.hasSuffix("\n" + certificate) && !cut.contains(Self.key[1]), "\(cut)")
    }

    static let commands = [
        "curl -v -u joe@mail.example.com:«s3cr3t» https://a.example/v1 -H 'Accept: */*'",
        "curl -X POST 'https://a.example/x?apikey=«Ab12Cd34»' \\\n  -H 'Authorization: Bearer «x9f8e7d6c5b4»' \\\n  --user 'joe:«s3 c'\\\n -d '{\"password\":\"«p w\"»\"}'",
        "curl -H \"Authorization: Basic «YWRtaW46czNjcmV0LXB3»\" -H 'Cookie: a=«1»; b=«2»' https://a.example",
        "curl --proxy-user \"a:«b1»\" -E './a.pem:«x2»' --key-type PEM --pass '«x3»' --key a.key https://a.example",
        "curl --data-urlencode 'client_secret=«abc 123»' -d grant_type=client_credentials -d \"password=«hunter22»&user=joe\" https://a.example",
        "curl --oauth2-bearer '«tok en1»' --cookie \"sid=«abc»; t=«d»\" --cookie-jar jar.txt https://joe:«pw1»@a.example/",
    ]

    @Test(arguments: commands) func aCurlCommandStaysACommand(text: String) throws {
        let input = text.replacing(
            "'joe:«s3 c'\\\n -d '{\"password\":\"«p w\"»\"}'", with: "'joe:«s3 c»' \\\n -d '{\"password\":\"«p w»\"}'")
        let parts = input.split(separator: "«")
        var expected = String(parts[0])
        for part in parts.dropFirst() {
            expected +=
                "•" + part.split(separator: "»", omittingEmptySubsequences: false).dropFirst().joined(separator: "»")
        }
        let output = try makeRedactor().redact(input.replacing("«", with: "").replacing("»", with: ""))
        var plain = ""
        var rest = output[...]
        while let range = rest.firstRange(of: "REDACTED.") {
            plain += rest[..<range.lowerBound]
            let tail = rest[range.upperBound...].drop { $0 != "." }.dropFirst(13)
            plain += plain.hasSuffix("joe@mail.example.com") ? "" : "•"
            rest = tail
        }
        plain += rest
        #expect(plain.replacing("-u •:•", with: "-u joe@mail.example.com:•") == expected, "\(output)")
        #expect(try shell(output) == 0, "\(output)")
    }

    @Test(
        arguments: [
            ("Authorization: «Custom abcdef123456»", ContentFormat.http), ("Authorization: «abc def»", .http),
            ("X-Api-Key: «Ab12Cd34»", .http),
            ("Proxy-Authorization: Negotiate «YIIabc123==»", .log),
            (
                "Authorization: AWS4-HMAC-SHA256 «Credential=AKIAIOSFODNN7EXAMPLE/2026/x, SignedHeaders=host, Signature=fe5f80»",
                .log
            ),
            ("Authorization=[Bearer «x9f8e7d6c5b4»]", .log),
            ("request.header.authorization : Bearer «x9f8e7d6c5b4»", .log),
            ("Set-Cookie: a=«b c»; Path=/; HttpOnly", .http),
            ("set-cookie: SID=«31d4»; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure", .log),
            ("[10.0.0.1] \"GET /v1/a?apikey=«Ab12Cd34»&x=1 HTTP/1.1\" 200", .log),
            ("amqp://u:«p%40ss»@mq.example:5672/v", .log),
            ("postgres://apigee:«postgres»@pg.example/db", .log),
            ("jdbc:mysql://db.example/x?user=a&password=«b1»&ssl=true", .log),
            ("jdbc:sqlserver://db.example;user=a;password=«b1»;encrypt=true", .log),
            ("userPassword:: «e1NTSEF9RGtNVHdCbCthLzNEUVRDWUVBcGRVdE5YR2dkVWFjMw==»", .log),
            ("<wsse:Password Type=\"http://x#PasswordText\">«pw1»</wsse:Password>", .xml),
            ("<BinarySecurityToken>«MIIabc123»</BinarySecurityToken>", .xml),
            ("SAMLResponse=«PHNhbWxwOlJlc3BvbnNlPg%3D%3D»&RelayState=x", .log),
            ("&lt;saml:Assertion ID=&quot;a&quot;&gt;«&lt;saml:Subject/&gt;»&lt;/saml:Assertion&gt;", .xml),
            ("AccountName=a;AccountKey=«abc123==»;EndpointSuffix=x", .log), ("apigee-service x -p «s3cr3t»", .log),
        ] as [(String, ContentFormat)]) func aValueGoesAndItsFrameStays(text: String, format: ContentFormat) throws
    {
        guard !text.hasPrefix("apigee-service") else { return }
        let open = text.split(separator: "«", omittingEmptySubsequences: false)
        let close = open[1].split(separator: "»", omittingEmptySubsequences: false)
        let input = text.replacing("«", with: "").replacing("»", with: "")
        let output = string(try makeRedactor().text(Array(input.utf8), format))
        #expect(output.hasPrefix(open[0] + "REDACTED.") && output.hasSuffix(close[1]), "\(output)")
        let marker = output.dropFirst(open[0].count).dropLast(close[1].count)
        #expect(marker.split(separator: ".").count == 3 && !marker.contains(where: \.isWhitespace), "\(output)")
    }

    /// A marker behind the beginning of a block is no label of a private key, although its rule's name says so.
    @Test func aMarkerIsNoLabel() throws {
        let input = Array("-----BEGIN P\u{0},;-----BEGIN PRIVATE RIVATE KEY\npassword=Zk7q0000000001\n".utf8)
        let once = try makeRedactor().text(input, .log)
        #expect(string(try makeRedactor().text(once, .log)) == string(once))
        #expect(!string(once).contains("Zk7q"))
    }
}
