extension Window {
    /// The part before a place.
    func upTo(_ end: Int) -> Window {
        let part = unsafe bytes(lower, end)
        guard let start = part.baseAddress else { return .empty }
        return unsafe Window(start: start, lower: lower, upper: lower + part.count, isEnd: false)
    }
}

/// Reads addresses as text writes them.
enum AddressText {
    /// Dotted decimal, four numbers up to 255 without leading zeros, that no digit follows.
    static func ipv4(_ window: Window, _ start: Int) -> (value: UInt32, end: Int)? {
        var value: UInt32 = 0
        var position = start
        for part in 0..<4 {
            if part > 0 {
                guard window[position] == .dot else { return nil }
                position += 1
            }
            let first = position
            var number: UInt32 = 0
            while window[position].isDigit, position - first < 3 {
                number = number * 10 + UInt32(window[position] - 0x30)
                position += 1
            }
            guard position > first, number < 256, window[first] != 0x30 || position - first == 1 else { return nil }
            value = value << 8 | number
        }
        guard !window[position].isDigit, !(window[position] == .dot && window[position + 1].isDigit) else { return nil }
        return (value, position)
    }

    /// Whether the rest of a word is an address and a port behind a dot.
    static func isEndpoint(_ window: Window, _ start: Int, _ end: Int) -> Bool {
        guard let dot = (start..<end).last(where: { window[$0] == .dot }) else { return false }
        return ipv4(window.upTo(dot), start)?.end == dot
    }

    /// Colons, also as `%3A`.
    private static func colon(_ window: Window, _ position: Int) -> Int? {
        if window[position] == .colon { return position + 1 }
        return window[position] == .percent && window.hasFolded("%3a", at: position) ? position + 3 : nil
    }

    /// The text forms of RFC 4291 section 2.2. Not taken: what is only a run of two-digit groups, such as a serial number.
    static func ipv6(_ window: Window, _ start: Int) -> (value: UInt128, end: Int)? {
        var head: [UInt16] = []
        var tail: [UInt16]?
        var position = start
        var sizes: Set<Int> = []
        var hasDigit = false
        if let one = colon(window, position) {
            guard let two = colon(window, one) else { return nil }
            (tail, position) = ([], two)
        }
        while head.count + (tail?.count ?? 0) < 8 {
            let count = head.count + (tail?.count ?? 0)
            if count <= 6, count > 0 || tail != nil, let v4 = ipv4(window, position) {
                let groups = [UInt16(v4.value >> 16), UInt16(truncatingIfNeeded: v4.value)]
                if tail == nil { head += groups } else { tail? += groups }
                (position, hasDigit) = (v4.end, true)
                sizes.insert(9)
                break
            }
            let first = position
            var number: UInt16 = 0
            while position - first < 4, let digit = window[position].hexValue {
                number = number << 4 | UInt16(digit)
                hasDigit = hasDigit || window[position].isDigit
                position += 1
            }
            guard position > first else { break }
            sizes.insert(position - first)
            if tail == nil { head.append(number) } else { tail?.append(number) }
            guard let next = colon(window, position) else { break }
            if let second = colon(window, next) {
                guard tail == nil else { return nil }
                (tail, position) = ([], second)
                // The end of an abbreviated address.
                if !window[second].isHex { break }
            } else {
                guard window[next].isHex else { break }
                position = next
            }
        }
        let count = head.count + (tail?.count ?? 0)
        guard tail == nil ? count == 8 && sizes != [2] : count < 8 && count > 0, hasDigit || count > 2,
            !window[position].isAlphanumeric, window[position] != 0x5F,
            !(colon(window, position).map { window[$0].isHex && tail == nil } ?? false)
        else { return nil }
        let groups = head + [UInt16](repeating: 0, count: 8 - count) + (tail ?? [])
        guard isAssigned(groups[0]) else { return nil }
        return (groups.reduce(0) { $0 << 16 | UInt128($1) }, position)
    }

    /// Whether addresses start so (RFC 4291, IANA): others, such as `1000:1000::`, are numbers between colons.
    private static func isAssigned(_ group: UInt16) -> Bool {
        group == 0 || group == 0x64 || group >> 13 == 1 || group == 0x5F00 || group >> 9 == 0x7E || group >> 8 >= 0xFE
    }

    /// `aa:bb:cc:dd:ee:ff`, `aa-bb-cc-dd-ee-ff`, `aabb.ccdd.eeff`, and no more groups before or after.
    static func mac(_ window: Window, _ start: Int) -> (value: UInt64, end: Int)? {
        if window[start + 4] == .dot { return ciscoMAC(window, start) }
        var value: UInt64 = 0
        var position = start
        let isDashed = window[start + 2] == .dash
        for group in 0..<6 {
            if group > 0 {
                guard let next = isDashed ? (window[position] == .dash ? position + 1 : nil) : colon(window, position)
                else { return nil }
                position = next
            }
            guard let high = window[position].hexValue, let low = window[position + 1].hexValue else { return nil }
            value = value << 8 | UInt64(high << 4 | low)
            position += 2
        }
        guard !WordBytes.holds(window[position]) || window[position] == .dot,
            !(colon(window, position).map { window[$0].isHex && window[$0 + 1].isHex } ?? false)
        else { return nil }
        return (value, position)
    }

    private static func ciscoMAC(_ window: Window, _ start: Int) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        for offset in 0..<14 {
            if offset == 4 || offset == 9 {
                guard window[start + offset] == .dot else { return nil }
            } else {
                guard let digit = window[start + offset].hexValue else { return nil }
                value = value << 4 | UInt64(digit)
            }
        }
        // Numbers alone could be anything.
        guard !WordBytes.holds(window[start + 14]), window.slice(start, start + 14).contains(where: \.isLetter) else {
            return nil
        }
        return (value, start + 14)
    }
}
