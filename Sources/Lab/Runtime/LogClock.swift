import Foundation

/// Times as the node's files print them, in the node's zone.
struct LogClock: Sendable {
    let zone: TimeZone

    /// A pattern in the form of Unicode TR 35.
    func text(_ date: Date, _ pattern: String, zone: TimeZone? = nil) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = zone ?? self.zone
        formatter.dateFormat = pattern
        return formatter.string(from: date)
    }

    /// The time at the start of a record of `system.log`.
    func prefix(_ date: Date, _ form: LabVariants.RecordPrefix) -> String {
        switch form {
        case .comma: text(date, "yyyy-MM-dd HH:mm:ss,SSS")
        case .dotUTC: text(date, "yyyy-MM-dd HH:mm:ss.SSS", zone: TimeZone(secondsFromGMT: 0)) + " UTC"
        }
    }
}
