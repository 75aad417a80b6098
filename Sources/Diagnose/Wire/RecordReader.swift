internal import Packets

/// Cuts one direction of a TCP stream into TLS records (RFC 8446 section 5.1), in place where a record lies in one
/// segment. The bodies of application data are passed over.
struct RecordReader {
    struct Header {
        /// 20 to 24; `ssl2` for a message of SSL 2.0.
        var type: UInt8
        var version: UInt16
        var length: Int

        static let ssl2: UInt8 = 0x80
        /// Application data is of no use, whatever its length.
        var keepsBody: Bool { type != 23 && length <= TLSRecordCheck.maximumRecordLength + 16 }
    }

    enum Step {
        /// A record whose body lies in the segment; empty for application data.
        case record(Header, ByteView)
        /// A record that came in pieces: its body is taken with `takeHeld`.
        case heldRecord(Header)
        /// The bytes are used up.
        case needsMore
        /// No record begins here.
        case foreign
    }

    private enum State: UInt8 {
        /// Nothing was read yet.
        case fresh
        case synchronised
        /// Somewhere in the stream: a record is looked for at the start of each segment.
        case lost
    }

    private var state = State.fresh
    private var headerCount = 0
    private var headerBytes: (UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0)
    private var header = Header(type: 0, version: 0, length: 0)
    /// Bytes of the body that are still to come.
    private var remaining = 0
    private var isDamaged = false
    private(set) var held: [UInt8] = []
    private(set) var sawRecord = false

    /// Bytes are missing. Where they are wholly inside of a record, the place of the next one is still known.
    mutating func lose(_ count: Int) {
        if state == .synchronised, remaining > 0, count <= remaining, headerCount == 0 {
            remaining -= count
            isDamaged = true
            held = []
            if remaining == 0 { isDamaged = false }
            return
        }
        reset()
    }

    private mutating func reset() {
        state = .lost
        headerCount = 0
        remaining = 0
        isDamaged = false
        held = []
    }

    /// Forgets what waits to become whole.
    mutating func shed() { if !held.isEmpty { reset() } }

    mutating func takeHeld() -> [UInt8] {
        defer { held = [] }
        return held
    }

    /// Reads on from `offset`, up to the end of the next record.
    /// - Parameters:
    ///   - atStart: nothing of the stream came before `view`.
    ///   - trust: how much speaks for TLS, where a record is looked for in the middle of the stream.
    mutating func step(_ view: ByteView, _ offset: inout Int, atStart: Bool, trust: RecordShape.Trust) -> Step {
        if remaining > 0 { return readBody(view, &offset) }
        if headerCount == 0 {
            switch state {
            case .synchronised: break
            case .fresh where atStart: break
            case .fresh, .lost:
                guard offset == 0, RecordShape.begins(view, trust) else {
                    state = .lost
                    offset = view.count
                    return .foreign
                }
                state = .synchronised
            }
            if view.count - offset >= 5 {
                let start = offset
                guard
                    let read = parse(
                        view[start], view[start + 1], view[start + 2], view[start + 3], view[start + 4])
                else { return foreign(view, &offset) }
                header = read
                offset += read.type == Header.ssl2 ? 2 : 5
                return begin(view, &offset)
            }
        }
        return gatherHeader(view, &offset)
    }

    private mutating func foreign(_ view: ByteView, _ offset: inout Int) -> Step {
        reset()
        offset = view.count
        return .foreign
    }

    private mutating func gatherHeader(_ view: ByteView, _ offset: inout Int) -> Step {
        while headerCount < 5, offset < view.count {
            let byte = view[offset]
            switch headerCount {
            case 0: headerBytes.0 = byte
            case 1: headerBytes.1 = byte
            case 2: headerBytes.2 = byte
            case 3: headerBytes.3 = byte
            default: headerBytes.4 = byte
            }
            headerCount += 1
            offset += 1
        }
        guard headerCount == 5 else {
            // Text is told from a record by its first byte already.
            if state == .fresh, headerBytes.0 < 0x80, !(20...24).contains(headerBytes.0) {
                return foreign(view, &offset)
            }
            return .needsMore
        }
        headerCount = 0
        guard let read = parse(headerBytes.0, headerBytes.1, headerBytes.2, headerBytes.3, headerBytes.4) else {
            return foreign(view, &offset)
        }
        header = read
        if read.type == Header.ssl2 {
            held = [headerBytes.2, headerBytes.3, headerBytes.4]
            remaining = read.length - 3
            state = .synchronised
            return readBody(view, &offset)
        }
        return begin(view, &offset)
    }

