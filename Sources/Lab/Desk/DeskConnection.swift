import Foundation
import Glibc

/// One connection to a ``SupportDesk``: HTTP/1.1 by hand, since a line that is cut in the middle of a body is no thing
/// that a server library does.
final class DeskConnection {
    struct Head {
        var method = ""
        var path = ""
        var query: [String: String] = [:]
        var headers: [String: String] = [:]

        var length: Int { Int(headers["content-length"] ?? "") ?? 0 }
    }

    private let socket: Int32
    private var buffer: [UInt8] = []

    init(_ socket: Int32) {
        self.socket = socket
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    /// The next request's head; nil when there is none.
    func readHead() -> Head? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                let text = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                return Self.parse(text)
            }
            guard buffer.count < 1 << 16, fill() else { return nil }
        }
    }

    /// Reads the body piece by piece, at most 64 KiB; `take` says whether to go on.
    /// - Returns: false when the line ended before the body did, or `take` wanted no more.
    func readBody(_ count: Int, _ take: ([UInt8]) -> Bool) -> Bool {
        var left = count
        while left > 0 {
            if buffer.isEmpty, !fill() { return false }
            let piece = Array(buffer.prefix(min(left, 64 << 10)))
            buffer.removeFirst(piece.count)
            left -= piece.count
            if !take(piece) { return false }
        }
        return true
    }

    func write(_ status: Int, headers: [(String, String)] = [], body: String = "") {
        var text = "HTTP/1.1 \(status) Answer\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        send(text + "\r\n" + body)
    }

    /// For `Expect: 100-continue`.
    func goOn() { send("HTTP/1.1 100 Continue\r\n\r\n") }

    /// Ends the connection as a broken line does: without a goodbye.
    func cut() {
        var never = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &never, socklen_t(MemoryLayout<linger>.size))
    }

    private func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let got = unsafe recv(socket, &piece, piece.count, 0)
        guard got > 0 else { return false }
        buffer += piece[..<got]
        return true
    }

    private static func parse(_ text: String) -> Head? {
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard !lines.isEmpty else { return nil }
        let first = lines.removeFirst().split(separator: " ")
        guard first.count == 3 else { return nil }
        var head = Head()
        head.method = String(first[0])
        let target = first[1].split(separator: "?", maxSplits: 1)
        head.path = String(target[0])
        for pair in (target.count > 1 ? target[1] : "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? String($0) }
            head.query[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            head.headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        return head
    }
}
