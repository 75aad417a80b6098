import Foundation
import Redact
import Testing

/// Documents with secrets, encoded inside of other texts, up to four layers deep: nothing of a secret can be read in what
/// comes out, whatever is decoded.
@Suite struct NestedTests {
    /// All planted secrets begin so.
    private static let mark = "s3nt1n3l"

    private static func secrets(_ dice: inout LabelDice, _ count: Int) -> [String] {
        (0..<count).map { _ in mark + dice.expand("‹w10-14›") }
    }

    private static func check(_ input: [UInt8], _ path: String) throws {
        var before = NestedLeaks(planted: mark)
        #expect(before.way(into: input) != nil, "the search sees nothing in \(path)")
        let once = try makeRedactor().redact(input).bytes
        for output in [once, try makeRedactor().inTwoPasses(input)] {
            var leaks = NestedLeaks(planted: mark)
            if let way = leaks.way(into: output) {
                let (before, after) = (string(Array(input.prefix(400))), string(Array(output.prefix(400))))
                Issue.record("\(path): readable by \(way): \(before) became \(after)")
            }
        }
        #expect(lineBreaks(once) == lineBreaks(input), "\(path)")
        #expect(try makeRedactor().redact(once).bytes == once, "\(path): a second run changes \(string(once))")
    }

