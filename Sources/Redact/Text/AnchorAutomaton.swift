/// Finds all of a set of literals in one pass over the bytes, letters in either case (Aho and Corasick 1975).
///
/// The transition table is dense over byte classes: bytes that no literal holds share one class, and so do the two cases
/// of a letter. The cost per byte is one table step, whatever the number of literals.
///
/// A table step waits for the one before it; four cursors in four parts of the text wait at the same time, which is three
/// times as fast. A cursor that starts in the middle first reads as many bytes as the longest literal has.
struct AnchorAutomaton: Sendable {
    /// A place where at least one literal ends.
    struct Hit {
        /// Index after the literal's last byte.
        let end: Int
        fileprivate let state: UInt32
    }

    private let classOf: [UInt8]
    /// Next state by `state + class`; states are multiples of `stride`, those that end a literal come last.
    private let next: [UInt32]
    private let firstAccepting: UInt32
    private let stride: Int
    /// The literals that end in each accepting state, longest first, and where each state's begin.
    private let outputs: [Int32]
    private let outputStarts: [Int32]
    /// Length of the longest literal.
    let longest: Int

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
        var outputs: [Int32] = []
        var starts: [Int32] = [0]
        for state in accepting {
            outputs += trie.outputs[state].map { Int32($0) }
            starts.append(Int32(outputs.count))
        }
        self.classOf = classOf
        self.next = next
        self.stride = classCount
        self.firstAccepting = UInt32(quiet.count * classCount)
        self.outputs = outputs
        outputStarts = starts
        longest = literals.map(\.count).max() ?? 0
    }

    /// Appends to `hits`, in order, every place behind `from` where a literal ends.
    ///
    /// The bytes before `from` are read only to know where in a literal the text is.
    func scan(_ bytes: UnsafeBufferPointer<UInt8>, from: Int, hits: inout [Hit]) {
        precondition(from >= 0 && from <= bytes.count)
        unsafe classOf.withUnsafeBufferPointer { classOf in
            unsafe next.withUnsafeBufferPointer { next in
                guard let text = bytes.baseAddress, let classes = classOf.baseAddress, let table = next.baseAddress
                else {
                    return
                }
                let run = unsafe Run(
                    text: text, classes: classes, table: table, firstAccepting: firstAccepting, longest: longest)
                unsafe run.scan(from: from, to: bytes.count, hits: &hits)
            }
        }
    }

    /// The literals that end at a hit, longest first.
    func outputs(of hit: Hit) -> ArraySlice<Int32> {
        let index = Int(hit.state - firstAccepting) / stride
        return outputs[Int(outputStarts[index])..<Int(outputStarts[index + 1])]
    }

    /// One pass over one stretch of memory.
    @unsafe private struct Run {
        let text: UnsafePointer<UInt8>
        let classes: UnsafePointer<UInt8>
        let table: UnsafePointer<UInt32>
        let firstAccepting: UInt32
        let longest: Int

        @inline(__always)
        func step(_ state: UInt32, _ index: Int) -> UInt32 {
            unsafe table[Int(state) &+ Int(classes[Int(text[index])])]
        }

        func scan(from: Int, to: Int, hits: inout [Hit]) {
            let quarter = (to - from) / 4
            guard quarter >= 256 else {
                var state = unsafe state(before: from)
                return unsafe single(&state, from, to, &hits)
            }
            var late: [(part: Int, hit: Hit)] = []
            var (a, b) = unsafe (state(before: from), state(before: from + quarter))
            var (c, d) = unsafe (state(before: from + 2 * quarter), state(before: from + 3 * quarter))
            let accepting = unsafe firstAccepting
            var index = from
            while index < from &+ quarter {
                unsafe a = step(a, index)
                unsafe b = step(b, index &+ quarter)
                unsafe c = step(c, index &+ 2 &* quarter)
                unsafe d = step(d, index &+ 3 &* quarter)
                index &+= 1
                if max(max(a, b), max(c, d)) >= accepting {
                    if a >= accepting { hits.append(Hit(end: index, state: a)) }
                    if b >= accepting { late.append((1, Hit(end: index &+ quarter, state: b))) }
                    if c >= accepting { late.append((2, Hit(end: index &+ 2 &* quarter, state: c))) }
                    if d >= accepting { late.append((3, Hit(end: index &+ 3 &* quarter, state: d))) }
                }
            }
            for part in 1...3 { for entry in late where entry.part == part { hits.append(entry.hit) } }
            unsafe single(&d, from + 4 * quarter, to, &hits)
        }

        private func single(_ state: inout UInt32, _ from: Int, _ to: Int, _ hits: inout [Hit]) {
            for index in from..<to {
                unsafe state = step(state, index)
                if unsafe state >= firstAccepting { hits.append(Hit(end: index + 1, state: state)) }
            }
        }

        private func state(before index: Int) -> UInt32 {
            var state: UInt32 = 0
            for place in unsafe max(0, index - longest)..<index { unsafe state = step(state, place) }
            return state
        }
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
