import Foundation
import Testing

@testable import Lab

extension LabSuites {
    /// The forms of a secret are checked against real encoders.
    @Suite struct SecretFormsTests {
        private static let secret = PlantedSecret(name: "x", value: "aZ9&b<c>\"d+/=%e\u{00e9}~", places: [])

        @Test(arguments: 0..<7) func findsBase64AtEveryAlignment(_ lead: Int) async throws {
            let text = String(repeating: "k", count: lead) + Self.secret.value + String(repeating: ":", count: lead % 3)
            let encoded = try await Tool.run("base64", ["-w0"], input: Data(text.utf8)).output
            #expect(Self.secret.isIn(Array(encoded)))
            let urlSafe = String(decoding: encoded, as: UTF8.self)
                .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            #expect(Self.secret.isIn(Array(urlSafe.utf8)))
        }

        @Test(arguments: [
            "import sys,urllib.parse;print(urllib.parse.quote(sys.stdin.read(),safe=''))",
            "import sys,urllib.parse;print(urllib.parse.quote(sys.stdin.read()))",
            "import sys,xml.sax.saxutils as s;print(s.escape(sys.stdin.read()))",
            "import sys,xml.sax.saxutils as s;print(s.escape(sys.stdin.read(),{'\"':'&quot;'}))",
            "import sys,json;print(json.dumps(sys.stdin.read(),ensure_ascii=False))",
            "import sys;print(sys.stdin.read().encode().hex())",
            "import sys;print(sys.stdin.read().encode().hex().upper())",
            "import sys;print(sys.stdin.read())",
        ])
        func findsEncodings(_ program: String) async throws {
            let encoded = try await Tool.run("python3", ["-c", program], input: Data(Self.secret.value.utf8))
            #expect(encoded.status == 0)
            #expect(Self.secret.isIn(Array(encoded.output)))
        }

        @Test func doesNotFindWhatIsNotThere() {
            #expect(!Self.secret.isIn(Array("aZ9&b<c>d and nothing more, REDACTED.password.0123456789ab".utf8)))
        }

        @Test func valuesAreNewInEachRunAndLookTheirPart() {
            let first = PlantedSecrets(privateKeys: [:], places: [:])
            let second = PlantedSecrets(privateKeys: [:], places: [:])
            #expect(Set(first.all.map(\.value)).isDisjoint(with: second.all.map(\.value)))
            let digits = first[.requestCard].compactMap(\.wholeNumberValue)
            let sum = digits.reversed().enumerated().reduce(0) { sum, item in
                let value = item.offset.isMultiple(of: 2) ? item.element : item.element * 2
                return sum + (value > 9 ? value - 9 : value)
            }
            #expect(digits.count == 16 && sum % 10 == 0)
            #expect(first[.clientToken].split(separator: ".").count == 3)
        }
    }
}
