import EdgeAPI
import Testing

/// The same command through a shell and the real curl, and through our parser and client: the server must see the same.
@Suite(.enabled(if: Tool.path("curl") != nil && Tool.path("bash") != nil, "curl or bash is not installed"))
struct CurlComparisonTests {
    @Test(arguments: [
        "curl URL", "curl -I URL/a", "curl -H 'X-A: 1' -H 'X-B;' -H 'Accept:' URL",
        "curl -A 'agent x' -e http://r.test/ URL",
        "curl -u 'ada:p:w' URL", "curl http://ada:p%40w@HOST/x", "curl -b 'a=b; c=d' URL",
        "curl --oauth2-bearer t0k URL",
        "curl -d 'a=b' -d 'c d' URL", "curl --data-raw '@x' --data-binary $'l1\\nl2' URL",
        "curl --data-urlencode 'a b' --data-urlencode '=c&d' --data-urlencode 'n=ä/' URL",
        "curl -G -d x=1 --data-urlencode 'y=2 3' URL/?z=0", "curl --json '{\"a\": \"b\"}' URL",
        "curl --json '[1' --json ',2]' -H 'content-type: text/x' URL", "curl -X PUT -d '' URL", "curl -XPOST URL",
        "curl -X DELETE URL/d", "curl -0 URL", "curl --compressed -r 0-9 URL", "curl URL/a/./b/../c?x=/../y",
        "curl --path-as-is URL/a/../c", "curl -sSv'H' 2>/dev/null 'X: y' URL",
        "curl -sH\"X: it's \\\"q\\\" \\\\ \\$5\" URL",
        "curl -d it\\''s'\\ \"fine\" URL", "curl -H 'Host: other.test' URL",
        "curl -H 'Authorization: Bearer x' -u a:b URL",
        "curl -X OPTIONS -H 'Origin: http://o.test' URL", "curl --url-query 'q=a b' --url URL/?p=1",
        "curl -sgd '{\"a\": [1]}' 'URL/{x}'", "curl -d \"multi\nline\" URL", "curl \\\n -s \\\n URL # trailing",
        "curl --get URL", "curl -d $'tab\\there\\x41\\101\\u00e9\\'' URL", "curl -F a=b -F 'c=d;type=text/x' URL",
        "curl --form-string 'a=@b;type=x' URL",
    ]) func sendsWhatCurlSends(template: String) async throws {
        let server = try LocalServer.answering { _, connection in connection.answer("200 OK", [], "x") }
        let text = template.replacing("URL", with: server.url).replacing("HOST", with: "127.0.0.1:\(server.port)")
        // A proxy or configuration of this machine must not change what curl does.
        _ = try Tool.run("bash", ["-c", text], environment: ["LC_ALL": "C.UTF-8"])
        let theirs = try #require(server.requests.first)
        let command = try CurlCommand.parse(Array(text.utf8))
        _ = try await makeClient().send(command.request())
        let ours = try #require(server.requests.last)
        #expect(server.requests.count == 2)
        #expect(ours.line == theirs.line)
        func normal(_ request: SeenRequest) -> [String] {
            request.headers.filter { !["user-agent", "accept-encoding"].contains($0.name.lowercased()) }.map { header in
                let isForm = header.value.hasPrefix("multipart/form-data")
                return isForm ? "content-type: multipart" : "\(header.name.lowercased()): \(header.value)"
            }.sorted()
        }
        #expect(normal(ours) == normal(theirs))
        if let form = ours.header("content-type"), form.hasPrefix("multipart/form-data") {
            #expect(strip(ours) == strip(theirs))
        } else {
            #expect(ours.body == theirs.body)
        }
    }

    /// The body without its boundary, which is new each time.
    private func strip(_ request: SeenRequest) -> String {
        let boundary = request.header("content-type")?.split(separator: "boundary=").last.map(String.init) ?? "-"
        return String(decoding: request.body, as: UTF8.self).replacing(boundary, with: "BOUNDARY")
    }
}
