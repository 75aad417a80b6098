internal import Documents
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
        let (days, second) = GregorianCalendar.floored(Int(seconds), by: 86_400)
        let (year, month, day) = GregorianCalendar.date(ofDay: days)
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
