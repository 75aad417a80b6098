/// Puts IP datagrams together from their fragments (RFC 791 section 3.2, RFC 8200 section 4.5).
///
/// Bounded: the oldest datagrams go when there are too many. Fragments that were cut by the snap length are of no use.
public struct FragmentTable {
    private struct Key: Hashable {
        var sourceHigh: UInt64
        var sourceLow: UInt64
        var destinationHigh: UInt64
        var destinationLow: UInt64
        var identification: UInt32
        var protocolNumber: UInt8
    }

    private struct Datagram {
        var pieces: [(offset: Int, bytes: [UInt8])] = []
        /// Known once the last fragment is there.
        var length: Int?
        var order: Int
    }

    private static let maximumDatagrams = 256
    private static let maximumPieces = 64
    private static let maximumLength = 65_535

    private var datagrams: [Key: Datagram] = [:]
    private var count = 0

    public init() {}

    /// Takes a fragment.
    /// - Returns: the payload of the datagram when it became whole by this one.
    public mutating func take(_ fragment: ScannedFragment) -> [UInt8]? {
        guard fragment.protocolNumber == 6, fragment.missing == 0,
            fragment.offset + fragment.payload.count <= FragmentTable.maximumLength
        else { return nil }
        let key = Key(
            sourceHigh: fragment.addresses.sourceHigh, sourceLow: fragment.addresses.sourceLow,
            destinationHigh: fragment.addresses.destinationHigh, destinationLow: fragment.addresses.destinationLow,
            identification: fragment.identification, protocolNumber: fragment.protocolNumber)
        count += 1
        var datagram = datagrams[key] ?? Datagram(order: count)
        guard datagram.pieces.count < FragmentTable.maximumPieces else { return nil }
        datagram.pieces.append((fragment.offset, fragment.payload.array))
        if !fragment.hasMore { datagram.length = fragment.offset + fragment.payload.count }
        guard let whole = FragmentTable.whole(datagram) else {
            datagrams[key] = datagram
            if datagrams.count > FragmentTable.maximumDatagrams { forget() }
            return nil
        }
        datagrams[key] = nil
        return whole
    }

    private static func whole(_ datagram: Datagram) -> [UInt8]? {
        guard let length = datagram.length else { return nil }
        var bytes: [UInt8] = []
        for piece in datagram.pieces.sorted(by: { $0.offset < $1.offset }) {
            guard piece.offset <= bytes.count else { return nil }
            bytes += piece.bytes.dropFirst(bytes.count - piece.offset)
        }
        return bytes.count >= length ? Array(bytes.prefix(length)) : nil
    }

    /// Lets the older half go.
    private mutating func forget() {
        let orders = datagrams.values.map(\.order).sorted()
        let middle = orders[orders.count / 2]
        datagrams = datagrams.filter { $0.value.order > middle }
    }
}
