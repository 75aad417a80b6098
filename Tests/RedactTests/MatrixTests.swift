import Archive
import Foundation
import Redact
import Testing

/// Two hundred secrets in every format, in every encoding, at every depth: none survives, and what it was, it stays.
@Suite struct MatrixTests {
    static let count = 200

    /// Secrets without a shape of their own: only their place gives them away.
    static func secrets(_ seed: String) -> [String] {
        var state = seed.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return "q\(String(state >> 20, radix: 36))Z\(index)"
        }
    }

    /// A layer of packing around a file, the container chosen by depth.
    static func wrap(_ bytes: [UInt8], _ name: String, depth: Int) throws -> (bytes: [UInt8], name: String) {
        switch depth {
        case 2: (try pack(bytes, .gzip), name + ".gz")
        case 3: (try archive(.zip, [("readme.txt", [65]), ("in/" + name, bytes)]), "a.zip")
        case 4: (try pack(try archive(.tar, [(name, bytes), ("z.txt", [66])]), .zstd), "a.tar.zst")
        default: (bytes, name)
        }
    }

    static func unwrap(_ bytes: [UInt8], depth: Int) throws -> [UInt8] {
        switch depth {
        case 2: try unpack(bytes, .gzip)
        case 3: try #require(try entries(bytes).first { $0.0.hasPrefix("in/") }).1
        case 4: try #require(try entries(try unpack(bytes, .zstd)).first).1
        default: bytes
        }
    }

    @Test(arguments: MatrixFormat.allCases, MatrixCharset.allCases)
    func charsetsAtEveryDepth(format: MatrixFormat, charset: MatrixCharset) throws {
        let count = [.utf8, .utf16LE].contains(charset) ? Self.count : Self.count / 5
        let secrets = Array(Self.secrets("\(format)\(charset)").prefix(count))
        let document = format.document(secrets)
        var packed = charset.bytes(document)
        var name = "file." + format.ending
        let redacted = try charset.text(makeRedactor().redact(packed, name: name).bytes)
        #expect(lineBreaks(Array(redacted.utf8)) == lineBreaks(Array(document.utf8)))
        for secret in secrets where redacted.contains(secret) { Issue.record("\(format) \(charset): \(secret)") }
        try check(format, redacted)
        #expect(redacted.contains("REDACTED.") && redacted.contains("ü") == document.contains("ü"))
        for depth in 2...4 {
            (packed, name) = try Self.wrap(packed, name, depth: depth)
            // The deepest holds all others.
            guard depth == 4 || format == .log else { continue }
            let result = try makeRedactor().redact(packed, name: name)
            #expect(result.summary.withheld == nil && !result.summary.isPartial)
            var inner = result.bytes
            for depth in (2...depth).reversed() { inner = try Self.unwrap(inner, depth: depth) }
            #expect(charset.text(inner) == redacted, "\(format) \(charset) at depth \(depth)")
        }
    }

    /// What it was, it stays: by the tools whose formats they are.
    private func check(_ format: MatrixFormat, _ text: String) throws {
        let tool: [String]
        switch format {
        case .xml: tool = ["xmllint", "--noout", "-"]
        case .json, .har: tool = ["python3", "-c", "import json,sys; json.load(sys.stdin)"]
        case .jsonLines: tool = ["python3", "-c", "import json,sys; [json.loads(line) for line in sys.stdin]"]
        case .yaml: tool = ["python3", "-c", "import yaml,sys; yaml.safe_load(sys.stdin)"]
        case .shell: tool = ["bash", "-n"]
        default: return
        }
        #expect(try run(tool, input: Array(text.utf8)) ?? 0 == 0, "\(format) is no \(format) any more")
    }

    /// Whole documents in a form for places that take text only.
    enum Coding: String, CaseIterable, Sendable {
        case base64, base64Lines, base64URL, hex, hexLines, percent, formPercent, wideBase64

        func encode(_ bytes: [UInt8]) throws -> [UInt8] {
            let text = String(decoding: bytes, as: UTF8.self)
            return switch self {
            case .base64: Array(Data(bytes).base64EncodedString().utf8)
            case .base64Lines: try output(of: ["base64"], input: bytes)
            case .base64URL:
                Array(
                    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                        .replacing("=", with: "").utf8)
            case .hex: Array(bytes.map { String(format: "%02X", $0) }.joined().utf8)
            case .hexLines: try output(of: ["od", "-An", "-v", "-tx1"], input: bytes).filter { $0 != 0x20 }
            case .percent: Array((text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "").utf8)
            case .formPercent:
                Array(
                    (text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "").replacing(
                        "%20", with: "+"
                    )
                    .utf8)
            case .wideBase64: try Coding.base64.encode(MatrixCharset.utf16LEMark.bytes(text))
            }
        }

        func decode(_ bytes: [UInt8]) throws -> [UInt8] {
            let text = String(decoding: bytes, as: UTF8.self)
            switch self {
            case .base64, .base64Lines, .base64URL:
                let plain = text.replacing("-", with: "+").replacing("_", with: "/")
                let padded = plain + String(repeating: "=", count: self == .base64URL ? -plain.utf8.count & 3 : 0)
                return [UInt8](try #require(Data(base64Encoded: padded, options: .ignoreUnknownCharacters)))
            case .hex, .hexLines:
                let digits = Array(text.filter { $0 != "\n" }.utf8)
                return stride(from: 0, to: digits.count, by: 2).compactMap {
                    UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
                }
            case .percent, .formPercent:
                return Array(try #require(text.replacing("+", with: " ").removingPercentEncoding).utf8)
            case .wideBase64:
                return Array(MatrixCharset.utf16LEMark.text(try Coding.base64.decode(bytes)).utf8)
            }
        }
    }

    @Test(arguments: MatrixFormat.allCases, Coding.allCases)
    func wholeDocumentsEncoded(format: MatrixFormat, coding: Coding) throws {
        let secrets = Array(Self.secrets("\(format)\(coding)").prefix(12))
        let document = Array(format.document(secrets).utf8)
        let redacted = try makeRedactor().redact(document, name: "file." + format.ending).bytes
        for secret in secrets { #expect(!contains(redacted, Array(secret.utf8)), "\(secret)") }
        let encoded = try coding.encode(document)
        let once = try makeRedactor().redact(encoded).bytes
        let plain = try coding.decode(once)
        for secret in secrets { #expect(!contains(plain, Array(secret.utf8)), "\(format) \(coding): \(secret)") }
        #expect(lineBreaks(plain) == lineBreaks(document))
        #expect(try makeRedactor().redact(once).bytes == once)
        #expect(try makeRedactor().text(encoded, chunk: 97) == once)
        // Encoded twice, packed, in an archive.
        let zip = try archive(.zip, [("a.txt.gz", try pack(try Coding.base64.encode(encoded), .gzip))])
        let out = try unpack(try entries(makeRedactor().redact(zip).bytes)[0].1, .gzip)
        #expect(try Coding.base64.decode(out) == once)
    }

    @Test func encodedTextWithoutSecretsStaysAsItIs() throws {
        let text = "2026-11-23 10:00:00,123 INFO nothing to see here, keyAlias=client1 serial 04:9A:7F ü\n"
        for count in [1, 2, 3, 300] {
            let document = Array(String(repeating: text, count: count).utf8.dropLast(count % 3))
            for coding in Coding.allCases {
                for tail in ["", "\n", "\r\n", "=", "\nand more\n", "%4"] {
                    let encoded = try coding.encode(document) + Array(tail.utf8)
                    #expect(try makeRedactor().redact(encoded).bytes == encoded, "\(coding) \(count) \(tail)")
                }
            }
        }
    }
}
