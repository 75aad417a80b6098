internal import EdgeAPI
internal import Platform
internal import Synchronization
internal import SystemPackage

/// The line over which an upload goes: one client, one login, a meter, and patience.
final class Line: Sendable {
    let client: HTTPClient
    let desk: TokenDesk
    private let rate: Int?
    private let delay: Duration
    private let meter: Mutex<(sent: Int, last: Int)>
    private let report: @Sendable (Int) -> Void

    /// Tries without a step forward after which an upload is given up; what was sent stays.
    static let mostTries = 8
    /// A single request may take a day: that a line stands still shows by its speed.
    private static let longest = Duration.seconds(86_400)

    init(
        _ options: AttachOptions, report: @escaping @Sendable (Int) -> Void
    ) {
        var http = options.http
        http.maxBytes = 4 << 20
        client = HTTPClient(options: http)
        desk = TokenDesk(options.token, client: client)
        rate = options.rate
        delay = options.retryDelay
        meter = Mutex((0, 0))
        self.report = report
    }

    /// Bytes that went over the line so far.
    var bytesSent: Int { meter.withLock { $0.sent } }

    /// A body out of the bundle.
    /// - Parameter base: where the progress stands at its first byte.
    func upload(_ file: SourceFile, offset: Int, count: Int, base: Int) -> HTTPUpload {
        meter.withLock { $0.last = 0 }
        return HTTPUpload(
            descriptor: file.descriptor.rawValue, offset: offset, count: count, rate: rate,
            progress: { [self] sent in
                meter.withLock { meter in
                    if sent > meter.last { meter.sent += sent - meter.last }
                    meter.last = sent
                }
                report(base + sent)
            })
    }

    func note(_ position: Int) { report(position) }

    func send(
        _ method: String, _ url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil, upload: HTTPUpload? = nil,
        login: Login = .none
    ) async throws(EdgeError) -> HTTPResponse {
        var request = HTTPRequest(
            method: method, url: url, headers: headers, body: body, login: login, maxBytes: 4 << 20,
            timeout: upload == nil ? .seconds(60) : Self.longest)
        request.upload = upload
        request.isFresh = method == "POST" && body != nil
        // libcurl would call an empty body a form.
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            request.omittedHeaders = ["Content-Type"]
        }
        return try await client.send(request)
    }

    /// One try.
    /// - Parameter number: of tries before this one.
    /// - Returns: the answer; nil when the line failed in a way that another try may not.
    func attempt(
        _ number: Int, _ subject: String, _ body: () async throws(EdgeError) -> HTTPResponse
    ) async throws(AttachError) -> HTTPResponse? {
        do throws(EdgeError) {
            return try await body()
        } catch {
            // A name that was never found is as a rule a wrong one, or this network has no way out.
            let tries = error.code == .dns && bytesSent == 0 ? 2 : Self.mostTries
            guard Self.isPassing(error), number < tries else { throw AttachError(error, subject) }
            return nil
        }
    }

    /// Waits before the next try, longer each time.
    func pause(_ attempt: Int, response: HTTPResponse? = nil) async throws(AttachError) {
        let wanted = response?.header("retry-after").flatMap { Int($0) }.map { Duration.seconds(min(max($0, 0), 300)) }
        do {
            try await Task.sleep(for: wanted ?? min(.seconds(30), delay * (1 << min(attempt, 5))))
        } catch {
            throw AttachError(
                .failed, "upload", "interrupted", hint: "run the same command again: it goes on where it was")
        }
    }

    /// Whether another try may help.
    static func isPassing(_ error: EdgeError) -> Bool {
        switch error.code {
        case .cutOff, .timeOut, .connectionFailed, .connectionRefused, .dns, .proxy: true
        default: false
        }
    }

    static func isPassing(_ status: Int) -> Bool { status == 408 || status == 429 || (500...599).contains(status) }
}
