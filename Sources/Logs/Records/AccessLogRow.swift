/// One row of the Router's nginx access log (`ORG~ENV.PORT#_access_log`).
///
/// Rows begin with an ISO 8601 time, so ``LogSearch`` slices these files and finds message ids in them like in any other
/// log; this type takes apart what it found. The order of the fields is that of Edge 4.18.05, and other versions may
/// differ; the request line, which holds query values, is left out on purpose.
public struct AccessLogRow: Sendable, Equatable {
    /// As the row has it, with its distance from UTC.
    public let time: String
    /// The Message Processor that served the request, `address:port`.
    public let upstream: String?
    /// Seconds, as printed.
    public let requestTime: String?
    public let status: Int
    public let upstreamStatus: Int?
    public let messageId: String?
    public let faultSource: String?
    public let faultCode: String?

    // Places after that of the status.
    private enum Place: Int {
        case upstreamStatus = 1
        case messageId = 5
        case faultSource = 10
        case faultCode = 11
    }

    private static let valueLimit = 256
    private static let usualStatusPlace = 7

    /// Nil for what is no row of such a log.
    public init?(_ bytes: [UInt8]) {
        let line = bytes.prefix(256 << 10).prefix { $0 != .lineFeed && $0 != UInt8(ascii: "\r") }
        // The separator is not documented; samples look like tabs.
        let separator = line.contains(UInt8(ascii: "\t")) ? UInt8(ascii: "\t") : UInt8(ascii: "|")
        let fields = line.split(separator: separator, maxSplits: 64, omittingEmptySubsequences: false).map {
            String(decoding: $0.prefix(Self.valueLimit), as: UTF8.self).trimmed
        }
        guard fields.count > Self.usualStatusPlace + Place.messageId.rawValue,
            LogTimestamp(Array(fields[0].utf8).span, at: 0) != nil,
            let place = Self.statusPlace(fields), let status = Int(fields[place])
        else { return nil }
        func field(_ after: Place) -> String? {
            let index = place + after.rawValue
            return index < fields.count && fields[index] != "-" && !fields[index].isEmpty ? fields[index] : nil
        }
        time = fields[0]
        upstream = fields[3] == "-" || fields[3].isEmpty ? nil : fields[3]
        requestTime = Double(fields[4]) == nil ? nil : fields[4]
        self.status = status
        upstreamStatus = field(.upstreamStatus).flatMap { Self.isStatus($0) ? Int($0) : nil }
        messageId = field(.messageId)
        faultSource = field(.faultSource)
        faultCode = field(.faultCode)
    }

    private static func statusPlace(_ fields: [String]) -> Int? {
        if isStatus(fields[usualStatusPlace]) { return usualStatusPlace }
        return fields.indices.dropFirst(5).prefix(6).first { isStatus(fields[$0]) }
    }

    private static func isStatus(_ text: String) -> Bool {
        text.utf8.count == 3 && (Int(text).map { (100...599).contains($0) } ?? false)
    }
}

extension String {
    fileprivate var trimmed: String {
        let bytes = utf8.drop { $0 == 0x20 }
        return String(decoding: bytes.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
    }
}
