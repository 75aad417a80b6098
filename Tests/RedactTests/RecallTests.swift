import Redact
import Testing

/// Names that say "secret", in the notations that Edge and its surroundings use.
@Suite struct RecallTests {
    static let names = [
        "password", "db.password", "conf_keystore_password", "keyStorePassword", "DB_PASSWORD", "client_secret",
        "clientSecret",
        "consumerSecret", "api_key", "apiKey", "X-Api-Key", "access_token", "passphrase", "refreshToken",
        "aws_secret_access_key",
    ]
    /// Values without blanks and quotation marks; other tables have those.
    static let values = ["Xk29-qLmA81z", "s3cr3t!Pa55", "aB3/dE+f9Gh=", "9f8e7d6c5b4a3f2e1d0c", "Pa$5w0rd.x7"]

    /// %N the name, %V the value; what surrounds them must stay.
    static let notations = [
        "%N=%V", "%N = %V", "%N: %V", "%N:%V", "%N=\"%V\"", "%N='%V'", "%N => '%V'", "%N := \"%V\"", "export %N=%V",
        "x %N=%V, host=a.example", "x %N=%V; host=a.example", "{user=joe, %N=%V}", "[%N=%V]", "(%N=%V)", "(%N: %V)",
        "\"%N\":\"%V\"", "{\"%N\": \"%V\"}", "{\"%N\" : \"%V\",\"host\":\"a.example\"}", "{'%N': '%V'}",
        "{ \"%N\":\n  \"%V\" }",
        "{\\\"%N\\\":\\\"%V\\\"}", "{\\\"a\\\":\\\"{\\\\\\\"%N\\\\\\\":\\\\\\\"%V\\\\\\\"}\\\"}",
        "{&quot;%N&quot;:&quot;%V&quot;}", "\\u0022%N\\u0022:\\u0022%V\\u0022",
        "<%N>%V</%N>", "<%N >%V</%N>", "<a:%N>%V</a:%N>", "<%N a=\"b\">%V</%N>", "<%N>\n  %V\n</%N>",
        "<%N><![CDATA[%V]]></%N>",
        "&lt;%N&gt;%V&lt;/%N&gt;", "\\u003c%N\\u003e%V\\u003c/%N\\u003e",
        "<x %N=\"%V\" host=\"a.example\"/>", "<x %N='%V'/>", "<%N value=\"%V\"/>",
        "<Property name=\"%N\">%V</Property>", "<Header name=\"%N\">%V</Header>",
        "<Get name=\"request.header.%N\" value=\"%V\"/>",
        "<Get value=\"%V\" name=\"request.header.%N\"/>", "<Set name=\"flow.%N\" value=\"%V\" success=\"true\"/>",
        "<Set success=\"true\" value=\"%V\" name=\"flow.%N\"/>", "<entry key=\"%N\">%V</entry>",
        "<Entry name=\"%N\"><Value>%V</Value></Entry>", "<param><name>%N</name><value>%V</value></param>",
        "&lt;Property name=&quot;%N&quot;&gt;%V&lt;/Property&gt;",
        "{\"name\":\"%N\",\"value\":\"%V\"}", "{\"value\":\"%V\",\"name\":\"%N\"}",
        "{\"name\": \"%N\",\n \"value\": \"%V\"\n}",
        "{\"value\" : \"%V\",\n\t\"success\" : true,\n \"name\" : \"%N\"}",
        "{\\\"name\\\":\\\"%N\\\",\\\"value\\\":\\\"%V\\\"}",
        "{\"key\":\"%N\",\"x\":1,\"value\":\"%V\"}",
        "cmd --%N %V --host a.example", "cmd --%N=%V --host a.example", "cmd --%N \"%V\"", "cmd -%N %V",
        "java -D%N=%V -jar a.jar",
        "setProperty(\"%N\", \"%V\")", "put('%N', '%V')", "%N\\u003d%V\\u0026a=b",
        "Content-Disposition: form-data; name=\"%N\"\r\n\r\n%V\r\n--b", "%N: \"%V\" # comment", "- %N: %V",
        "GET /a?x=1&%N=%V&y=2 HTTP/1.1", "https://a.example/b?%N=%V",
        "2026-11-23 10:00:00,123 INFO %N=%V message.id=rrt-1",
    ]

