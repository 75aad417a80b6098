import Diagnose
import Testing

@Suite("Distinguished names")
struct DistinguishedNameTests {
    @Test(
        "the same name in two texts",
        arguments: [
            ("CN=a,O=b,C=DE", "/C=DE/O=b/CN=a"),
            ("CN=a, O=b, C=DE", "C = DE, O = b, CN = a"),
            ("CN=a, O=b, C=DE", "C=DE, O=b, CN=a"),
            ("CN=A  B, O=Example ", "O = example, CN = a b"),
            ("EMAILADDRESS=x@example.com, CN=a", "/CN=a/emailAddress=x@example.com"),
            ("E=x@example.com, CN=a", "emailAddress=x@example.com,CN=a"),
            ("1.2.840.113549.1.9.1=x@example.com,CN=a", "OID.1.2.840.113549.1.9.1=x@example.com, CN=a"),
            ("CN=a, S=VIC, C=AU", "C = AU, ST = VIC, CN = a"),
            ("CN=MyCompany CA, DC=testcore, DC=test, DC=com", "/DC=com/DC=test/DC=testcore/CN=MyCompany CA"),
            ("CN=\"Example, Inc.\", O=b", "O=b,CN=Example\\, Inc."),
            ("CN=Example\\2C Inc.,O=b", "O = b, CN = \"Example, Inc.\""),
            ("CN=http/host.example.com@REALM,O=b", "/O=b/CN=http/host.example.com@REALM"),
            ("CN=a+OU=b,O=c", "OU=B + CN=A, O=C"),
            ("CN=Müller,O=b", "/O=b/CN=M\\xC3\\xBCller"),
            ("CN=M\\C3\\BCller,O=b", "O=b, CN=müller"),
            ("CN=#0C0161,O=b", "CN=a,O=b"),
            ("O=Foo, Inc, C=US", "C=US,O=Foo\\, Inc"),
            ("CN=a", "cn = A"),
        ])
    func same(a: String, b: String) throws {
        let first = try #require(DistinguishedName(text: a))
        let second = try #require(DistinguishedName(text: b))
        #expect(first.matches(second))
        #expect(second.matches(first))
    }

    @Test(
        "other names",
        arguments: [
            (
                "CN=MyCompany Test SHA2 CA G2, DC=testcore, DC=test, DC=dir, DC=mycompany, DC=com",
                "/C=AU/ST=VIC/L=MELBOURNE/O=MyCompany/OU=ITS/CN=nonprod-api.mycompany.com"
            ),
            ("CN=a,O=b,C=DE", "O=b,CN=a,C=DE"), ("CN=a", "CN=b"), ("CN=a", "O=a"), ("CN=a,O=b", "CN=a"),
            ("CN=ab", "CN=a b"), ("CN=a,OU=b", "CN=a+OU=b"),
        ])
    func different(a: String, b: String) throws {
        let first = try #require(DistinguishedName(text: a))
        let second = try #require(DistinguishedName(text: b))
        #expect(!first.matches(second))
    }

    @Test(
        "written as RFC 4514 writes it",
        arguments: [
            ("/C=AU/ST=VIC/O=MyCompany/CN=x", "CN=x,O=MyCompany,ST=VIC,C=AU"),
            ("C = AU, O = \"A, B\", CN = #x", "CN=\\#x,O=A\\, B,C=AU"),
            ("EMAILADDRESS=a@b, CN=x", "emailAddress=a@b,CN=x"),
        ])
    func written(text: String, expected: String) throws {
        #expect(try #require(DistinguishedName(text: text)).description == expected)
    }

    @Test(
        "no names",
        arguments: [
            "", "   ", "no name at all", "/", "=", "CN", "---", "/x", "a b=c", String(repeating: "x=y,", count: 9_000),
        ])
    func none(text: String) { #expect(DistinguishedName(text: text) == nil) }

    @Test("the parts of a name can be asked for")
    func parts() throws {
        let name = try #require(DistinguishedName(text: "CN=x, OU=a, OU=b, O=c"))
        #expect(name.value(of: "cn") == "x")
        #expect(name.value(of: "street") == nil)
    }
}
