/// Tells values that occur for other reasons too: searching for them everywhere would eat evidence.
enum Commonness {
    static func isCommon(_ value: [UInt8]) -> Bool {
        isWords(value) || isNumeric(value) || isHost(value) || isPathOrURL(value) || hasFewBytes(value)
    }

    private static let joints = ByteSet("-_. ,:")
    private static let numberMarks = ByteSet("-:./+TZ, ")

    /// Less than four different bytes.
    private static func hasFewBytes(_ value: [UInt8]) -> Bool {
        var (first, second, third): (UInt8?, UInt8?, UInt8?)
        for byte in value where byte != first && byte != second && byte != third {
            if first == nil {
                first = byte
            } else if second == nil {
                second = byte
            } else if third == nil {
                third = byte
            } else {
                return false
            }
        }
        return true
    }

    /// Words of letters, joined or not: `changeit`, `my-keystore`, `Mozilla Firefox`.
    private static func isWords(_ value: [UInt8]) -> Bool {
        guard value.allSatisfy({ $0.isLetter || joints.contains($0) }) else { return false }
        let parts = value.split { !$0.isLetter }
        // Capitals in the middle of a word are no words' way of writing.
        let isPlain = parts.allSatisfy { part in
            part.allSatisfy(\.isLower) || part.allSatisfy(\.isUpper) || part.dropFirst().allSatisfy(\.isLower)
        }
        return isPlain && (parts.allSatisfy { $0.count < 12 })
            || (parts.count == 1 && isCamel(value))
    }

    /// `TargetServer`: at least two words of three letters or more.
    private static func isCamel(_ value: [UInt8]) -> Bool {
        let words = Judgement.words(of: value)
        return words.count >= 2 && words.count <= 6 && words.allSatisfy { $0.count >= 3 && $0.count < 12 }
    }

    /// Numbers, dates, times, IP addresses, versions.
    private static func isNumeric(_ value: [UInt8]) -> Bool {
        guard value.allSatisfy({ $0.isDigit || numberMarks.contains($0) }) else { return false }
        return value.count < 12 || value.contains { !$0.isDigit }
    }

    /// A host name with a top-level domain, perhaps with a port.
    private static func isHost(_ value: [UInt8]) -> Bool {
        guard value.contains(.dot) else { return false }
        let host = value.prefix { $0 != .colon }
        guard value.dropFirst(host.count + 1).allSatisfy(\.isDigit),
            host.allSatisfy({ $0.isAlphanumeric || $0 == .dash || $0 == .dot })
        else { return false }
        let labels = host.split(separator: .dot, omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last, (2...12).contains(top.count) else { return false }
        return top.allSatisfy(\.isLower) && labels.allSatisfy { !$0.isEmpty && $0.count <= 40 }
    }

    private static func isPathOrURL(_ value: [UInt8]) -> Bool {
        if value.starts(with: "http://".utf8) || value.starts(with: "https://".utf8) {
            return !value.contains(.at) && !value.contains(.equals)
        }
        return value.first == .slash && value.count(where: { $0 == .slash }) >= 2
            && value.allSatisfy { $0.isName || $0 == .slash }
            && !value.contains(where: \.isDigit)
    }
}
