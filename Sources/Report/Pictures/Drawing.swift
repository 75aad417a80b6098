internal import Documents

/// What the drawings share. Places across are percentages, so that a drawing is as wide as the page and its letters
/// keep their size; places down are pixels.
enum Drawing {
    /// `12.34%`
    static func percent(_ part: Double) -> String {
        guard part.isFinite else { return "0%" }
        let hundredths = Int((min(max(part, -100), 200) * 100).rounded())
        let sign = hundredths < 0 ? "-" : ""
        let rest = abs(hundredths) % 100
        return "\(sign)\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }

    /// Where a number lies between two others, 0 to 100.
    static func place(_ value: Int, in range: ClosedRange<Int>) -> Double {
        let length = Double(range.upperBound) - Double(range.lowerBound)
        return length > 0 ? (Double(value) - Double(range.lowerBound)) / length * 100 : 0
    }

    /// Numbers of a file that anyone may have written: no sum of them overflows.
    static let sane = -999_999_999_999_999...999_999_999_999_999
}

extension JSONValue {
    /// A whole number, bounded so that it can be added and multiplied a little.
    var bounded: Int? {
        int.map { min(max($0, Drawing.sane.lowerBound), Drawing.sane.upperBound) }
    }
}

/// A text that is drawn long where there is room and short on a phone.
struct FittingText {
    let long: String
    /// Nil where the long one is short enough.
    let short: String?

    init(_ text: String, wide: Int, narrow: Int) {
        long = Shown.text(text, wide)
        let cut = Shown.text(text, narrow)
        short = cut == long ? nil : cut
    }

    var values: PageValue {
        ["long": .text(long), "short": .text(short ?? ""), "fits": .flag(short == nil)]
    }
}
