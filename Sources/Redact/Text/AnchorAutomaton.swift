/// Finds all of a set of literals in one pass over the bytes, letters in either case (Aho and Corasick 1975).
///
/// The transition table is dense over byte classes: bytes that no literal holds share one class, and so do the two cases
/// of a letter. The cost per byte is one table step, whatever the number of literals.
struct AnchorAutomaton: Sendable {
    private let classOf: [UInt8]
    /// Next state by `state + class`; states are multiples of `stride`, those that end a literal come last.
    private let next: [UInt32]
    private let firstAccepting: UInt32
    private let stride: Int
    /// For each accepting state, which literals end there.
    private let outputs: [[Int]]

    static let start: UInt32 = 0

    /// - Parameter literals: what to find; their index is what ``outputs(of:)`` tells. Empty ones are never found.
    init(_ literals: [[UInt8]]) {
        let classOf = Self.classes(of: literals)
        let classCount = Int(classOf.max() ?? 0) + 1
        var trie = Trie(classCount: classCount)
        for (index, literal) in literals.enumerated() where !literal.isEmpty {
            trie.add(literal.map { Int(classOf[Int($0)]) }, index: index)
        }
        trie.close()

        // Number the states anew so that one comparison tells an accepting state.
        let quiet = trie.outputs.indices.filter { trie.outputs[$0].isEmpty }
        let accepting = trie.outputs.indices.filter { !trie.outputs[$0].isEmpty }
        var number = [Int](repeating: 0, count: trie.outputs.count)
        for (new, old) in (quiet + accepting).enumerated() { number[old] = new }
        var next = [UInt32](repeating: 0, count: trie.outputs.count * classCount)
        for old in trie.outputs.indices {
            for byteClass in 0..<classCount {
                next[number[old] * classCount + byteClass] = UInt32(
                    number[trie.next[old * classCount + byteClass]] * classCount)
            }
        }
        self.classOf = classOf
        self.next = next
        self.stride = classCount
        self.firstAccepting = UInt32(quiet.count * classCount)
        self.outputs = accepting.map { trie.outputs[$0] }
    }

    /// Runs over `bytes[from..<to]`, going on from `state`.
    ///
    /// - Returns: the index after the byte that ended a literal, or nil if none ended.
    func scan(_ bytes: [UInt8], from: Int, to: Int, state: inout UInt32) -> Int? {
        var index = from
        var current = state
        let hit: Int? = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe classOf.withUnsafeBufferPointer { classOf in
                unsafe next.withUnsafeBufferPointer { next in
                    precondition(from >= 0 && to <= bytes.count)
                    while index < to {
                        current = unsafe next[Int(current) + Int(classOf[Int(bytes[index])])]
                        index += 1
                        if current >= firstAccepting { return index }
                    }
                    return nil
                }
            }
        }
        state = current
        return hit
    }

    /// The literals that end in a state which ``scan(_:from:to:state:)`` stopped at, longest first.
    func outputs(of state: UInt32) -> [Int] {
        state >= firstAccepting ? outputs[Int(state - firstAccepting) / stride] : []
    }

    private static func classes(of literals: [[UInt8]]) -> [UInt8] {
        var classOf = [UInt8](repeating: 0, count: 256)
        var last: UInt8 = 0
        for byte in literals.joined() where classOf[Int(byte.lowercased)] == 0 && last < 255 {
            last += 1
            classOf[Int(byte.lowercased)] = last
        }
        for letter in UInt8(ascii: "A")...UInt8(ascii: "Z") { classOf[Int(letter)] = classOf[Int(letter | 0x20)] }
        return classOf
    }
}

/// The trie of the literals while the automaton is built.
private struct Trie {
    let classCount: Int
    var next: [Int]
    var outputs: [[Int]] = [[]]

    init(classCount: Int) {
        self.classCount = classCount
        next = [Int](repeating: -1, count: classCount)
    }

    mutating func add(_ classes: [Int], index: Int) {
        var state = 0
        for byteClass in classes {
            let slot = state * classCount + byteClass
            if next[slot] < 0 {
                next[slot] = outputs.count
                outputs.append([])
                next += [Int](repeating: -1, count: classCount)
            }
            state = next[slot]
        }
        outputs[state].append(index)
    }

    /// Follows the failure links breadth first and fills every missing transition.
    mutating func close() {
        var failure = [Int](repeating: 0, count: outputs.count)
        var queue: [Int] = []
        for byteClass in 0..<classCount {
            if next[byteClass] < 0 { next[byteClass] = 0 } else { queue.append(next[byteClass]) }
        }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            outputs[state] += outputs[failure[state]]
            for byteClass in 0..<classCount {
                let slot = state * classCount + byteClass
                let fallback = next[failure[state] * classCount + byteClass]
                if next[slot] < 0 {
                    next[slot] = fallback
                } else {
                    failure[next[slot]] = fallback
                    queue.append(next[slot])
                }
            }
        }
    }
}
