import Archive
import FoundationEssentials
import Redact
import Testing

@Suite struct ContainerTests {
    static let proxy: [(String, [UInt8])] = [
        ("apiproxy/", []), ("apiproxy/orders.xml", Array("<APIProxy revision=\"7\" name=\"orders\"/>".utf8)),
        (
            "apiproxy/policies/KVM.xml",
            Array(
                "<KeyValueMapOperations><InitialEntries><Entry><Key><Parameter>k</Parameter></Key><Value>kvmS3cret</Value></Entry></InitialEntries></KeyValueMapOperations>"
                    .utf8)
        ),
        (
            "apiproxy/resources/properties/a.properties",
            Array("backend.password = my s3cr3t pass\nhost=a.example\n".utf8)
        ),
        (
            "apiproxy/targets/default.xml",
            Array("<SSLInfo><KeyStore>ref://ks</KeyStore><KeyAlias>client1</KeyAlias></SSLInfo>".utf8)
        ),
    ]

    @Test func aProxyBundleIsRedactedInsideAndStaysABundle() throws {
        let redactor = try makeRedactor()
        let result = try redactor.redact(try archive(.zip, Self.proxy), name: "orders_rev7.zip")
        #expect(result.summary.format == .zip && result.summary.withheld == nil)
        let out = try entries(result.bytes)
        #expect(out.map(\.0) == Self.proxy.map(\.0))
        #expect(out[4].1 == Self.proxy[4].1 && out[1].1 == Self.proxy[1].1)
        for (_, bytes) in out {
            #expect(!contains(bytes, Array("s3cr3t".utf8)) && !contains(bytes, Array("kvmS3cret".utf8)))
        }
        #expect(result.summary.findings["kvm-entry"] == 1 && result.summary.findings["password"] == 1)
        try withFile(result.bytes, name: "a.zip") { path in
            if let status = try run(["unzip", "-tqq", path], input: []) { #expect(status == 0) }
        }
    }

    @Test func archivesInArchivesAreRedactedToo() throws {
        let inner = try archive(.tarGzip(level: 6), [("a.log", Array("password=hunter22\n".utf8))])
        let outer = try archive(.zip, [("x/inner.tgz", inner), ("plain.txt", Array("password=hunter22".utf8))])
        let result = try makeRedactor().redact(try archive(.tar, [("o.zip", outer)]))
        #expect(result.summary.format == .tar && result.summary.findings["password"] == 2)
        let found = try entries(try entries(try entries(result.bytes)[0].1)[0].1)
        #expect(found.map(\.0) == ["a.log"] && string(found[0].1).hasPrefix("password=REDACTED.password."))
    }

    static let withheld: [(String, [UInt8])] = [
        ("a.jks", [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 1]),
        ("a.p12", [0x30, 0x82, 0x0A, 0x00, 0x02, 0x01, 0x03, 0x30, 0x82, 1, 2, 3, 4, 5, 6, 7, 8]),
        ("heap.hprof", Array("JAVA PROFILE 1.0.2\0password=hunter22".utf8)),
        ("a.xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 1, 2]),
        ("a.bks", [0, 0, 0, 2, 0, 0, 0, 20] + [UInt8](repeating: 0xA5, count: 20)),
        ("a.jceks", [0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0, 2]), ("other.keystore", [1, 2, 3, 0, 0, 0, 9]),
        ("core.1234", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]), ("a.phd", [0, 0x12] + Array("portable heap dump".utf8)),
        (
            "encrypted.der",
            [0x30, 0x40, 0x30, 0x1C, 0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x01, 0x03]
        ),
        ("a.tar.lz4", [0x04, 0x22, 0x4D, 0x18, 1, 2]), ("a.deb", Array("!<arch>\ndebian-binary ".utf8)),
        ("broken.zip", [0x50, 0x4B, 0x03, 0x04] + Array("password=hunter22".utf8)),
        ("broken.gz", [0x1F, 0x8B, 8, 0] + Array("password=hunter22".utf8)),
        ("key.der", [0x30, 0x82, 0x04, 0xBD, 0x02, 0x01, 0x00, 0x30, 0x0D, 0x06, 0x09, 1, 2, 3, 4, 5, 6]),
    ]

    @Test(arguments: withheld) func whatCannotBeReadIsWithheld(name: String, bytes: [UInt8]) throws {
        for format in [ContentFormat.auto, .text] {
            let result = try makeRedactor().redact(bytes, format: format, name: name)
            #expect(result.bytes.isEmpty && result.summary.withheld != nil, "\(name)")
        }
        let result = try makeRedactor().redact(try archive(.zip, [("a/\(name)", bytes), ("b.txt", [65])]))
        let out = try entries(result.bytes)
        #expect(out.map(\.0) == ["a/\(name)", "b.txt"] && out[0].1.isEmpty && out[1].1 == [65])
        #expect(result.summary.notes.contains { $0.contains("emptied") })
    }

    @Test func theSecondPassReachesIntoArchives() throws {
        let redactor = try makeRedactor()
        let once = try redactor.redact(
            try archive(
                .zip, [("a.txt", Array("typed s3cr3tWord9".utf8)), ("b.txt", Array("password=s3cr3tWord9".utf8))]))
        let twice = try redactor.secondPass(once.bytes)
        for (_, bytes) in try entries(twice) { #expect(!contains(bytes, Array("s3cr3tWord9".utf8))) }
    }

    @Test func documentsStayWellFormed() throws {
        let xml =
            "<a><Password>x&amp;1</Password><b token=\"f3b1c9d2e8a74\" name='n'/><Property name=\"db.password\"><![CDATA[a]b1]]></Property><Entry name=\"a\"><Value>v&lt;1</Value></Entry></a>"
        let json =
            "{\"password\": 12, \"secret\": \"a\\\"b\", \"entry\": [{\"name\": \"a\", \"value\": 5}], \"s\": \"{\\\"token\\\":\\\"f3b1c9d2e8a74\\\"}\", \"passwords\": [\"x1\", \"y2\"]}"
        let redactor = try makeRedactor()
        let outXML = try redactor.text(Array(xml.utf8), .xml)
        let outJSON = try redactor.text(Array(json.utf8), .json)
        #expect(try run(["xmllint", "--noout", "-"], input: outXML) ?? 0 == 0, "\(string(outXML))")
        #expect(
            try run(["python3", "-c", "import json,sys; d=json.load(sys.stdin); json.loads(d['s'])"], input: outJSON)
                ?? 0 == 0, "\(string(outJSON))")
        for part in ["x&amp;1", "f3b1c9", "a]b1", "v&lt;1", "12,", "a\\\"b", ": 5", "\"x1\"", "\"y2\""] {
            #expect(!contains(outXML, Array(part.utf8)) && !contains(outJSON, Array(part.utf8)), "\(part)")
        }
    }
}
