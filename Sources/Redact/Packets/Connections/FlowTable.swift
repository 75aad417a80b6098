import Packets

/// One TCP connection.
struct Flow {
    var key: FlowKey
    var hash: Int
    /// Tells connections apart that used the same place of the table one after another.
    var generation: Int
    /// Neighbours in the order of last use; -1 at the ends.
    var newer: Int32 = -1
    var older: Int32 = -1
    /// Bit 0 and 1: a FIN of the one and the other side, or a reset, was seen.
    var finished: UInt8 = 0
    var exchange = HTTPExchange()
}

/// The TCP connections that the scrubber follows: at most ``limit``, those used last.
///
/// Constant time for each packet, whatever the capture: an open hash table with a seed of its own, and a list in the
/// order of use. The directions of connection `n` are number `2 * n` and `2 * n + 1`, so `side ^ 1` is the other one.
struct FlowTable {
    static let limit = 16_384
    /// Bytes that all connections together remember for copies that come late.
    static let memory = 8 << 20

    var flows: [Flow] = []
    var sides: [StreamSide] = []
    private var slots = [Int32](repeating: -1, count: 1_024)
    private var newest: Int32 = -1
    private var oldest: Int32 = -1
    private var generation = 0
    private let seed = UInt64.random(in: .min ... .max)
    /// Connections that were forgotten before they had ended.
    private(set) var evicted = 0

    private var remembered = 0
    /// Whoever began to remember, the oldest first.
    private var rememberers: [(side: Int, generation: Int)] = []
    private var firstRememberer = 0

    func generation(ofSide side: Int) -> Int { flows[side >> 1].generation }

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
        let index: Int
        if flows.count < FlowTable.limit {
            if 2 * flows.count >= slots.count { grow() }
            index = flows.count
            flows.append(Flow(key: key, hash: hash, generation: 0))
            sides.append(StreamSide())
            sides.append(StreamSide())
        } else {
            index = Int(oldest)
            if flows[index].finished != 3 { evicted += 1 }
            unlink(oldest)
            remove(index)
            flows[index].key = key
            flows[index].hash = hash
        }
        renew(index)
        place(index)
        link(Int32(index))
        return index
    }

    /// Begins anew: another connection uses the same place or the same ports.
    mutating func renew(_ index: Int) {
        generation += 1
        flows[index].generation = generation
        flows[index].finished = 0
        flows[index].exchange = HTTPExchange()
        let isDNS = flows[index].key.first.port == 53 || flows[index].key.second.port == 53
        for side in 2 * index...2 * index + 1 {
            remembered -= sides[side].recent.count
            sides[side].reset(isDNS: isDNS)
        }
    }

    /// Takes the payload of a segment that begins at `next` while nothing waits, in place.
    mutating func take(_ payload: inout MutableSpan<UInt8>, side: Int, _ context: inout ScrubContext) -> Int {
        let before = sides[side].recent.count
        let decided = sides[side].take(&payload, &flows[side >> 1].exchange, &context)
        noteMemory(of: side, before: before)
        return decided
    }

    /// Takes raw bytes that begin at `next`.
    mutating func take(
        _ bytes: ArraySlice<UInt8>, side: Int, _ context: inout ScrubContext
    ) -> StreamSide.Decision {
        let before = sides[side].recent.count
        let result = sides[side].take(bytes, &flows[side >> 1].exchange, &context)
        noteMemory(of: side, before: before)
        return result
    }

    /// Books what a direction remembers more than before, and lets the oldest go when it is too much.
    private mutating func noteMemory(of side: Int, before: Int) {
        let now = sides[side].recent.count
        guard now != before else { return }
        remembered += now - before
        if before == 0 { rememberers.append((side, generation(ofSide: side))) }
        while remembered > FlowTable.memory || rememberers.count - firstRememberer > 4 * FlowTable.limit {
            let (side, generation) = rememberers[firstRememberer]
            firstRememberer += 1
            guard self.generation(ofSide: side) == generation else { continue }
            remembered -= sides[side].recent.count
            sides[side].forget()
        }
        if firstRememberer > 4 * FlowTable.limit {
            rememberers.removeFirst(firstRememberer)
            firstRememberer = 0
        }
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
