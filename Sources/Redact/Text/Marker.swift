/// What stands in place of a removed secret: `REDACTED.<rule id>.<12 hex>`.
enum Marker {
    static let prefix: StaticString = "REDACTED."

    /// The length of the marker that starts at `position`, or nil if none does.
    static func length(in window: Window, at position: Int) -> Int? {
        guard window[position] == UInt8(ascii: "R"), window.has(prefix, at: position) else { return nil }
        var index = position + prefix.utf8CodeUnitCount
        let id = index
        while window[index].isLower || window[index].isDigit || window[index] == .dash { index += 1 }
        guard index > id, index - id <= 48, window[index] == .dot else { return nil }
        index += 1
        for offset in 0..<12 where !window[index + offset].isHex { return nil }
        return index + 12 - position
    }

    /// True if `value` starts with a marker: it was redacted before.
    static func isMarker(_ value: [UInt8]) -> Bool {
        value.first == UInt8(ascii: "R") && Window.over(value) { length(in: $0, at: 0) != nil }
    }

    /// The bytes of `value` outside of markers, whole ones and such that end early; nil if none stands in it.
    static func rest(of value: [UInt8]) -> [UInt8]? {
        guard value.count >= prefix.utf8CodeUnitCount, value.contains(UInt8(ascii: "R")) else { return nil }
        return Window.over(value) { window in
            guard var place = window.find(prefix, from: 0) else { return nil }
            var rest: [UInt8] = []
            var position = 0
            while true {
                rest += value[position..<place]
                position = place + prefix.utf8CodeUnitCount
                while window[position].isLower || window[position].isDigit || window[position] == .dash {
                    position += 1
                }
                if window[position] == .dot {
                    position += 1
                    var digits = 0
                    while digits < 12, window[position].isHex { (position, digits) = (position + 1, digits + 1) }
                }
                guard let next = window.find(prefix, from: position) else { break }
                place = next
            }
            return rest + value[position...]
        }
    }

    /// Appends the marker of a rule and the 48 bits of a fingerprint.
    static func write(rule: String, code: UInt64, to out: inout [UInt8]) {
        out += [UInt8](prefix)
        out += rule.utf8
        out.append(.dot)
        for place in 0..<12 {
            let digit = UInt8(truncatingIfNeeded: code >> UInt64(44 - place * 4) & 15)
            out.append(digit < 10 ? digit + 0x30 : digit + 0x57)
        }
    }
}
