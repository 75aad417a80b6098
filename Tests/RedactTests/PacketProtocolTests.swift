import Foundation
import Redact
import Testing

private let secret = "hunter2-s3cr3t"
private let hello = CaptureBuilder.record(
    22, CaptureBuilder.clientHello(name: "backend.example.com", ticket: Array("ticket-s3cr3t".utf8)))

extension Conversation {
    /// The payload after scrubbing: of the same length, without what no test may leave.
    fileprivate func scrubbedText(_ location: SourceLocation = #_sourceLocation) -> String {
        let result = scrub(builder.bytes)
        #expect(result.bytes.count == builder.bytes.count, sourceLocation: location)
        let isStable = scrub(result.bytes).bytes == result.bytes
        #expect(isStable, "scrubbing twice", sourceLocation: location)
        let all = text(payloads(result.bytes))
        #expect(!all.contains("s3cr3t"), sourceLocation: location)
        return all
    }
}

@Suite("Packets: HTTP")
struct PacketHTTPTests {
    private static let request =
        "POST /v1/orders;v=\(secret)?apikey=\(secret)&x=&\(secret) HTTP/1.1\r\nHost: api.example.com:8443\r\n"
        + "Authorization: Bearer \(secret)\r\nX-Apigee.Message-ID: rrt-1\r\nX-Apigee-fault-code: a.b.C\r\n"
        + "X-Apigee-Key: \(secret)\r\n folded \(secret)\r\nContent-Type: application/json; charset=utf-8\r\n"
        + "Content-Length: 14\r\n\r\n" + secret
    private static let kept =
        "POST /v1/orders;v=..............?apikey=..............&x=&.............. HTTP/1.1\r\n"
        + "Host: api.example.com:8443\r\nAuthorization: .....................\r\nX-Apigee.Message-ID: rrt-1\r\n"
        + "X-Apigee-fault-code: a.b.C\r\nX-Apigee-Key: ..............\r\n......................\r\n"
        + "Content-Type: application/json; charset=utf-8\r\nContent-Length: 14\r\n\r\n.............."

    @Test("start line and framing stay, whatever the segments", arguments: [1, 2, 3, 7, 23, 100, 4_000])
    func request(size: Int) {
        var conversation = Conversation()
        conversation.client(PacketHTTPTests.request, size: size)
        #expect(conversation.scrubbedText() == PacketHTTPTests.kept)
    }

    @Test("requests in a pipeline, and answers to them, are told apart", arguments: [5, 61, 4_000])
    func pipeline(size: Int) {
        var conversation = Conversation()
        let head = "HEAD /a HTTP/1.1\r\nHost: b\r\n\r\n"
        conversation.client(PacketHTTPTests.request + head + PacketHTTPTests.request, size: size)
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\nT: \(secret)\r\n\r\n"
        let answers = chunked + "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + "HTTP/1.1 404 Not Found\r\n\r\n"
        conversation.server(Array(answers.utf8))
        let kept = conversation.scrubbedText()
        #expect(kept.hasPrefix(PacketHTTPTests.kept + head + PacketHTTPTests.kept))
        #expect(kept.contains("Transfer-Encoding: chunked\r\n\r\n4\r\n....\r\n0\r\n"))
        #expect(kept.hasSuffix("Content-Length: 9999\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n"))
    }

    @Test(
        "credentials in odd places go",
        arguments: [
            "GET http://user:\(secret)@host/p HTTP/1.1\r\n\r\n", "GET /p#\(secret) HTTP/1.1\r\n\r\n",
            "GET /eyJ\(secret) HTTP/1.1\r\n\r\n", "HTTP/1.1 401 password=\(secret)\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: user:\(secret)@b\r\n\r\n", "GET / HTTP/1.1\r\n\(secret)\r\n\r\n",
            "GET / HTTP/1.1\r\nA b: \(secret)\r\n\r\n", "GET /\(secret)\r\n", "GET \(secret) FTP/1.0\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\nGET /\(secret) HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 20\r\n\r\nGET /\(secret) HTTP/1.1\r\n\r\n",
        ])
    func oddPlaces(message: String) {
        for size in [1, 9, 4_000] {
            var conversation = Conversation()
            conversation.client(message, size: size)
            _ = conversation.scrubbedText()
        }
    }

    @Test("a copy that says something else goes, also when it comes first in the file")
    func copies() {
        let line = "GET / HTTP/1.1\r\nCookie: \(secret)\r\n\r\n"
        let other = "GET / HTTP/1.1\r\nHosx:   \(secret)\r\n\r\n"
        var conversation = Conversation()
        conversation.clientNext += 10
        conversation.client(Array(other.utf8.dropFirst(10)))
        conversation.clientNext = 1_001
        conversation.client(line, size: 10)
        conversation.clientNext = 1_001
        conversation.client(other, size: 1_000)
        #expect(conversation.scrubbedText().contains("GET / HTTP"))
    }

    @Test("HTTP/2 has no text behind its preface")
    func http2() {
        var conversation = Conversation()
        conversation.client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", size: 100)
        conversation.client("GET /\(secret) HTTP/1.1\r\n\r\n", size: 100)
        let kept = conversation.scrubbedText()
        #expect(kept.hasPrefix("PRI * HTTP/2.0\r\n\r\n......"))
        #expect(!kept.contains("GET"))
    }

