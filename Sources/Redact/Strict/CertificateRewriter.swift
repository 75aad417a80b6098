/// Replaces the names of hosts and persons inside of a DER certificate or request (RFC 5280, RFC 2986), all lengths made
/// right again.
///
/// Serial, validity, keys, extensions and the names of authorities stay. The signature of what was changed no longer
/// fits, so it becomes zero: nobody shall take the result for the certificate itself.
struct CertificateRewriter {
    let pseudonyms: Pseudonymizer
    /// Replaces in a text, such as `CN=mp01.acme.com`.
    let text: ([UInt8]) -> [UInt8]

    private struct Element {
        let tag: UInt8
        let content: Range<Int>
        let end: Int
    }

    private static let deepest = 16

    /// The certificate with other names; nil if there is nothing to replace or the bytes are no DER of this kind.
    func rewrite(_ der: [UInt8]) -> [UInt8]? {
        guard let whole = element(der, 0, der.count), whole.tag == 0x30, whole.end == der.count,
            let parts = children(der, whole.content), parts.count == 3, parts[0].tag == 0x30, parts[2].tag == 0x03,
            // Zeros tell that this was done before; the addresses in it must not change again.
            der[parts[2].content].contains(where: { $0 != 0 }), let body = rebuild(der, parts[0], depth: 0)
        else { return nil }
        let old = der[whole.content.lowerBound..<parts[0].end]
        guard !body.elementsEqual(old) else { return nil }
        let signature = der[parts[2].content]
        let zeros = [signature.first ?? 0] + [UInt8](repeating: 0, count: max(0, signature.count - 1))
        return wrap(0x30, body + der[parts[0].end..<parts[1].end] + wrap(0x03, zeros))
    }

    /// Whether every element of the certificate can be read.
    func isReadable(_ der: [UInt8]) -> Bool {
        guard let whole = element(der, 0, der.count), whole.tag == 0x30, whole.end == der.count,
            let parts = children(der, whole.content), parts.count == 3, parts[0].tag == 0x30, parts[2].tag == 0x03
        else { return false }
        return rebuild(der, parts[0], depth: 0) != nil
    }

    /// True if the bytes are of the shape of a certificate or request.
    static func isCertificate(_ der: [UInt8]) -> Bool { der.count > 100 && der[0] == 0x30 && der[1] & 0x80 != 0 }

    private func rebuild(_ der: [UInt8], _ element: Element, depth: Int) -> [UInt8]? {
        guard depth < Self.deepest else { return nil }
        let content = Array(der[element.content])
        if element.tag & 0x20 != 0 {
            guard let parts = children(der, element.content) else { return nil }
            if let attribute = attribute(der, parts) { return wrap(element.tag, attribute) }
            var result: [UInt8] = []
            for part in parts {
                guard let new = rebuild(der, part, depth: depth + 1) else { return nil }
                result += new
            }
            return wrap(element.tag, result)
        }
        // An extension's value is DER of its own.
        if element.tag == 0x04, content.first == 0x30,
            let inner = self.element(der, element.content.lowerBound, element.end),
            inner.end == element.end, let new = rebuild(der, inner, depth: depth + 1)
        {
            return wrap(0x04, new)
        }
        return wrap(element.tag, generalName(element.tag, content))
    }

    /// `SEQUENCE { type, value }`, a part of a distinguished name.
    private func attribute(_ der: [UInt8], _ parts: [Element]) -> [UInt8]? {
        guard parts.count == 2, parts[0].tag == 0x06, [0x0C, 0x13, 0x14, 0x16].contains(parts[1].tag) else {
            return nil
        }
        let type: String
        switch Array(der[parts[0].content]) {
        case [0x55, 0x04, 0x03]: type = "CN="
        case [0x55, 0x04, 0x2A]: type = "givenName="
        case [0x55, 0x04, 0x04]: type = "surname="
        case [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01]: type = "emailAddress="
        case [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01]: type = "UID="
        default: return nil
        }
        let head = der[(parts[0].content.lowerBound - 2)..<parts[0].end]
        return head + wrap(parts[1].tag, replaced(Array(der[parts[1].content]), behind: type))
    }

    /// The alternatives of an alternative name; other elements that share their tags hold no such text.
    private func generalName(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let isText = !content.isEmpty && content.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        switch tag {
        case 0x81 where isText && content.contains(.at): return replaced(content, behind: "email:")
        case 0x82 where isText && content.contains(where: \.isLetter): return replaced(content, behind: "DNS:")
        case 0x86 where isText: return replaced(content, behind: "")
        case 0x87 where content.count == 4:
            let value = pseudonyms.ipv4(content.reduce(0) { $0 << 8 | UInt32($1) })
            return (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
        case 0x87 where content.count == 16:
            let value = pseudonyms.ipv6(content.reduce(0) { $0 << 8 | UInt128($1) })
            return (0..<16).map { UInt8(truncatingIfNeeded: value >> UInt128(120 - 8 * $0)) }
        default: return content
        }
    }

    private func replaced(_ value: [UInt8], behind mark: String) -> [UInt8] {
        let result = text(Array(mark.utf8) + value)
        return result.starts(with: mark.utf8) ? Array(result.dropFirst(mark.utf8.count)) : value
    }

    // MARK: - DER

    private func element(_ der: [UInt8], _ start: Int, _ limit: Int) -> Element? {
        guard start + 2 <= limit, der[start] & 0x1F != 0x1F else { return nil }
        var size = Int(der[start + 1])
        var position = start + 2
        if size & 0x80 != 0 {
            let count = size & 0x7F
            guard (1...3).contains(count), position + count <= limit else { return nil }
            size = der[position..<(position + count)].reduce(0) { $0 << 8 | Int($1) }
            position += count
        }
        guard position + size <= limit else { return nil }
        return Element(tag: der[start], content: position..<(position + size), end: position + size)
    }

    private func children(_ der: [UInt8], _ range: Range<Int>) -> [Element]? {
        var result: [Element] = []
        var position = range.lowerBound
        while position < range.upperBound {
            guard let next = element(der, position, range.upperBound) else { return nil }
            result.append(next)
            position = next.end
        }
        return result
    }

    private func wrap(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        let size = content.count
        let length: [UInt8] =
            size < 0x80
            ? [UInt8(size)]
            : size < 0x100
                ? [0x81, UInt8(size)]
                : size < 0x10000
                    ? [0x82, UInt8(size >> 8), UInt8(size & 255)]
                    : [0x83, UInt8(size >> 16), UInt8(size >> 8 & 255), UInt8(size & 255)]
        return [tag] + length + content
    }
}
