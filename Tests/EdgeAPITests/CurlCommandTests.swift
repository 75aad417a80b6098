import EdgeAPI
import Platform
import Testing

@Suite struct CurlCommandTests {
    private func parse(_ text: String) throws(CurlCommandError) -> CurlCommand {
        try CurlCommand.parse(Array(text.utf8))
    }

    private func failure(_ text: String) -> CurlCommandError? {
        do throws(CurlCommandError) {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }

    @Test func readsAWholeCommand() throws {
        let command = try parse(
            """
            # the failing call
            $ curl -sSLk --request 'PUT' \\
              -H 'Accept: application/json' -H "X-Empty;" -H 'User-Agent:' \\
              -u 'ada:pa:55' --data-raw '{"a": "it'\\''s"}' --max-time 2.5 --connect-timeout=1 \\
              --resolve api.test:443:127.0.0.1 --connect-to ::127.0.0.1:8443 --cert c.pem:p4ss --key k.pem --http1.1 \\
              'https://API.test/v1/x?q=1#frag' -o /dev/null 2>&1 | jq .
            """)
        #expect(command.method == "PUT")
        #expect(command.url == "https://api.test/v1/x?q=1")
        #expect(command.headers == [HTTPHeader("Accept", "application/json"), HTTPHeader("X-Empty", "")])
        #expect(command.omittedHeaders == ["User-Agent"])
        #expect(command.body == Array(#"{"a": "it's"}"#.utf8))
        #expect(command.user?.name == "ada")
        #expect(command.user?.password.withBytes { $0 } == Array("pa:55".utf8))
        #expect(command.followsRedirects)
        #expect(command.isInsecure)
        #expect(command.maxTime == .milliseconds(2500))
        #expect(command.connectTimeout == .seconds(1))
        #expect(command.resolve == ["api.test:443:127.0.0.1"])
        #expect(command.connectTo == ["::127.0.0.1:8443"])
        #expect(command.clientCertificate == "c.pem")
        #expect(command.clientKey == "k.pem")
        #expect(command.clientKeyPassphrase?.withBytes { $0 } == Array("p4ss".utf8))
        #expect(command.version == .http11)
        #expect(command.containsCredential)
        #expect(
            command.warnings == [
                "redirections are left out", "what follows the pipe is left out",
                "the option --insecure is left out: certificates are always verified",
            ])
        #expect(command.request().maxRedirects == 50)
    }

    @Test(arguments: [
        ("curl http://h/a", "GET", "http://h/a"), ("curl h", "GET", "http://h/"),
        ("curl.exe -I h", "HEAD", "http://h/"),
        ("/usr/bin/curl h:8080/x", "GET", "http://h:8080/x"), ("curl -XDELETE h", "DELETE", "http://h/"),
        ("curl -d a=b h", "POST", "http://h/"), ("curl -d a=b -X PATCH h", "PATCH", "http://h/"),
        ("curl -G -d a=b -d c=d 'h/?e=f'", "GET", "http://h/?e=f&a=b&c=d"),
        ("curl -G --data-urlencode 'q=a b&c' h/s", "GET", "http://h/s?q=a+b%26c"),
        ("curl --url-query 'a=b c' --url h", "GET", "http://h/?a=b+c"), ("curl http://h/a/../b", "GET", "http://h/b"),
        ("curl --path-as-is http://h/a/../b", "GET", "http://h/a/../b"), ("curl -- h", "GET", "http://h/"),
        ("curl -g 'http://h/{a}[1]'", "GET", "http://h/{a}[1]"), ("curl 'http://[::1]:81/'", "GET", "http://[::1]:81/"),
        ("curl http://ada:x@h/", "GET", "http://h/"), ("curl -s h;", "GET", "http://h/"),
        ("curl h &", "GET", "http://h/"),
        ("curl 'http://h/a?b=$c&d=`e`'", "GET", "http://h/a?b=$c&d=`e`"), ("curl http://h/\\$a", "GET", "http://h/$a"),
        ("curl \"http://h/?q=5\\$&r=%24\"", "GET", "http://h/?q=5$&r=%24"), ("curl h > out.json", "GET", "http://h/"),
        ("curl h &> /dev/null", "GET", "http://h/"), ("curl --no-location h\n\n", "GET", "http://h/"),
        ("curl $'http://h/\\x61\\u0062\\143'", "GET", "http://h/abc"), ("curl ht\\\r\ntp://h", "GET", "http://h/"),
    ]) func findsMethodAndURL(text: String, method: String, url: String) throws {
        let command = try parse(text)
        #expect(command.method == method)
        #expect(command.url == url)
    }

