import Packets

/// Rewrites names in handshake messages in place, each by one of the same length.
///
/// In certificates: host and person names in subjects, issuers and alternative names, and addresses. Their signatures,
/// by which names could be guessed and tried, become zero.
struct HandshakeNames {
    let names: PacketNames

    /// Whether messages of this type hold names, or what tells them.
    static func concerns(_ type: UInt8) -> Bool { type == 1 || type == 11 || type == 13 || type == 15 || type == 22 }

    /// - Parameter message: the whole message with its header.
    func rewrite(_ message: inout [UInt8]) {
        var bytes = message.mutableSpan
        let body = 4..<bytes.count
        switch bytes[0] {
        case 1: hello(&bytes, body)
        case 11: certificates(&bytes, body)
        case 13: authorities(&bytes, body)
        // A signature over all messages so far; a status that names the responder.
        case 15: if body.count > 4 { bytes.zero(body.dropFirst(4)) }
        default: bytes.zero(body.dropFirst(min(1, body.count)))
        }
    }

    /// Server names (RFC 6066 section 3) in a ClientHello.
    private func hello(_ bytes: inout MutableSpan<UInt8>, _ body: Range<Int>) {
        var offset = body.lowerBound + 34
        offset += 1 + Int(bytes.span.byte(at: offset) ?? 0)
        offset += 2 + Int(bytes.span.uint16(at: offset) ?? 0)
        offset += 1 + Int(bytes.span.byte(at: offset) ?? 0)
        offset += 2
        while let type = bytes.span.uint16(at: offset), let length = bytes.span.uint16(at: offset + 2) {
            let end = offset + 4 + Int(length)
            guard end <= body.upperBound else { return bytes.zero(min(offset + 4, body.upperBound)..<body.upperBound) }
            if type == 0, length > 5 { names.host(&bytes, offset + 9..<end) }
            offset = end
        }
    }

    private func certificates(_ bytes: inout MutableSpan<UInt8>, _ body: Range<Int>) {
        var offset = body.lowerBound + 3
        while offset + 3 <= body.upperBound, let word = bytes.span.uint32(at: offset - 1) {
            let start = offset + 3
            let end = start + Int(word & 0xFF_FFFF)
            guard end <= body.upperBound else { return bytes.zero(min(start, body.upperBound)..<body.upperBound) }
            DERNames(names: names).certificate(&bytes, start..<end)
            offset = end
        }
    }

    /// The list of names at the end of a CertificateRequest: behind one list of types, and since TLS 1.2 one of
    /// signature algorithms.
    private func authorities(_ bytes: inout MutableSpan<UInt8>, _ body: Range<Int>) {
        let types = body.lowerBound + 1 + Int(bytes.span.byte(at: body.lowerBound) ?? 0)
        let algorithms = types + 2 + Int(bytes.span.uint16(at: types) ?? 0)
        for start in [algorithms, types] {
            guard let length = bytes.span.uint16(at: start), start + 2 + Int(length) == body.upperBound else {
                continue
            }
            var offset = start + 2
            while let size = bytes.span.uint16(at: offset), offset + 2 + Int(size) <= body.upperBound {
                DERNames(names: names).name(&bytes, offset + 2..<offset + 2 + Int(size))
                offset += 2 + Int(size)
            }
            return
        }
        bytes.zero(min(types, body.upperBound)..<body.upperBound)
    }
}
