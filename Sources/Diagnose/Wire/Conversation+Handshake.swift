internal import Packets

/// The records and handshake messages that are sent in clear (RFC 5246 section 7.4, RFC 8446 section 4).
extension Conversation {
    static let maximumHandshake = 1 << 20

    /// Takes a record.
    /// - Returns: whether it may change how the handshake is judged.
    func take(
        _ header: RecordReader.Header, _ body: ByteView, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool,
        _ store: ByteStore
    ) -> Bool {
        let length = abs(header.length)
        switch header.type {
        case 20:
            state.note(.changeCipherSpec, 20, length, stamp, isFirst)
            self[isFirst].isEncrypted = true
            self[isFirst].handshake = []
        case 21: takeAlert(body, length, state, stamp, isFirst)
        case 22: takeHandshake(header, body, state, stamp, isFirst, store)
        case 23: takeHidden(length, state, stamp, isFirst)
        case RecordReader.Header.ssl2: takeSSL2(body, state, stamp, isFirst)
        default: state.note(.other, header.type, length, stamp, isFirst)
        }
        return true
    }

    private func takeAlert(
        _ body: ByteView, _ length: Int, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool
    ) {
        state.note(.alert, 21, length, stamp, isFirst)
        guard state.alerts.count < TLSState.maximumAlerts else { return }
        let isClear = length == 2 && body.count == 2
        state.alerts.append(
            TLSState.RawAlert(
                frame: stamp.number, isFirst: isFirst, level: isClear ? body[0] : 0, code: isClear ? body[1] : 0,
                isEncrypted: !isClear, isAfterEnd: isFinishedByBoth))
    }

    /// TLS 1.2 and before: both ends sent Finished.
    var isFinishedByBoth: Bool { first.isFinished && second.isFinished }

    private func takeHidden(_ length: Int, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool) {
        guard state.isTLS13 else {
            if !self[isFirst].sawApplicationData { state.note(.applicationData, 23, length, stamp, isFirst) }
            self[isFirst].sawApplicationData = true
            return
        }
        guard state.hidden.count < TLSState.maximumHidden else { return }
        state.hidden.append(TLSState.Hidden(frame: stamp.number, isFirst: isFirst, length: length))
        state.note(.encrypted, 23, length, stamp, isFirst)
    }

    private func takeSSL2(_ body: ByteView, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool) {
        guard !body.isEmpty else { return }
        state.sawSSL2 = true
        state.note(.ssl2, body[0], body.count - 1, stamp, isFirst)
        guard body[0] == 1 else {
            if clientIsFirst == nil { clientIsFirst = !isFirst }
            return
        }
        clientIsFirst = isFirst
        state.clientHello = state.clientHello ?? Hello(ssl2: body.array)
    }

    private func takeHandshake(
        _ header: RecordReader.Header, _ body: ByteView, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool,
        _ store: ByteStore
    ) {
        if self[isFirst].isEncrypted, !isHelloAfterRetry(body) || isFinishedByBoth {
            if isFinishedByBoth { state.laterHandshakes += 1 }
            state.note(.encrypted, 22, abs(header.length), stamp, isFirst)
            self[isFirst].isFinished = true
            return
        }
        guard header.length >= 0 else {
            self[isFirst].handshake = []
            return
        }
        if self[isFirst].handshake.isEmpty {
            let used = takeMessages(body, state, stamp, isFirst, store)
            if used < body.count, !self[isFirst].isEncrypted {
                body.slice(used, body.count).append(to: &self[isFirst].handshake)
            }
            return
        }
        // A long message comes in many records: only the one that makes it whole is looked through.
        body.append(to: &self[isFirst].handshake)
        guard let length = self[isFirst].handshake.uint32(at: 0).map({ Int($0 & 0xFF_FFFF) }),
            self[isFirst].handshake.count >= 4 + length || length > Conversation.maximumHandshake
        else { return }
        let held = self[isFirst].handshake
        self[isFirst].handshake = []
        ByteView.with(held) { view in
            let used = takeMessages(view, state, stamp, isFirst, store)
            if used < view.count, !self[isFirst].isEncrypted {
                view.slice(used, view.count).append(to: &self[isFirst].handshake)
            }
        }
    }