    @Test func readsWhatBrowsersCopyForTheCommandPrompt() throws {
        let command = try parse(
            "curl ^\"https://api.test/v1?a=1^&b=2^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b^%^\\^\"^}^\"\r\n"
        )
        #expect(command.url == "https://api.test/v1?a=1&b=2")
        #expect(command.headers == [HTTPHeader("accept", "*/*")])
        #expect(command.body == Array(#"{"a":"b%"}"#.utf8))
        let plain = try parse("curl -X POST ^\r\n \"http://h/?a=1&b=2\" ^\r\n -d \"{\\\"k\\\": \\\"C:\\dir\\\"}\"")
        #expect(plain.url == "http://h/?a=1&b=2")
        #expect(plain.body == Array(#"{"k": "C:\dir"}"#.utf8))
    }

    @Test(
        arguments: [
            ("", .empty), ("# only a comment", .empty), ("wget http://h", .notCurl), ("sudo curl h", .notCurl),
            ("curl", .noURL), ("curl -s", .noURL), ("curl http://a http://b", .severalURLs),
            ("curl 'http://h", .unterminatedQuote), ("curl \"http://h", .unterminatedQuote),
            ("curl $'http://h", .unterminatedQuote), ("curl $'\\xzz' h", .invalidValue("$'…'")),
            ("curl http://h/$TOKEN", .expansion("a variable $TOKEN")),
            ("curl -H \"Authorization: Bearer ${TOKEN}\" h", .expansion("a variable $TOKEN")),
            ("curl \"http://h/$(id)\"", .expansion("a command substitution $(…)")),
            ("curl `id`", .expansion("a command substitution (backquotes)")),
            ("curl h -d \"$1\"", .expansion("a shell parameter")),
            ("curl -d <(id) h", .expansion("process substitution")), ("curl -d @- h < in", .shellOperator("<")),
            ("curl http://h/?a=1&b=2", .shellOperator("&")), ("curl h && id", .shellOperator("&")),
            ("curl h || id", .shellOperator("|")), ("curl h; id", .shellOperator(";")),
            ("(curl h)", .shellOperator("(")),
            ("curl h\nid", .severalCommands), ("curl --frobnicate pa55word h", .unknownOption("--frobnicate")),
            ("curl --frobnicate=pa55word h", .unknownOption("--frobnicate")),
            ("curl --userpa55word h", .unknownOption("--user")), ("curl -?pa55word h", .unknownOption("-?")),
            ("curl -K conf h", .unsupportedOption("--config")), ("curl -T f h", .unsupportedOption("--upload-file")),
            ("curl --digest -u a:pa55word h", .unsupportedOption("--digest")),
            ("curl h --next g", .unsupportedOption("--next")),
            ("curl -U a:pa55word -x p h", .unsupportedOption("--proxy-user")),
            ("curl -x http://a:pa55word@p h", .unsupportedOption("--proxy")), ("curl h -u", .missingValue("--user")),
            ("curl --silent=pa55word h", .invalidValue("--silent")),
            ("curl -m pa55word h", .invalidValue("--max-time")),
            ("curl -m nan h", .invalidValue("--max-time")), ("curl -m 1e999 h", .invalidValue("--max-time")),
            ("curl -H pa55word h", .invalidValue("--header")), ("curl -H 'pa 55word: x' h", .invalidValue("--header")),
            ("curl -H $'X: a\\r\\nY: pa55word' h", .invalidValue("--header")),
            ("curl -X 'GET /pa55word' h", .invalidValue("--request")),
            ("curl -d @/etc/passwd h", .fileNotAllowed("--data")),
            ("curl --data-binary @- h", .fileNotAllowed("--data-binary")),
            ("curl --json @f h", .fileNotAllowed("--json")),
            ("curl --data-urlencode n@f h", .fileNotAllowed("--data-urlencode")),
            ("curl -F a=@f h", .fileNotAllowed("--form")),
            ("curl -F 'a=<f' h", .fileNotAllowed("--form")), ("curl -H @f h", .fileNotAllowed("--header")),
            ("curl -b jar h", .fileNotAllowed("--cookie")), ("curl -u ada h", .passwordMissing),
            ("curl ftp://h/", .invalidURL), ("curl 'http://h/a b'", .invalidURL),
            ("curl 'http://h/{a,b}'", .invalidURL),
            ("curl 'http://h/[1-3]'", .invalidURL), ("curl 'http://h:99999/'", .invalidURL), ("curl ''", .invalidURL),
            ("curl -F a=b -d c h", .unsupportedOption("--form")), ("curl -max-time h", .invalidValue("--max-time")),
        ] as [(String, CurlCommandError.Code)])
    func refusesWhatItCannotTake(text: String, code: CurlCommandError.Code) {
        let error = failure(text)
        #expect(error?.code == code)
        #expect(error?.hint.isEmpty == false)
        #expect(!everythingShown(error as Any).contains("55word"))
    }

