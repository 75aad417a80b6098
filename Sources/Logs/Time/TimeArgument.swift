extension LogInstant {
    /// Reads a moment that a person typed.
    ///
    /// Understood are ISO 8601 (`2026-11-23T10:00:00.500+01:00`, `2026-11-23T09:00Z`), the same without a zone and
    /// with a space (`2026-11-23 10:00`, in the log's zone), a date alone (its first moment), `now`, and an age such
    /// as `90m`, `2h`, `3d` or `1h30m`.
    ///
    /// - Throws: `LogError` with `badTime`.
    public init(argument: String, now: LogInstant = .now, zone: LogZone = .node) throws(LogError) {
        let text = argument.utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed()
        let bytes = [UInt8](text.prefix(64))
        guard text.count <= 64, let instant = Self.parse(bytes, now: now, zone: zone) else {
            throw LogError(
                .badTime, subject: harmless(argument), reason: "neither a date and time nor an age",
                hint:
                    "write 2026-11-23T10:00:00Z, '2026-11-23 10:00' (in the log's zone), or an age such as 90m, 2h, 3d")
        }
        self = instant
    }

    private static func parse(_ bytes: [UInt8], now: LogInstant, zone: LogZone) -> LogInstant? {
        if bytes == Array("now".utf8) {
            return now
        }
        if let age = age(bytes) {
            let instant = now.adding(seconds: -age)
            return instant > .distantPast ? instant : nil
        }
        return moment(bytes, zone: zone)
    }

    /// Seconds of `90m`, `2h`, `3d`, `1h30m`; nil for everything else.
    private static func age(_ bytes: [UInt8]) -> Int? {
        var total = 0
        var rest = bytes[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            // Nine digits of weeks still fit.
            guard (1...9).contains(digits.count), let unit = rest.dropFirst(digits.count).first else { return nil }
            let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            switch unit {
            case UInt8(ascii: "s"): total += number
            case UInt8(ascii: "m"): total += number * 60
            case UInt8(ascii: "h"): total += number * 3600
            case UInt8(ascii: "d"): total += number * 86_400
            case UInt8(ascii: "w"): total += number * 604_800
            default: return nil
            }
            rest = rest.dropFirst(digits.count + 1)
        }
        return total
    }

    private static func moment(_ bytes: [UInt8], zone: LogZone) -> LogInstant? {
        var text = bytes
        switch text.count {
        case 10:
            text += Array("T00:00:00".utf8)
        case 16...:
            // Seconds may be left out: put them in, before a zone if there is one.
            if text.count == 16 || text[16] != UInt8(ascii: ":") {
                text.insert(contentsOf: Array(":00".utf8), at: 16)
            }
        default:
            return nil
        }
        guard let stamp = LogTimestamp(text.span, at: 0), stamp.end == text.count else { return nil }
        var clock = RecordClock(zone: zone)
        return LogInstant(milliseconds: clock.time(of: stamp).earliest)
    }
}
