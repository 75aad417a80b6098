internal import Glibc

/// Sums that tell numbers with a meaning from chance.
enum NumberCheck {
    /// Luhn's sum over the digits (ISO/IEC 7812-1 annex B); other characters don't count.
    static func luhn(_ text: [UInt8]) -> Bool {
        var sum = 0
        var isDoubled = false
        for byte in text.reversed() where byte.isDigit {
            let digit = Int(byte - 0x30)
            let value = isDoubled ? digit * 2 : digit
            sum += value > 9 ? value - 9 : value
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }

    /// An International Bank Account Number leaves 1 by 97, its first four characters put last (ISO 13616).
    static func mod97(_ text: [UInt8]) -> Bool {
        let characters = text.filter(\.isAlphanumeric).map(\.lowercased)
        guard (15...34).contains(characters.count) else { return false }
        var rest = 0
        for byte in characters[4...] + characters[..<4] {
            rest = byte.isDigit ? rest * 10 + Int(byte - 0x30) : rest * 100 + Int(byte - 0x61) + 10
            rest %= 97
        }
        return rest == 1
    }

    /// Shannon's entropy of the characters, in bits each.
    static func entropy(_ text: [UInt8]) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in text { counts[Int(byte)] += 1 }
        let total = Double(text.count)
        return counts.filter { $0 > 0 }.reduce(0) { sum, count in
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }
}