    private func parse(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ e: UInt8) -> Header? {
        if (20...24).contains(a), b == 3, c <= 4 {
            let length = Int(d) << 8 | Int(e)
            guard length <= TLSRecordCheck.maximumRecordLength else { return nil }
            return Header(type: a, version: UInt16(b) << 8 | UInt16(c), length: length)
        }
        // SSL 2.0: a length of 15 bits, then a hello; later versions were once begun with it as well.
        guard state == .fresh, a >= 0x80, c == 1 || c == 4 else { return nil }
        let length = Int(a & 0x7F) << 8 | Int(b)
        let isHello = c == 1 && (d == 0 && e == 2 || d == 3 && e <= 4) || c == 4 && d <= 1
        return isHello && length >= 9 ? Header(type: Header.ssl2, version: 2, length: length) : nil
    }

    private mutating func begin(_ view: ByteView, _ offset: inout Int) -> Step {
        state = .synchronised
        let available = view.count - offset
        if header.length <= available {
            let start = offset
            offset += header.length
            sawRecord = true
            return .record(header, header.keepsBody ? view.slice(start, offset) : view.slice(0, 0))
        }
        remaining = header.length
        isDamaged = false
        return readBody(view, &offset)
    }

    private mutating func readBody(_ view: ByteView, _ offset: inout Int) -> Step {
        let taken = min(remaining, view.count - offset)
        if header.keepsBody, !isDamaged { view.slice(offset, offset + taken).append(to: &held) }
        offset += taken
        remaining -= taken
        guard remaining == 0 else { return .needsMore }
        sawRecord = true
        if isDamaged {
            isDamaged = false
            held = []
            // What it held is not known, only that it was there.
            return .record(Header(type: header.type, version: header.version, length: -header.length), view.slice(0, 0))
        }
        return .heldRecord(header)
    }
}

/// Whether bytes in the middle of a stream begin a TLS record.
enum RecordShape {
    enum Trust {
        /// The stream began with something else: only a hello counts, as after STARTTLS or CONNECT.
        case low
        /// The beginning was not captured.
        case some
        /// TLS records were seen in this connection.
        case high
    }

    static func begins(_ view: ByteView, _ trust: Trust) -> Bool {
        // The very first bytes may come one by one.
        if view.count < 6, trust == .some { return isBeginning(view) }
        guard view.count >= 6, view[1] == 3, view[2] <= 4 else { return false }
        let length = Int(view.uint16(at: 3))
        guard length > 0, length <= TLSRecordCheck.maximumRecordLength else { return false }
        if trust == .low { return view[0] == 22 && (1...2).contains(view[5]) && isHandshake(view, end: 5 + length) }
        switch view[0] {
        case 20: return length == 1 && view[5] == 1
        case 21: return length == 2 ? (1...2).contains(view[5]) : length >= 18 && length <= 80
        case 22: return isHandshake(view, end: 5 + length) || trust == .high && length >= 16
        case 23: return length >= 17
        default: return false
        }
    }

    private static func isBeginning(_ view: ByteView) -> Bool {
        guard view[0] == 22, view.count < 2 || view[1] == 3, view.count < 3 || view[2] <= 4 else { return false }
        return view.count < 4 || view[3] <= 0x48
    }

    /// Whether the first message has a type that is sent in clear and a length that fits it, as far as the record and
    /// what is there of it tell.
    private static func isHandshake(_ view: ByteView, end: Int) -> Bool {
        let known = min(view.count, end)
        guard TLSRecordCheck.clearMessages.contains(view[5]) else { return false }
        guard known >= 9 else { return (1...2).contains(view[5]) }
        let length = Int(view.uint32(at: 5) & 0xFF_FFFF)
        guard length <= 1 << 20 else { return false }
        switch view[5] {
        case 0, 14: return length == 0
        case 1, 2: return length >= 38 && (known < 11 || view[9] == 3 && view[10] <= 4)
        case 11: return length >= 3 && (known < 12 || Int(view.uint32(at: 8) & 0xFF_FFFF) == length - 3)
        default: return length >= 2 && (9 + length <= end || length > 1_024)
        }
    }
}
