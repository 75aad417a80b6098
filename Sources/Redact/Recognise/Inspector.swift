/// Decides, at an anchor and within a window, where secrets lie. The recognisers are in extensions, one file each.
struct Inspector {
    let rules: RuleSet
    let window: Window
    let format: ContentFormat
    /// How many encodings deep this text lies.
    let depth: Int
    /// What was judged of names before.
    let names: NameCache

    var judge: ValueJudge { ValueJudge(rules: rules) }

    /// The secrets at an anchor of a rule that ends at `end`.
    func inspect(target: Int, end: Int) -> [Discovery] {
        let anchor = rules.targets[target]
        let index = anchor.rule
        let rule = rules.rules[index]
        let start = end - anchor.length
        switch rule.kind {
        case .name(let name): return named(start: start, end: end, rule: index, name: name, place: anchor.place)
        case .query: return queryValue(start: start, end: end, rule: index, isFirst: anchor.place == .whole)
        case .token(let token):
            return self.token(start: start, end: end, rule: index, pattern: anchor.pattern, token: token)
        case .der: return keyMaterial(start: start, end: end, rule: index)
        case .jwk: return webKey(start: start, end: end, rule: index)
        case .keyText: return printedKey(start: start, end: end, rule: index)
        case .keyMarkup: return markupKey(start: start, end: end, rule: index)
        case .clusterSecret: return clusterSecret(start: start, end: end, rule: index)
        case .pgpass: return passwordFileLine(start: start, end: end, rule: index)
        case .piped: return pipedPassword(start: start, end: end, rule: index)
        case .prose: return spokenPassword(start: start, end: end, rule: index)
        case .call: return calledCredentials(end: end, rule: index)
        case .sql: return statement(start: start, end: end, rule: index)
        case .pem: return pem(start: start, rule: index)
        case .jwt: return webToken(start: start, rule: index)
        case .basic: return basicCredentials(start: start, end: end, rule: index)
        case .bearer: return bearerToken(start: start, end: end, rule: index)
        case .userinfo: return userInfo(start: start, end: end, rule: index)
        case .command: return command(start: start, end: end, rule: index)
        case .entries: return markupEntry(start: start, end: end, rule: index)
        case .assertion: return assertion(start: start, end: end, rule: index)
        case .email: return email(start: start, end: end, rule: index)
        case .encoded, .card, .hexDump: return []
        }
    }

    /// Makes a discovery of a value, unless the value is harmless.
    func discover(
        _ extent: Extent, rule: Int, name: NameRule, strength: NameRule.Strength, quote: [UInt8] = []
    ) -> [Discovery] {
        guard extent.start < extent.end else { return [] }
        if Marker.length(in: window, at: extent.start) != nil { return [] }
        let value = extent.value(in: window)
        var name = name
        // Nobody encodes prose: what stands behind such a name in encoded text is a secret although it is all letters.
        if depth > 0, value.count >= 12 { name.allowsWords = true }
        if extent.isProse, isSentence(extent) { return [] }
        // What a marker stands for was judged before; it must not make a secret of what is beside it.
        guard
            !judge.isHarmless(Marker.rest(of: value) ?? value, rule: name, strength: strength, isProse: extent.isProse)
        else { return [] }
        let raw = window.slice(extent.start, extent.end)
        return [
            Discovery(
                start: extent.start, end: extent.end, rule: rule, value: value, isCertain: strength == .strong,
                alsoLearn: raw == value ? [] : [raw], quote: quote, swallow: extent.swallow)
        ]
    }
}
