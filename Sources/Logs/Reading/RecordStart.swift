/// Whether a line begins a log record or goes on with the one before.
///
/// A record begins with a date and time, with `org:` (records without a date), or is a JSON line of hybrid. Everything
/// else, such as stack frames, `Caused by:` and further lines of a message, belongs to the record before.
enum RecordStart: Equatable {
    case dated
    /// Begins a record that tells no time (or tells it inside JSON).
    case undated
    case json
    case none
    /// More of the line is needed to tell.
    case unknown

    var isStart: Bool { self != .none && self != .unknown }

    /// How much of a JSON line is looked at.
    private static let jsonProbe = 8 << 10

    /// - Parameter isWhole: that no more bytes follow those given.
    init(_ bytes: Span<UInt8>, at start: Int, isWhole: Bool) {
        guard start < bytes.count else {
            self = isWhole ? .none : .unknown
            return
        }
        let available = bytes.count - start
        switch bytes[start] {
        case 0x30...0x39:
            if available < LogTimestamp.minimumLength {
                self = isWhole ? .none : .unknown
            } else {
                self = LogTimestamp.isPresent(bytes, at: start) ? .dated : .none
            }
        case UInt8(ascii: "o"):
            if available < 4 {
                self = isWhole ? .none : .unknown
            } else {
                self = bytes.hasPrefix("org:", at: start) ? .undated : .none
            }
        case UInt8(ascii: "{"):
            self = Self.json(bytes, at: start, isWhole: isWhole)
        default:
            self = .none
        }
    }

    private static func json(_ bytes: Span<UInt8>, at start: Int, isWhole: Bool) -> RecordStart {
        let available = bytes.count - start
        if available < 2 {
            return isWhole ? .none : .unknown
        }
        guard bytes[start + 1] == UInt8(ascii: "\"") else { return .none }
        let line = bytes.firstIndex(of: .lineFeed, from: start)
        if line == nil, available < jsonProbe, !isWhole {
            return .unknown
        }
        // A body that happens to be JSON names no logger.
        let probe = bytes.extracting(start..<min(line ?? bytes.count, start + jsonProbe))
        let isRecord =
            probe.firstIndex(of: loggerKey) != nil
            && (probe.firstIndex(of: levelKey) != nil || probe.firstIndex(of: threadKey) != nil)
        return isRecord ? .json : .none
    }

    private static let loggerKey = Array("\"logger\"".utf8)
    private static let levelKey = Array("\"level\"".utf8)
    private static let threadKey = Array("\"thread\"".utf8)
}
