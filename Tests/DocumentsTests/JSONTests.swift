import Documents
import Foundation
import Testing

@Suite struct JSONTests {
    private func parse(_ text: String) throws(DocumentError) -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    @Test func readsEveryKindAndKeepsTheOrder() throws {
        let value = try parse(#" {"z": [1, -2.5, 1e3, true, false, null], "a": {"é\n": "\u00e9\ud83d\ude00\/"}} "#)
        #expect(value.object?.keys == ["z", "a"])
        #expect(value["z"] == [1, -2.5, 1000.0, true, false, nil])
        #expect(value["a"]?["é\n"]?.string == "é😀/")
        #expect(value["z"]?[9] == nil)
        #expect(value["z"]?["no"]?["way"] == nil)
    }

    @Test func readsNumbersThatAnswersWriteAsText() throws {
        let value = try parse(#"{"port": "443", "whole": 443.0, "on": "true", "half": 1.5}"#)
        #expect(value["port"]?.int == 443)
        #expect(value["whole"]?.int == 443)
        #expect(value["on"]?.bool == true)
        #expect(value["half"]?.int == nil)
        #expect(value["port"]?.double == 443)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "+1", "1.", ".5", "1e", "- 1", "nul", "truee", "'a'", "\"a",
        "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "[1] 2", "// c\n1", "{\"a\" 1}", "[1 2]", "\u{FEFF}", "NaN", "Infinity",
    ])
    func refusesWhatIsNoJSON(text: String) {
        let error = #expect(throws: DocumentError.self) { try parse(text) }
        #expect(error?.code == .syntax)
        #expect((error?.line ?? 0) >= 1)
    }

    @Test func saysWhere() {
        let error = #expect(throws: DocumentError.self) {
            try JSONValue(parsing: Array("{\n  \"a\": x}".utf8), name: "answer")
        }
        #expect(error?.description == "answer:2:8: no JSON value starts here")
    }

    @Test(arguments: [#""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800x""#])
    func replacesLoneSurrogates(text: String) throws {
        #expect(try parse(text).string?.unicodeScalars.first == "\u{FFFD}")
    }

    @Test func keepsTheLastOfEqualKeys() throws {
        #expect(try parse(#"{"a": 1, "b": 2, "a": 3}"#) == ["a": 3, "b": 2])
        let many = (0..<40).map { "\"k\($0 % 20)\": \($0)" }.joined(separator: ",")
        let object = try #require(try parse("{\(many)}").object)
        #expect(object.count == 20)
        #expect(object["k7"] == 27)
    }

    @Test func boundsDepthSizeAndParts() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: DocumentError.self) { try JSONValue(parsing: deep) }
        let small = DocumentLimits(maxBytes: 10, maxDepth: 4, maxNodes: 3)
        for text in ["[[[[[1]]]]]", "[1,2,3]", "\"0123456789\""] {
            let error = #expect(throws: DocumentError.self) { try JSONValue(parsing: Array(text.utf8), limits: small) }
            #expect(error?.code == .limit)
        }
        #expect(throws: DocumentError.self) { try parse("1e999") }
    }

    @Test(arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let error = #expect(throws: DocumentError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.code == .encoding)
    }

    @Test(arguments: [false, true])
    func writesWhatFoundationReads(pretty: Bool) throws {
        let value: JSONValue = [
            "text": "a\"\\\n\u{1}\u{2028}é😀", "list": [1, 2.5, -3, nil, true, []], "empty": [:], "big": 1e300,
        ]
        let bytes = value.encoded(pretty: pretty)
        #expect(try JSONValue(parsing: bytes) == value)
        let read = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        #expect(read?["text"] as? String == value["text"]?.string)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("\u{2028}"))
    }

    @Test func writesNullForWhatJSONHasNoNumberFor() {
        #expect(JSONValue.array([.number(.infinity), .number(.nan)]).encoded() == Array("[null,null]".utf8))
    }

    @Test func followsPointers() throws {
        let value = try parse(#"{"a/b": [{"m~n": 7}]}"#)
        #expect(value.at(pointer: "/a~1b/0/m~0n") == 7)
        #expect(value.at(pointer: "") == value)
        #expect(value.at(pointer: "/a~1b/1") == nil)
        #expect(JSONPointer.appending("a/~b", to: "/x") == "/x/a~1~0b")
    }

    /// Every prefix and many damaged forms of a real text end in a value or an error, never in a trap.
    @Test func survivesDamage() {
        let text = Array(#"{"a":[1,-2.5e+3,"\u00e9\ud83d\ude00\\",null,true],"b":{"c":"é"}}"#.utf8)
        var generator = SystemRandomNumberGenerator()
        for end in text.indices { _ = try? JSONValue(parsing: Array(text[..<end])) }
        for _ in 0..<5000 {
            var damaged = text
            for _ in 0..<3 { damaged[Int.random(in: text.indices, using: &generator)] = UInt8.random(in: 0...255) }
            _ = try? JSONValue(parsing: damaged)
        }
    }
}
