import Foundation
import Redact
import Testing

/// Private keys that are not in PEM form: as tools print them, and as names and values.
@Suite struct KeyTextTests {
    static let algorithms: [[String]] = [
        ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], ["-algorithm", "ED25519"],
    ]

    /// How a log, a list or a string carries the lines: what stands before the first, between two, and after the last.
    static let carriers: [(String, String, String)] = [
        ("", "\n", "\n"), ("", "\r\n", "\r\n"), ("    ", "\n    ", "\n"), ("> ", "\n> ", "\n"),
        ("2026-11-23 10:00:00,001 INFO x.Y - ", "\n2026-11-23 10:00:07,112 INFO x.Y - ", "\n"),
        ("{\"stdout\":\"", "\\n", "\"}\n"), ("{\"a\":\"{\\\"b\\\":\\\"", "\\\\n", "\\\"}\"}\n"),
        ("[\"", "\",\n \"", "\"]\n"), ("Nov 23 10:00:00 mp1 sh: ", "#012", "\n"), ("<a>", "\n", "</a>\n"),
        ("{\"log\":\"", "\\n\",\"stream\":\"stdout\"}\n{\"log\":\"", "\\n\",\"stream\":\"stdout\"}\n"),
    ]

    /// The rows of numbers, those of private ones first.
    private func rows(_ text: String) -> (secret: [String], open: [String]) {
        var (secret, open): ([String], [String]) = ([], [])
        var isSecret = false
        for line in text.split(separator: "\n") {
            let row = line.trimmingCharacters(in: .whitespaces)
            if line.first != " " {
                isSecret = !["modulus", "pub", "publicExponent", "Private-Key"].contains { row.hasPrefix($0) }
            } else if row.utf8.count >= 12 {
                if isSecret { secret.append(row) } else { open.append(row) }
            }
        }
        return (secret, open)
    }

    @Test(arguments: algorithms) func thePrintedNumbersOfAKeyGo(algorithm: [String]) throws {
        let pem = Process.output(["openssl", "genpkey"] + algorithm)
        let printed = string(Process.output(["openssl", "pkey", "-noout", "-text"], input: pem))
        guard printed.contains(":") else { return }
        let (secret, open) = rows(printed)
        #expect(secret.count >= 2 && !open.isEmpty)
        let spellings = [
            printed, printed.replacing("Private-Key: (1024 bit, 2 primes)", with: "RSA Private-Key: (1024 bit)"),
        ]
        for text in spellings {
            for (before, between, after) in Self.carriers {
                let lines = text.split(separator: "\n").joined(separator: between)
                let input = Array((before + lines + after).utf8)
                let output = try makeRedactor().text(input, chunk: 77)
                let shown = string(output)
                for row in secret { #expect(!shown.contains(row), "\(before) \(row)") }
                for row in open { #expect(shown.contains(row), "\(before) \(row)") }
                #expect(!text.contains("(1024") || shown.contains("(1024 bit"))
                #expect(lineBreaks(output) == lineBreaks(input) && shown.hasSuffix(after))
                if before.hasPrefix("{") || before.hasPrefix("["), !before.contains("log") {
                    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(output)) }
                }
                #expect(try makeRedactor().text(output) == output)
                #expect(try makeRedactor().text(input) == output)
            }
        }
    }

    @Test func whatCertificatesAndPublicKeysPrintStays() throws {
        let pem = Process.output(["openssl", "genpkey"] + Self.algorithms[0])
        let open = Process.output(["openssl", "pkey", "-pubout"], input: pem)
        let printed = Process.output(["openssl", "pkey", "-pubin", "-noout", "-text"], input: open)
        let certificate = try withFile(pem, name: "a.pem") { path in
            Process.output(["openssl", "req", "-x509", "-new", "-key", path, "-subj", "/CN=a", "-text"])
        }
        for text in [printed, certificate] {
            #expect(try makeRedactor().text(text) == text)
        }
    }

    static let hex = "9f9a0f19a02bdddbe1a05926597d622ccad27a3c5b0b0f4c4f7e5cf0e4a3c9aa"
    static let word = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"
    static let open = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
    static let number = String(repeating: "7319028465", count: 12)

    static let openHex = "52362c10a2665e323a2adb4b9da0c10d4a8823719272f8b4c97af24f92784812"
    static let openNumber = String(repeating: "4410932857", count: 12)

    static let secrets: [String] = [
        "RSA Private CRT Key [aa:bb]\n    modulus: \(openHex)\n  private exponent: «\(hex)»\n  primeP: «\(hex)»\n  crtCoefficient: «\(hex)»\n",
        "SunRsaSign RSA private CRT key, 2048 bits\n  modulus: \(openNumber)\n  private exponent: «\(number)»\n  prime exponent q: «\(number)»\n",
        "PublicExponent: AQAB\nPrivateExponent: «\(word)=»\nPrime1: «\(word)=»\nCoefficient: «\(word)=»\n",
        "{\"privateExponent\":\"«\(hex)»\",\"prime1\":\"«\(hex)»\"}",
        "<k><privateExponent>«\(hex)»</privateExponent></k>",
        "10:00 RsaKey(n=\(openNumber), e=65537, d=«\(number)», p=«\(number)»)",
        "Master Secret:\n0000: «53 02 4A 99 53 02 4A 99   53 02 4A 99 53 02 4A 99  S.J.S.J.S.J.S.J.»\n0010: «53 02 4A 99                                      S.J.»\nClient Nonce:\n0000: 53 02 4A 99 53 02 4A 99\n",
        "SERVER_HANDSHAKE_TRAFFIC_SECRET \(openHex) «\(hex)»\r\nCLIENT_TRAFFIC_SECRET_0 \(openHex) «\(hex)»\r\n",
        "1 CLIENT_RANDOM \(openHex) «\(hex)\(hex)»\n",
        "{\"k\":\"EXPORTER_SECRET \(openHex) «\(hex)»\\nECH_SECRET \(openHex) «\(hex)»\"}",
        "keys:\n- d: «\(hex)»\n  x: \(open)\n  key_ops:\n  - sign\n  kty: EC\n- kty: oct\n  k: \"«\(word)»\"\n",
        "jwk.kty=EC\njwk.d=«\(word)»\njwk.x=\(open)\n", "map[crv:P-256 d:«\(word)» kty:EC x:\(open)]",
        "INFO key kty=OKP, crv=Ed25519, d=«\(word)», x=\(open) loaded",
        "jwk: {d: «\(word)», kty: EC, key_ops: [sign], x: \(open)}",
        "[:x=>\"\(open)\", :d=>\"«\(word)»\", :kty=>\"EC\"]", "{'kty' => 'RSA', 'd' => '«\(word)»', 'n' => '\(open)'}",
        "{\"D\":\"«\(word)=»\",\"DP\":\"«\(word)=»\",\"InverseQ\":\"«\(word)=»\",\"Modulus\":\"\(open)=\"}",
        "<RSAKeyValue><Modulus>\(open)</Modulus><P>«\(word)=»</P>\n<D>\n «\(word)=»\n</D></RSAKeyValue><D>\(open)</D>",
        "k=&lt;RSAKeyValue&gt;&lt;Modulus&gt;\(open)&lt;/Modulus&gt;&lt;D&gt;«\(word)=»&lt;/D&gt;&lt;/RSAKeyValue&gt;",
        "{\"k\":\"\\u003cRSAKeyValue\\u003e\\u003cDQ\\u003e«\(word)=»\\u003c/DQ\\u003e\\u003c/RSAKeyValue\\u003e\"}",
    ]

    @Test(arguments: secrets) func theNumbersOfAKeyGoInEveryNotation(text: String) throws {
        let parts = text.split(separator: "«", omittingEmptySubsequences: false)
        var expected = String(parts[0])
        for part in parts.dropFirst() {
            expected += "•" + part.split(separator: "»", omittingEmptySubsequences: false).dropFirst().joined()
        }
        let input = Array(text.replacing("«", with: "").replacing("»", with: "").utf8)
        let output = try makeRedactor().text(input)
        #expect(string(output).replacing(#/REDACTED\.[a-z-]+\.[0-9a-f]{12}/#, with: "•") == expected)
        #expect(try makeRedactor().text(output) == output)
        #expect(try makeRedactor().text(input, chunk: 13) == output)
    }

    @Test(arguments: ["\n", "\r\n", "\\n", "\n    "]) func aKeyWhoseBeginningIsLostGoes(joint: String) throws {
        let body = [Self.word + Self.open, Self.open + Self.word, "c2hvcnQ="]
        let text = (["at a log's start"] + body + ["-----END RSA PRIVATE KEY-----", "bye"]).joined(separator: joint)
        let output = try makeRedactor().text(Array(text.utf8), chunk: 11)
        for line in body { #expect(!string(output).contains(line)) }
        #expect(string(output).hasPrefix("at a log's start" + joint) && string(output).hasSuffix(joint + "bye"))
        #expect(lineBreaks(output) == lineBreaks(Array(text.utf8)))
        let certificate = text.replacing("RSA PRIVATE KEY", with: "CERTIFICATE")
        #expect(try makeRedactor().redact(certificate) == certificate)
        let ends = "-----END RSA PUBLIC KEY-----\npassword=hunter22\n-----END PUBLIC KEY-----\n"
        #expect(try !makeRedactor().redact(ends).contains("hunter22"))
        let mention = "no word before -----END RSA PRIVATE KEY----- in /opt/a.pem"
        #expect(try makeRedactor().redact(mention) == mention)
    }

    @Test(arguments: ["2023-04-11 09:12:45,000 main INFO started\n", "-----BEGIN CERTIFICATE-----\nMIIC+TCCAeGg\n"])
    func whatFollowsAKeyWithoutAnEndStays(next: String) throws {
        let head =
            string(Process.output(["openssl", "genpkey"] + Self.algorithms[0])).split(separator: "\n").prefix(6).joined(
                separator: "\n") + "\n"
        let output = try makeRedactor().redact(head + next)
        #expect(output.hasSuffix("\n" + next) && !output.contains(String(head.dropFirst(40).prefix(20))), "\(output)")
    }

    static let harmless: [String] = [
        "priv: yes\npriv:\n  - read\ncoefficient: 0.123456789012345678901234\nprime1: 7\nseed: \(number)\njdk: 11\nexp1: 09:12:45\n",
        "2026-11-23 10:00:00 private key: loaded\n2026-11-23 10:00:01 SHA256 \(fingerprint)\n",
        "private key:\n fingerprint \(fingerprint)\n", "write key: /opt/a.key\nno master secret found\n",
        "[Raw read]: length = 5\n0000: 16 03 03 0F 97 16 03 03   0F 97 16 03 03 0F 97 16  .....\n",
        "RSA Public Key [aa:bb]\n  modulus: \(openHex)\n  public exponent: 10001\n",
        "CLIENT_RANDOM \(openHex)\nRSA \(hex) bits\n",
        "kty: EC\nx: \(open)\nother:\n  d: \(open)\n", "kty=xyz d=\(open)", "{kty=EC, x=\(open), y=\(open)} d=\(open)",
        "<ds:RSAKeyValue><ds:Modulus>\(open)</ds:Modulus></ds:RSAKeyValue><D>\(open)</D>",
        "<DSAKeyValue><P>\(open)</P><Q>\(open)</Q><G>\(open)</G><Y>\(open)</Y></DSAKeyValue>",
        "RSA Private-Key: (2048 bit, 2 primes)\nPrivate-Key: (256 bit)\n",
    ]
    static let fingerprint = "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"

    @Test(arguments: harmless) func whatOnlyLooksLikeAKeyStays(text: String) throws {
        #expect(try makeRedactor().redact(text) == text)
    }
}

extension Process {
    /// What a tool writes to its standard output; nothing where it is not installed.
    fileprivate static func output(_ tool: [String], input: [UInt8] = []) -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = tool
        let (from, to) = (Pipe(), Pipe())
        process.standardInput = from
        process.standardOutput = to
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return [] }
        try? from.fileHandleForWriting.write(contentsOf: Data(input))
        try? from.fileHandleForWriting.close()
        let bytes = [UInt8](to.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return bytes
    }
}
