internal import Packets

/// What the records of a connection told.
final class TLSState {
    /// An entry of the order of things, by direction; sides are told apart only at the end.
    struct Note {
        enum Kind: UInt8 { case handshake, changeCipherSpec, alert, applicationData, encrypted, ssl2, other }

        let frame: UInt32
        let nanoseconds: Int32
        let seconds: Int64
        let length: Int32
        let kind: Kind
        /// The type of handshake message or record.
        let code: UInt8
        let isFirst: Bool
    }

    struct RawAlert {
        let frame: Int
        let isFirst: Bool
        let level: UInt8
        let code: UInt8
        let isEncrypted: Bool
        /// The handshake was over, as far as that could be seen.
        let isAfterEnd: Bool
    }

    /// A record of TLS 1.3 that hides what it is.
    struct Hidden {
        let frame: Int
        let isFirst: Bool
        let length: Int
    }

    static let maximumNotes = 4_096
    static let maximumAlerts = 64
    static let maximumHidden = 32

    var notes: [Note] = []
    var leftOutNotes = 0
    var alerts: [RawAlert] = []
    var clientHello: Hello?
    var serverHello: Hello?
    /// Client Hellos in clear.
    var clientHellos = 0
    var sawRetryRequest = false
    var serverCertificates: (frame: Int, message: SharedBytes)?
    var clientCertificates: (frame: Int, message: SharedBytes)?
    var request: (frame: Int, message: SharedBytes)?
    var sawServerHelloDone = false
    var sawSSL2 = false
    /// Encrypted handshake records after both ends had finished: a renegotiation, or tickets of TLS 1.3.
    var laterHandshakes = 0
    var hidden: [Hidden] = []

    var isTLS13: Bool {
        guard let version = serverHello?.version else { return false }
        return version == 0x0304 || version >> 8 == 0x7F
    }

    /// Bytes that are held, about; what is shared with other connections is counted by its owner.
    var footprint: Int {
        448 + notes.count * 24 + alerts.count * 32 + hidden.count * 24 + (clientHello?.footprint ?? 0)
            + (serverHello?.footprint ?? 0)
    }

    var shared: [SharedBytes] {
        [serverCertificates?.message, clientCertificates?.message, request?.message].compactMap(\.self)
    }

    func note(_ kind: Note.Kind, _ code: UInt8, _ length: Int, _ stamp: FrameStamp, _ isFirst: Bool) {
        guard notes.count < TLSState.maximumNotes else {
            leftOutNotes += 1
            return
        }
        notes.append(
            Note(
                frame: UInt32(truncatingIfNeeded: stamp.number), nanoseconds: stamp.time.nanoseconds,
                seconds: stamp.time.seconds, length: Int32(truncatingIfNeeded: length), kind: kind, code: code,
                isFirst: isFirst))
    }
}

/// Bytes that many connections have in common, such as a server's chain, kept once.
final class SharedBytes {
    let bytes: [UInt8]
    /// What was read from them, once it was asked for.
    var certificates: [TLSConnection.Certificate]?
    var authorities: [String]?
    var problems: [String]?

    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// Keeps shared bytes.
final class ByteStore {
    /// Bytes with their hash: an array would be hashed byte by byte, and again whenever the store is cleared.
    private struct Key: Hashable {
        let bytes: [UInt8]
        let digest: Int

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            var hasher = Hasher()
            unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
            digest = hasher.finalize()
        }

        func hash(into hasher: inout Hasher) { hasher.combine(digest) }
        static func == (a: Key, b: Key) -> Bool { a.digest == b.digest && a.bytes == b.bytes }
    }

    private var known: [Key: SharedBytes] = [:]
    private(set) var bytes = 0

    func shared(_ bytes: [UInt8]) -> SharedBytes {
        let key = Key(bytes)
        if let shared = known[key] { return shared }
        let shared = SharedBytes(bytes)
        known[key] = shared
        count(shared)
        return shared
    }

    /// Lets everything go that the connections which are left do not use.
    func keep(_ used: some Sequence<SharedBytes>) {
        let identities = Set(used.map(ObjectIdentifier.init))
        known = known.filter { identities.contains(ObjectIdentifier($0.value)) }
        bytes = 0
        for shared in known.values { count(shared) }
    }

    /// What is read from them later, names and dates, takes about as much again.
    private func count(_ shared: SharedBytes) { bytes += 2 * shared.bytes.count + 256 }
}
