internal import Documents
internal import EdgeAPI

/// Sends files to a case of Google Cloud Support (API v2, media upload): each in one request, which can't be resumed.
struct CaseUpload {
    let line: Line
    let endpoint: String
    let name: String

    private var subject: String { "case \(name)" }

    /// What the case has already under that name.
    func find(_ filename: String) async throws(AttachError) -> Receipt.Attachment? {
        var page = ""
        for _ in 0..<50 {
            let token = page.isEmpty ? "" : "&pageToken=\(AttachText.escaped(page))"
            let answer = try await call("GET", "\(endpoint)/v2/\(name)/attachments?pageSize=100\(token)")
            for row in answer["attachments"]?.array ?? [] where row["filename"]?.string == filename {
                return Self.attachment(row, filename)
            }
            guard let next = answer["nextPageToken"]?.string, !next.isEmpty else { return nil }
            page = next
        }
        return nil
    }

    /// Sends one part of the file.
    /// - Returns: what the case calls it.
    func send(_ file: SourceFile, _ part: UploadState.Part) async throws(AttachError) -> Receipt.Attachment {
        let url = "\(endpoint)/upload/v2/\(name)/attachments?attachment.filename=\(AttachText.escaped(part.filename))"
        // Told before the bytes are sent that it will not take them.
        let headers = [HTTPHeader("Content-Type", AttachText.mediaType), HTTPHeader("Expect", "100-continue")]
        var attempt = 0
        while true {
            let login = try await line.desk.login()
            let upload = line.upload(file, offset: part.offset, count: part.count, base: part.offset)
            let response = try await line.attempt(attempt, subject) { () throws(EdgeError) in
                try await line.send("POST", url, headers: headers, upload: upload, login: login)
            }
            if let response {
                if (200..<300).contains(response.status) { return try taken(response, part) }
                if response.status == 401, try await line.desk.renew() { continue }
                guard Line.isPassing(response.status), attempt < Line.mostTries else {
                    throw AttachError(status: response, subject, sentBytes: part.count)
                }
            }
            try await line.pause(attempt, response: response)
            attempt += 1
            // The line may have been cut behind the last byte: then a second try would make a second copy.
            if let found = try await find(part.filename), found.bytes == part.count { return found }
        }
    }

    /// Adds a comment.
    /// - Returns: its name.
    func comment(_ text: String) async throws(AttachError) -> String? {
        let body = JSONValue.object(["body": .string(text)]).encoded()
        return try await call("POST", "\(endpoint)/v2/\(name)/comments", body: body)["name"]?.string
    }

    private func taken(_ response: HTTPResponse, _ part: UploadState.Part) throws(AttachError) -> Receipt.Attachment {
        guard let answer = try? JSONValue(parsing: response.body), answer.object != nil else {
            throw AttachError.page(subject)
        }
        let attachment = Self.attachment(answer, part.filename)
        guard answer["sizeBytes"] == nil || attachment.bytes == part.count else {
            throw AttachError(
                .failed, subject, "it took \(attachment.bytes) of \(part.count) bytes of \(part.filename)",
                hint: "remove that attachment from the case, then run the same command with --again")
        }
        return attachment
    }

    private static func attachment(_ row: JSONValue, _ filename: String) -> Receipt.Attachment {
        Receipt.Attachment(
            filename: row["filename"]?.string ?? filename, bytes: row["sizeBytes"]?.int ?? 0, name: row["name"]?.string,
            createTime: row["createTime"]?.string)
    }

    /// A small request whose answer is JSON.
    private func call(_ method: String, _ url: String, body: [UInt8]? = nil) async throws(AttachError) -> JSONValue {
        let headers = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
        var attempt = 0
        while true {
            let login = try await line.desk.login()
            // What may have been done must not be done twice.
            let tries = method == "GET" ? attempt : Line.mostTries
            let response = try await line.attempt(tries, subject) { () throws(EdgeError) in
                try await line.send(method, url, headers: headers, body: body, login: login)
            }
            if let response {
                if (200..<300).contains(response.status) {
                    guard let answer = try? JSONValue(parsing: response.body), answer.object != nil else {
                        throw AttachError.page(subject)
                    }
                    return answer
                }
                if response.status == 401, try await line.desk.renew() { continue }
                guard Line.isPassing(response.status), tries < Line.mostTries else {
                    throw AttachError(status: response, subject, sentBytes: body?.count ?? 0)
                }
            }
            try await line.pause(attempt, response: response)
            attempt += 1
        }
    }
}
