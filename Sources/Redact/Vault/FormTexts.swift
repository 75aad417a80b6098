/// The texts of the forms that were last compared with: what begins like much else in a text, such as `self.`, is compared
/// at each of these places, and writing it anew each time takes far longer than the comparison.
/// Used by one at a time: it belongs to the index, which is behind the lock of the vault.
final class FormTexts: @unchecked Sendable {
    /// So many that all together take three mebibytes at most: a secret has 4 KiB, and no form is three times as long.
    private static let slotCount = 256

    private struct Slot {
        var key: UInt64
        var isForm = false
        var text: [UInt8] = []
    }

    private var slots = [Slot](repeating: Slot(key: .max), count: slotCount)

    /// Calls `body` with `value`, the literal's, in a form; nil if that is no form of its own.
    func withText<Result>(
        of literal: Int, _ form: LiteralForm, _ value: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result?
    ) -> Result? {
        let key = UInt64(literal) << 8 | UInt64(form.rawValue)
        let index = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 56)
        if slots[index].key != key {
            slots[index].isForm = unsafe form.write(value, into: &slots[index].text)
            slots[index].key = key
        }
        return slots[index].isForm ? unsafe slots[index].text.withUnsafeBufferPointer(body) : nil
    }
}
