import Redact

/// The text engine: a secret at a place that gives it away, or one that was learned, between any bytes.
enum TextFuzz: FuzzTarget {
    static let formats: [ContentFormat] = [.text, .log, .xml, .json, .properties, .yaml, .http, .har]

    static var seeds: [[UInt8]] {
        let texts = [
            "Authorization: Basic YWRtaW46c2VjcmV0\n", "{\"a\":[{\"name\":\"x\",\"value\":\"y\"}]}",
            "<a b='c'><![CDATA[d]]></a>", "a = b \\\n c", "- a: |\n    b\n",
            "GET /?a=b HTTP/1.1\r\nCookie: a=b\r\n\r\n",
            "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n", "curl -u 'a:b' --data \"c=d\"",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.c2ln",
            "0000: 70 77 64 3D 68 75 6E 74 65 72 32 20 6F 6B 21 21  pwd=hunter2 ok!!\n0010: 0A  .\n",
        ]
        return texts.enumerated().flatMap { index, text in
            (0..<8).map { [UInt8($0), UInt8(index % 2), 40, 0, 5] + Array(text.utf8) }
        }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let format = input.choice(formats)
        let isLearned = input.byte() & 1 == 1
        let chunk = Int(input.byte()) + 1
        let secret = input.secret
        if isLearned {
            let bytes = input.rest(with: secret)
            // Each has learned the secret and nothing else: what the first one learns, the second must not know.
            func redacted(chunk: Int) -> [UInt8] {
                let redactor = freshRedactor()
                redactor.vault.learn(Array(secret.utf8), rule: "password")
                return redactor.bytes(bytes, format, chunk: chunk).bytes
            }
            let once = redacted(chunk: .max)
            promise(!holds(once, secret), "a learned secret is gone")
            promise(redacted(chunk: chunk) == once, "chunks make no difference")
            return
        }
        let planted =
            switch format {
            case .xml: "\n<Password>\(secret)</Password>\n"
            case .json, .har: "\n{\"password\":\"\(secret)\"}\n"
            case .http: "\nAuthorization: Bearer \(secret)\n"
            default: "\npassword=\(secret)\n"
            }
        check(input.rest(with: planted), format, secret: secret, chunk: chunk)
    }
}
