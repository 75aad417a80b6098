internal import Packets

/// Times as ISO 8601 in UTC, exact to the last digit that the source has.
enum TimeText {
    static func text(_ time: CaptureTime) -> String {
        unsafe text(seconds: time.seconds) { digits in
            let isExact = time.nanoseconds % 1_000 == 0
            unsafe digits.put(".", Int(time.nanoseconds) / (isExact ? 1_000 : 1), isExact ? 6 : 9)
            unsafe digits.put("Z")
        }
    }

    /// - Parameter fraction: with its point, or empty.
    static func text(seconds: Int64, fraction: String = "") -> String {
        unsafe text(seconds: seconds) { _ in } + fraction + "Z"
    }

    /// The digits go straight into the string: a large capture has millions of times.
    private static func text(seconds: Int64, _ rest: (inout Digits) -> Void) -> String {
        let days = floorDivide(seconds, 86_400)
        let second = Int(seconds - days * 86_400)
        let (year, month, day) = civil(days: days)
        return unsafe String(unsafeUninitializedCapacity: 32) { buffer in
            var digits = unsafe Digits(buffer: buffer)
            unsafe digits.put(nil, year, 4)
            unsafe digits.put("-", month, 2)
            unsafe digits.put("-", day, 2)
            unsafe digits.put("T", second / 3_600, 2)
            unsafe digits.put(":", second / 60 % 60, 2)
            unsafe digits.put(":", second % 60, 2)
            unsafe rest(&digits)
            return unsafe digits.count
        }
    }

    /// Seconds since 1970 of a date and time of the Gregorian calendar in UTC; nil outside of years 1 to 9999.
    static func seconds(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) -> Int64? {
        guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return days * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    /// Days since 1970 to year, month and day.
    private static func civil(days: Int64) -> (Int, Int, Int) {
        // Bounded, so that no time stamp of a hostile file overflows.
        let z = min(max(days, -719_000), 2_932_896) + 719_468
        let era = floorDivide(z, 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        return (Int(yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0)), Int(calendarMonth), Int(day))
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((b - 1 - a) / b) }
}

/// Marks and numbers of a fixed width, one behind the other.
@unsafe private struct Digits {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(buffer: UnsafeMutableBufferPointer<UInt8>) { unsafe self.buffer = buffer }

    /// What does not fit any more is left out.
    mutating func put(_ mark: Unicode.Scalar?, _ value: Int = 0, _ width: Int = 0) {
        guard unsafe count + width < buffer.count else { return }
        if let mark {
            unsafe buffer[count] = UInt8(ascii: mark)
            unsafe count += 1
        }
        var rest = value.magnitude
        for place in (0..<width).reversed() {
            unsafe buffer[count + place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        unsafe count += width
    }
}
