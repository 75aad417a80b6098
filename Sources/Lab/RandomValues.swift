/// New names and values for every run, so that nothing can be recognised by heart.
enum RandomValues {
    static let digits = Array("0123456789")
    static let hex = Array("0123456789abcdef")
    static let alphanumeric = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    /// Characters that look different in a URL, in JSON and in XML.
    static let awkward = Array("&<>\"+/%=")

    static func string(_ count: Int, of characters: [Character] = alphanumeric) -> String {
        String((0..<count).map { _ in characters[Int.random(in: 0..<characters.count)] })
    }

    /// A word that can be pronounced, 2 letters a syllable.
    static func word(syllables: Int = 3) -> String {
        let consonants = Array("bdfgklmnprstvz")
        let vowels = Array("aeiou")
        return (0..<syllables).map { _ in
            String([
                consonants[Int.random(in: 0..<consonants.count)],
                vowels[Int.random(in: 0..<vowels.count)],
            ])
        }.joined()
    }

    /// A password of letters and digits.
    static func password() -> String { "Pw" + string(18) }

    /// A password that needs escaping in every notation: letters, digits and all of ``awkward``.
    static func awkwardPassword() -> String {
        string(6) + String(awkward.shuffled()) + string(8)
    }

    /// A payment card number of a test range, 16 digits with a right Luhn check digit (ISO/IEC 7812-1).
    static func cardNumber() -> String {
        let body = "411111" + string(9, of: digits)
        var sum = 0
        for (index, character) in body.reversed().enumerated() {
            let digit = character.wholeNumberValue ?? 0
            let doubled = digit * 2
            sum += index.isMultiple(of: 2) ? (doubled > 9 ? doubled - 9 : doubled) : digit
        }
        return body + String((10 - sum % 10) % 10)
    }

    static func capitalized(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }
}
