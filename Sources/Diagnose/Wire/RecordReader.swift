internal import Packets

/// Cuts one direction of a TCP stream into TLS records (RFC 8446 section 5.1).
struct RecordReader {
    struct Record {
        let type: UInt8
        let version: UInt16
        let length: Int
        /// Empty for application data and for what is longer than its kind may be.
        let body: [UInt8]
    }

    private var header: [UInt8] = []
    private var body: [UInt8] = []
    private var remaining = 0
    private var isSynchronised: Bool
    /// A record was read, so this is TLS.
    private(set) var sawRecord = false

    /// - Parameter atStart: the first bytes are those right after a SYN.
    init(atStart: Bool) { isSynchronised = atStart }

    /// Bytes of a record that is not whole yet.
    var heldBytes: Int { body.count }

    /// Bytes are missing.
    mutating func lose() {
        isSynchronised = false
        header = []
        body = []
        remaining = 0
    }

    /// Takes the next bytes of the stream, of one segment.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> [Record] {
        var records: [Record] = []
        var rest = bytes
        if !isSynchronised {
            guard TLSRecordCheck.kind(of: bytes) != nil else { return [] }
            isSynchronised = true
        }
        while !rest.isEmpty {
            if header.count < 5 {
                let taken = rest.prefix(5 - header.count)
                header += taken
                rest = rest.dropFirst(taken.count)
                guard isPlausible else {
                    lose()
                    return records
                }
                guard header.count == 5 else { break }
                remaining = Int(header.uint16(at: 3) ?? 0)
                continue
            }
            let taken = rest.prefix(remaining)
            if keepsBody { body += taken }
            remaining -= taken.count
            rest = rest.dropFirst(taken.count)
            if remaining == 0 {
                sawRecord = true
                records.append(
                    Record(
                        type: header[0], version: header.uint16(at: 1) ?? 0, length: Int(header.uint16(at: 3) ?? 0),
                        body: body))
                header = []
                body = []
            }
        }
        return records
    }

    private var keepsBody: Bool { (20...22).contains(header[0]) }

    private var isPlausible: Bool {
        if let type = header.first, !(20...24).contains(type) { return false }
        if header.count > 1, header[1] != 3 { return false }
        if header.count > 2, header[2] > 4 { return false }
        if let length = header.uint16(at: 3) {
            return length > 0 && Int(length) <= TLSRecordCheck.maximumRecordLength
        }
        return true
    }
}
