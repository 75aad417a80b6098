import Foundation
import SupportBundle
import SystemPackage
import Testing

/// Published test vectors of the age format: those of the C2SP test kit (CCTV, directory `age`; Copyright 2022 The age
/// Authors, 0BSD or CC0 1.0) that are about X25519 and short. The payload is the same in all of them.
@Suite("The published vectors of age")
struct AgeVectorTests {
    struct Vector: CustomTestStringConvertible, Sendable {
        let name: String
        let isGood: Bool
        /// Between the version and the message authentication code.
        var stanzas = Vector.x25519
        let code: String
        var version = "age-encryption.org/v1"
        var hasPayload = true

        var testDescription: String { name }

        static let x25519 = """
            -> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc
            hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE

            """
        static let payload = Data(base64Encoded: "7s9ix86RtDMnTmjU8vkTTLdMW/73vqpSyPC8DpksHoMx+2Y=") ?? Data()
        static let payloadSHA256 = "013f54400c82da08037759ada907a8b864e97de81c088a182062c4b5622fd2ab"
        static let identity = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"

        var file: Data {
            Data("\(version)\n\(stanzas)--- \(code)\n".utf8) + (hasPayload ? Vector.payload : Data())
        }
    }

    private static let a64 = String(repeating: "QUFB", count: 16)
    private static let zero32 = String(repeating: "A", count: 32)

