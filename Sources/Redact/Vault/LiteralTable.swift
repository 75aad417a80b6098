/// Finds any of many literals at a cost per byte that does not grow with their number.
///
/// Every literal is at least eight bytes long: its first eight, hashed, select a bit of a filter, and only where that bit
/// is set the candidates are compared.
struct LiteralTable: Sendable {
    struct Form: Sendable {
        let bytes: [UInt8]
        let literal: Int
        let isEncoded: Bool
    }

    private(set) var literals: [LearnedLiteral] = []
    private var forms: [UInt64: [Form]] = [:]
    private var filter = [UInt64](repeating: 0, count: 1_024)
    private(set) var longest = 0

    var isEmpty: Bool { literals.isEmpty }

    mutating func add(_ literal: LearnedLiteral) {
        let encoded = Set(Base64.stable(literal.value) + Base64.stable(literal.value, url: true))
        for form in literal.forms {
            let head = Self.head(form, at: 0)
            let isEncoded = encoded.contains(form)
            forms[head, default: []].append(Form(bytes: form, literal: literals.count, isEncoded: isEncoded))
            if forms[head]?.count ?? 0 > 1 { forms[head]?.sort { $0.bytes.count > $1.bytes.count } }
            let bit = Self.bit(head)
            filter[bit >> 6] |= 1 << UInt64(bit & 63)
            longest = max(longest, form.count)
        }
        literals.append(literal)
    }

    /// The first literal that starts in `bytes[from..<to]`; it may end behind `to`, but not behind the end of `bytes`.
    func find(in bytes: [UInt8], from: Int, to: Int) -> (start: Int, form: Form)? {
        let last = min(to, bytes.count - 7)
        var position = from
        while position < last {
            let candidate = unsafe bytes.withUnsafeBytes { buffer -> Int in
                unsafe filter.withUnsafeBufferPointer { filter in
                    var index = position
                    while index < last {
                        let bit = Self.bit(unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                        if unsafe filter[bit >> 6] & (1 << UInt64(bit & 63)) != 0 { return index }
                        index += 1
                    }
                    return last
                }
            }
            guard candidate < last else { return nil }
            for form in forms[Self.head(bytes, at: candidate)] ?? [] where Self.matches(form.bytes, bytes, candidate) {
                return (candidate, form)
            }
            position = candidate + 1
        }
        return nil
    }

    private static func matches(_ form: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
        guard start + form.count <= bytes.count else { return false }
        return form.indices.allSatisfy { form[$0] == bytes[start + $0] }
    }

    private static func head(_ bytes: [UInt8], at start: Int) -> UInt64 {
        unsafe bytes.withUnsafeBytes { buffer in
            precondition(start >= 0 && start + 8 <= buffer.count)
            return unsafe buffer.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        }
    }

    private static func bit(_ head: UInt64) -> Int { Int((head &* 0x9E37_79B9_7F4A_7C15) >> 48) }
}
