/// Random numbers from a seed (Steele, Lea and Flood's SplitMix), so that a failure can be made again.
struct LabelDice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[number(0...(list.count - 1))] }

    private static let digits = "0123456789"
    private static let lower = "abcdefghijklmnopqrstuvwxyz"
    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    /// The alphabets of ``expand(_:)`` by their letters.
    private static let alphabets: [Character: [Character]] = [
        "n": Array(digits), "l": Array(lower), "U": Array(upper), "a": Array(digits + lower),
        "A": Array(digits + upper), "w": Array(digits + lower + upper), "u": Array(digits + lower + upper + "-_"),
        "b": Array(digits + lower + upper + "+/"), "x": Array(digits + "abcdef"), "X": Array(digits + "ABCDEF"),
        "p": Array(digits + lower + upper + "!#%+,-.:=?@^_~*"), "c": Array(digits + lower + upper + "./"),
        "h": Array("234567" + upper), "q": Array("234567" + lower), "L": Array(lower + upper),
    ]

    /// Fills the holes of a template: `‹w20›` is twenty, `‹w8-12›` eight to twelve letters and digits.
    mutating func expand(_ template: String) -> String {
        var result = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "‹"), let close = rest[open...].firstIndex(of: "›") {
            result += rest[..<open]
            let hole = rest[rest.index(after: open)..<close]
            let bounds = hole.dropFirst().split(separator: "-").compactMap { Int($0) }
            let alphabet = Self.alphabets[hole.first ?? "w"] ?? []
            for _ in 0..<number(bounds[0]...(bounds.last ?? 0)) { result.append(pick(alphabet)) }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    mutating func uuid() -> String { expand("‹x8›-‹x4›-4‹x3›-a‹x3›-‹x12›") }
}
