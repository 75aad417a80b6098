/// All labelled cases of a seed.
struct Labels {
    var dice: LabelDice

    init(seed: UInt64) {
        dice = LabelDice(seed: seed)
    }

    /// Every name of every kind in some notations, and every notation with every kind.
    mutating func named(perName: Int) -> [LabelledCase] {
        var cases: [LabelledCase] = []
        for kind in NamedKinds.all {
            var notations = NamedNotations.all.shuffled(using: &dice)
            for name in kind.names {
                var missing = perName
                var tries = 0
                while missing > 0, tries < 400 {
                    tries += 1
                    if notations.isEmpty { notations = NamedNotations.all.shuffled(using: &dice) }
                    let notation = notations.removeLast()
                    guard let one = notation.labelled(kind, name: name, value: kind.value(&dice)) else { continue }
                    cases.append(one)
                    missing -= 1
                }
            }
        }
        return cases
    }

    /// Every template of every kind in some notations.
    mutating func tokens(perTemplate: Int) -> [LabelledCase] {
        var cases: [LabelledCase] = []
        for kind in TokenKinds.all {
            for template in kind.templates {
                var missing = perTemplate
                var tries = 0
                while missing > 0, tries < 100 {
                    tries += 1
                    let notation = dice.pick(TokenNotations.all)
                    guard let one = notation.labelled(kind, name: "", value: dice.expand(template)) else { continue }
                    cases.append(one)
                    missing -= 1
                }
            }
        }
        return cases
    }

    mutating func lookAlikes(perTemplate: Int) -> [(id: String, text: String)] {
        LookAlikes.groups.flatMap { group in
            group.templates.flatMap { template in
                (0..<perTemplate).map { _ in (group.id, dice.expand(template)) }
            }
        }
    }

    /// A private key and what must be gone of it: each of its lines.
    mutating func privateKeys(perForm: Int) -> [(form: PrivateKeys.Form, text: String, lines: [String])] {
        PrivateKeys.forms.flatMap { form in
            (0..<perForm).map { _ in
                let label = dice.pick(PrivateKeys.labels)
                let (block, lines) = PrivateKeys.block(&dice, form: form, label: label)
                guard form.isBase64 else {
                    return (form, form.template.replacing("%K", with: block), lines)
                }
                let wrapped = Wrapped.base64(block)
                return (form, form.template.replacing("%K", with: wrapped), [wrapped])
            }
        }
    }
}
