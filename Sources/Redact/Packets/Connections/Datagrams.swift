import Packets

/// TCP segments that were cut into IP fragments, until all of them are there.
struct Datagrams {
    struct Key: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let identification: UInt32
    }

    struct Datagram {
        let key: Key
        var tags: [Int] = []
        /// Sum of all bytes as they came.
        var before: UInt64 = 0
        var covered = 0
        var length: Int?
        var isComplete = false
        var isAbandoned = false
        /// Its frames have begun to leave.
        var isFinished = false

        /// Whether its frames wait for more fragments.
        var isOpen: Bool { !isComplete && !isAbandoned }
    }

    private static let limit = 64
    private static let fragments = 128

    private var all: [Int: Datagram] = [:]
    private var open: [Key: Int] = [:]
    private var nextId = 0
    /// Fragments whose datagram was never complete.
    private(set) var lost = 0

    subscript(id: Int) -> Datagram? {
        get { all[id] }
        set { all[id] = newValue }
    }

    /// Takes a fragment. Overlapping ones are counted twice and so never make a datagram complete: no system sends them.
    /// - Returns: the id of the datagram, and whether it is complete now.
    mutating func take(_ packet: IPPacket, tag: Int, before: UInt64) -> (id: Int, isComplete: Bool) {
        let key = Key(
            source: packet.source, destination: packet.destination, identification: packet.identification)
        let id = open[key] ?? begin(key)
        all[id]?.tags.append(tag)
        all[id]?.before += before
        all[id]?.covered += packet.body.count
        if !packet.moreFragments { all[id]?.length = packet.fragmentOffset + packet.body.count }
        guard let datagram = all[id] else { return (id, false) }
        if datagram.tags.count > Datagrams.fragments || packet.missing > 0 { abandon(id) }
        guard datagram.isOpen, let length = datagram.length, datagram.covered == length else { return (id, false) }
        open[key] = nil
        all[id]?.isComplete = true
        return (id, true)
    }

    /// Gives up: what is there becomes zero.
    mutating func abandon(_ id: Int) {
        guard let datagram = all[id], !datagram.isAbandoned else { return }
        all[id]?.isAbandoned = true
        all[id]?.isComplete = false
        lost += datagram.tags.count
        if open[datagram.key] == id { open[datagram.key] = nil }
    }

    /// Forgets a datagram whose last frame has left.
    mutating func leave(_ id: Int, tag: Int) {
        guard all[id]?.tags.last == tag else { return }
        abandonIfOpen(id)
        all[id] = nil
    }

    private mutating func abandonIfOpen(_ id: Int) { if all[id]?.isOpen == true { abandon(id) } }

    private mutating func begin(_ key: Key) -> Int {
        if open.count >= Datagrams.limit, let oldest = open.values.min() { abandon(oldest) }
        nextId += 1
        all[nextId] = Datagram(key: key)
        open[key] = nextId
        return nextId
    }
}