    @Test(arguments: notations) func aNamedSecretGoes(notation: String) throws {
        for name in Self.names {
            for value in Self.values {
                let input = notation.replacing("%N", with: name).replacing("%V", with: value)
                let redactor = try makeRedactor()
                let output = string(try redactor.text(Array(input.utf8)))
                #expect(!output.contains(value), "\(input) became \(output)")
                guard let marker = output.firstRange(of: "REDACTED.") else {
                    Issue.record("no marker for \(input)")
                    continue
                }
                let end = output[marker.upperBound...].drop { $0 != "." }.dropFirst(13)
                let frame = notation.replacing("%N", with: name).split(
                    separator: "%V", omittingEmptySubsequences: false)
                #expect(output[..<marker.lowerBound] == frame[0], "\(input) became \(output)")
                #expect(end == frame[1], "\(input) became \(output)")
                #expect(string(try redactor.text(Array(output.utf8))) == output, "a second run changes \(output)")
                #expect(lineBreaks(Array(output.utf8)) == lineBreaks(Array(input.utf8)))
            }
        }
    }

    /// In quotes a value may hold anything.
    @Test(arguments: ["a b c 1", "it's 9 x", "semi;colon,1", "a&b=c1", "{br4ce}!", "tr4il\\\\", "pipe|<x>1", "ünï1"])
    func aQuotedSecretGoes(value: String) throws {
        for input in ["{\"password\":\"\(value)\",\"a\":1}", "password=\"\(value)\" a=1"] {
            let output = string(try makeRedactor().text(Array(input.utf8), .json))
            #expect(!output.contains(value) && output.contains("\"REDACTED.password."), "\(input) became \(output)")
            #expect(output.hasSuffix(input.hasSuffix("}") ? "\",\"a\":1}" : "\" a=1"), "\(input) became \(output)")
        }
    }

    @Test func aPropertyGoesToTheEndOfItsLineAndItsContinuations() throws {
        let input = "a=1\ndb.password = my pass; word \\\n   goes on\nb=2\n"
        let output = string(try makeRedactor().text(Array(input.utf8), .properties))
        #expect(!output.contains("pass; word") && !output.contains("goes on"), "\(output)")
        #expect(
            output.hasPrefix("a=1\ndb.password = REDACTED.password.") && output.hasSuffix("\\\n\nb=2\n"), "\(output)")
    }

    @Test(arguments: ["|", ">", "|-", ">2"]) func aBlockOfYAMLGoes(style: String) throws {
        let input = "a: 1\nx:\n  password: \(style)\n    first line1\n\n    second\n  b: 2\n"
        let output = string(try makeRedactor().text(Array(input.utf8), .yaml))
        #expect(!output.contains("first") && !output.contains("second"), "\(output)")
        #expect(
            output.contains("password: \(style)\n    REDACTED.password.") && output.hasSuffix("\n\n\n  b: 2\n"),
            "\(output)")
    }

    @Test func aNumberBecomesAText() throws {
        let output = string(try makeRedactor().text(Array("{\"password\": 12345678, \"port\": 8080}".utf8), .json))
        #expect(
            output.hasPrefix("{\"password\": \"REDACTED.password.") && output.hasSuffix("\", \"port\": 8080}"),
            "\(output)")
    }

    @Test func theSameSecretHasTheSameFingerprintInEveryNotation() throws {
        let redactor = try makeRedactor()
        let inputs = [
            "password=\"a&b<c>d 1\"", "<password>a&amp;b&lt;c&gt;d 1</password>", "?password=a%26b%3Cc%3Ed%201&x=1",
            "{\"password\":\"a&b<c>d 1\"}", "{\\\"password\\\":\\\"a&b<c>d 1\\\"}",
            "password\\u003d\\u0022a&b<c>d 1\\u0022",
        ]
        let expected = redactor.marker(rule: "password", value: Array("a&b<c>d 1".utf8))
        for input in inputs {
            let output = try makeRedactor().redact(input)
            #expect(output.contains(expected), "\(input) became \(output)")
        }
    }

    /// A name that may also be of no secret: then only the value tells, and these have no digit to tell it.
    @Test func lettersAloneAreSecretsWhereTheyMakeNoWords() throws {
        var dice = SplitMix(state: 11)
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let values = (0..<1500).map { _ in String((0..<20).map { _ in letters.randomElement(using: &dice) ?? "a" }) }
        let text = values.map { "<Set value=\"\($0)\" name=\"partner.token\"/>\n" }.joined()
        let output = try makeRedactor().redact(text)
        #expect(values.count { output.contains($0) } * 100 < values.count)
        let names = [
            "HandshakeStateMachine", "HttpXmlParserImplementation", "MyCompanyTrustStoreRef",
            "KeyStoreReferenceProdXml",
            "SSLHandshakeFailedException", "OrdersJwtVerifierStrings", "ApigeeMgmtServerHttpPort",
        ]
        for name in names { #expect(try makeRedactor().redact("partner.token=\(name)\n").contains(name)) }
    }
}
