/// Finds all of a set of literals in one pass over the bytes, letters in either case (Aho and Corasick 1975).
///
/// The transition table is dense over byte classes: bytes that no literal holds share one class, and so do the two cases
/// of a letter. The cost per byte is one table step, whatever the number of literals.
///
/// A table step waits for the one before it; five cursors in five parts of the text wait at the same time, which is three
/// times as fast. A cursor that starts in the middle first reads as many bytes as the longest literal has.
struct AnchorAutomaton: ~Copyable, Sendable {
    /// A place where at least one literal ends.
    struct Hit {
        /// Index after the literal's last byte.
        let end: Int
        fileprivate let state: UInt32
    }

    private let classOf: [UInt8]
    /// Next state by `state + class`; states are multiples of `stride` but for those that end a literal,
    /// which begin at `firstAccepting`.
    private let next: WordTable<UInt32>
    /// A power of two: no states that are less have it in their bits, so one comparison is enough for several of them.
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
        let trie = AnchorTrie(literals, classOf: classOf)

        // Number the states anew, those that end a literal from a power of two on.
        let quiet = trie.order.filter { trie.outputs[$0].isEmpty }
        let accepting = trie.order.filter { !trie.outputs[$0].isEmpty }
        var bound = 1
        while bound < quiet.count * classCount { bound *= 2 }
        var number = [Int](repeating: 0, count: trie.order.count)
        for (new, old) in quiet.enumerated() { number[old] = new * classCount }
        for (new, old) in accepting.enumerated() { number[old] = bound + new * classCount }
        let next = WordTable<UInt32>(count: bound + accepting.count * classCount)
        for state in trie.order {
            let (row, from) = (number[state], number[trie.failure[state]])
            // A state leads where the one of its failure does, which is less deep, but for its own children.
            if state != 0 { for byteClass in 0..<classCount { next[row + byteClass] = next[from + byteClass] } }
            trie.forEachChild(of: state) { next[row + $1] = UInt32(number[$0]) }
        }
        var outputs: [Int32] = []
        var starts: [Int32] = [0]
        for state in accepting {
            outputs += trie.outputs[state]
            starts.append(Int32(outputs.count))
        }
        self.classOf = classOf
        self.next = next
        self.stride = classCount
        self.firstAccepting = UInt32(bound)
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
            guard let text = bytes.baseAddress, let classes = classOf.baseAddress else { return }
            let run = unsafe Run(
                text: text, classes: classes, table: next.words, firstAccepting: Int(firstAccepting), longest: longest)
            unsafe run.scan(from: from, to: bytes.count, hits: &hits)
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
        let firstAccepting: Int
        let longest: Int

        /// A state for each cursor.
        struct Cursors {
            var (a, b, c, d, e) = (0, 0, 0, 0, 0)
        }

        @inline(__always)
        func step(_ state: Int, _ index: Int) -> Int {
            unsafe Int(table[state &+ Int(classes[Int(text[index])])])
        }

        func scan(from: Int, to: Int, hits: inout [Hit]) {
            let part = (to - from) / 5
            guard part >= 256 else {
                return unsafe single(state(before: from), from, to, &hits)
            }
            var cursors = unsafe Cursors(
                a: state(before: from), b: state(before: from + part), c: state(before: from + 2 * part),
                d: state(before: from + 3 * part), e: state(before: from + 4 * part))
            // What the cursors behind the first one find comes after all that those before them find.
            var late: [(cursor: Int, hit: Hit)] = []
            let accepting = unsafe firstAccepting
            var index = from
            while index < from + part {
                index = unsafe advance(&cursors, from: index, to: from + part, part)
                if cursors.a >= accepting { hits.append(Hit(end: index, state: UInt32(cursors.a))) }
                func keep(_ cursor: Int, _ state: Int) {
                    guard state >= accepting else { return }
                    late.append((cursor, Hit(end: index + cursor * part, state: UInt32(state))))
                }
                keep(1, cursors.b)
                keep(2, cursors.c)
                keep(3, cursors.d)
                keep(4, cursors.e)
            }
            for cursor in 1...4 {
                for entry in late where entry.cursor == cursor { hits.append(entry.hit) }
            }
            unsafe single(cursors.e, from + 5 * part, to, &hits)
        }

        /// Goes on until a literal ends at one of the cursors, or to the end of the part; a function of its own, so that all
        /// that the loop needs stays in registers.
        @inline(never)
        private func advance(_ cursors: inout Cursors, from: Int, to: Int, _ part: Int) -> Int {
            var now = cursors
            var index = from
            repeat {
                unsafe now.a = step(now.a, index)
                unsafe now.b = step(now.b, index &+ part)
                unsafe now.c = step(now.c, index &+ 2 &* part)
                unsafe now.d = step(now.d, index &+ 3 &* part)
                unsafe now.e = step(now.e, index &+ 4 &* part)
                index &+= 1
            } while unsafe index < to && (now.a | now.b | now.c | now.d | now.e) < firstAccepting
            cursors = now
            return index
        }

        private func single(_ first: Int, _ from: Int, _ to: Int, _ hits: inout [Hit]) {
            var state = first
            for index in from..<to {
                unsafe state = step(state, index)
                if unsafe state >= firstAccepting { hits.append(Hit(end: index + 1, state: UInt32(state))) }
            }
        }

        private func state(before index: Int) -> Int {
            var state = 0
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
