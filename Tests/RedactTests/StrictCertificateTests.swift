import Foundation
import Redact
import Testing

/// Certificates that OpenSSL makes, and reads again.
@Suite("Level strict: certificates")
struct StrictCertificateTests {
    /// What OpenSSL prints; nil where it is not installed.
    private func openssl(_ arguments: [String], input: [UInt8] = []) throws -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let (to, from) = (Pipe(), Pipe())
        process.standardInput = to
        process.standardOutput = from
        process.standardError = FileHandle.nullDevice
        try process.run()
        try? to.fileHandleForWriting.write(contentsOf: Data(input))
        try? to.fileHandleForWriting.close()
        let output = from.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else { return nil }
        try #require(process.terminationStatus == 0, "openssl \(arguments.first ?? "")")
        return String(decoding: output, as: UTF8.self)
    }

    private func make(_ subject: String, names: String) throws -> String? {
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null",
            "-days", "30", "-set_serial", "0x1234567890abcdef", "-subj", subject, "-addext", "subjectAltName=" + names,
        ])
    }

    private func strict(_ text: String) throws -> String {
        string(try makeStrictRedactor().text(Array(text.utf8), .text, chunk: 100))
    }

    @Test("hosts and persons go, OpenSSL still reads it, authority, serial and key stay")
    func leaf() throws {
        let subject = "/C=US/O=Acme Inc/CN=mp01.dc1.acme.com/emailAddress=jane.roe@acme.com"
        let names =
            "DNS:mp01.dc1.acme.com,DNS:*.acme.com,IP:10.1.2.3,IP:2001:db8::17,URI:https://a.acme.com/x,email:jane.roe@acme.com"
        guard let pem = try make(subject, names: names) else { return }
        let result = try strict(pem)
        let fields = ["-noout", "-subject", "-issuer", "-serial", "-dates", "-pubkey", "-ext", "subjectAltName"]
        let before = try #require(try openssl(["x509"] + fields, input: Array(pem.utf8)))
        let after = try #require(try openssl(["x509"] + fields, input: Array(result.utf8)))
        // What OpenSSL prints of the result is what the pass makes of what OpenSSL prints: one name everywhere. Only the
        // alternative names differ, where text marks addresses and e-mail addresses are secrets.
        func lines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.contains("DNS:") } }
        #expect(lines(after) == lines(try strict(before)))
        for part in ["mp01", "acme.com", "jane", "10.1.2.3", "DB8:0:0:0:0:0:0:17"] {
            #expect(!after.contains(part), "\(after)")
        }
        #expect(after.contains("Acme Inc") && after.contains("serial=1234567890ABCDEF"))
        #expect(after.contains("DNS:mp-") && after.contains("DNS:*.dom-"), "\(after)")
        #expect(result.split(separator: "\n").count == pem.split(separator: "\n").count)
        #expect(try strict(result) == result)
    }

    @Test("a certificate that names no one stays as it is")
    func authority() throws {
        guard let pem = try make("/DC=com/DC=acme/O=Acme Inc/CN=Acme Issuing CA 2", names: "DNS:localhost") else {
            return
        }
        #expect(try strict(pem) == pem)
    }

    @Test("for packets, names of the same length in a certificate of the same length")
    func fitted() throws {
        let redactor = try makeStrictRedactor()
        let subject = "/C=US/O=Acme Inc/CN=mp01.dc1.acme.com/emailAddress=jane.roe@acme.com"
        let names = "DNS:mp01.dc1.acme.com,DNS:*.acme.com,IP:10.1.2.3,URI:https://a.acme.com/x,email:jane.roe@acme.com"
        func host(_ name: String) -> String { string(redactor.fitted(host: Array(name.utf8))) }
        let fitted = host("MP01.dc1.acme.com")
        let shown = redactor.shown(host: "mp01.dc1.acme.com").split(separator: ".")
        #expect(fitted.utf8.count == 17 && fitted.hasSuffix(".com") && fitted == host("mp01.dc1.acme.com"))
        for (part, whole) in zip(fitted.split(separator: "."), shown).prefix(3) {
            #expect(whole.contains("-" + part), "\(fitted) \(shown)")
        }
        #expect(host("localhost") == "localhost" && host("api.enterprise.apigee.com") == "api.enterprise.apigee.com")

        guard let pem = try make(subject, names: names) else { return }
        let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("---") }.joined()
        let der = [UInt8](try #require(Data(base64Encoded: lines)))
        let result = try #require(redactor.fitted(certificate: der))
        #expect(result.count == der.count)
        let fields = ["x509", "-inform", "der", "-noout", "-subject", "-serial", "-ext", "subjectAltName"]
        let text = try #require(try openssl(fields, input: result))
        for part in ["mp01", "acme.com", "jane", "10.1.2.3"] { #expect(!text.contains(part), "\(text)") }
        #expect(text.contains("CN = \(fitted)") && text.contains("DNS:\(fitted)") && text.contains("O = Acme Inc"))
        #expect(try makeRedactor().fitted(certificate: der) == der)
        #expect(redactor.fitted(certificate: Array(der.dropLast())) == nil)
        let authority = try #require(try make("/O=Acme Inc/CN=Acme Issuing CA 2", names: "DNS:localhost"))
        let plain = authority.split(separator: "\n").filter { !$0.hasPrefix("---") }.joined()
        let bytes = [UInt8](try #require(Data(base64Encoded: plain)))
        #expect(redactor.fitted(certificate: bytes) == bytes)
    }

    @Test("on one line of JSON, and without its frame")
    func notations() throws {
        guard let pem = try make("/O=Acme/CN=mp01.dc1.acme.com", names: "DNS:mp01.dc1.acme.com") else { return }
        let result = try strict(#"{"pem":"\#(pem.replacing("\n", with: #"\n"#))"}"#)
        let value = try JSONSerialization.jsonObject(with: Data(result.utf8)) as? [String: String]
        let text = try #require(try openssl(["x509", "-noout", "-subject"], input: Array((value?["pem"] ?? "").utf8)))
        #expect(text.contains("CN = mp-"), "\(text)")

        let bare = pem.split(separator: "\n").filter { !$0.hasPrefix("---") }.joined()
        let document = try strict("<X509Certificate>\(bare)</X509Certificate>")
        let inside = document.dropFirst("<X509Certificate>".count).prefix { $0 != "<" }
        let der = try #require(Data(base64Encoded: String(inside)))
        #expect(der != Data(base64Encoded: bare) && der.range(of: Data("acme.com".utf8)) == nil)
        #expect(der.range(of: Data("Acme".utf8)) != nil)
    }

    @Test("a block that is no certificate loses its content, and the text behind it does not")
    func broken() throws {
        let long =
            "-----BEGIN CERTIFICATE-----\n" + String(repeating: "QUJD\n", count: 4_000)
            + "-----END CERTIFICATE-----\nuser=jroe\n"
        let result = try strict(long)
        #expect(
            result.hasPrefix("-----BEGIN CERTIFICATE-----REDACTED.body.")
                && result.hasSuffix("-----END CERTIFICATE-----\nuser=user-7cb3844c6097bd8f\n"))
        #expect(result.count { $0 == "\n" } == long.count { $0 == "\n" })
    }
}
