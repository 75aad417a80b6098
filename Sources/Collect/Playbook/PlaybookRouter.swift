/// A playbook and why it is the one.
struct PlaybookChoice: Sendable {
    /// When several fit alike: the most general of them, with what the others ask for added.
    let playbook: Playbook
    let why: String
}

/// Finds the playbook for a failure.
///
/// What a text shows (log, trace, the client's answer) outweighs the error code, since one code covers many causes; of
/// equals the fault source decides, then the HTTP status. Where nothing decides, the lists of all are collected.
struct PlaybookRouter: Sendable {
    let catalog: PlaybookCatalog

    /// How well a playbook fits; the first number that differs decides.
    private struct Fit {
        let playbook: Playbook
        /// 2: texts that stand together; 1: one text; 0: none.
        var text = 0
        var signature: (title: String, place: Playbook.Place)?
        var code = 0
        var source = 0
        /// 1: it agrees; 0: it is not known; -1: it is another.
        var status = 0
        /// 0: the log was read, and shows none of what the playbook's failure writes there.
        var log = 1

        var rank: [Int] { [text, code, source, status, log] }
    }

    func choose(_ symptoms: Symptoms) throws(CollectError) -> PlaybookChoice {
        let guide = try catalog.required(PlaybookCatalog.fallbackID)
        var fits = catalog.playbooks.filter { $0.id != guide.id }.map { fit($0, symptoms) }
        let byStatus = fits
        fits = fits.filter { $0.text > 0 || $0.code > 0 }
        if fits.isEmpty { fits = Self.statusAlone(byStatus) }
        guard let best = fits.map(\.rank).max(by: { $0.lexicographicallyPrecedes($1) }) else {
            return PlaybookChoice(playbook: guide, why: nothing(symptoms, guide))
        }
        let equals = fits.filter { $0.rank == best }.sorted { a, b in
            (heirs(b.playbook), a.playbook.id) < (heirs(a.playbook), b.playbook.id)
        }
        let others = equals.dropFirst().map(\.playbook)
        var why = reason(equals[0], symptoms)
        if !others.isEmpty {
            let names = others.map(\.id).joined(separator: ", ")
            why += "; that fits \(names) as well, so what they ask for is collected too"
        }
        return PlaybookChoice(playbook: equals[0].playbook.union(with: others), why: why)
    }

    /// Playbooks that may be meant and have a signature about other requests to the same proxy.
    func nearbySignatures(_ symptoms: Symptoms) -> [Playbook.Signature] {
        catalog.playbooks.filter { fit($0, symptoms).code > 0 }.flatMap(\.signatures).filter(\.isNearby)
    }

    private func fit(_ playbook: Playbook, _ symptoms: Symptoms) -> Fit {
        var fit = Fit(playbook: playbook)
        for signature in playbook.signatures {
            guard let place = symptoms.place(of: signature) else { continue }
            let weight = signature.all.count > 1 ? 2 : 1
            if weight > fit.text { (fit.text, fit.signature) = (weight, (signature.title, place)) }
        }
        fit.code = playbook.errorCodes.map { Self.weight($0, symptoms) }.max() ?? 0
        if let known = playbook.faultSource, let seen = symptoms.faultSource { fit.source = known == seen ? 1 : -1 }
        if let seen = symptoms.httpStatus, !playbook.httpStatus.isEmpty {
            fit.status = playbook.httpStatus.contains(seen) ? 1 : -1
        }
        let writes = playbook.signatures.contains { $0.places.contains(.log) }
        if writes, fit.text == 0, symptoms.has(.log) { fit.log = 0 }
        return fit
    }

    /// How well an error code fits: the same fault is printed with different prefixes (`.flow.` dropped, `steps.`
    /// dropped), so that its end may do, but what is exact counts more.
    private static func weight(_ known: String, _ symptoms: Symptoms) -> Int {
        let isPrefix = known.hasSuffix(".*")
        if !isPrefix, known.contains("."), symptoms.mentions(known) { return 1000 }
        guard let seen = symptoms.faultCode else { return 0 }
        if isPrefix {
            if seen.hasPrefix(known.dropLast()) { return 100 + known.utf8.count }
            let end = known.drop { $0 != "." }.dropFirst()
            return end != "*" && seen.hasPrefix(end.dropLast()) ? 100 : 0
        }
        if seen == known { return 1000 }
        if known.hasSuffix("." + seen) || seen.hasSuffix("." + known) { return 900 }
        return known.contains(".") && known.split(separator: ".").last == seen.split(separator: ".").last ? 50 : 0
    }

    /// A status alone decides only where it is that of one playbook, or of one that has nothing else to be told by.
    private static func statusAlone(_ fits: [Fit]) -> [Fit] {
        let agreeing = fits.filter { $0.status > 0 }
        if agreeing.count == 1 { return agreeing }
        let plain = agreeing.filter { $0.playbook.errorCodes.isEmpty && $0.playbook.signatures.isEmpty }
        return plain.count == 1 ? plain : []
    }

    /// How many playbooks extend it: the more, the more general it is.
    private func heirs(_ playbook: Playbook) -> Int {
        catalog.playbooks.reduce(0) { $0 + ($1.extends == playbook.id ? 1 : 0) }
    }

    private func reason(_ fit: Fit, _ symptoms: Symptoms) -> String {
        var reasons: [String] = []
        if let signature = fit.signature {
            let place =
                switch signature.place {
                case .log: "the log"
                case .response: "the text given"
                case .trace: "the trace"
                }
            reasons.append("\(place) shows that \(signature.title)")
        }
        if fit.code > 0 {
            let named = fit.playbook.errorCodes.first { symptoms.mentions($0) } ?? symptoms.faultCode ?? ""
            reasons.append("the error code is \(named)")
        }
        if fit.source > 0, let source = symptoms.faultSource { reasons.append("the fault source is \(source)") }
        if fit.status > 0, let status = symptoms.httpStatus { reasons.append("the HTTP status is \(status)") }
        return reasons.joined(separator: ", ")
    }

    private func nothing(_ symptoms: Symptoms, _ guide: Playbook) -> String {
        let end = "the official guide's list for 4xx and 5xx errors is collected"
        if let signature = guide.signatures.first(where: { symptoms.place(of: $0) != nil }) {
            return "it shows that \(signature.title), which has no playbook of its own: \(end)"
        }
        if let status = symptoms.httpStatus {
            return "the HTTP status \(status) alone names no playbook, so \(end)"
        }
        return "no known failure was found, so \(end)"
    }
}