    /// Reads the whole messages.
    /// - Returns: how many bytes they have.
    private func takeMessages(
        _ view: ByteView, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool, _ store: ByteStore
    ) -> Int {
        var offset = 0
        while view.count - offset >= 4 {
            let word = view.uint32(at: offset)
            let type = UInt8(word >> 24)
            let length = Int(word & 0xFF_FFFF)
            // A type that is never in clear: encryption began before the capture did, or in what is missing.
            guard length <= Conversation.maximumHandshake, TLSNames.isHandshake(type) else {
                self[isFirst].isEncrypted = true
                self[isFirst].isFinished = true
                state.note(.encrypted, 22, view.count - offset, stamp, isFirst)
                return view.count
            }
            guard view.count - offset >= 4 + length else { break }
            state.note(.handshake, type, length, stamp, isFirst)
            read(type, view.slice(offset + 4, offset + 4 + length), state, stamp, isFirst, store)
            offset += 4 + length
        }
        return offset
    }

    /// After a HelloRetryRequest the second hellos are in clear, though a ChangeCipherSpec came before.
    private func isHelloAfterRetry(_ body: ByteView) -> Bool {
        guard body.count >= 6, body[0] == 1 || body[0] == 2 else { return false }
        return Int(body.uint32(at: 0) & 0xFF_FFFF) == body.count - 4 && body[4] == 3 && body[5] == 3
    }

    private func read(
        _ type: UInt8, _ body: ByteView, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool, _ store: ByteStore
    ) {
        switch type {
        case 1:
            clientIsFirst = isFirst
            state.clientHellos += 1
            // Of several the first counts, unless it was answered by a request for another.
            guard state.clientHello == nil || state.sawRetryRequest, let hello = Hello(body.array, isClient: true)
            else {
                return
            }
            state.clientHello = hello
        case 2, 6:
            if clientIsFirst == nil { clientIsFirst = !isFirst }
            guard let hello = Hello(body.array, isClient: false) else { return }
            if hello.isRetryRequest { state.sawRetryRequest = true }
            if state.serverHello == nil || state.serverHello?.isRetryRequest == true { state.serverHello = hello }
        case 11: takeCertificates(body, state, stamp, isFirst, store)
        case 12, 14:
            if clientIsFirst == nil { clientIsFirst = !isFirst }
            if type == 14 { state.sawServerHelloDone = true }
        case 13:
            if clientIsFirst == nil { clientIsFirst = !isFirst }
            guard state.request == nil else { return }
            state.request = (stamp.number, store.shared(body.array))
        case 16:
            if clientIsFirst == nil { clientIsFirst = isFirst }
        default: break
        }
    }

    private func takeCertificates(
        _ body: ByteView, _ state: TLSState, _ stamp: FrameStamp, _ isFirst: Bool, _ store: ByteStore
    ) {
        guard body.count >= 3 else { return }
        // Without any hello, an empty list can only be a client's.
        if clientIsFirst == nil, body.count == 3 { clientIsFirst = isFirst }
        let isClients = clientSide == isFirst
        if isClients {
            if state.clientCertificates == nil { state.clientCertificates = (stamp.number, store.shared(body.array)) }
        } else if state.serverCertificates == nil {
            state.serverCertificates = (stamp.number, store.shared(body.array))
        }
    }
}

extension SharedBytes {
    /// The certificates of a Certificate message, each in DER.
    var chain: [[UInt8]] {
        var cursor = ByteCursor(bytes)
        var list = ByteCursor(cursor.vector24() ?? [])
        var certificates: [[UInt8]] = []
        while certificates.count < 256, let certificate = list.vector24() { certificates.append(certificate) }
        return certificates
    }

    /// The certificate_authorities of a CertificateRequest (RFC 5246 section 7.4.4), each a DER name.
    /// - Parameter version: of the connection; nil when a capture that begins late does not tell it.
    func authorities(version: UInt16?) -> [[UInt8]]? {
        // TLS 1.2 has a list of signature algorithms before the names, TLS 1.1 has not.
        if let version { return authorities(hasAlgorithms: version >= 0x0303) }
        return authorities(hasAlgorithms: true) ?? authorities(hasAlgorithms: false)
    }

    private func authorities(hasAlgorithms: Bool) -> [[UInt8]]? {
        var cursor = ByteCursor(bytes)
        guard cursor.vector8() != nil else { return nil }
        if hasAlgorithms, cursor.vector16() == nil { return nil }
        guard let names = cursor.vector16(), cursor.isAtEnd else { return nil }
        var list = ByteCursor(names)
        var authorities: [[UInt8]] = []
        while authorities.count < 4_096, let name = list.vector16() { authorities.append(name) }
        return list.isAtEnd || authorities.count == 4_096 ? authorities : nil
    }
}
