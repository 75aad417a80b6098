/// What was judged of the names in a text: the same few come again and again, and judging one takes long.
final class NameCache {
    private struct Slot {
        var hash: UInt64 = 0
        var strength: NameRule.Strength?
    }

    private static let size = 8_192

    private var slots: [Slot] = []
    private let seed = UInt64.random(in: .min ... .max) | 1

    /// The strength of a name under the rule of an index, by `judge` the first time.
    func strength(
        of name: UnsafeBufferPointer<UInt8>, keyword: Range<Int>, index: Int, place: RuleAnchor.Place,
        judge: ([UInt8]) -> NameRule.Strength?
    ) -> NameRule.Strength? {
        let salt = UInt64(index) << 24 | UInt64(keyword.lowerBound) << 10 | UInt64(keyword.upperBound) << 2
        let place: UInt64 =
            switch place {
            case .inside: 0
            case .end: 1
            case .whole: 2
            case .head: 3
            }
        let hash = unsafe Hashing.hash(name, seed: seed ^ ((salt | place) << 1)) | 1
        if slots.isEmpty { slots = [Slot](repeating: Slot(), count: Self.size) }
        let slot = Int(truncatingIfNeeded: hash >> 20) & (Self.size - 1)
        if slots[slot].hash == hash { return slots[slot].strength }
        let strength = unsafe judge(Array(name))
        slots[slot] = Slot(hash: hash, strength: strength)
        return strength
    }
}