    @Test func errorsNameTheirPlace() {
        let error = failure("curl \\\n  'http://h/' \\\n  --bogus x")
        #expect(error?.line == 3)
        #expect(error?.column == 3)
        #expect(error?.description == "curl command, line 3, column 3: curl has no option --bogus")
        // The name of a variable in small letters may be the rest of a password.
        #expect(failure("curl -u \"ada:pa$s3cret\" h")?.code == .expansion("a variable"))
    }

    @Test(arguments: [
        ("curl -u a:b h", true), ("curl http://a:b@h", true), ("curl -H 'Authorization: x' h", true),
        ("curl -H 'x-apikey: x' h", true), ("curl -b a=b h", true), ("curl 'h/?access_token=x'", true),
        ("curl -d 'grant_type=password&password=x' h", true), ("curl --json '{\"client_secret\": \"x\"}' h", true),
        ("curl --oauth2-bearer x h", true), ("curl --cert a:b h", true), ("curl -n h", true), ("curl h", false),
        ("curl -H 'Accept: */*' --json '{\"amount\": 3}' 'h/?page=2'", false),
    ]) func knowsCredentials(text: String, contains: Bool) throws {
        #expect(try parse(text).containsCredential == contains)
    }

    @Test func showsNoValues() throws {
        let command = try parse(
            "curl -u ada:s3cret -H 'X: s3cret' -b c=s3cret -d s3cret --cert c:s3cret 'http://a:s3cret@h/p?k=s3cret'")
        #expect(!everythingShown(command).contains("s3cret"))
        #expect(!everythingShown(command.request()).contains("s3cret"))
        #expect(command.description == "curl command: POST http://h/p")
    }

    @Test func readsFilesOnlyThroughTheCaller() throws {
        let files = ["body": "a\r\nb", "names": "X: 1\nY: 2\n"]
        func parse(_ text: String) throws(CurlCommandError) -> CurlCommand {
            try CurlCommand.parse(Array(text.utf8)) { path in files[path].map { Array($0.utf8) } }
        }
        #expect(try parse("curl -d @body h").body == Array("ab".utf8))
        #expect(try parse("curl --data-binary @body h").body == Array("a\r\nb".utf8))
        #expect(try parse("curl -d x --data-urlencode n@body h").body == Array("x&n=a%0D%0Ab".utf8))
        #expect(try parse("curl -H @names h").headers == [HTTPHeader("X", "1"), HTTPHeader("Y", "2")])
        #expect(throws: CurlCommandError.self) { try parse("curl -d @other h") }
        #expect(throws: CurlCommandError.self) { try parse("curl -d @- h") }
    }

    @Test func noBytesMakeItFail() {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "curl ", "-", "--data", "'", "\"", "\\", "$'", "^", "\n", "\r\n", "=", ";", "@", "h", "\u{FFFD}", " ", "\0",
            "[",
        ]
        for _ in 0..<3000 {
            var text = Array("curl ".utf8)
            for _ in 0..<Int.random(in: 0..<20, using: &generator) {
                text += Array((pieces.randomElement(using: &generator) ?? "").utf8)
                if Bool.random(using: &generator) { text.append(UInt8.random(in: 0...255, using: &generator)) }
            }
            _ = try? CurlCommand.parse(text)
        }
        let long = Array("curl ".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: CurlCommand.maxLength)
        #expect(throws: CurlCommandError.self) { try CurlCommand.parse(long) }
        let many = Array(("curl" + String(repeating: " a", count: 20_000)).utf8)
        #expect(throws: CurlCommandError.self) { try CurlCommand.parse(many) }
    }
}
