/// Pseudonyms of the same length, for packets, where no byte may move.
///
/// Each part of a host's name starts with the digits of its pseudonym in text: `mp01.acme.com` is `023a.9454.com` in a
/// capture and `mp-023a36a02fae1e7d.dom-945441da1ce87434.com` in text.
struct FittedNames {
    let pseudonyms: Pseudonymizer

    /// A host name of the same length; names that tell nothing stay.
    func host(_ name: [UInt8]) -> [UInt8] {
        if name.starts(with: "*.".utf8) { return Array("*.".utf8) + host(Array(name.dropFirst(2))) }
        if name.last == .dot { return host(name.dropLast()) + [.dot] }
        let lower = name.map(\.lowercased).text
        let labels = lower.split(separator: ".", omittingEmptySubsequences: false)
        guard lower.utf8.count == name.count, labels.allSatisfy({ !$0.isEmpty }),
            !KnownNames.keeps(host: lower, labels: labels)
        else { return name }
        guard labels.count > 1 else { return filled(lower, .host) }
        let count = KnownNames.registeredLabels(labels)
        let registered = labels.suffix(count).joined(separator: ".")
        var domain = filled(registered, .domain)
        if let top = labels.last, KnownNames.isTopLevel(top) {
            domain = domain.dropLast(top.utf8.count) + Array(top.utf8)
        }
        var rest = labels.dropLast(count)
        var parts: [[UInt8]] = []
        if let first = rest.popFirst() { parts.append(filled(String(first), .host)) }
        if !rest.isEmpty { parts.append(filled(rest.joined(separator: "."), .subdomain)) }
        return Array((parts + [domain]).joined(separator: [.dot]))
    }

    /// The digits of a name in place of its letters, again and again; dots, and blanks between words, stay.
    func filled(_ name: String, _ kind: Pseudonymizer.Kind) -> [UInt8] {
        var digits: [UInt8] = []
        var round = 0
        return name.utf8.map { byte in
            guard byte != .dot, byte != .space else { return byte }
            if digits.isEmpty {
                digits = Array(pseudonyms.digits(kind, round == 0 ? name : "\(name)\u{0}\(round)").utf8)
                round += 1
            }
            return digits.removeFirst()
        }
    }

    /// A value of a certificate behind its mark (`CN=`, `DNS:`), which the strict pass would replace.
    func value(_ value: [UInt8]) -> [UInt8] {
        if let at = value.lastIndex(of: .at) {
            return filled(value[..<at].map(\.lowercased).text, .user) + [.at] + host(Array(value[(at + 1)...]))
        }
        if let mark = Window.over(value, { $0.findFolded("://", from: 0, to: value.count) }) {
            let first = mark + 3
            var end = first
            while end < value.count, WordBytes.holds(value[end]) { end += 1 }
            return value[..<first] + host(Array(value[first..<end])) + value[end...]
        }
        let isHost = value.allSatisfy { WordBytes.holds($0) || $0 == UInt8(ascii: "*") }
        return isHost ? host(value) : filled(StrictScanner.normalized(value.text).lowercased(), .user)
    }
}

extension Redactor {
    /// A host name for a packet, of the same length, at level `strict`; at others the name itself.
    public func fitted(host: [UInt8]) -> [UInt8] { pseudonyms.map { FittedNames(pseudonyms: $0).host(host) } ?? host }

    /// A certificate for a packet, of the same length, in which hosts and persons have other names and, if so, the
    /// signature is zero. At level `secrets`, or when there is nothing to replace, it is the certificate itself.
    ///
    /// - Returns: nil when the bytes can't be read as a certificate: then nothing of them may be shown.
    public func fitted(certificate der: [UInt8]) -> [UInt8]? {
        guard let pseudonyms else { return der }
        let names = FittedNames(pseudonyms: pseudonyms)
        let rewriter = CertificateRewriter(pseudonyms: pseudonyms) { [self] text in
            guard let pass = strictPass(.text) else { return text }
            var clean: [UInt8] = []
            pass.append(text[...], to: &clean)
            pass.finish(to: &clean)
            guard clean != text else { return text }
            let mark = text.firstIndex { $0 == .equals || $0 == .colon }.map {
                text[$0] == .equals || text[$0 + 1] != .slash ? $0 + 1 : 0
            }
            let start = mark ?? 0
            return text[..<start] + names.value(Array(text[start...]))
        }
        guard rewriter.isReadable(der) else { return nil }
        let result = rewriter.rewrite(der) ?? der
        return result.count == der.count ? result : nil
    }
}
