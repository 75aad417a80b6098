/// The date and time at the head of a log record, not yet put into a zone.
///
/// `2017-10-23 05:28:57,813`, with `.` instead of `,`, with `T` instead of the space, without a fraction; followed by
/// nothing, ` UTC`, ` GMT`, `Z` or a distance from UTC (`+0100`, `+01:00`). nginx writes slashes into the date of its
/// error log: `2026/11/29 10:11:12 [error]`.
struct LogTimestamp: Equatable {
    /// Seconds since 1970 on the clock that was read.
    let civilSeconds: Int
    let milliseconds: Int
    /// Seconds east of UTC, when the text says so.
    let offset: Int?
    /// Index after the last byte that belongs to it.
    let end: Int

    /// The shortest form: date, separator and time without a fraction.
    static let minimumLength = 19

    init?(_ bytes: Span<UInt8>, at start: Int) {
        guard Self.isPresent(bytes, at: start),
            let year = bytes.number(at: start, digits: 4), let month = bytes.number(at: start + 5, digits: 2),
            let day = bytes.number(at: start + 8, digits: 2), let hour = bytes.number(at: start + 11, digits: 2),
            let minute = bytes.number(at: start + 14, digits: 2), let second = bytes.number(at: start + 17, digits: 2),
            let civil = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        civilSeconds = civil.secondsSince1970

        var position = start + Self.minimumLength
        var fraction = 0
        if position + 1 < bytes.count, bytes[position] == UInt8(ascii: ",") || bytes[position] == UInt8(ascii: "."),
            bytes[position + 1].isDigit
        {
            position += 1
            var scale = 100
            let limit = min(bytes.count, position + 9)
            while position < limit, bytes[position].isDigit {
                fraction += Int(bytes[position] - 0x30) * scale
                scale /= 10
                position += 1
            }
        }
        milliseconds = fraction
        (offset, end) = Self.zone(bytes, at: position)
    }

    /// Whether the digits and marks of a date and time stand here; their values may still be impossible.
    static func isPresent(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        guard start >= 0, start + minimumLength <= bytes.count else { return false }
        for (index, shape) in pattern.enumerated() {
            let byte = bytes[start + index]
            switch shape {
            case UInt8(ascii: "0"): guard byte.isDigit else { return false }
            case UInt8(ascii: " "): guard byte == shape || byte == UInt8(ascii: "T") else { return false }
            case UInt8(ascii: "-"):
                guard byte == shape || byte == UInt8(ascii: "/"), byte == bytes[start + 4] else { return false }
            default: guard byte == shape else { return false }
            }
        }
        return true
    }

    private static let pattern = Array("0000-00-00 00:00:00".utf8)

    private static func zone(_ bytes: Span<UInt8>, at position: Int) -> (offset: Int?, end: Int) {
        let none: (Int?, Int) = (nil, position)
        guard position < bytes.count else { return none }
        // A zone name stands after a space, a distance or `Z` may follow at once.
        let start = bytes[position] == UInt8(ascii: " ") ? position + 1 : position
        if start > position, bytes.hasPrefix("UTC", at: start) || bytes.hasPrefix("GMT", at: start) {
            return bytes.isWordEnd(at: start + 3) ? (0, start + 3) : none
        }
        if start < bytes.count, bytes[start] == UInt8(ascii: "Z"), bytes.isWordEnd(at: start + 1) {
            return (0, start + 1)
        }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "+") || bytes[start] == UInt8(ascii: "-"),
            let hours = bytes.number(at: start + 1, digits: 2), hours <= 15
        else { return none }
        let colon = start + 3 < bytes.count && bytes[start + 3] == UInt8(ascii: ":") ? 1 : 0
        guard let minutes = bytes.number(at: start + 3 + colon, digits: 2), minutes < 60,
            bytes.isWordEnd(at: start + 5 + colon)
        else { return none }
        let seconds = (hours * 60 + minutes) * 60
        return (bytes[start] == UInt8(ascii: "-") ? -seconds : seconds, start + 5 + colon)
    }
}
