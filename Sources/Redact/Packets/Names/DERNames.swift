import Packets

/// Rewrites names inside of DER (X.690) in place. What does not parse becomes zero.
struct DERNames {
    let names: PacketNames

    private struct Element {
        let tag: UInt8
        let content: Range<Int>
    }

    private static let deepest = 16

    /// A certificate (RFC 5280). Its signature becomes zero.
    func certificate(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        guard let whole = element(bytes.span, range), whole.tag == 0x30, whole.content.upperBound == range.upperBound,
            let parts = children(bytes.span, whole.content), parts.count == 3, parts[2].tag == 0x03
        else { return bytes.zero(range) }
        rewrite(&bytes, parts[0], depth: 0)
        bytes.zero(parts[2].content.dropFirst(1))
    }

    /// A distinguished name.
    func name(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        guard let whole = element(bytes.span, range), whole.content.upperBound == range.upperBound else {
            return bytes.zero(range)
        }
        rewrite(&bytes, whole, depth: 0)
    }

    private func rewrite(_ bytes: inout MutableSpan<UInt8>, _ element: Element, depth: Int) {
        guard depth < DERNames.deepest else { return bytes.zero(element.content) }
        if element.tag & 0x20 != 0 {
            guard let parts = children(bytes.span, element.content) else { return bytes.zero(element.content) }
            if parts.count == 2, parts[0].tag == 0x06, [0x0C, 0x13, 0x14, 0x16, 0x1E].contains(parts[1].tag) {
                return attribute(&bytes, parts[0], parts[1])
            }
            for part in parts { rewrite(&bytes, part, depth: depth + 1) }
        } else if element.tag == 0x04, let inner = self.element(bytes.span, element.content), inner.tag == 0x30,
            inner.content.upperBound == element.content.upperBound
        {
            // An extension's value is DER of its own.
            rewrite(&bytes, inner, depth: depth + 1)
        } else {
            alternative(&bytes, element)
        }
    }

    private func attribute(_ bytes: inout MutableSpan<UInt8>, _ type: Element, _ value: Element) {
        let old = value.content.map { bytes[$0] }
        let text = String(decoding: old, as: UTF8.self)
        let new: String
        switch type.content.map({ bytes[$0] }) {
        case [0x55, 0x04, 0x03] where value.tag != 0x1E: new = names.pseudonyms.captured(commonName: text)
        // Given name, surname, e-mail address, user id; common names of two bytes a letter.
        case [0x55, 0x04, 0x03], [0x55, 0x04, 0x2A], [0x55, 0x04, 0x04],
            [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01],
            [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01]:
            new = names.pseudonyms.captured(person: text)
        default: return
        }
        put(&bytes, new, value.content)
    }

    /// The alternatives of an alternative name (RFC 5280 section 4.2.1.6); other elements that share their tags hold no
    /// such text.
    private func alternative(_ bytes: inout MutableSpan<UInt8>, _ element: Element) {
        let content = element.content
        let text = content.map { bytes[$0] }
        guard !text.isEmpty else { return }
        let isText = text.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        switch element.tag {
        case 0x81 where isText && text.contains(UInt8(ascii: "@")):
            put(&bytes, names.pseudonyms.captured(person: String(decoding: text, as: UTF8.self)), content)
        case 0x82 where isText: names.host(&bytes, content)
        case 0x86 where isText:
            guard let colon = text.firstIndex(of: UInt8(ascii: ":")), text[(colon + 1)...].starts(with: [0x2F, 0x2F])
            else { return bytes.zero(content) }
            let start = content.lowerBound + colon + 3
            let end = (start..<content.upperBound).first { [0x2F, 0x3A].contains(bytes[$0]) } ?? content.upperBound
            names.host(&bytes, start..<end)
        case 0x87 where text.count == 4: names.ipv4(&bytes, at: content.lowerBound)
        case 0x87 where text.count == 16: names.ipv6(&bytes, at: content.lowerBound)
        default: return
        }
    }

    private func put(_ bytes: inout MutableSpan<UInt8>, _ text: String, _ range: Range<Int>) {
        let new = Array(text.utf8)
        guard new.count == range.count else { return bytes.zero(range) }
        for (index, byte) in zip(range, new) { bytes[index] = byte }
    }

    private func element(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Element? {
        guard range.count >= 2, bytes[range.lowerBound] & 0x1F != 0x1F else { return nil }
        var size = Int(bytes[range.lowerBound + 1])
        var start = range.lowerBound + 2
        if size & 0x80 != 0 {
            let count = size & 0x7F
            guard (1...3).contains(count), start + count <= range.upperBound else { return nil }
            size = (start..<start + count).reduce(0) { $0 << 8 | Int(bytes[$1]) }
            start += count
        }
        guard size <= range.upperBound - start else { return nil }
        return Element(tag: bytes[range.lowerBound], content: start..<start + size)
    }

    private func children(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [Element]? {
        var result: [Element] = []
        var position = range.lowerBound
        while position < range.upperBound {
            guard let next = element(bytes, position..<range.upperBound) else { return nil }
            result.append(next)
            position = next.content.upperBound
        }
        return result
    }
}
