internal import Logs
internal import SupportBundle

/// Times of a node's texts.
enum EventTime {
    /// The zone in which a node writes its logs: what its manifest says in words, `CET (UTC+01:00)`.
    static func zone(of manifest: Manifest) -> LogZone {
        guard let text = manifest.node?.timezone, let range = text.firstRange(of: "(UTC") else { return .utc }
        let digits = Array(text[range.upperBound...].utf8)
        guard digits.count >= 6, digits[3] == UInt8(ascii: ":"),
            let hours = Int(String(decoding: digits[1..<3], as: UTF8.self)),
            let minutes = Int(String(decoding: digits[4..<6], as: UTF8.self))
        else { return .utc }
        let seconds = hours * 3600 + minutes * 60
        return .fixed(seconds: digits[0] == UInt8(ascii: "-") ? -seconds : seconds)
    }

    /// Milliseconds since 1970 of an ISO 8601 time; nil for anything else.
    static func milliseconds(_ text: String, zone: LogZone = .utc) -> Int? {
        guard text.utf8.first.map({ (0x30...0x39).contains($0) }) == true, text.contains("-") else { return nil }
        return (try? LogInstant(argument: text, zone: zone))?.milliseconds
    }

    /// The time that a line begins with, if it does.
    static func leading(_ line: String, zone: LogZone) -> Int? {
        let bytes = Array(line.utf8.prefix(48))
        guard bytes.count >= 19 else { return nil }
        var end = 19
        while end < bytes.count, (0x30...0x39).contains(bytes[end]) || ".,:+-Z".utf8.contains(bytes[end]) { end += 1 }
        while end >= 19 {
            if let found = milliseconds(String(decoding: bytes[..<end], as: UTF8.self), zone: zone) { return found }
            end -= 1
        }
        return nil
    }

    static func text(_ milliseconds: Int) -> String { LogInstant(milliseconds: milliseconds).iso8601(in: .utc) }
}
