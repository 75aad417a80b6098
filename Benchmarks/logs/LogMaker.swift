import Glibc

/// Made-up lines like those of a Message Processor's system.log, written as fast as a disk takes them: the texts behind
/// the times are from a pool, the message ids are all different.
struct LogMaker {
    private static let loggers = [
        "HTTP.CLIENT", "HTTP.SERVER", "MESSAGING.FLOW", "POLICY.OAUTHV2", "CACHE", "ANALYTICS",
    ]
    private static let words = [
        "connection", "closed", "by", "peer", "request", "timed", "out", "while", "reading", "response", "target",
        "endpoint", "handshake", "completed", "policy", "executed", "token", "validated", "cache", "miss", "backend",
    ]

    /// Of the next line, since 1970.
    private(set) var second: Int
    private var millisecond = 0
    private var number = 0
    private var dice: UInt64 = 5
    private var stamp: [UInt8] = []
    private var pool: [[UInt8]] = []

    init(second: Int) {
        self.second = second
        for _ in 0..<4096 { pool.append(makeText()) }
        stamp = Self.stamp(second)
    }

    /// Writes about so many bytes to standard output.
    mutating func write(bytes count: Int) throws {
        var block: [UInt8] = []
        block.reserveCapacity(1 << 20)
        var left = count
        while left > 0 {
            block.removeAll(keepingCapacity: true)
            while block.count < 1 << 20 - 8192 { addLine(to: &block) }
            try LogBench.put(block[...])
            left -= block.count
        }
    }

    private mutating func addLine(to block: inout [UInt8]) {
        millisecond += Int(roll() % 12)
        if millisecond >= 1000 {
            millisecond -= 1000
            second += 1
            stamp = Self.stamp(second)
        }
        number += 1
        block += stamp
        block += [
            0x2c, UInt8(0x30 + millisecond / 100), UInt8(0x30 + millisecond / 10 % 10), UInt8(0x30 + millisecond % 10),
        ]
        block += "  org:acme env:prod api:orders rev:7 messageid:rrt331ea-28215-".utf8
        block += "\(number)-33  NIOThread@\(number & 31)".utf8
        block += pool[Int(roll() & 4095)]
    }

    private mutating func makeText() -> [UInt8] {
        var text = [" INFO ", " WARN ", " ERROR ", " DEBUG "][Int(roll() & 3)]
        text += Self.loggers[Int(roll() % 6)] + " - ClientChannel.run() :"
        for _ in 0..<Int(4 + roll() % 12) { text += " " + Self.words[Int(roll() % 21)] }
        text += " 10.\(roll() & 3).\(roll() & 15).\(roll() & 255):8443 \(roll() % 900) ms\n"
        if roll() % 50 == 0 {
            text += "com.apigee.errors.http.server.GatewayTimeoutException: timed out\n"
            for line in 0..<Int(5 + roll() % 20) {
                text += "\tat com.apigee.adaptors.http.Flow\(line).run(Flow.java:\(roll() % 999))\n"
            }
        }
        return Array(text.utf8)
    }

    /// SplitMix64.
    private mutating func roll() -> UInt64 {
        dice &+= 0x9E37_79B9_7F4A_7C15
        var mixed = dice
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static func stamp(_ second: Int) -> [UInt8] {
        var time = time_t(second)
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ value: CInt) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return Array(
            "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
                .utf8)
    }
}