    static let vectors = [
        Vector(name: "x25519", isGood: true, code: "WyJp9F/9FOZh7gJdheq2WIJcwHgYc8NIVh3ddwhrcNg"),
        Vector(
            name: "x25519_grease", isGood: true, stanzas: "-> grease\n\n" + Vector.x25519 + "-> grease\n\n",
            code: "QIfAOEMt1fGOf2FP2m3+TwFQtfy2H3sX3YqUAQRApkM"),
        Vector(
            name: "stanza_valid_characters", isGood: true,
            stanzas: ##"-> !"#$%&' ()*+,-./ 01234567 89:;<=>? @ABCDEFG HIJKLMNO"## + "\n\n"
                + #"-> PQRSTUVW XYZ[\]^_ `abcdefg hijklmno pqrstuvw xyz{|}~"# + "\n\n" + Vector.x25519,
            code: "qcNy6mAn80JKuXPUW7ANJdOhzbOtVSsIGM12i5B4vx4"),
        Vector(
            name: "stanza_empty_body", isGood: true, stanzas: Vector.x25519 + "-> empty\n\n",
            code: "+M2eEFbXSvJ8j+gW4TtQ8pu/PpF/Jj6nQLwi2uP94tk"),
        Vector(
            name: "stanza_empty_last_line", isGood: true,
            stanzas: Vector.x25519 + "-> stanza\n\(a64)\n\(a64)\n\n",
            code: "D0Uu/whYjf/Cwqz6MHRR9T5em06PLAjTCMcw8aXdyEk"),
        Vector(name: "hmac_bad", isGood: false, code: "8McE3ix9R34E/vLrQv3yepsHjo/LXhfs22Ab3UyInmg"),
        Vector(
            name: "stanza_bad_start", isGood: false, stanzas: Vector.x25519 + "-- stanza\n\n",
            code: "v5wE8ubPxI1cyQyeAwSHnljMh6DkzvX3iAdKgdYJF8A"),
        Vector(
            name: "stanza_base64_padding", isGood: false, stanzas: Vector.x25519 + "-> stanza\n\(a64)\nQUE=\n",
            code: "/B04zJExClyv/5eAl7g3u3ELs0CUtMpq6ujNdFoG15s"),
        Vector(
            name: "stanza_empty_argument", isGood: false, stanzas: Vector.x25519 + "-> stanza  argument\n\n",
            code: "zL8VKcvvLCzdRCXsc94hyIEK2TgqrOzR5nv9Yv4hscs"),
        Vector(
            name: "stanza_invalid_character", isGood: false, stanzas: Vector.x25519 + "-> stanza è\n\n",
            code: "hnSCjLtEBMl3qMJ3K6Tq/SkIL6VZZ1s3Yl9IOSjxgy0"),
        Vector(
            name: "stanza_long_line", isGood: false,
            stanzas: Vector.x25519 + "-> stanza\n\(zero32)\(zero32)AAAA\n\n",
            code: "UZrpZrF1A1/isUnRsxyQFmuVqELZSLktrvgn1CvIer8"),
        Vector(
            name: "stanza_missing_body", isGood: false, stanzas: Vector.x25519 + "-> empty\n",
            code: "OaSGgYUB+XR0qCCme0Uwp9GNJXSEgNpbknu3Q9qtL+M"),
        Vector(
            name: "stanza_missing_final_line", isGood: false,
            stanzas: Vector.x25519 + "-> stanza\n\(zero32)\(zero32)\n",
            code: "ORM4jo0+tfqd57vT3+pUVZg/sHurDuHFHhXkG7S+RE4"),
        Vector(
            name: "stanza_multiple_short_lines", isGood: false,
            stanzas: Vector.x25519 + "-> stanza\n\(zero32)\n\(zero32)\n",
            code: "bpHzWOhjqfoXEgzIrDk7vomv/TLD+BFpxul2+j6ZZuw"),
        Vector(
            name: "stanza_no_arguments", isGood: false, stanzas: Vector.x25519 + "->\n\n",
            code: "IY9YoLqIaNKUM21ms4L539FbXHrG2FHmECJiECwQimM"),
        Vector(
            name: "stanza_not_canonical", isGood: false, stanzas: Vector.x25519 + "-> stanza\n\(a64)\nQUF\n",
            code: "3dcBdeuKtDbEpx/hhcA6qEAR/niQh2MAsruVPRsH4CI"),
        Vector(
            name: "version_unsupported", isGood: false, code: "Tv+h4x3tN8O4kAWnf7DbpSkmNlxlyxSVfY7UoPFkhno",
            version: "age-encryption.org/v1234"),
        Vector(
            name: "x25519_bad_tag", isGood: false,
            stanzas: Vector.x25519.replacingOccurrences(of: "B41FLE\n", with: "B41FE4\n"),
            code: "zOCHpynV0aV7p4R6c+bOapgpq9TtpFgGgYghQ2+PIX8"),
        Vector(
            name: "x25519_extra_argument", isGood: false,
            stanzas: Vector.x25519.replacingOccurrences(of: "OCc\n", with: "OCc 1234\n"),
            code: "l7E0/PQP54HBZYKUu505n1muW7EniDFqMrXgMhFmeiA"),
        Vector(
            name: "x25519_identity", isGood: false,
            stanzas: "-> X25519 \(zero32)AAAAAAAAAAA\nW3E/OCRme9TiTY97JoK31Z71arNur77WIIdB90XnN3M\n",
            code: "Pne3IPMDvBj7wRbPMcNViffpVZAx814tgMxp8AwyMhs"),
        Vector(
            name: "x25519_long_share", isGood: false,
            stanzas: Vector.x25519.replacingOccurrences(of: "OCc\n", with: "OCcA\n"),
            code: "QbEwdWirchS37UUOPh7uVddRiOaWjFwRUpaQ4Q+Z1RE"),
        Vector(
            name: "x25519_lowercase", isGood: false,
            stanzas: Vector.x25519.replacingOccurrences(of: "X25519", with: "x25519"),
            code: "AYeVZK262kiO9KRKUZNEldKRzXDG1vPMXdWs2fF0iJY"),
        Vector(
            name: "x25519_not_canonical_share", isGood: false,
            stanzas: Vector.x25519.replacingOccurrences(of: "OCc\n", with: "OCd\n"),
            code: "ngoKTEDpJF0jTrD7UALMpTyjZC8ONeH6kqCvSYCvm2g"),
        Vector(
            name: "stream_no_nonce", isGood: false, code: "WyJp9F/9FOZh7gJdheq2WIJcwHgYc8NIVh3ddwhrcNg",
            hasPayload: false),
    ]

    @Test("open to the payload that they name, or not at all", arguments: vectors)
    func vector(_ vector: Vector) throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("v.tar.gz.age")
            try vector.file.write(to: file)
            let identities = try AgeIdentity.list(file: Array(Vector.identity.utf8), name: "vector")
            func open() throws -> String {
                try BundleReader(path: FilePath(file.path), identities: identities).digest().sha256
            }
            if vector.isGood {
                #expect(try open() == Vector.payloadSHA256)
                // And so it is no accident: the program says the same.
                let key = folder.appendingPathComponent("key").path
                try Data((Vector.identity + "\n").utf8).write(to: URL(fileURLWithPath: key))
                let theirs = try Tool.run("age", ["-d", "-i", key, file.path])
                #expect(try Tool.sha256(theirs.output) == Vector.payloadSHA256)
            } else {
                #expect(throws: BundleError.self) { try open() }
            }
        }
    }
}
