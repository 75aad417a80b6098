import EdgeAPI
import Platform
import Testing

@Suite struct HTTPFailureTests {
    /// Sends a GET to a server that behaves as `body` says.
    private func fail(
        maxBytes: Int? = nil, timeout: Duration = .seconds(20),
        _ body: @escaping @Sendable (LocalServer.Connection) -> Void
    ) async throws -> EdgeError? {
        let server = try LocalServer { connection in
            guard connection.request() != nil else { return }
            body(connection)
        }
        let request = HTTPRequest(url: server.url + "/x", maxBytes: maxBytes, timeout: timeout)
        return await failure { () async throws(EdgeError) in try await makeClient().send(request) }
    }

    @Test func aDripEndsAtTheDeadline() async throws {
        let error = try await fail(timeout: .milliseconds(400)) { connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin")
            while connection.send(".") { usleepMilliseconds(20) }
        }
        #expect(error?.code == .timeOut)
        #expect(error?.partial?.isComplete == false)
        #expect(error?.partial?.body.starts(with: "begin".utf8) == true)
        #expect(error?.description.contains("bytes of the body") == true)
    }

    /// libcurl 7.88 crashed here: the pointer to the header that is continued was that of the answer before.
    @Test func anAnswerThatBeginsWithAFoldedLineAfterAnotherIsRefused() async throws {
        let server = try LocalServer { connection in
            guard let request = connection.request() else { return }
            let isFirst = "\(request)".contains("/first")
            connection.send(
                isFirst
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\nX-Long: \(String(repeating: "a", count: 200))\r\n\r\n{}"
                    : "HTTP/1.1 410\n \rX: a\r\nContent-Length: 2\r\n\r\n{}")
        }
        let client = makeClient()
        for _ in 0..<20 {
            let first = try await client.send(HTTPRequest(url: server.url + "/first"))
            #expect(first.status == 200)
            let error = await failure { () async throws(EdgeError) in
                try await client.send(HTTPRequest(url: server.url + "/second"))
            }
            #expect(error != nil)
        }
    }

    @Test func silenceEndsAtTheDeadline() async throws {
        let error = try await fail(timeout: .milliseconds(200)) { $0.waitForClose() }
        #expect(error?.code == .timeOut)
        #expect(error?.partial == nil)
    }

    @Test func aSlowTransferIsGivenUp() async throws {
        let server = try LocalServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin")
            connection.waitForClose()
        }
        let client = makeClient {
            $0.lowSpeedLimit = 1000
            $0.lowSpeedTime = .seconds(1)
        }
        let error = await failure { () async throws(EdgeError) in try await client.send(HTTPRequest(url: server.url)) }
        #expect(error?.code == .timeOut)
        #expect(error?.partial?.body == Array("begin".utf8))
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n8\r\nab",
    ]) func aConnectionClosedEarlyIsToldFromAWholeAnswer(answer: String) async throws {
        let error = try await fail { $0.send(answer) }
        #expect(error?.code == .cutOff)
        #expect(error?.partial?.body.starts(with: "half".utf8) ?? answer.isEmpty)
    }

    @Test func anEndlessBodyIsCutAtTheCap() async throws {
        let error = try await fail(maxBytes: 100_000) { connection in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send([UInt8](repeating: 66, count: 8192)) {}
        }
        #expect(error?.code == .tooLarge(limit: 100_000))
        #expect(error?.partial?.body.count == 100_000)
    }

    @Test func aBodyOfExactlyTheCapIsWhole() async throws {
        let server = try LocalServer.answering { _, connection in
            connection.answer("200 OK", body: [UInt8](repeating: 1, count: 5000))
        }
        let response = try await makeClient().send(HTTPRequest(url: server.url, maxBytes: 5000))
        #expect(response.body.count == 5000)
    }

    @Test func aCompressedBombIsCutAtTheCap() async throws {
        let bomb = try Tool.run("sh", ["-c", "head -c 40000000 /dev/zero | gzip -c"]).bytes
        try #require(bomb.count > 1000 && bomb.count < 1_000_000)
        let server = try LocalServer.answering { _, connection in
            connection.answer("200 OK", ["Content-Encoding: gzip"], body: bomb)
        }
        var request = HTTPRequest(url: server.url, maxBytes: 1 << 20)
        let plain = try await makeClient().send(request)
        #expect(plain.body == bomb)
        request.compressed = true
        let wanted = request
        let error = await failure { () async throws(EdgeError) in try await makeClient().send(wanted) }
        #expect(error?.code == .tooLarge(limit: 1 << 20))
    }

    @Test func endlessHeadersAreRefused() async throws {
        let error = try await fail { connection in
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Filler: " + String(repeating: "x", count: 1000) + "\r\n") {}
        }
        #expect(error?.code == .protocolViolation)
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.9 what\r\n\r\n", "\0\0\0\0"])
    func whatIsNoHTTPIsRefused(answer: String) async throws {
        let error = try await fail { $0.send(answer) }
        #expect(error?.code == .protocolViolation)
    }

    @Test func namesWhatKeepsItFromConnecting() async throws {
        let closed = try LocalServer { _ in }.url
        let refused = await failure { () async throws(EdgeError) in
            try await makeClient().send(HTTPRequest(url: closed))
        }
        #expect(refused?.code == .connectionRefused)
        // A label of 64 letters fails without a question to a name server.
        let label = String(repeating: "a", count: 64)
        let unknown = await failure { () async throws(EdgeError) in
            try await makeClient().send(HTTPRequest(url: "http://\(label).invalid/"))
        }
        #expect(unknown?.code == .dns)
        #expect(unknown?.description.contains(label) == true)
    }

    @Test func cancellingEndsATransferInMidBody() async throws {
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let server = try LocalServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin")
            signal.yield()
            connection.waitForClose()
            signal.yield()
        }
        let client = makeClient { $0.timeout = .seconds(300) }
        let request = HTTPRequest(url: server.url)
        let task = Task { await failure { () async throws(EdgeError) in try await client.send(request) } }
        var events = started.makeAsyncIterator()
        await events.next()
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        // The connection is closed at once, not when the client goes.
        await events.next()
        let late = Task { () -> EdgeError? in
            unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
            return await failure { () async throws(EdgeError) in try await client.send(request) }
        }
        #expect(await late.value?.code == .cancelled)
        #expect(server.connectionCount == 1)
    }

    @Test func aPeerThatClosesDuringAnUploadDoesNotEndTheProcess() async throws {
        let server = try LocalServer { connection in _ = connection.read() }
        let body = [UInt8](repeating: 7, count: 30 << 20)
        let error = await failure { () async throws(EdgeError) in
            try await makeClient().send(HTTPRequest(method: "POST", url: server.url, body: body))
        }
        #expect(error?.code == .cutOff)
    }
}
