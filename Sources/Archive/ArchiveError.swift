/// What went wrong with an archive, on which one, and what to do about it.
public struct ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Equatable {
        /// Neither tar, zip nor gzip.
        case unrecognized
        /// The bytes contradict the format, or a check sum is wrong.
        case damaged
        /// The archive ends before its end.
        case truncated
        /// Bytes follow the end of the archive.
        case trailingBytes
        /// More entries than the limits allow.
        case tooManyEntries
        /// More bytes than the limits or the caller allow.
        case tooLarge
        /// Expands more than the limits allow: made to fill memory or disk.
        case suspiciousRatio
        /// A password is needed.
        case encrypted
        /// A feature that the reader doesn't have.
        case unsupported
        /// An entry to be written was refused: its name, or its size against the bytes that came.
        case invalidEntry
        /// Reading or writing the bytes themselves failed.
        case io
    }

    public let code: Code
    /// The archive, or the entry in it.
    public let subject: String
    public let reason: String
    public let hint: String?
    /// The system's error number where there is one.
    public let errno: CInt?

    public init(_ code: Code, subject: String, reason: String, hint: String? = nil, errno: CInt? = nil) {
        self.code = code
        self.subject = printable(subject)
        self.reason = printable(reason)
        self.hint = hint
        self.errno = errno
    }

    public var description: String { "archive '\(subject)': \(reason)" }
}

/// Foreign text made harmless for terminals and logs: control characters become `?`, and it is cut at 300 characters.
func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(300) {
        let isControl = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        let isDirectional = (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        result.append(isControl || isDirectional ? "?" : scalar)
    }
    return String(result)
}
