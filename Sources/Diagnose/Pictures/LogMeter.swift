internal import Documents
internal import Glibc

/// Counts the records and the errors of a log over time while its bytes pass by, in memory that does not grow with it.
struct LogMeter: Sendable {
    struct Count: Sendable {
        var records = 0
        var errors = 0
    }

    /// A record that tells of a deployment.
    struct Deployment: Sendable {
        var milliseconds: Int
        var line: Int
        var text: String
    }

    /// Bytes of a line that are looked at: date, context, level and logger stand at its head.
    private static let headLength = 400
    private static let maximumSteps = 4_096
    private static let maximumDeployments = 20

    /// Seconds east of UTC of times that do not tell their zone.
    private let offset: Int
    private let isAccessLog: Bool
    private var counts: [Int: Count] = [:]
    /// The width of a step in milliseconds; doubled when there are too many.
    private var step = 1_000
    private(set) var deployments: [Deployment] = []
    private var head: [UInt8] = []
    private var isInLine = false
    private var line = 0
    private var last: (stamp: [UInt8], seconds: Int)?

    init(offset: Int, isAccessLog: Bool) {
        self.offset = offset
        self.isAccessLog = isAccessLog
    }

    mutating func append(_ block: ArraySlice<UInt8>) {
        var start = block.startIndex
        while start < block.endIndex {
            let end = Self.lineEnd(in: block, from: start)
            let stop = end ?? block.endIndex
            if isInLine || end == nil {
                head += block[start..<min(stop, start + max(0, Self.headLength - head.count))]
                isInLine = true
            }
            if end != nil {
                line += 1
                take(isInLine ? head[...] : block[start..<min(stop, start + Self.headLength)])
                head.removeAll(keepingCapacity: true)
                isInLine = false
            }
            start = stop + 1
        }
    }

    /// Takes a last line without a line end.
    mutating func finish() {
        guard isInLine else { return }
        line += 1
        take(head[...])
        head = []
        isInLine = false
    }

    private static func lineEnd(in block: ArraySlice<UInt8>, from start: Int) -> Int? {
        unsafe block[start...].withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = unsafe memchr(base, 0x0A, bytes.count) else { return nil }
            return unsafe start + (UnsafeRawPointer(found) - base)
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        guard let time = milliseconds(of: line) else { return }
        let key = time >= 0 ? time / step : (time - step + 1) / step
        counts[key, default: Count()].records += 1
        if isAccessLog ? Self.hasServerError(line) : Self.hasErrorLevel(line) { counts[key]?.errors += 1 }
        if counts.count > Self.maximumSteps { widen() }
        if !isAccessLog, deployments.count < Self.maximumDeployments, Self.contains(line, "KERNEL.DEPLOYMENT") {
            let text = String(decoding: line.dropFirst(24).prefix(200), as: UTF8.self)
            deployments.append(Deployment(milliseconds: time, line: self.line, text: text))
        }
    }

    private mutating func widen() {
        var wider: [Int: Count] = [:]
        for (key, count) in counts {
            let half = key >= 0 ? key / 2 : (key - 1) / 2
            wider[half, default: Count()].records += count.records
            wider[half, default: Count()].errors += count.errors
        }
        counts = wider
        step *= 2
    }

    // MARK: Reading a line's head

    private mutating func milliseconds(of line: ArraySlice<UInt8>) -> Int? {
        guard line.count >= 19 else { return nil }
        let stamp = line.prefix(19)
        let seconds: Int
        if let last, stamp.elementsEqual(last.stamp) {
            seconds = last.seconds
        } else {
            guard let civil = Self.civilSeconds(stamp) else { return nil }
            seconds = civil
            last = (Array(stamp), civil)
        }
        var rest = line.dropFirst(19)
        if let mark = rest.first, mark == UInt8(ascii: ",") || mark == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
        }
        return (seconds - (Self.zone(rest) ?? offset)) * 1_000
    }

    /// `Z`, ` UTC`, `+01:00` or `+0100` behind a time.
    private static func zone(_ rest: ArraySlice<UInt8>) -> Int? {
        if rest.starts(with: "Z".utf8) || rest.starts(with: " UTC".utf8) || rest.starts(with: " GMT".utf8) { return 0 }
        guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = rest.dropFirst().prefix(5).filter { $0 != UInt8(ascii: ":") }.prefix(4)
        guard digits.count == 4, let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    private static func civilSeconds(_ stamp: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(stamp)
        func number(_ start: Int, _ count: Int) -> Int? {
            var value = 0
            for byte in bytes[start..<start + count] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2)
        else { return nil }
        return GregorianCalendar.seconds(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    private static func hasErrorLevel(_ line: ArraySlice<UInt8>) -> Bool {
        contains(line, " ERROR ") || contains(line, " FATAL ")
    }

    /// One of the first columns is a status of 500 or more.
    private static func hasServerError(_ line: ArraySlice<UInt8>) -> Bool {
        let separators: Set<UInt8> = [0x09, 0x20, UInt8(ascii: "|")]
        return line.split(maxSplits: 14) { separators.contains($0) }.prefix(14).contains { word in
            word.count == 3 && word.first == UInt8(ascii: "5") && word.allSatisfy { (0x30...0x39).contains($0) }
        }
    }

    private static func contains(_ line: ArraySlice<UInt8>, _ words: StaticString) -> Bool {
        unsafe line.withUnsafeBytes { bytes in
            let length = words.utf8CodeUnitCount
            guard let base = bytes.baseAddress, length > 0 else { return false }
            var start = 0
            while start + length <= bytes.count,
                let found = unsafe memchr(base + start, Int32(words.utf8Start[0]), bytes.count - length - start + 1)
            {
                if unsafe memcmp(found, words.utf8Start, length) == 0 { return true }
                unsafe start = UnsafeRawPointer(found) - base + 1
            }
            return false
        }
    }
}

extension LogMeter {
    /// The counts in columns of one width.
    struct Columns: Sendable {
        /// Where the first column begins, in milliseconds since 1970.
        var start: Int
        /// In milliseconds.
        var width: Int
        var counts: [Count]
    }

    /// The first and the last time that was counted.
    var range: ClosedRange<Int>? {
        guard let first = counts.keys.min(), let last = counts.keys.max() else { return nil }
        return first * step...(last + 1) * step
    }

    /// Columns of a width that people count in; at most 120 of them.
    func columns(over range: ClosedRange<Int>, width: Int) -> Columns {
        let width = max(width, step)
        let start = range.lowerBound / width * width
        let number = min(120, max(1, (range.upperBound - start + width - 1) / width))
        var columns = [Count](repeating: Count(), count: number)
        for (key, count) in counts {
            let offset = key * step - start
            guard offset >= 0, offset / width < number else { continue }
            columns[offset / width].records += count.records
            columns[offset / width].errors += count.errors
        }
        return Columns(start: start, width: width, counts: columns)
    }

    /// The width of columns for a range, so that there are some sixty of them.
    static func width(for range: ClosedRange<Int>) -> Int {
        let seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400]
        let wanted = (range.upperBound - range.lowerBound) / 60_000
        guard let fit = seconds.first(where: { $0 >= wanted }) else { return (wanted / 86_400 + 1) * 86_400_000 }
        return fit * 1_000
    }
}