    @Test("twelve formats, eight encodings, four depths", arguments: MatrixFormat.allCases)
    func matrix(format: MatrixFormat) throws {
        var dice = LabelDice(seed: UInt64(format.rawValue.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        for coding in NestedCoding.everywhere {
            var bytes = Array(format.document(Self.secrets(&dice, 6)).utf8)
            var path = format.rawValue
            for depth in 1...4 {
                let layer = depth == 1 ? coding : dice.pick(Array(NestedCoding.everywhere))
                let carrier = dice.pick(NestedCarrier.allCases)
                bytes = carrier.carry(try layer.encode(bytes))
                path += "/\(layer)/\(carrier)"
                try Self.check(bytes, path)
            }
        }
    }

    @Test("all layers mixed at random", arguments: 1...40 as ClosedRange<UInt64>)
    func mixed(seed: UInt64) throws {
        var dice = LabelDice(seed: seed)
        let format = dice.pick(MatrixFormat.allCases)
        var bytes = Array(format.document(Self.secrets(&dice, 4)).utf8)
        var path = "seed \(seed): \(format)"
        for _ in 0..<dice.number(1...4) {
            let coding = dice.pick(NestedCoding.allCases)
            bytes = try coding.encode(bytes)
            path += "/\(coding)"
            if dice.number(0...3) > 0 {
                let carrier = dice.pick(NestedCarrier.allCases)
                bytes = carrier.carry(bytes)
                path += "/\(carrier)"
            }
        }
        try Self.check(NestedCarrier.json.carry(bytes), path)
    }

    @Test("a wrapped key whose indent a form writes as plus signs goes", arguments: 0...5)
    func indentInForm(indent: Int) throws {
        var dice = LabelDice(seed: 23)
        let body = (0..<6).map { _ in dice.expand("‹w64›") + "\n" }.joined()
        let begin = "10:00:00,000 INFO all of this comes before a key: "
        let key = Array("\(begin)-----BEGIN PRIVATE KEY-----\n\(body)-----END PRIVATE KEY-----\n".utf8)
        let lines = string(try NestedCoding.mime.encode(key)).split(separator: "\r\n")
        let text =
            "10:00:00 INFO x - got " + lines.joined(separator: "\n" + String(repeating: " ", count: indent))
            + "\n end: 1\n"
        let input = Array("x=".utf8) + (try NestedCoding.form.encode(Array(text.utf8)))
        // Of the fourth line alone, which says nothing of what it belongs to.
        let planted = string(Array(key[196..<224]))
        var before = NestedLeaks(planted: planted)
        #expect(before.way(into: input) != nil)
        let output = try makeRedactor().redact(input).bytes
        var leaks = NestedLeaks(planted: planted)
        #expect(leaks.way(into: output) == nil, "\(string(output))")
        #expect(string(output).hasSuffix("end%3A+1%0A"))
    }

    @Test("the digits of an escape stay before a run that goes") func escapeStays() throws {
        let run = Wrapped.base64("password=s3nt1n3lQWERTYabc and nothing more\n")
        let output = string(try makeRedactor().redact(Array("a%3D\(run)%0Ab%0A\(run)".utf8)).bytes)
        #expect(output.hasPrefix("a%3DREDACTED.") && output.contains("%0Ab%0AREDACTED."), "\(output)")
    }

    @Test("a secret learned elsewhere goes without its name too", arguments: NestedCoding.allCases)
    func learned(coding: NestedCoding) throws {
        var dice = LabelDice(seed: 11)
        for carrier in NestedCarrier.allCases {
            let secrets = Self.secrets(&dice, 3)
            let text =
                "nothing names \(secrets[0]) here\nnor \(secrets[1]), and <\(secrets[2])> \"stands\" alone & so\n"
            let inner = carrier.carry(try coding.encode(try NestedCoding.json.encode(Array(text.utf8))))
            let redactor = try makeRedactor()
            _ = try redactor.redact(Array(secrets.map { "password=\($0)\n" }.joined().utf8))
            for output in [try redactor.redact(inner).bytes, try redactor.secondPass(inner)] {
                var leaks = NestedLeaks(planted: Self.mark)
                if let way = leaks.way(into: output) {
                    Issue.record("\(coding) in \(carrier): \(way): \(string(output))")
                }
            }
        }
    }

    @Test("keys and tokens that give themselves away go", arguments: NestedCoding.allCases)
    func tokens(coding: NestedCoding) throws {
        var dice = LabelDice(seed: 13)
        let key = Self.mark.uppercased()
        for template in ["AKIA\(key)‹h8›", "ghp_\(key)‹w28›", "Authorization: Basic ‹w11›", "glpat-\(key)‹u12›"] {
            let value =
                template.hasPrefix("Auth")
                ? "Authorization: Basic " + Wrapped.base64("joe:\(key)") : dice.expand(template)
            for carrier in NestedCarrier.allCases {
                let input = carrier.carry(try coding.encode(Array("the value is \(value), they say\n".utf8)))
                var leaks = NestedLeaks(planted: key)
                let output = try makeRedactor().redact(input).bytes
                if let way = leaks.way(into: output) {
                    Issue.record("\(coding) in \(carrier): \(way): \(string(output))")
                }
            }
        }
    }

    @Test("what holds no secret stays to the byte", arguments: NestedCoding.allCases)
    func evidenceStays(coding: NestedCoding) throws {
        let text =
            "10:00:00,123 INFO rrt-0123456789abcdef-a-geu1-12345-6789-1 keyAlias=\"client1\" done & <gone>\n"
            + "password authentication failed for user \"joe\"; password.policy.min.length=8, token_type=bearer\n"
        for carrier in NestedCarrier.allCases {
            let input = carrier.carry(try coding.encode(Array(text.utf8)))
            #expect(string(try makeRedactor().redact(input).bytes) == string(input), "\(coding) in \(carrier)")
        }
    }

    @Test("what is not decodable to its end is withheld") func cutFilesGo() throws {
        let packed = try NestedCoding.gzip.encode(Array("nothing here, and password=\(Self.mark)1234\n".utf8))
        for cut in [packed.count, packed.count - 9, packed.count / 2] {
            let output = string(try makeRedactor().redact(NestedCarrier.json.carry(Array(packed.prefix(cut)))).bytes)
            #expect(output.hasPrefix("{\"n\":1,\"payload\":\"REDACTED.encoded-secret."), "\(cut): \(output)")
        }
        // Longer than a window: nobody knows what its end says.
        var dice = LabelDice(seed: 17)
        let long = dice.expand("‹w60000›")
        let plain = Array("\(long)\npassword=\(Self.mark)1234\n".utf8)
        let lines = Data(try pack(plain, .gzip)).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithLineFeed,
        ])
        for text in [try NestedCoding.gzip.encode(plain), Array(lines.utf8)] {
            let output = try makeRedactor().redact(NestedCarrier.json.carry(text)).bytes
            #expect(output.count < 2_000, "\(output.count) bytes left")
        }
    }
}
