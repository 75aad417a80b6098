import FoundationEssentials
import Redact
import Testing

/// Dumps of bytes in hexadecimal: what is removed among the characters must not stay among the digits.
@Suite struct HexDumpTests {
    static let secrets = ["YWRtaW46czNjcmV0LXB3LTk5", "q7Zk2Lm9Xw4Rt8"]

    /// An HTTP message with secrets, behind so many bytes of another.
    static func message(behind count: Int) -> [UInt8] {
        let before = (0..<count).map { UInt8(ascii: "a") + UInt8($0 / 7 % 23) }
        return before
            + Array("\r\nHost: a.example\r\nAuthorization: Basic \(secrets[0])\r\nX: 1\r\n\r\n".utf8)
            + Array("{\"client_secret\":\"\(secrets[1])\",\"n\":1} and more text\n".utf8)
    }

    /// The dump of Java's `javax.net.debug` (sun.security.util.HexDumpEncoder).
    static func java(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var out = Array("Padded plaintext before ENCRYPTION:  len = \(bytes.count)\n".utf8)
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let line = bytes[start..<min(start + 16, bytes.count)]
            let offset = String(start, radix: 16, uppercase: true)
            out += Array((String(repeating: "0", count: max(0, 4 - offset.utf8.count)) + offset + ": ").utf8)
            for (index, byte) in line.enumerated() {
                out += [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: " ")]
                if index == 7 { out.append(UInt8(ascii: " ")) }
            }
            out += [UInt8](repeating: UInt8(ascii: " "), count: (16 - line.count) * 3 + 1)
            out += line.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") } + [0x0A]
        }
        return out + Array("http-1, WRITE: TLSv1.2 Application Data\n".utf8)
    }

    /// All bytes that the digits of a dump say, line by line.
    static func said(by dump: [UInt8]) -> String {
        var bytes: [UInt8] = []
        for line in string(dump).split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true).dropFirst()
            for word in words {
                guard word.utf8.count.isMultiple(of: 2), word.allSatisfy(\.isHexDigit) else { break }
                var rest = word[...]
                while let byte = UInt8(rest.prefix(2), radix: 16) {
                    bytes.append(byte)
                    rest = rest.dropFirst(2)
                }
            }
        }
        return string(bytes)
    }

    private func check(_ dump: [UInt8], _ tool: String) throws {
        #expect(Self.secrets.allSatisfy { Self.said(by: dump).contains($0) }, "\(tool): no such dump")
        let output = try makeRedactor().text(dump)
        for secret in Self.secrets {
            for start in stride(from: 0, through: secret.utf8.count - 4, by: 2) {
                let part = Array(secret.utf8)[start..<(start + 4)]
                #expect(!contains(output, Array(part)), "\(tool): \(string(output))")
                #expect(!Self.said(by: output).contains(string(Array(part))), "\(tool): \(string(output))")
            }
        }
        #expect(string(output).contains("REDACTED.authorization.") && string(output).contains("REDACTED.secret."))
        #expect(lineBreaks(output) == lineBreaks(dump), "\(tool)")
        #expect(try makeRedactor().text(output) == output, "\(tool): a second run changes \(string(output))")
        for chunk in [1, 1_000] {
            let redactor = try makeRedactor()
            #expect(try redactor.run(redactor.makeStream(.text), dump, chunk: chunk).bytes == output, "\(tool)")
        }
        // Lines without a secret stay to the byte.
        let before = Set(string(dump).split(separator: "\n"))
        let kept = string(output).split(separator: "\n").filter { !$0.contains("REDACTED.") && before.contains($0) }
        #expect(kept.count >= before.count - 12, "\(tool): \(string(output))")
    }

    @Test("dumps of Java's TLS debugging", arguments: [0, 3, 130, 4_090, 6_000, 20_000])
    func java(behind count: Int) throws {
        try check(Self.java(Self.message(behind: count)), "javax.net.debug")
    }

    @Test(
        "dumps of other tools",
        arguments: [
            ["od", "-A", "x", "-t", "x1z", "-v"], ["od", "-A", "x", "-t", "x1", "-v"], ["xxd"],
            ["xxd", "-g1", "-c", "8"],
            ["hexdump", "-C"],
        ], [0, 5, 300]) func tool(command: [String], behind count: Int) throws
    {
        guard Tools.has(command[0]) else {
            withKnownIssue("\(command[0]) is not installed", isIntermittent: true) { Issue.record("absent") }
            return
        }
        let dump = try Tools.withFile(Self.message(behind: count)) { path in
            try Array(Tools.run(command + [path], strict: true).utf8)
        }
        try check(dump, command.joined(separator: " "))
    }

    @Test func evidenceInDumpsStays() throws {
        let hello = Self.java(Array("GET /v1/orders HTTP/1.1\r\nHost: a.example\r\nX-Token-Type: none\r\n\r\n".utf8))
        #expect(try makeRedactor().text(hello) == hello)
        for text in [
            "took 1000: ok\n", "0000: 16 03 01 00\n", "id 000000 47 45 54\n", "offset 0000  end\n", "0000: \n",
        ] {
            #expect(try makeRedactor().redact(text) == text)
        }
    }
}
