import Packets

/// Follows the fields of a ClientHello or ServerHello (RFC 8446 section 4.1), whatever the pieces, and zeroes what does
/// not tell what the two ends offer and choose: tickets, keys, the contents of extensions that are not listed in `Body`.
///
/// Lengths and types of all extensions stay, so that what a client is can still be told (JA3, JA4).
struct HelloWalker {
    private enum Field {
        case version, random
        case sessionLength, session
        case suitesLength, suites
        case compressionLength, compression
        case extensionsLength
        case extensionType, extensionLength, extensionBody
        /// Behind the end, or no hello at all: nothing more stays.
        case broken
    }

    /// What stays of the contents of an extension.
    private enum Body {
        /// So many bytes at its beginning.
        case first(Int)
        /// Numbers of two bytes, behind so many others.
        case identifiers(after: Int)
        case serverName
        case protocols
        case keyShares
    }

    private let isClient: Bool
    private var field = Field.version
    /// Bytes of the field that are still to come, and that were taken.
    private var remaining = 2
    private var position = 0
    private var number = 0
    private var extensionsRemaining = 0
    private var body = Body.first(0)
    private var isSecret = false
    /// Of protocols and key shares: bytes of the part at hand that are still to come.
    private var partRemaining = 0
    private var partStays = true
    private var previous: UInt8 = 0

    /// Bytes of tickets and the like.
    private(set) var secretBytes = 0

    init(isClient: Bool) { self.isClient = isClient }

    /// Takes the next bytes of the message.
    mutating func filter(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let end = index + min(range.upperBound - index, remaining)
            switch field {
            case .version, .random, .session: break
            case .sessionLength, .suitesLength, .compressionLength, .extensionsLength, .extensionType,
                .extensionLength:
                for place in index..<end { number = number << 8 | Int(bytes[place]) }
            case .suites: identifiers(&bytes, index..<end, after: 0)
            case .compression: first(8, &bytes, index..<end)
            case .extensionBody: takeBody(&bytes, index..<end)
            case .broken: bytes.zero(index..<end)
            }
            position += end - index
            remaining -= end - index
            index = end
            while remaining == 0 { advance() }
        }
    }

    private mutating func advance() {
        let value = number
        switch field {
        case .version: enter(.random, 32)
        case .random: enter(.sessionLength, 1)
        case .sessionLength: if value <= 32 { enter(.session, value) } else { enter(.broken, .max) }
        case .session: if isClient { enter(.suitesLength, 2) } else { enter(.suites, 2) }
        case .suitesLength: enter(.suites, value)
        case .suites: if isClient { enter(.compressionLength, 1) } else { enter(.compression, 1) }
        case .compressionLength: enter(.compression, value)
        case .compression: enter(.extensionsLength, 2)
        case .extensionsLength:
            extensionsRemaining = value
            beginExtension()
        case .extensionBody: beginExtension()
        case .extensionType:
            isSecret = HelloWalker.isSecret(value)
            body = kindOfBody(value)
            enter(.extensionLength, 2)
        case .extensionLength:
            extensionsRemaining -= 4 + value
            partRemaining = 0
            if extensionsRemaining >= 0 { enter(.extensionBody, value) } else { enter(.broken, .max) }
        case .broken: enter(.broken, .max)
        }
    }

    private mutating func beginExtension() {
        if extensionsRemaining >= 4 { enter(.extensionType, 2) } else { enter(.broken, .max) }
    }

    private mutating func enter(_ next: Field, _ length: Int) {
        field = next
        remaining = length
        position = 0
        number = 0
    }

    /// srp (a user name), session_ticket, pre_shared_key, cookie: bearer material of the one or the other side.
    private static func isSecret(_ type: Int) -> Bool { type == 12 || type == 35 || type == 41 || type == 44 }

    /// By the registry of TLS extensions. Not listed are also those that hold random or signed bytes alone.
    private func kindOfBody(_ type: Int) -> Body {
        switch type {
        case 0: .serverName
        // supported_groups, signature_algorithms, delegated_credentials, signature_algorithms_cert
        case 10, 13, 34, 50: .identifiers(after: 0)
        // compress_certificate, supported_versions
        case 27: .identifiers(after: 1)
        case 43: .identifiers(after: isClient ? 1 : 0)
        case 16: .protocols
        case 51: .keyShares
        // ec_point_formats, psk_key_exchange_modes
        case 11, 45: .first(8)
        case 5: .first(5)
        // record_size_limit; the number of the key that the server takes
        case 28: .first(2)
        case 41: .first(isClient ? 0 : 2)
        // max_fragment_length, heartbeat, renegotiation_info: its length
        case 1, 15, 0xFF01: .first(1)
        // certificate_authorities: the same names as in a CertificateRequest
        case 47: .first(.max)
        default: .first(0)
        }
    }

    private mutating func takeBody(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        if isSecret { secretBytes += range.count }
        switch body {
        case .first(let count): first(count, &bytes, range)
        case .identifiers(let start): identifiers(&bytes, range, after: start)
        case .serverName: serverName(&bytes, range)
        case .protocols: protocols(&bytes, range)
        case .keyShares: keyShares(&bytes, range)
        }
    }

    private func first(_ count: Int, _ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        let kept = max(0, count - position)
        if kept < range.count { bytes.zero(range.lowerBound + kept..<range.upperBound) }
    }

    /// Numbers of cipher suites, groups and the like: none is registered that reads as two letters, but for those of
    /// GREASE (RFC 8701). So a list is no place for text.
    private mutating func identifiers(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, after start: Int) {
        for index in range {
            let place = position + index - range.lowerBound - start
            let byte = bytes[index]
            if place & 1 == 0 {
                previous = byte
            } else if HelloWalker.isText(previous), HelloWalker.isText(byte),
                previous != byte || byte & 0x0F != 0x0A
            {
                bytes[index] = 0
            }
        }
    }

    private static func isText(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    /// RFC 6066 section 3. What is no host name becomes zero from there on.
    private mutating func serverName(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        if position == 0 { partStays = remaining <= 5 + 255 }
        for index in range {
            let place = position + index - range.lowerBound
            if place == 2, bytes[index] != 0 { partStays = false }
            if place >= 5, !HelloWalker.isText(bytes[index]) { partStays = false }
            if !partStays { bytes[index] = 0 }
        }
    }

    /// RFC 7301. No protocol that is registered has a name of more than 18 bytes.
    private mutating func protocols(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        for index in range where position + index - range.lowerBound >= 2 {
            if partRemaining == 0 {
                partRemaining = Int(bytes[index])
                partStays = partRemaining <= 20
            } else {
                partRemaining -= 1
                if !partStays { bytes[index] = 0 }
            }
        }
    }

    /// RFC 8446 section 4.2.8: the group of each share and the length of its key.
    private mutating func keyShares(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        let start = isClient ? 2 : 0
        var index = range.lowerBound + min(range.count, max(0, start - position))
        while index < range.upperBound {
            if partRemaining > 0 {
                let end = min(range.upperBound, index + partRemaining)
                bytes.zero(index..<end)
                partRemaining -= end - index
                index = end
                continue
            }
            // A mark before the four bytes of the header of a share tells when they are there.
            number = (number == 0 ? 1 : number) << 8 | Int(bytes[index])
            index += 1
            if number >> 32 == 1 {
                partRemaining = number & 0xFFFF
                number = 0
            }
        }
    }
}
