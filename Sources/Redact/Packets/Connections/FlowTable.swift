import Packets

/// One TCP connection.
struct Flow {
    let key: FlowKey
    let hash: Int
    /// Tells connections apart that used the same place of the table one after another.
    let generation: Int
    /// Neighbours in the order of last use; -1 at the ends.
    var newer: Int32 = -1
    var older: Int32 = -1
    /// A FIN of both sides or a reset was seen.
    var finished: UInt8 = 0
    var exchange = HTTPExchange()
    var first: StreamSide
    var second: StreamSide

    init(key: FlowKey, hash: Int, generation: Int) {
        self.key = key
        self.hash = hash
        self.generation = generation
        let isDNS = key.first.port == 53 || key.second.port == 53
        first = StreamSide(isDNS: isDNS)
        second = StreamSide(isDNS: isDNS)
    }

    subscript(isFirst: Bool) -> StreamSide {
        _read { if isFirst { yield first } else { yield second } }
        _modify { if isFirst { yield &first } else { yield &second } }
    }

    mutating func take(_ bytes: inout MutableSpan<UInt8>, isFirst: Bool, _ counts: inout ScrubCounts) -> Int {
        isFirst ? first.take(&bytes, &exchange, &counts) : second.take(&bytes, &exchange, &counts)
    }

    mutating func take(
        _ bytes: ArraySlice<UInt8>, isFirst: Bool, _ counts: inout ScrubCounts
    ) -> (start: Int, bytes: ArraySlice<UInt8>) {
        isFirst ? first.take(bytes, &exchange, &counts) : second.take(bytes, &exchange, &counts)
    }
}

/// The TCP connections that the scrubber follows: at most ``limit``, those used last.
///
/// Constant time for each packet, whatever the capture: an open hash table with a seed of its own, and a list in the
/// order of use.
struct FlowTable {
    static let limit = 16_384
    /// Bytes that all connections together remember for copies that come late.
    static let memory = 8 << 20

    private(set) var flows: [Flow] = []
    private var slots = [Int32](repeating: -1, count: 1_024)
    private var newest: Int32 = -1
    private var oldest: Int32 = -1
    private var generation = 0
    private let seed = UInt64.random(in: .min ... .max)
    /// Connections that were forgotten before they had ended.
    private(set) var evicted = 0

    private var remembered = 0
    /// Whoever began to remember, the oldest first.
    private var rememberers: [(flow: Int, generation: Int, isFirst: Bool)] = []
    private var firstRememberer = 0

    subscript(index: Int) -> Flow {
        _read { yield flows[index] }
        _modify { yield &flows[index] }
    }

    /// The connection, a new one if need be.
    mutating func index(of key: FlowKey) -> Int {
        let hash = hash(key)
        var slot = hash & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if flows[index].hash == hash, flows[index].key == key {
                touch(Int32(index))
                return index
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        generation += 1
        let flow = Flow(key: key, hash: hash, generation: generation)
        if flows.count < FlowTable.limit {
            if 2 * flows.count >= slots.count { grow() }
            flows.append(flow)
            insert(flows.count - 1)
            return flows.count - 1
        }
        let index = Int(oldest)
        if flows[index].finished != 3 { evicted += 1 }
        unlink(oldest)
        remove(index)
        forget(index)
        flows[index] = flow
        insert(index)
        return index
    }

    /// Begins anew: another connection uses the same ports.
    mutating func renew(_ index: Int) {
        generation += 1
        forget(index)
        var flow = Flow(key: flows[index].key, hash: flows[index].hash, generation: generation)
        (flow.newer, flow.older) = (flows[index].newer, flows[index].older)
        flows[index] = flow
    }

    /// Books what a direction remembers more than before, and lets the oldest go when it is too much.
    mutating func noteMemory(of index: Int, isFirst: Bool, before: Int) {
        let now = flows[index][isFirst].recent.count
        guard now != before else { return }
        remembered += now - before
        if before == 0 { rememberers.append((index, flows[index].generation, isFirst)) }
        while remembered > FlowTable.memory || rememberers.count - firstRememberer > 4 * FlowTable.limit {
            let (flow, generation, side) = rememberers[firstRememberer]
            firstRememberer += 1
            guard flows[flow].generation == generation else { continue }
            remembered -= flows[flow][side].recent.count
            flows[flow][side].forget()
        }
        if firstRememberer > 4 * FlowTable.limit {
            rememberers.removeFirst(firstRememberer)
            firstRememberer = 0
        }
    }

    private mutating func forget(_ index: Int) {
        remembered -= flows[index].first.recent.count + flows[index].second.recent.count
    }

    private func hash(_ key: FlowKey) -> Int {
        func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
            let product = a.multipliedFullWidth(by: b | 1)
            return product.high ^ product.low
        }
        var hash = mix(seed ^ key.first.address.low, 0x9E37_79B9_7F4A_7C15 ^ key.second.address.low &* 3)
        if key.first.address.isIPv6 { hash = mix(hash ^ key.first.address.high, seed ^ key.second.address.high) }
        hash = mix(hash ^ (UInt64(key.first.port) << 16 | UInt64(key.second.port)), seed ^ 0xD1B5_4A32_D192_ED03)
        return Int(truncatingIfNeeded: hash >> 1)
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        for index in flows.indices { place(index) }
    }

    private mutating func place(_ index: Int) {
        var slot = flows[index].hash & (slots.count - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index)
    }

    private mutating func insert(_ index: Int) {
        place(index)
        link(Int32(index))
    }

    /// Closes the hole that an entry of an open table leaves.
    private mutating func remove(_ index: Int) {
        let mask = slots.count - 1
        var hole = flows[index].hash & mask
        while slots[hole] != Int32(index) { hole = (hole + 1) & mask }
        var slot = (hole + 1) & mask
        while slots[slot] >= 0 {
            let home = flows[Int(slots[slot])].hash & mask
            if (slot - home) & mask >= (slot - hole) & mask {
                slots[hole] = slots[slot]
                hole = slot
            }
            slot = (slot + 1) & mask
        }
        slots[hole] = -1
    }

    private mutating func touch(_ index: Int32) {
        guard newest != index else { return }
        unlink(index)
        link(index)
    }

    private mutating func link(_ index: Int32) {
        flows[Int(index)].older = newest
        flows[Int(index)].newer = -1
        if newest >= 0 { flows[Int(newest)].newer = index }
        newest = index
        if oldest < 0 { oldest = index }
    }

    private mutating func unlink(_ index: Int32) {
        let (newer, older) = (flows[Int(index)].newer, flows[Int(index)].older)
        if newer >= 0 { flows[Int(newer)].older = older } else { newest = older }
        if older >= 0 { flows[Int(older)].newer = newer } else { oldest = newer }
    }
}
