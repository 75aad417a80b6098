import Foundation
import Glibc
import Synchronization

/// A TCP server on 127.0.0.1 that answers one word a connection and closes it, as ZooKeeper does on port 2181.
final class WordServer: Sendable {
    let port: Int
    private let descriptor: Int32
    private let answer: @Sendable (String) -> String
    private let isOver = Mutex(false)

    init(answer: @escaping @Sendable (String) -> String) throws {
        self.answer = answer
        (descriptor, port) = try LoopbackPort.listen(backlog: 16)
        Thread { [self] in serve() }.start()
    }

    func stop() {
        let first = isOver.withLock { isOver -> Bool in
            defer { isOver = true }
            return !isOver
        }
        // Wakes the accept; the thread closes.
        if first { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func serve() {
        while true {
            let client = accept(descriptor, nil, nil)
            if client < 0 {
                if errno == EINTR { continue }
                close(descriptor)
                return
            }
            var limit = timeval(tv_sec: 5, tv_usec: 0)
            unsafe setsockopt(
                client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = unsafe recv(client, &buffer, buffer.count, 0)
            let word = String(decoding: buffer[..<max(0, count)], as: UTF8.self).filter { $0.isLetter }
            let bytes = Array(answer(word).utf8)
            _ = unsafe send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(client)
        }
    }
}

/// ZooKeeper's answers to its four-letter words, in the shapes of its administrator's guide.
struct ZooKeeperWords: Sendable {
    /// Words that its configuration does not allow.
    let refused: Set<String>

    func answer(_ word: String) -> String {
        if refused.contains(word) { return "\(word) is not executed because it is not in the whitelist." }
        switch word {
        case "ruok": return "imok"
        case "srvr": return server
        case "stat":
            return server.replacingOccurrences(
                of: "Latency", with: "Clients:\n /127.0.0.1:40112[1](queued=0,recved=214,sent=214)\n\nLatency")
        case "mntr":
            return [
                ("zk_version", "3.8.3-6ad6d364c7c0bcf0de452d54ebefa3058098ab56, built on 2023-10-05 10:34 UTC"),
                ("zk_avg_latency", "0.4"), ("zk_max_latency", "31"), ("zk_outstanding_requests", "0"),
                ("zk_server_state", "standalone"), ("zk_znode_count", "2114"),
            ].map { "\($0)\t\($1)\n" }.joined()
        case "cons":
            return
                " /127.0.0.1:40112[1](queued=0,recved=214,sent=214,sid=0x1000042f0a10003,lop=PING,est=1700000000000)\n"
        default: return ""
        }
    }

    private var server: String {
        """
        Zookeeper version: 3.8.3-6ad6d364c7c0bcf0de452d54ebefa3058098ab56, built on 2023-10-05 10:34 UTC
        Latency min/avg/max: 0/0.4/31
        Received: 5120
        Sent: 5119
        Connections: 2
        Outstanding: 0
        Zxid: 0x2a0000118c
        Mode: standalone
        Node count: 2114

        """
    }
}
