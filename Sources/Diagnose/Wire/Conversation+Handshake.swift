internal import Packets

/// The handshake messages that are sent in clear (RFC 5246 section 7.4).
extension Conversation {
    func read(_ type: UInt8, _ body: [UInt8], _ frame: CapturedFrame, isFirst: Bool) {
        switch type {
        case 1:
            clientIsFirst = isFirst
            clientHello = Hello(body, isClient: true) ?? clientHello
        case 2:
            if clientIsFirst == nil { clientIsFirst = !isFirst }
            guard let hello = Hello(body, isClient: false) else { return }
            if serverHello == nil || !hello.isRetryRequest { serverHello = hello }
        case 11:
            takeCertificates(body, frame, isFirst: isFirst)
        case 12, 14:
            if clientIsFirst == nil { clientIsFirst = !isFirst }
        case 13:
            if clientIsFirst == nil { clientIsFirst = !isFirst }
            guard request == nil, let authorities = authorities(in: body) else { return }
            request = (frame.number, authorities)
            certificateBytes += body.count
        case 16:
            if clientIsFirst == nil { clientIsFirst = isFirst }
        default:
            break
        }
    }

    private func takeCertificates(_ body: [UInt8], _ frame: CapturedFrame, isFirst: Bool) {
        var cursor = ByteCursor(body)
        guard let entries = cursor.vector24() else { return }
        var list = ByteCursor(entries)
        var certificates: [[UInt8]] = []
        while certificates.count < 32, let certificate = list.vector24() { certificates.append(certificate) }
        // Without any hello, an empty list can only be a client's.
        if clientIsFirst == nil, certificates.isEmpty { clientIsFirst = isFirst }
        if clientIsFirst == isFirst {
            guard clientCertificates == nil else { return }
            clientCertificates = (frame.number, certificates)
        } else {
            guard serverCertificates.isEmpty else { return }
            serverCertificates = certificates
        }
        certificateBytes += body.count
    }

    /// The certificate_authorities of a CertificateRequest (RFC 5246 section 7.4.4), each a DER name.
    private func authorities(in body: [UInt8]) -> [[UInt8]]? {
        // TLS 1.2 has a list of signature algorithms before the names, TLS 1.1 has not. A capture that begins late
        // does not tell the version: then the reading that fills the message counts.
        let readings = [true, false].compactMap { Conversation.authorities(in: body, hasAlgorithms: $0) }
        if let version = serverHello?.version {
            return Conversation.authorities(in: body, hasAlgorithms: version >= 0x0303)
        }
        return readings.first
    }

    private static func authorities(in body: [UInt8], hasAlgorithms: Bool) -> [[UInt8]]? {
        var cursor = ByteCursor(body)
        guard cursor.vector8() != nil else { return nil }
        if hasAlgorithms, cursor.vector16() == nil { return nil }
        guard let names = cursor.vector16(), cursor.isAtEnd else { return nil }
        var list = ByteCursor(names)
        var authorities: [[UInt8]] = []
        while authorities.count < 2_048, let name = list.vector16() { authorities.append(name) }
        return list.isAtEnd || authorities.count == 2_048 ? authorities : nil
    }
}
