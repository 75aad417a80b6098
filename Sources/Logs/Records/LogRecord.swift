/// One record of a Message Processor's log (or of a component that logs in the same way).
///
/// Texts are as the log has them: use ``harmless(_:maxLength:)`` before they are shown.
public struct LogRecord: Sendable, Equatable {
    /// The path of the file, as it is shown to people.
    public let file: String
    /// The line at which the record begins, counted from 1; nil when the file was not read from its start.
    public let line: Int?
    /// Where the record begins in the file, in bytes, after unpacking.
    public let offset: Int
    /// The record's own time, or that of the record before if it tells none.
    public let time: LogInstant?
    public let org: String?
    public let env: String?
    public let api: String?
    public let revision: String?
    public let messageId: String?
    public let thread: String?
    public let level: String?
    public let logger: String?
    /// `Class.method` of a message of the form `Class.method() : text`.
    public let method: String?
    /// The first line of the message, without `Class.method() : `.
    public let message: String
    /// The whole record with its stack trace, as it stands in the file.
    public let text: [UInt8]
    /// Bytes of the record that are missing at the end of `text`, because it is too long.
    public let omittedBytes: Int

    /// How much of a record's text is kept, in bytes.
    public static let textLimit = 256 << 10
    private static let messageLimit = 16 << 10

    /// - Parameters:
    ///   - omitted: bytes of the record that are already missing at the end of `bytes`.
    ///   - textLimit: bytes of the record to keep.
    init(
        _ bytes: Span<UInt8>, isJSON: Bool, file: String, line: Int?, offset: Int, time: LogInstant?, omitted: Int,
        textLimit: Int = LogRecord.textLimit
    ) {
        self.file = file
        self.line = line
        self.offset = offset
        self.time = time
        let kept = min(bytes.count, textLimit)
        text = bytes.bytes(0..<kept)
        omittedBytes = omitted + bytes.count - kept
        if isJSON {
            let json = JSONLine(bytes.extracting(0..<kept))
            org = json["org", "organization"]
            env = json["env", "environment"]
            api = json["api", "apiproxy"]
            revision = json["rev", "revision"]
            messageId = json["messageid", "messageId"]
            thread = json["thread"]
            level = json["level", "severity"]
            logger = json["logger"]
            let text = Array((json["message"] ?? "").utf8)
            let (method, message) = Self.message(text.span, from: 0)
            self.method = method ?? json["method"]
            self.message = message
        } else {
            let header = RecordHeader(bytes)
            org = header.context["org"]
            env = header.context["env"]
            api = header.context["api"]
            revision = header.context["rev"]
            messageId = header.context["messageid"].flatMap { $0.isEmpty ? nil : $0 }
            thread = header.thread
            level = header.level
            logger = header.logger
            (method, message) = Self.message(bytes, from: header.messageStart)
        }
    }

    private static func message(_ bytes: Span<UInt8>, from start: Int) -> (method: String?, message: String) {
        var end = bytes.firstIndex(of: .lineFeed, from: start) ?? bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        guard end > start else { return (nil, "") }
        let head = bytes.extracting(start..<min(end, start + 512))
        guard let call = head.firstIndex(of: callMark), isName(head, 0..<call) else {
            return (nil, bytes.text(start..<end, limit: messageLimit))
        }
        return (
            head.text(0..<call), bytes.text(min(end, start + call + callMark.count)..<end, limit: messageLimit)
        )
    }

    private static let callMark = Array("() : ".utf8)

    /// Whether the bytes are a Java name such as `HTTPClient$Context.handshakeFailed`.
    private static func isName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = bytes[index]
            guard
                byte.isDigit || byte.isLetter || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            else { return false }
        }
        return !range.isEmpty
    }
}
