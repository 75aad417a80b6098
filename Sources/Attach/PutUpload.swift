internal import Documents
internal import EdgeAPI
internal import Glibc

func unlinkFile(_ path: String) -> Int32 { unsafe unlink(path) }

/// Sends a file by one PUT, as signed URLs take it. A second try replaces what the first one has left.
struct PutUpload {
    let line: Line
    let file: SourceFile
    let url: String
    let subject: String

    func send() async throws(AttachError) -> HTTPResponse {
        var attempt = 0
        while true {
            let upload = line.upload(file, offset: 0, count: file.bytes, base: 0)
            let response = try await line.attempt(attempt, subject) { () throws(EdgeError) in
                try await line.send("PUT", url, headers: [HTTPHeader("Expect", "100-continue")], upload: upload)
            }
            if let response {
                if (200..<300).contains(response.status) {
                    if AttachError.looksLikePage(response.body) { throw AttachError.page(subject) }
                    return response
                }
                guard Line.isPassing(response.status), attempt < Line.mostTries else {
                    throw AttachError(status: response, subject, sentBytes: file.bytes)
                }
            }
            try await line.pause(attempt, response: response)
            attempt += 1
        }
    }
}

/// Compares what a server says of what it has.
enum ServerSums {
    /// - Returns: by what it was compared.
    /// - Throws: ``AttachError`` `.failed` where the server has something else.
    static func compare(_ response: HTTPResponse, _ file: SourceFile, _ subject: String) throws(AttachError) -> String {
        var told: [(String, String, String)] = []
        for header in response.headers where header.name.lowercased() == "x-goog-hash" {
            for pair in header.value.split(separator: ",") {
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
                guard parts.count == 2 else { continue }
                if parts[0] == "md5" { told.append(("md5", String(parts[1]), file.md5)) }
                if parts[0] == "crc32c" { told.append(("crc32c", String(parts[1]), file.crc32c)) }
            }
        }
        if let object = try? JSONValue(parsing: response.body) {
            if let md5 = object["md5Hash"]?.string { told.append(("md5", md5, file.md5)) }
            if let crc = object["crc32c"]?.string { told.append(("crc32c", crc, file.crc32c)) }
            if let size = object["size"]?.int { told.append(("size", String(size), String(file.bytes))) }
        }
        for (name, theirs, ours) in told where theirs != ours {
            throw AttachError(
                .failed, subject, "what arrived is not what was sent: its \(name) is another",
                hint: "run the same command again; if it happens again, something between changes what is sent")
        }
        return ["md5", "crc32c", "size"].first { name in told.contains { $0.0 == name } } ?? "none"
    }
}
