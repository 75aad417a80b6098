import Documents
import Testing

@Suite struct XMLTests {
    private func parse(_ text: String, limits: DocumentLimits = .xml) throws(DocumentError) -> XMLElement {
        try XMLElement.parse(Array(text.utf8), name: "target.xml", limits: limits)
    }

    @Test func readsATree() throws {
        let root = try parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <TargetEndpoint name="default" other='a&amp;b'>
              <HTTPTargetConnection>
                <SSLInfo><Enabled>true</Enabled><KeyStore> ref://keys </KeyStore></SSLInfo>
                <URL>https://h/?a=1&#38;b=<![CDATA[<2>]]></URL>
              </HTTPTargetConnection>
              <HTTPTargetConnection/>
            </TargetEndpoint>
            """)
        #expect(root.name == "TargetEndpoint")
        #expect(root["name"] == "default")
        #expect(root.attributes.map(\.name) == ["name", "other"])
        #expect(root["other"] == "a&b")
        #expect(root.at("HTTPTargetConnection", "SSLInfo", "KeyStore")?.trimmedText == "ref://keys")
        #expect(root.at("HTTPTargetConnection", "URL")?.text == "https://h/?a=1&b=<2>")
        #expect(root.all("HTTPTargetConnection").count == 2)
        #expect(root.descendants.map(\.name).last == "HTTPTargetConnection")
        #expect(root.descendants("KeyStore").first?.line == 4)
        #expect(root.first("SSLInfo") == nil)
    }

    @Test func readsOtherEncodings() throws {
        let latin: [UInt8] = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9] + Array("</a>".utf8)
        #expect(try XMLElement.parse(latin).text == "é")
        let wide = Array("<a>é</a>".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try XMLElement.parse([0xFF, 0xFE] + wide).text == "é")
    }

    @Test(arguments: [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", DocumentError.Code.refused),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", .refused),
        ("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1/'> %p;]><a/>", .refused),
        ("<!DOCTYPE a SYSTEM 'a.dtd'><a>&unknown;</a>", .refused),
        ("<a>&unknown;</a>", .refused),
        ("<a><b></a>", .syntax), ("<a", .syntax), ("", .syntax), ("text", .syntax), ("<a/><b/>", .syntax),
        ("<?xml version='1.0' encoding='no-such'?><a/>", .encoding),
    ])
    func refuses(text: String, code: DocumentError.Code) {
        let error = #expect(throws: DocumentError.self) { try parse(text) }
        #expect(error?.code == code)
        #expect(error?.line == 1)
    }

    @Test func takesADocumentTypeWithoutEntities() throws {
        #expect(try parse("<!DOCTYPE html><html/>").name == "html")
    }

    @Test func boundsDepthSizeAndParts() {
        let deep = String(repeating: "<a>", count: 100_000)
        let wide = "<a>" + String(repeating: "<b c='d'/>", count: 600) + "</a>"
        for (text, limits) in [
            (deep, DocumentLimits.xml), (wide, DocumentLimits(maxBytes: 1 << 20, maxDepth: 9, maxNodes: 999)),
            (wide, DocumentLimits(maxBytes: 1999, maxDepth: 9, maxNodes: 9999)),
        ] {
            let error = #expect(throws: DocumentError.self) { try parse(text, limits: limits) }
            #expect(error?.code == .limit)
        }
    }

    @Test(arguments: [1, 3, 64])
    func streamsInBlocksOfAnySize(size: Int) throws {
        final class Names: XMLHandler {
            var seen: [String] = []
            var text = ""
            func start(_ name: String, attributes: [XMLAttribute], line: Int) { seen.append("+\(name)@\(line)") }
            func text(_ text: String, line: Int) { self.text += text }
            func end(_ name: String, line: Int) { seen.append("-\(name)") }
        }
        let names = Names()
        let reader = try XMLReader(name: "trace", handler: names)
        let bytes = Array("<t>\n<Point id=\"Ü\">é€</Point></t>".utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try reader.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        try reader.finish()
        #expect(names.seen == ["+t@1", "+Point@2", "-Point", "-t"])
        #expect(names.text == "\né€")
    }

    @Test func stopsWhenTheHandlerThrows() throws {
        final class Refusing: XMLHandler {
            var calls = 0
            func start(_ name: String, attributes: [XMLAttribute], line: Int) throws(DocumentError) {
                calls += 1
                throw DocumentError(.limit, in: "t", line: line, reason: "enough")
            }
            func text(_ text: String, line: Int) { calls += 1 }
            func end(_ name: String, line: Int) { calls += 1 }
        }
        let handler = Refusing()
        let reader = try XMLReader(name: "t", handler: handler)
        let block = Array("<a>x<b/></a>".utf8)
        for _ in 0..<2 {
            let error = #expect(throws: DocumentError.self) { try reader.feed(block) }
            #expect(error?.reason == "enough")
        }
        #expect(handler.calls == 1)
    }

    @Test func survivesDamage() {
        let text = Array("<?xml version='1.0'?><!DOCTYPE a><a b='c'>é&#233;<![CDATA[x]]><d e=\"f\"/></a>".utf8)
        for end in text.indices { _ = try? XMLElement.parse(Array(text[..<end])) }
        for _ in 0..<3000 {
            var damaged = text
            for _ in 0..<3 { damaged[Int.random(in: text.indices)] = UInt8.random(in: 0...255) }
            _ = try? XMLElement.parse(damaged)
        }
    }
}
