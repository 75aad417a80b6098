import Crypto
import Foundation
import Synchronization

/// The published forms.
extension SupportDesk {
    /// Pieces in which Cloud Storage keeps what it was sent when a line is cut.
    private static let unit = 256 << 10

    /// - Returns: whether the connection goes on.
    func answer(_ head: DeskConnection.Head, _ line: DeskConnection) -> Bool {
        let manners = state.withLock { $0.manners }
        if manners.isPortal {
            _ = body(head, line)
            line.write(
                200, headers: [("Content-Type", "text/html")], body: "<!DOCTYPE html><html><title>Log in</title></html>"
            )
            return true
        }
        if head.path.hasPrefix("/upload/v2/") || head.path.hasPrefix("/v2/") { return answerCase(head, line, manners) }
        if let id = head.query["upload_id"] { return answerSession(id, head, line, manners) }
        if head.path.hasPrefix("/put/"), head.method == "PUT" { return answerPut(head, line, manners) }
        if head.method == "POST", head.headers["x-goog-resumable"] == "start" || head.query["uploadType"] == "resumable"
        {
            _ = body(head, line)
            let id = UUID().uuidString
            state.withLock { $0.sessions[id] = Session() }
            line.write(201, headers: [("Location", "\(endpoint)/bucket/object?upload_id=\(id)")])
            return true
        }
        if head.path == "/token", head.method == "POST" { return answerToken(head, line) }
        return refuse(404, line)
    }

    private func refuse(_ status: Int, _ line: DeskConnection) -> Bool {
        let headers = status == 429 || status == 503 ? [("Retry-After", "0")] : []
        line.write(
            status, headers: headers, body: #"{"error": {"code": \#(status), "message": "refused by the lab"}}"#)
        return true
    }

    private func nextStatus() -> Int? {
        state.withLock { $0.manners.statuses.isEmpty ? nil : $0.manners.statuses.removeFirst() }
    }

    private func answersAreSwallowed() -> Bool {
        state.withLock { state in
            guard state.manners.swallowedAnswers > 0 else { return false }
            state.manners.swallowedAnswers -= 1
            return true
        }
    }

    // MARK: Support API

    private func answerCase(_ head: DeskConnection.Head, _ line: DeskConnection, _ manners: Manners) -> Bool {
        let isUpload = head.path.hasPrefix("/upload/")
        let parts = head.path.split(separator: "/").map(String.init).drop { $0 == "upload" || $0 == "v2" }
        let parent = parts.dropLast().joined(separator: "/")
        let token = head.headers["authorization"]?.replacingOccurrences(of: "Bearer ", with: "") ?? ""
        func early(_ status: Int) -> Bool {
            // As a server does that looks at the head alone: the body is not read.
            let hasBody = head.length > 0
            _ = refuse(status, line)
            return !hasBody
        }
        if let tokens = manners.tokens, !tokens.contains(token) { return early(401) }
        if let cases = manners.cases, !cases.contains(parent) { return early(404) }
        if isUpload, let most = manners.mostBytes, head.length > most { return early(413) }
        switch (head.method, parts.last, isUpload) {
        case ("GET", "attachments", false):
            let rows = attachments.filter { $0.parent == parent }.map(row)
            line.write(200, body: #"{"attachments": [\#(rows.joined(separator: ","))]}"#)
        case ("POST", "attachments", true):
            if let status = nextStatus() { return early(status) }
            let (bytes, isWhole) = body(head, line)
            guard isWhole else { return false }
            let taken = Taken(parent: parent, filename: head.query["attachment.filename"] ?? "", bytes: bytes)
            state.withLock { $0.taken.append(taken) }
            if answersAreSwallowed() {
                line.cut()
                return false
            }
            line.write(200, body: row(taken))
        case ("POST", "comments", false):
            let (bytes, isWhole) = body(head, line)
            guard isWhole else { return false }
            let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            state.withLock { $0.comments.append(object?["body"] as? String ?? "") }
            line.write(200, body: #"{"name": "\#(parent)/comments/1"}"#)
        default: return early(404)
        }
        return true
    }

    private func row(_ taken: Taken) -> String {
        #"{"name": "\#(taken.parent)/attachments/0684M00000", "filename": "\#(taken.filename)", "#
            + #""createTime": "2026-11-23T10:00:00Z", "mimeType": "application/gzip", "sizeBytes": "\#(taken.bytes.count)"}"#
    }

    // MARK: Cloud Storage

    private func answerPut(_ head: DeskConnection.Head, _ line: DeskConnection, _ manners: Manners) -> Bool {
        if let status = nextStatus() {
            _ = refuse(status, line)
            return head.length == 0
        }
        let (bytes, isWhole) = body(head, line)
        guard isWhole else { return false }
        state.withLock { $0.sessions["put"] = Session(total: bytes.count, bytes: bytes, isDone: true) }
        line.write(200, headers: sums(bytes, manners))
        return true
    }

    private func answerSession(
        _ id: String, _ head: DeskConnection.Head, _ line: DeskConnection, _ manners: Manners
    ) -> Bool {
        guard state.withLock({ $0.sessions[id] != nil }) else { return refuse(404, line) }
        if let status = nextStatus() {
            _ = refuse(status, line)
            return head.length == 0
        }
        // bytes 0-524287/1048576, or bytes */1048576
        let range = (head.headers["content-range"] ?? "").replacingOccurrences(of: "bytes ", with: "")
        let halves = range.split(separator: "/")
        let total = halves.count == 2 ? Int(halves[1]) ?? 0 : head.length
        if range.hasPrefix("*") {
            _ = body(head, line)
            answerPosition(id, line, manners)
            return true
        }
        let first = Int(range.split(separator: "-").first ?? "0") ?? 0
        let (bytes, isWhole) = body(head, line)
        let isDone = state.withLock { $0.sessions[id]?.take(bytes, at: first, of: total, unit: Self.unit) ?? false }
        guard isWhole else { return false }
        if isDone, answersAreSwallowed() {
            line.cut()
            return false
        }
        answerPosition(id, line, manners)
        return true
    }

    /// What a session has: all, or so many bytes.
    private func answerPosition(_ id: String, _ line: DeskConnection, _ manners: Manners) {
        let (isDone, count) = state.withLock { ($0.sessions[id]?.isDone ?? false, $0.sessions[id]?.bytes.count ?? 0) }
        if isDone {
            line.write(200, headers: sums(state.withLock { $0.sessions[id]?.bytes ?? [] }, manners))
        } else {
            line.write(308, headers: count == 0 ? [] : [("Range", "bytes=0-\(count - 1)")])
        }
    }

    private func sums(_ bytes: [UInt8], _ manners: Manners) -> [(String, String)] {
        let told = Insecure.MD5.hash(data: manners.liesAboutSums ? bytes + [0] : bytes)
        return [("x-goog-hash", "md5=\(Data(told).base64EncodedString())")]
    }

    // MARK: Tokens

    private func answerToken(_ head: DeskConnection.Head, _ line: DeskConnection) -> Bool {
        let (bytes, isWhole) = body(head, line)
        guard isWhole else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        let isGrant = text.contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer")
        state.withLock { $0.assertions.append(text.components(separatedBy: "assertion=").last ?? "") }
        line.write(
            isGrant ? 200 : 400,
            body: isGrant
                ? #"{"access_token": "granted-by-the-lab", "expires_in": 3599}"# : #"{"error": "invalid_grant"}"#)
        return true
    }
}
