/// The fields of a log line in JSON, as Apigee hybrid writes them:
/// `{"timestamp":"1583783842128","level":"ERROR","thread":"NIOThread@1","mdc":{…},"logger":"HTTP.CLIENT","message":"…"}`.
///
/// Only wanted members are kept, of the outer object and of objects in it; the outermost and first of a name wins.
/// What is no JSON any more ends the reading, with what was found until then.
struct JSONLine {
    private(set) var fields: [String: String] = [:]

    private static let wanted: Set<String> = [
        "timestamp", "@timestamp", "time", "level", "severity", "thread", "logger", "message", "class", "method",
        "exception", "org", "organization", "env", "environment", "api", "apiproxy", "rev", "revision", "messageid",
        "messageId",
    ]
    private static let maximumDepth = 16
    private static let maximumValue = 64 << 10

    init(_ bytes: Span<UInt8>) {
        var reader = JSONTokens()
        // Per open container: whether it is an object.
        var containers: [Bool] = []
        var depthOf: [String: Int] = [:]
        var key: String?
        while let token = reader.next(bytes, limit: Self.maximumValue) {
            switch token {
            case .open(let isObject):
                guard containers.count < Self.maximumDepth else { return }
                containers.append(isObject)
                key = nil
            case .close:
                guard containers.popLast() != nil, !containers.isEmpty else { return }
                key = nil
            case .text(let text), .literal(let text):
                guard containers.last == true else { continue }
                if reader.skipColon(bytes) {
                    key = text
                } else if let name = key {
                    if Self.wanted.contains(name), containers.count < depthOf[name, default: Int.max] {
                        fields[name] = text
                        depthOf[name] = containers.count
                    }
                    key = nil
                }
            }
        }
    }

    subscript(_ names: String...) -> String? {
        for name in names {
            if let value = fields[name], !value.isEmpty { return value }
        }
        return nil
    }

    /// The time that a line which begins at the index tells, or nil if it is no JSON line with a time.
    static func time(_ bytes: Span<UInt8>, at start: Int, clock: inout RecordClock) -> RecordTime? {
        guard bytes.hasPrefix("{\"", at: start), RecordStart(bytes, at: start, isWhole: true) == .json else {
            return nil
        }
        let line = bytes.extracting(start..<min(bytes.count, start + 8192))
        for key in timeKeys {
            guard let hit = line.firstIndex(of: key) else { continue }
            var reader = JSONTokens(position: hit + key.count)
            guard reader.skipColon(line), let token = reader.next(line, limit: 64) else { continue }
            switch token {
            case .text(let text), .literal(let text):
                if let time = moment(Array(text.utf8), clock: &clock) { return time }
            case .open, .close:
                continue
            }
        }
        return nil
    }

    private static let timeKeys = ["\"timestamp\"", "\"@timestamp\"", "\"time\""].map { Array($0.utf8) }

    /// Seconds, milliseconds, microseconds or nanoseconds since 1970 (told apart by their size), or ISO 8601.
    private static func moment(_ text: [UInt8], clock: inout RecordClock) -> RecordTime? {
        if text.allSatisfy(\.isDigit), (9...19).contains(text.count),
            let number = Int(String(decoding: text, as: UTF8.self))
        {
            let milliseconds =
                switch text.count {
                case 9...11: number * 1000
                case 12...14: number
                case 15...17: number / 1000
                default: number / 1_000_000
                }
            return RecordTime(earliest: milliseconds, latest: milliseconds)
        }
        return LogTimestamp(text.span, at: 0).map { clock.time(of: $0) }
    }
}
