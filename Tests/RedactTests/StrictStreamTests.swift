import Archive
import Foundation
import Redact
import Testing

@Suite("Level strict: streams, formats, keys")
struct StrictStreamTests {
    static let lines = StrictTextTests.addresses + StrictTextTests.hosts + StrictTextTests.users

    /// All cases and all evidence in one text.
    static let corpus = Array(
        (lines.map(\.text) + StrictTextTests.untouched).joined(separator: "\n").utf8)

    @Test("chunks of any size give the same result", arguments: [1, 2, 3, 7, 64, 1_000, 8_191, 20_000])
    func chunks(size: Int) throws {
        let text = Array(repeatElement(Self.corpus, count: 5).joined(separator: [10]))
        let whole = try makeStrictRedactor().text(text, .text)
        #expect(try makeStrictRedactor().text(text, .text, chunk: size) == whole)
        #expect(lineBreaks(whole) == lineBreaks(text))
    }

    @Test("damaged text: no trap, the same for every chunk size, lines stay", arguments: 0..<8)
    func damaged(seed: UInt64) throws {
        var dice = LabelDice(seed: seed)
        var text = Self.corpus + Array(Self.document(.http).utf8) + Array("<Content>{&quot;a&quot;:1}</Content>".utf8)
        let marks = Array("\"'<>&%\\:=@/.-_{}[]() \n\u{0}\u{FF}REDACTED.ip-CN=MII".utf8)
        for _ in 0..<400 {
            let place = Int.random(in: 0..<text.count, using: &dice)
            switch Int.random(in: 0..<3, using: &dice) {
            case 0: text[place] = marks.randomElement(using: &dice) ?? 0
            case 1: text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...20, using: &dice)))
            default: text.insert(contentsOf: text[..<min(text.count, 40)], at: place)
            }
        }
        let whole = try makeStrictRedactor().text(text, .text)
        for chunk in [1, 613, 9_000] { #expect(try makeStrictRedactor().text(text, .text, chunk: chunk) == whole) }
        #expect(lineBreaks(whole) == lineBreaks(text))
    }

    @Test("what stands at the border of a window is found")
    func borders() throws {
        for shift in stride(from: 0, to: 300, by: 11) {
            let text = String(repeating: "x", count: 8_000 + shift) + " 10.1.2.3 user=jroe https://mp01.acme.bank/\n"
            let result = string(try makeStrictRedactor().text(Array(text.utf8), .text, chunk: 512))
            #expect(!result.contains("10.1.2.3") && !result.contains("jroe") && !result.contains("acme"))
        }
    }

    @Test("what was learned goes where it stood before, when a file is read again")
    func secondPass() throws {
        let text = Array("on mp01 jroe1 said\nhttps://mp01.acme.com/ user=jroe1\n".utf8)
        let redactor = try makeStrictRedactor()
        let first = try redactor.text(text, .text)
        #expect(string(first).contains("on mp01 jroe1"))
        let second = string(try redactor.secondPass(first, .text))
        #expect(!second.contains("mp01") && !second.contains("jroe1"))
        let again = string(try redactor.text(text, .text))
        #expect(again == second)
    }

    @Test("names that are evidence stay, whoever has them")
    func evidence() throws {
        let redactor = try makeStrictRedactor()
        redactor.expect(hosts: ["apigee-node", "router"], evidence: ["orders", "acme7", "prod"])
        let text = "user=orders https://acme7.acme7.com/ acme7 prod orders on apigee-node by the router"
        let result = string(try redactor.text(Array(text.utf8), .text))
        #expect(result.hasPrefix("user=orders ") && result.contains(" acme7 prod orders on "), "\(result)")
        #expect(!result.contains("apigee-node") && result.hasSuffix(" by the router"))
    }

    /// Names of a site and what may write them.
    static let planted = [
        "10.77.3.19", "198.51.100.23", "2001:db8:77::19", "08:00:27:4e:66:a1", "mp77.dc1.acme.com", "jroe77",
    ]

    static func document(_ format: ContentFormat) -> String {
        let (v4, public4, v6, mac, host, user) = (
            planted[0], planted[1], planted[2], planted[3], planted[4], planted[5]
        )
        switch format {
        case .xml:
            return
                "<r><Host>\(host)</Host><a ip=\"\(v4)\" ip6=\"\(v6)\">\(public4)</a><User>\(user)</User><m><![CDATA[\(mac)]]></m></r>"
        case .json, .har:
            return
                #"{"host":"\#(host)","ip":["\#(v4)","\#(public4)","\#(v6)"],"mac":"\#(mac)","userName":"\#(user)","log":"{\"host\":\"\#(host)\",\"a\":\"\#(v4)\"}"}"#
        case .properties:
            return "a.host=\(host)\na.ip=\(v4)\nb=\(public4)\nc=\(v6)\nmac=\(mac)\ndb.username=\(user)\n"
        case .yaml:
            return "host: \(host)\nip: \(v4)\nips:\n  - \(public4)\n  - '\(v6)'\nmac: \(mac)\nuser: \(user)\n"
        case .http:
            return
                "GET /?u=https%3A%2F%2F\(host)%2F&ip=\(v4) HTTP/1.1\r\nHost: \(host)\r\nX-Forwarded-For: \(v4), \(public4)\r\nX-Six: \(v6)\r\nX-Mac: \(mac)\r\nX-User: user=\(user)\r\nX-Info: \(base64("ip=\(v4);host=\(host)"))\r\n\r\n"
        default:
            return
                "\(v4) - \(user) [23/Nov/2026:10:00:00 +0000] \"GET https://\(host)/ HTTP/1.1\" 200 \(public4) [\(v6)]:443 \(mac) /home/\(user)/x\n"
        }
    }

    private func isClean(_ bytes: [UInt8]) -> Bool {
        let text = string(bytes).lowercased()
        return !(Self.planted + ["mp77", base64("ip=10.77.3.19;host=mp77.dc1.acme.com")]).contains {
            text.contains($0.lowercased())
        }
    }

    @Test(
        "nothing planted survives in any format",
        arguments: [.text, .log, .xml, .json, .har, .properties, .yaml, .http] as [ContentFormat])
    func formats(format: ContentFormat) throws {
        let text = Array(Self.document(format).utf8)
        let result = try makeStrictRedactor().text(text, format)
        #expect(isClean(result), "\(string(result))")
        #expect(try makeStrictRedactor().text(result, format) == result)
        if format == .json || format == .har {
            #expect((try? JSONSerialization.jsonObject(with: Data(result))) != nil)
        }
        if format == .xml, let status = try run(["xmllint", "--noout", "-"], input: result) { #expect(status == 0) }
        // As 16-bit text.
        let wide: [UInt8] = [0xFF, 0xFE] + string(text).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let narrow = try makeStrictRedactor().text(wide, format).enumerated().filter { $0.offset % 2 == 0 }.map(
            \.element)
        #expect(isClean(Array(narrow)))
    }

    @Test("nor in archives", arguments: [.zip, .tar, .tarGzip(level: 1)] as [ArchiveWriter.Format])
    func archives(format: ArchiveWriter.Format) throws {
        let writer = try ArchiveWriter(inMemory: format)
        for (name, kind) in [("a.xml", ContentFormat.xml), ("mp77.dc1.acme.com.json", .json), ("c.log", .log)] {
            let bytes = Array(Self.document(kind).utf8)
            try writer.add(ArchiveEntry(path: name), bytes: bytes)
        }
        let (result, summary) = try makeStrictRedactor().redact(try writer.finish())
        #expect(summary.withheld == nil && summary.findings["host-name", default: 0] > 3)
        let reader = try ArchiveReader(bytes: result)
        var count = 0
        while let entry = try reader.next() {
            #expect(isClean(Array(entry.path.utf8)))
            #expect(isClean(try reader.readAll(limit: 1 << 20)))
            count += 1
        }
        #expect(count == 3)
    }

    @Test("findings are told by line, and counted")
    func places() throws {
        let redactor = try makeStrictRedactor()
        let found = try redactor.findings(
            in: Array("a\nip 10.1.2.3\npassword=Xk93jfQ2lpZ7 x\nuser=jroe\n".utf8), format: .text)
        #expect(found.map(\.line) == [2, 3, 4] && found[0] == Finding(line: 2, column: 4, rule: "ip-address"))
        let summary = try redactor.run(redactor.makeStream(.text), Self.corpus).summary
        for rule in ["ip-address", "mac-address", "host-name", "user-name", "encoded-name"] {
            #expect(summary.findings[rule, default: 0] > 0, "\(rule)")
        }
    }

    @Test("secrets go too, and level secrets replaces no address")
    func levels() throws {
        let text = Array("password=Xk93jfQ2lpZ7 at 10.1.2.3".utf8)
        let strict = string(try makeStrictRedactor().text(text, .text))
        let plain = string(try makeRedactor().text(text, .text))
        #expect(strict.hasPrefix(plain.prefix(24)) && !strict.contains("Xk93") && plain.hasSuffix(" at 10.1.2.3"))
    }
}
