import Redact
import Testing

@Suite("Level strict: bodies")
struct StrictBodyTests {
    private func strict(_ text: String, _ format: ContentFormat = .auto, chunk: Int = .max) throws -> String {
        string(try makeStrictRedactor().text(Array(text.utf8), format, chunk: chunk))
    }

    static let fault =
        #"{"fault":{"faultstring":"The Service is temporarily unavailable","detail":{"errorcode":"messaging.adaptors.http.flow.ServiceUnavailable"}}}"#

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// A text with a body in it, where `@` stands; how the body is written there.
    struct Shell: Sendable, CustomTestStringConvertible {
        let text: String
        let format: ContentFormat
        let write: @Sendable (String) -> String
        var testDescription: String { String(text.prefix(50)) }
    }

    static let shells = [
        Shell(text: "<RequestMessage><Verb>POST</Verb><Content>@</Content></RequestMessage>", format: .xml) {
            $0.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
        },
        Shell(text: "<ErrorMessage><Content><![CDATA[@]]></Content></ErrorMessage>", format: .xml) { $0 },
        Shell(text: #"<Get name="request.content" value="@"/>"#, format: .xml) { $0.replacing("\"", with: "&quot;") },
        Shell(text: #"<Set value="@" name="response.content"/>"#, format: .xml) { $0.replacing("\"", with: "&quot;") },
        Shell(text: #"<Property name="message.content">@</Property>"#, format: .xml) {
            $0.replacing("\"", with: "&quot;")
        },
        Shell(text: "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\r\n@", format: .http) {
            $0
        },
        Shell(
            text: #"{"log":{"entries":[{"request":{"postData":{"mimeType":"x","text":"@"}}}]}}"#, format: .har,
            write: escaped),
        Shell(text: #"{"response":{"content":{"size":3,"mimeType":"x","text":"@"}}}"#, format: .har, write: escaped),
        Shell(text: #"{"content":"@","a":1}"#, format: .json, write: escaped),
        Shell(text: #"INFO {\"body\":\"@\"} done"#, format: .log) { escaped(escaped($0)) },
        Shell(text: "curl -sS -X POST https://x.test/a -H 'A: b' -d '@' -o out", format: .text) { $0 },
        Shell(text: "curl https://x.test/a \\\n  --data-binary \"@\" \\\n  -v", format: .text, write: escaped),
    ]

    @Test("a body goes, a fault stays, a fault beside other things is cut out", arguments: shells)
    func places(shell: Shell) throws {
        for chunk in [Int.max, 1] {
            let data = #"{"customer":"Jane Roe","amount":"12 EUR","note":"a b"}"#
            let gone = try strict(shell.text.replacing("@", with: shell.write(data)), shell.format, chunk: chunk)
            #expect(!gone.contains("Jane") && !gone.contains("amount") && !gone.contains("EUR"), "\(gone)")
            let around = shell.text.replacing("x.test", with: "").split(separator: "@")
            for part in around where !shell.text.contains("curl") { #expect(gone.contains(part), "\(gone)") }
            #expect(gone.contains("REDACTED.body."), "\(gone)")
            #expect(try strict(gone, shell.format) == gone)

            let kept = shell.text.replacing("@", with: shell.write(Self.fault))
            #expect(try strict(kept, shell.format, chunk: chunk).contains(shell.write(Self.fault)))

            let mixed = Self.fault.dropLast() + #","customer":"Jane Roe"}"#
            let cut = try strict(
                shell.text.replacing("@", with: shell.write(String(mixed))), shell.format, chunk: chunk)
            #expect(cut.contains("temporarily unavailable") && cut.contains("flow.ServiceUnavailable"), "\(cut)")
            #expect(!cut.contains("Jane"), "\(cut)")
            #expect(try strict(cut, shell.format) == cut)
        }
    }

    @Test("a body of any length goes, and the lines stay as many")
    func long() throws {
        let line = "name: Jane Roe, 12 EUR\n"
        let body = String(repeating: line, count: 4_000)
        let text = "POST / HTTP/1.1\nHost: a.test\n\n" + body
        for chunk in [Int.max, 1_000, 7] {
            let result = try strict(text, .http, chunk: chunk)
            #expect(!result.contains("Jane") && result.count { $0 == "\n" } == text.count { $0 == "\n" })
            #expect(result.hasPrefix("POST / HTTP/1.1\nHost: "))
            #expect(try strict(result, .http) == result)
        }
        let trace = "<Content>" + String(repeating: "x", count: 60_000) + "</Content><Verb>GET</Verb>"
        let result = try strict(trace, .xml, chunk: 333)
        #expect(result.hasPrefix("<Content>REDACTED.body.") && result.hasSuffix("</Content><Verb>GET</Verb>"))
        #expect(result.utf8.count < 100)
    }

    @Test("where a body lies in the stream makes no difference")
    func borders() throws {
        let attributes = String(repeating: "a", count: 3_000)
        for shift in [0, 1_500, 2_900, 4_100, 5_300, 6_500, 7_700] {
            let text =
                String(repeating: "x ", count: shift) + "<Content b=\"\(attributes)\">"
                + Self.fault.replacing("\"", with: "&quot;")
                + "</Content><Content>Jane Roe</Content>" + String(repeating: " y", count: 9_000)
            let whole = try strict(text, .xml)
            #expect(whole.contains("temporarily unavailable") && !whole.contains("Jane"))
            for chunk in [1_024, 5_000] { #expect(try strict(text, .xml, chunk: chunk) == whole) }
        }
        let long = "<Get value=\"" + String(repeating: "Jane Roe ", count: 2_000) + "\" name=\"request.content\"/>"
        #expect(try strict(long, .xml, chunk: 700).hasPrefix("<Get value=\"REDACTED.body."))
    }

    @Test("the page of a Router stays, a page of an application goes")
    func pages() throws {
        let head = "HTTP/1.1 502 Bad Gateway\n\n"
        let router =
            head
            + "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body></html>"
        #expect(try strict(router, .http) == router)
        let page = head + "<html><head><title>Account of Jane Roe</title></head></html>"
        #expect(try !strict(page, .http).contains("Jane"))
    }

    @Test("equal bodies have equal markers, others have others")
    func markers() throws {
        func marker(_ body: String) throws -> String {
            String(try strict("HTTP/1.1 200 OK\n\n" + body, .http).suffix(26))
        }
        #expect(try marker("abc def") == marker("abc def"))
        #expect(try marker("abc def") != marker("abc deg"))
    }
}
