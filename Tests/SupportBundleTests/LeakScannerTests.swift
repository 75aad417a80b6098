import Archive
import Foundation
import SupportBundle
import Testing

@Suite("The leak scan")
struct LeakScannerTests {
    static func rules(_ text: String) -> [String] {
        let scanner = LeakScanner()
        scanner.scan("f", Array(text.utf8))
        return scanner.suspicions.map(\.rule)
    }

    static let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcmRlcnMtY2xpZW50In0.dGhpcy1pcy1ub3QtYS1yZWFsLXNpZ25hdHVyZQ"
    static let keyBody = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"

    @Test(
        "finds",
        arguments: [
            ("password=tr0ub4dor", "password"), ("db.password: tr0ub4dor", "password"),
            ("Password = \"tr0ub4dor&3\"", "password"),
            ("{\"password\":\"tr0ub4dor\"}", "password"), ("{\\\"password\\\":\\\"tr0ub4dor\\\"}", "password"),
            ("&quot;password&quot;:&quot;tr0ub4dor&quot;", "password"),
            ("%22password%22%3A%22tr0ub4dor%22", "password"),
            ("<Password>tr0ub4dor</Password>", "password"), ("<Value name=\"password\">tr0ub4dor</Value>", "password"),
            ("<Property name=\"keyStorePassword\" value=\"tr0ub4dor\"/>", "password"),
            ("{\"name\":\"client_secret\",\"value\":\"q8Zr4TnB2xWk9LpV\"}", "secret"),
            ("client_secret=q8Zr4TnB2xWk9LpV&x=1", "secret"),
            ("x-api-key: q8Zr4TnB2xWk9LpV", "api-key"), ("?apikey=q8Zr4TnB2xWk9LpV", "api-key"),
            ("access_token=q8Zr4TnB2xWk9LpVq8Zr", "token"),
            ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYz", "secret"),
            ("Authorization: Basic b3JkZXJzOnRyMHViNGRvcg==", "basic-auth"),
            ("authorization: bearer abcDEF0123456789abcd", "bearer-token"),
            ("x \(token) y", "jwt"),
            ("-----BEGIN PRIVATE KEY-----\n\(keyBody)\n-----END PRIVATE KEY-----", "private-key"),
            ("-----BEGIN RSA PRIVATE KEY-----\\n\(keyBody)", "private-key"),
            (Data("-----BEGIN PRIVATE KEY-----\n\(keyBody)\n".utf8).base64EncodedString(), "private-key"),
            ("https://orders:tr0ub4dor@backend.example:8443/v1", "url-password"),
            ("jdbc:postgresql://apigee:tr0ub4dor@10.0.0.1/db", "url-password"), ("key AKIAIOSFODNN7EXAMPLE", "aws-key"),
            ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "github-token"),
        ])
    func finds(text: String, rule: String) {
        #expect(Self.rules(text).contains(rule), "\(Self.rules(text))")
        #expect(Self.rules("\n\n" + text + "\n").contains(rule))
        let scanner = LeakScanner()
        scanner.scan("f", Array(("one\ntwo\n" + text).utf8))
        #expect(scanner.suspicions.first?.line == 3)
    }

    static let shapes = [
        "password=tr0ub4dor", "Authorization: Basic b3JkZXJzOnRyMHViNGRvcg==",
        "Authorization: Bearer abcDEF0123456789abcd", "key AKIAIOSFODNN7EXAMPLE end",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "https://joe:tr0ub4dor@host.example/", token,
        "-----BEGIN PRIVATE KEY-----\n\(keyBody)\n-----END PRIVATE KEY-----",
    ]

    @Test("finds classic shapes in base64, in escaped JSON, in wide text and in containers", arguments: shapes)
    func wrapped(shape: String) throws {
        for shift in 0..<3 {
            let bytes = Data("\("xyz".prefix(shift)) some words; \(shape) and more".utf8)
            #expect(Self.rules("data: " + bytes.base64EncodedString() + " end") != [], "\(shift)")
            let lines = bytes.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            #expect(Self.rules(lines) != [], "in lines, \(shift)")
            #expect(Self.rules(Data(bytes.base64EncodedString().utf8).base64EncodedString()) != [], "twice, \(shift)")
        }
        let json = String(decoding: try JSONEncoder().encode([shape]), as: UTF8.self)
        #expect(Self.rules(json) != [])
        #expect(Self.rules(String(decoding: try JSONEncoder().encode([json]), as: UTF8.self)) != [])
        for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian] {
            let scanner = LeakScanner()
            scanner.scan("f", [UInt8](try #require("one\ntwo \(shape)\n".data(using: encoding))))
            #expect(scanner.suspicions.first?.line == 2)
        }
        for compression in Compression.allCases {
            var packed: [UInt8] = []
            let packer = try StreamPacker(compression)
            try packer.append(Array("one\ntwo \(shape)\n".utf8)[...], to: &packed)
            try packer.finish(to: &packed)
            let scanner = LeakScanner()
            scanner.begin("f")
            for byte in packed { scanner.feed([byte]) }
            scanner.end()
            #expect(scanner.suspicions.first?.line == 2 && scanner.suspicions.first?.path == "f")
            #expect(!scanner.suspicions.contains { $0.rule == LeakScanner.notScanned })
        }
    }

    @Test("names each finding by an id that stays the same")
    func ids() throws {
        let text = Array("a\npassword=tr0ub4dor\nhttps://joe:tr0ub4dor@host.example/\npassword=0therW0rd\n".utf8)
        let scanners = [LeakScanner(), LeakScanner(literals: [Array("something".utf8)])]
        for scanner in scanners { scanner.scan("items/a/b.log", text) }
        let ids = scanners[0].suspicions.map(\.id)
        #expect(ids.count == 3 && Set(ids).count == 3 && ids == scanners[1].suspicions.map(\.id))
        #expect(ids.allSatisfy { $0.hasPrefix("f-") && $0.count == 14 })
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(scanners[0].suspicions[0]))
        #expect((json as? [String: Any])?["id"] as? String == ids[0])
    }

    @Test("looks for thousands of secrets at once")
    func manyLiterals() {
        let literals = (0..<3_000).map { Array("literal-\($0 &* 7_919)-s3cret".utf8) }
        let scanner = LeakScanner(literals: literals)
        for index in [0, 1_711, 2_999] {
            let text = string(literals[index])
            let forms = [
                text, Data(("x" + text).utf8).base64EncodedString(),
                literals[index].map { String(format: "%02x", $0) }
                    .joined(),
            ]
            for form in forms {
                scanner.scan("f\(index)", Array("one\n\(form)\n".utf8))
                #expect(scanner.knownSecrets.last == LeakSuspicion(path: "f\(index)", line: 2, rule: "known-secret"))
            }
        }
        let count = scanner.knownSecrets.count
        scanner.scan("clean", Array("literal-1-s3cret literal- s3cret nothing\n".utf8))
        #expect(scanner.knownSecrets.count == count)
    }

    @Test("finds on threads what it finds without, at odd places and at even ones", arguments: [3, 3_000])
    func threads(count: Int) throws {
        let literals = (0..<count).map { Array("literal-\($0 &* 7_919)-s3cret".utf8) }
        let packed = try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("x")
            try Data(literals[1]).write(to: file)
            return try Tool.run("gzip", ["-nc", file.path]).output
        }
        var files: [(path: String, bytes: [UInt8])] = [("items/\(string(literals[2])).gz", packed)]
        for shift in 0..<8 {
            let text = String(repeating: "x", count: shift) + " \(string(literals[shift % 3]))\npassword=tr0ub4dor\n"
            files.append(("items/\(shift).log", Array(text.utf8)))
        }
        let alone = LeakScanner(literals: literals)
        for file in files { alone.scan(file.path, file.bytes) }
        let thread = LeakScanThread(LeakScanner(literals: literals))
        for file in files {
            thread.begin(file.path)
            thread.feed(file.bytes)
            thread.end()
        }
        let together = thread.finish()
        #expect(alone.knownSecrets.count == 10 && alone.suspicions.count == 8 && alone.knownSpans.count == 8)
        #expect(together.knownSecrets == alone.knownSecrets && together.suspicions == alone.suspicions)
        #expect(together.knownSpans == alone.knownSpans && together.omitted == alone.omitted)
    }

    @Test(
        "lets pass",
        arguments: [
            "password=REDACTED.password.0123456789ab", "\"password\":\"REDACTED.password.0123456789ab\"",
            "password=****", "password=",
            "passwd='', acct='orders'", "\"password\":\"\",\"user\":\"tr0ub4dor\"",
            "\\\"password\\\":\\\"\\\",\\\"a\\\":1", "password: xxxxxxxx",
            "password=${db.password}", "<Password>{private.pw}</Password>", "<Password/>", "<Password></Password>",
            "</Password>\n<Next>value</Next>",
            "password.policy.min.length=8", "keyAlias=orders-client-2025", "<KeyStore>ref://orders-keystore</KeyStore>",
            "<APIKey ref=\"request.queryparam.apikey\"/>", "token_type=Bearer", "\"token_type\":\"BearerToken\"",
            "expires_in=3599",
            "no password supplied", "password: required for user",
            "PasswordAuthenticator.authenticate(AuthUtil.java:12)",
            "Enter passphrase for key", "the secret = unknown", "secret: none",
            "javax.net.ssl.keyStorePassword=[C@1b2c3d4e",
            "Authorization: Basic REDACTED.basic.0123456789ab", "Basic authentication is required",
            "Bearer realm=\"api\"",
            "Authorization: Bearer REDACTED.token.0123456789ab", "https://REDACTED.url.0123456789ab@host/x",
            "https://user@host/x",
            "https://host:8443/a@b", "http://orders:****@host/",
            "rrt-0d9b3c1a-2b3c-4d5e-8f90-1234567890ab-c-ue1-1234-5678-1",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "serial 04:9A:7F:00:11",
            "KeyStore@1b2c3d",
            "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----\nREDACTED.pem-private-key.0123456789ab\n-----END PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC",
            "eyJhbGciOiJIUzI1NiJ9.REDACTED.jwt.0123456789ab", "partitioner token: -9223372036854775808",
            "token == expected", "password::class",
            "Access-Control-Allow-Headers: Authorization, X-Api-Key", "passwordFile=/opt/apigee/conf/pw.properties",
            "--user orders --password-stdin",
        ])
    func letsPass(text: String) {
        #expect(Self.rules(text) == [])
    }

    func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("ignores a redacted Basic value that was encoded again")
    func encodedMarker() {
        let value = Data("orders:REDACTED.basic-auth.0123456789ab".utf8).base64EncodedString()
        #expect(Self.rules("Authorization: Basic \(value)") == [])
    }

    static let secret = "p@ss/w0rd \"<&>'=é"

    static func encoded(_ form: String) -> String {
        let bytes = Data(secret.utf8)
        return switch form {
        case "plain": secret
        case "base64": bytes.base64EncodedString()
        case "base64+1": Data("x".utf8 + bytes + "y".utf8).base64EncodedString()
        case "base64+2": Data("xy".utf8 + bytes + "yy".utf8).base64EncodedString()
        case "base64url":
            Data([0xff, 0xfe, 0xfd] + bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_")
        case "url": secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        case "form":
            secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["."])).map {
                $0.replacingOccurrences(of: "%20", with: "+")
            } ?? ""
        case "hex": bytes.map { String(format: "%02x", $0) }.joined()
        case "HEX": bytes.map { String(format: "%02X", $0) }.joined()
        case "json": secret.replacingOccurrences(of: "\"", with: "\\\"")
        case "json/": secret.replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "/", with: "\\/")
        case "json-json": secret.replacingOccurrences(of: "\"", with: "\\\\\\\"")
        case "xml":
            secret.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
                .replacingOccurrences(of: ">", with: "&gt;")
                .replacingOccurrences(of: "\"", with: "&quot;").replacingOccurrences(of: "'", with: "&apos;")
        default:
            secret.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
                .replacingOccurrences(of: ">", with: "&gt;")
        }
    }

    static let forms = [
        "plain", "base64", "base64+1", "base64+2", "base64url", "url", "form", "hex", "HEX", "json", "json/",
        "json-json", "xml", "xml text",
    ]

    @Test("finds a known secret in every form", arguments: forms)
    func known(form: String) throws {
        let text = Array(("before \n<a>" + Self.encoded(form) + "</a> after").utf8)
        let scanner = LeakScanner(literals: [Array("another".utf8), Array(Self.secret.utf8)])
        scanner.scan("f", text)
        #expect(scanner.knownSecrets == [LeakSuspicion(path: "f", line: 2, rule: "known-secret")])
        // Byte by byte, and deep inside other files.
        scanner.begin("g")
        for byte in text { scanner.feed([byte]) }
        scanner.end()
        let zip = try ArchiveWriter(inMemory: .zip)
        try zip.add(ArchiveEntry(path: "apiproxy/x.xml"), bytes: Array(repeating: 0x20, count: 5000) + text)
        let tar = try ArchiveWriter(inMemory: .tarGzip(level: 6))
        try tar.add(ArchiveEntry(path: "in.zip"), bytes: zip.finish())
        scanner.scan("h.tgz", try tar.finish())
        #expect(scanner.knownSecrets.dropFirst().map(\.path) == ["g", "h.tgz!in.zip!apiproxy/x.xml"])
    }

    @Test("finds a part of a long known secret, and known secrets in names")
    func partsAndNames() {
        var long: [UInt8] = []
        for index in 0..<1000 { long.append(UInt8(0x21 + (index &* 31 ^ index >> 3) % 90)) }
        let scanner = LeakScanner(literals: [long, Array("secretname".utf8)])
        scanner.scan("f", Array(long[400..<700]))
        scanner.scan("secretname.txt", [])
        scanner.scan("clean", Array(long[..<300]))
        #expect(scanner.knownSecrets.map(\.path) == ["f", "secretname.txt"])
    }

    @Test("finds secrets at any place of a big file")
    func bigFile() {
        let filler = Array("2026-11-23 10:00:00,123 INFO an ordinary line of a log without anything in it\n".utf8)
        var bytes: [UInt8] = []
        while bytes.count < 300_000 { bytes += filler }
        let scanner = LeakScanner(literals: [Array("planted-literal-1".utf8)])
        let lines = bytes.count / filler.count
        scanner.begin("big")
        scanner.feed(Array("password=tr0ub4dor\n".utf8))
        scanner.feed(bytes)
        scanner.feed(Array("pass".utf8))
        scanner.feed(Array("word=tr0ub4dor planted-li".utf8))
        scanner.feed(Array("teral-1\n".utf8))
        scanner.feed(bytes)
        scanner.feed(Array("password=tr0ub4dor".utf8))
        scanner.end()
        #expect(scanner.suspicions.map(\.line) == [1, lines + 2, 2 * lines + 3])
        #expect(scanner.knownSecrets.map(\.line) == [lines + 2])
    }

    @Test("says what it could not look into")
    func notScanned() throws {
        let scanner = LeakScanner()
        scanner.scan("damaged.gz", [0x1f, 0x8b, 8, 0, 1, 2, 3, 4])
        var limits = LeakScanner.Limits()
        limits.nestedBytes = 100
        let small = LeakScanner(limits: limits)
        small.scan("large.gz", [0x1f, 0x8b, 8, 0] + Array(repeating: 0, count: 200))
        var bomb: [UInt8] = Array("innermost".utf8)
        for _ in 0..<14 {
            let writer = try ArchiveWriter(inMemory: .zip)
            try writer.add(ArchiveEntry(path: "a.zip"), bytes: bomb)
            bomb = try writer.finish()
        }
        scanner.scan("deep.zip", bomb)
        #expect(scanner.suspicions.map(\.rule) == [LeakScanner.notScanned, LeakScanner.notScanned])
        #expect(small.suspicions.map(\.rule) == [LeakScanner.notScanned])
    }

    /// Real data, where there is some beside the package.
    static let publicData: URL? = {
        let given = ProcessInfo.processInfo.environment["APIGEE_COLLECT_DATA"]
        let candidates = [
            given.map { URL(fileURLWithPath: $0) },
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data/public"),
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    @Test(
        "raises no alarm on public captures, proxies and API answers",
        .enabled(if: publicData != nil, "the public data are not here"))
    func publicFiles() throws {
        let root = try #require(Self.publicData)
        for folder in ["api", "pcap", "proxies", "edge-traces"] {
            for file in WorkFolderTests.allFiles(below: root.appendingPathComponent(folder)) {
                // This one holds a literal password on purpose.
                if file.lastPathComponent == "devrel_southbound-mtls_edge.template.json" { continue }
                let scanner = LeakScanner()
                scanner.scan(file.lastPathComponent, [UInt8](try Data(contentsOf: file)))
                for suspicion in scanner.suspicions { Issue.record("\(suspicion)") }
            }
        }
    }
}