    @Test("TLS through a proxy, after it asked for a password first")
    func tunnel() {
        var conversation = Conversation(port: 3_128)
        conversation.client("CONNECT backend:443 HTTP/1.1\r\n\r\n", size: 100)
        conversation.server(Array("HTTP/1.1 407 Auth\r\nContent-Length: 14\r\n\r\n\(secret)".utf8))
        conversation.client("CONNECT backend:443 HTTP/1.1\r\nProxy-Authorization: Basic \(secret)\r\n\r\n", size: 30)
        conversation.server(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
        conversation.client(hello)
        conversation.server(CaptureBuilder.record(21, [2, 42]))
        let kept = conversation.scrubbedText()
        #expect(kept.contains("backend.example.com"))
        #expect(kept.hasSuffix("\u{15}\u{3}\u{3}.\u{2}\u{2}*"))
    }
}

@Suite("Packets: other protocols")
struct PacketLoginTests {
    /// What the client says, one string for each segment.
    private static let logins: [[String]] = [
        ["USER anonymous\r\n", "PASS \(secret)\r\n"],
        ["EHLO x\r\n", "AUTH PLAIN \(secret)\r\n", "AUTH LOGIN\r\n", "\(secret)\r\n"],
        ["a1 LOGIN me \(secret)\r\n", "+OK POP3\r\n", "APOP me \(secret)\r\n"],
        ["0\u{c}\u{2}\u{1}\u{1}`\u{7}\u{2}\u{1}\u{3}\u{4}.\u{80}\(secret)"],
        ["\0\0\0\u{8}\u{4}\u{D2}\u{16}/", "p\0\0\0\u{13}\(secret)\0"],
        ["*2\r\n$4\r\nAUTH\r\n$14\r\n\(secret)\r\n"], ["AUTH \(secret)\r\n"], ["OPTIONS sip:\(secret) SIP/2.0\r\n\r\n"],
        ["SSH-2.0-\(secret)\r\n"], ["GETPASS \(secret)\n", "PUTX", "HTTP/1.x \(secret)\n"],
    ]

    @Test("of a login not one byte of payload stays", arguments: logins, [1, 3, 1_000])
    func login(lines: [String], size: Int) {
        var conversation = Conversation(port: 21)
        for line in lines { conversation.client(line, size: size) }
        #expect(conversation.scrubbedText().allSatisfy { $0 == "." })
    }

    @Test(
        "TLS that begins later stays",
        arguments: [
            ("AUTH TLS\r\n", "234 go\r\n"), ("STARTTLS\r\n", "220 go\r\n"), (". STARTTLS\r\n", ". OK\r\n"),
            ("STLS\r\n", "+OK\r\n"), ("0\u{1D}\u{2}\u{1}\u{1}w\u{18}", "0\u{24}\u{2}\u{1}\u{1}x\u{1F}"),
            ("\0\0\0\u{8}\u{4}\u{D2}\u{16}/", "S"),
        ])
    func startTLS(ask: String, answer: String) {
        for size in [2, 5, 60, 1_000] {
            var conversation = Conversation(port: 25)
            conversation.server(Array("220 \(secret)\r\n".utf8))
            conversation.client(ask, size: 1_000)
            conversation.server(Array(answer.utf8))
            for start in stride(from: 0, to: hello.count, by: size) {
                conversation.client(Array(hello[start..<min(start + size, hello.count)]))
            }
            conversation.server(CaptureBuilder.record(21, [2, 42]))
            let kept = conversation.scrubbedText()
            #expect(kept.contains("backend.example.com"))
            #expect(!kept.contains("220"))
        }
    }

    @Test("DNS over TCP keeps its names, in any segments", arguments: [1, 2, 13, 500])
    func dns(size: Int) {
        let name: [UInt8] = [7] + Array("backend".utf8) + [4] + Array("test".utf8) + [0]
        let data: [UInt8] = [UInt8(secret.utf8.count)] + Array(secret.utf8)
        var message: [UInt8] = [1, 2, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + name + [0, 16, 0, 1]
        message += [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 9, 0, UInt8(data.count)] + data
        let framed = CaptureBuilder.big(UInt16(message.count)) + message
        var conversation = Conversation(port: 53)
        for bytes in [framed, framed, Array("junk \(secret)".utf8)] {
            for start in stride(from: 0, to: bytes.count, by: size) {
                conversation.client(Array(bytes[start..<min(start + size, bytes.count)]))
            }
        }
        #expect(conversation.scrubbedText().components(separatedBy: "backend").count == 3)
    }

    @Test("a hello in the form of SSL 2.0 stays")
    func oldHello() {
        let body: [UInt8] = [1, 3, 1, 0, 3, 0, 0, 0, 16, 0, 0, 47] + Array("challenge-16-byt".utf8)
        var conversation = Conversation()
        conversation.client([0x80, UInt8(body.count)] + body)
        #expect(conversation.scrubbedText().contains("challenge"))
        var other = Conversation()
        other.client([0x80, UInt8(body.count)] + body.map { $0 == 16 ? 15 : $0 })
        #expect(!other.scrubbedText().contains("challenge"))
    }

    @Test("a record header in two segments is one")
    func straddlingHeader() {
        var conversation = Conversation()
        conversation.client(hello + CaptureBuilder.record(20, [1]))
        let data = CaptureBuilder.record(23, Array(secret.utf8) + [1, 2, 3])
        conversation.client(data + data.prefix(3))
        conversation.client(data.dropFirst(3) + CaptureBuilder.record(21, [1, 0]))
        let result = scrub(conversation.builder.bytes)
        #expect(result.summary.notes.isEmpty)
        #expect(Array(result.bytes.suffix(7)) == CaptureBuilder.record(21, [1, 0]))
        _ = conversation.scrubbedText()
    }
}
