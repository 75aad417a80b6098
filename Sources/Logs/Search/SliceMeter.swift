/// How many bytes of log were written when, within a window of time; finds the part that fits into a budget.
struct SliceMeter {
    private static let bucketCount = 4096

    let from: Int
    private let width: Int
    private var buckets: [Int]
    private(set) var total = 0

    init(from: LogInstant, to: LogInstant) {
        self.from = from.milliseconds
        // Both ends belong to the window.
        let span = to.milliseconds - from.milliseconds + 1
        width = max(1, (span + Self.bucketCount - 1) / Self.bucketCount)
        buckets = [Int](repeating: 0, count: (span + width - 1) / width)
    }

    mutating func add(_ bytes: Int, at time: RecordTime) {
        let last = from + buckets.count * width
        let moment = (from..<last).contains(time.earliest) ? time.earliest : time.latest
        let index = (moment - from) / width
        guard moment >= from, index < buckets.count else { return }
        buckets[index] += bytes
        total += bytes
    }

    /// The longest stretch around a moment that fits, growing to both sides as long as it can.
    ///
    /// - Returns: the stretch, and whether it fits. A single bucket that does not fit is given as it is, to be measured
    ///   more closely.
    func stretch(around moment: LogInstant, budget: Int) -> (from: LogInstant, to: LogInstant, fits: Bool) {
        let clamped = min(max(moment.milliseconds, from), from + buckets.count * width - 1)
        var first = (clamped - from) / width
        var last = first
        var size = buckets[first]
        let fits = size <= budget
        var canGoBack = fits
        var canGoOn = fits
        while canGoBack || canGoOn {
            canGoBack = canGoBack && first > 0 && size + buckets[first - 1] <= budget
            if canGoBack {
                first -= 1
                size += buckets[first]
            }
            canGoOn = canGoOn && last + 1 < buckets.count && size + buckets[last + 1] <= budget
            if canGoOn {
                last += 1
                size += buckets[last]
            }
        }
        return (
            LogInstant(milliseconds: from + first * width), LogInstant(milliseconds: from + (last + 1) * width - 1),
            fits
        )
    }

    var canBeRefined: Bool { width > 1 }
}
