/// What is wrong with the order and completeness of a chain that was sent.
enum CertificateChain {
    /// In words; empty when each certificate is issued by the one after it.
    static func problems(_ chain: [TLSConnection.Certificate]) -> [String] {
        var problems: [String] = []
        let names = chain.map { (DistinguishedName(text: $0.subject), DistinguishedName(text: $0.issuer)) }
        if chain.contains(where: { $0.serial.isEmpty }) { problems.append("a certificate cannot be read") }
        for index in chain.indices.dropLast() {
            guard let issuer = names[index].1, let next = names[index + 1].0, !issuer.matches(next) else { continue }
            let elsewhere = names.indices.first { $0 != index && names[$0].0?.matches(issuer) == true }
            if let elsewhere {
                problems.append(
                    "certificate \(index + 1) is issued by certificate \(elsewhere + 1), which is out of order")
            } else if names[index].0?.matches(issuer) != true {
                problems.append(
                    "gap: certificate \(index + 1) is issued by \(chain[index].issuer), which is not there")
            }
        }
        return problems
    }

    /// Whether the last certificate is its own issuer, so that nothing can be missing after it.
    static func endsInRoot(_ chain: [TLSConnection.Certificate]) -> Bool {
        guard let last = chain.last, let subject = DistinguishedName(text: last.subject),
            let issuer = DistinguishedName(text: last.issuer)
        else { return false }
        return subject.matches(issuer)
    }
}
