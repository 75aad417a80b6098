internal import Documents
internal import EdgeAPI

/// Sends a file in a resumable session of Cloud Storage: chunk by chunk, and after a cut on from where the server says.
///
/// As published: a session is started by POST and answers with its address in `Location`; chunks are sent by PUT with
/// `Content-Range`, all but the last of a multiple of 256 KiB; 308 with `Range` tells what is there; `bytes */TOTAL`
/// asks for it.
struct SessionUpload {
    let line: Line
    let file: SourceFile
    let target: AttachTarget
    /// Keeps the address of a session, so that a later run goes on with it.
    let keep: (String?) throws(AttachError) -> Void

    private static let unit = 256 << 10
    /// Small after a cut, since what was on its way is lost with it; larger while all goes well.
    private static let chunks = (least: 4 * unit, first: 32 * unit, most: 128 * unit)
    private static let goodChunks = 32

    private var subject: String { target.shown }

    /// - Parameter known: the session of an earlier run.
    func send(known: String?) async throws(AttachError) -> HTTPResponse {
        var session = known
        if case .session(let url) = target { session = url }
        // A session that is gone is started anew once; what it held is gone with it.
        for isLast in [false, true] {
            let address: String
            if let session { address = session } else { address = try await start() }
            if let done = try await send(over: address, isFresh: session == nil) { return done }
            if isLast { break }
            if case .session = target { break }
            try keep(nil)
            session = nil
        }
        throw AttachError(.failed, subject, "the session is gone", hint: "ask for a new URL")
    }

    private func start() async throws(AttachError) -> String {
        guard case .startSession(let url) = target else {
            throw AttachError(.failed, subject, "the session is gone", hint: "ask for a new URL")
        }
        let isAPI = url.lowercased().contains("uploadtype=resumable")
        var headers = [HTTPHeader("x-goog-resumable", "start")]
        if isAPI {
            headers = [
                HTTPHeader("X-Upload-Content-Type", AttachText.mediaType),
                HTTPHeader("X-Upload-Content-Length", String(file.bytes)),
            ]
        }
        var attempt = 0
        while true {
            // A signed URL is a login by itself.
            let login = isAPI ? try await line.desk.login() : .none
            let response = try await line.attempt(attempt, subject) { () throws(EdgeError) in
                try await line.send("POST", url, headers: headers, body: [], login: login)
            }
            if let response {
                if (200..<300).contains(response.status) {
                    guard let place = response.header("location"), Self.isSafe(place, from: url) else {
                        throw AttachError.looksLikePage(response.body)
                            ? AttachError.page(subject)
                            : AttachError(
                                .failed, subject, "it gave no address of a session",
                                hint: "check that the URL starts a resumable upload")
                    }
                    try keep(place)
                    return place
                }
                if response.status == 401, isAPI, try await line.desk.renew() { continue }
                guard Line.isPassing(response.status), attempt < Line.mostTries else {
                    throw AttachError(status: response, subject, sentBytes: 0)
                }
            }
            try await line.pause(attempt, response: response)
            attempt += 1
        }
    }

    /// A session's address must not lead out of TLS.
    private static func isSafe(_ place: String, from url: String) -> Bool {
        place.lowercased().hasPrefix("https://") || url.lowercased().hasPrefix("http://") && place.hasPrefix("http://")
    }

    /// - Returns: the last answer; nil when the session is gone.
    private func send(over session: String, isFresh: Bool) async throws(AttachError) -> HTTPResponse? {
        var position: Int? = isFresh ? 0 : nil
        var chunk = Self.chunks.first
        var (attempt, good) = (0, 0)
        while true {
            let answer: HTTPResponse?
            if let offset = position, offset < file.bytes {
                let count = min(chunk, file.bytes - offset)
                let range = "bytes \(offset)-\(offset + count - 1)/\(file.bytes)"
                let upload = line.upload(file, offset: offset, count: count, base: offset)
                answer = try await line.attempt(attempt, subject) { () throws(EdgeError) in
                    try await line.send("PUT", session, headers: [HTTPHeader("Content-Range", range)], upload: upload)
                }
            } else {
                let range = "bytes */\(file.bytes)"
                answer = try await line.attempt(attempt, subject) { () throws(EdgeError) in
                    try await line.send("PUT", session, headers: [HTTPHeader("Content-Range", range)], body: [])
                }
            }
            switch answer?.status {
            case 200, 201:
                if let answer, AttachError.looksLikePage(answer.body) { throw AttachError.page(subject) }
                return answer
            case 308:
                let there = Self.received(answer?.header("range")) ?? 0
                guard there <= file.bytes else {
                    throw AttachError(
                        .failed, subject, "it says it has more bytes than the file",
                        hint: "the URL is of another upload")
                }
                if there > position ?? 0 || position == nil { attempt = 0 } else { attempt += 1 }
                guard attempt < Line.mostTries else {
                    throw AttachError(
                        .failed, subject, "it takes no more bytes", hint: "run the same command again later")
                }
                good += 1
                if good >= Self.goodChunks { (chunk, good) = (min(chunk * 2, Self.chunks.most), 0) }
                position = there
                line.note(there)
                continue
            case 404, 410: return nil
            case let status?:
                if let answer, !Line.isPassing(status) || attempt >= Line.mostTries {
                    throw AttachError(status: answer, subject, sentBytes: file.bytes)
                }
            case nil: break
            }
            // The line was cut or the server is not well: how much has arrived only the server knows.
            (chunk, good) = (max(chunk / 2, Self.chunks.least), 0)
            try await line.pause(attempt, response: answer)
            attempt += 1
            position = nil
        }
    }

    /// How many bytes are there by a `Range` header, `bytes=0-524287`.
    static func received(_ header: String?) -> Int? {
        guard let header, let dash = header.lastIndex(of: "-"), let last = Int(header[header.index(after: dash)...]),
            header.hasPrefix("bytes=0-") || header.hasPrefix("bytes 0-") || header.hasPrefix("0-"),
            (0..<1 << 50).contains(last)
        else { return nil }
        return last + 1
    }
}
