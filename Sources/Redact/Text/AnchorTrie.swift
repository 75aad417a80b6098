/// The trie of a set of literals with its failure links (Aho and Corasick 1975). State 0 is the root.
struct AnchorTrie {
    /// The states, each behind those that are fewer bytes deep.
    private(set) var order = [0]
    /// The state of the longest proper end of what a state stands for.
    private(set) var failure: [Int]
    /// The literals that end in each state, longest first.
    private(set) var outputs: [[Int32]] = [[]]

    /// The first child of each state, the next one of the same parent, and the class of the byte that leads to it.
    private var firstChild = [0]
    private var sibling = [0]
    private var classes: [UInt8] = [0]

    /// - Parameter classOf: the class of each byte.
    init(_ literals: [[UInt8]], classOf: [UInt8]) {
        failure = []
        for (index, literal) in literals.enumerated() where !literal.isEmpty {
            var state = 0
            for byte in literal { state = enter(classOf[Int(byte)], below: state) }
            outputs[state].append(Int32(index))
        }
        failure = [Int](repeating: 0, count: classes.count)
        link()
    }

    /// Calls `body` with each child of a state and the class of the byte that leads to it.
    func forEachChild(of state: Int, _ body: (Int, Int) -> Void) {
        var child = firstChild[state]
        while child != 0 {
            body(child, Int(classes[child]))
            child = sibling[child]
        }
    }

    private func child(of state: Int, _ byteClass: UInt8) -> Int? {
        var child = firstChild[state]
        while child != 0, classes[child] != byteClass { child = sibling[child] }
        return child == 0 ? nil : child
    }

    private mutating func enter(_ byteClass: UInt8, below state: Int) -> Int {
        if let child = child(of: state, byteClass) { return child }
        let child = classes.count
        classes.append(byteClass)
        sibling.append(firstChild[state])
        firstChild[state] = child
        firstChild.append(0)
        outputs.append([])
        return child
    }

    private mutating func link() {
        order.reserveCapacity(classes.count)
        var head = 0
        while head < order.count {
            let state = order[head]
            head += 1
            outputs[state] += state == 0 ? [] : outputs[failure[state]]
            var child = firstChild[state]
            while child != 0 {
                if state != 0 { failure[child] = target(from: failure[state], classes[child]) }
                order.append(child)
                child = sibling[child]
            }
        }
    }

    /// Where a byte leads from a state whose failure links are known.
    private func target(from state: Int, _ byteClass: UInt8) -> Int {
        var state = state
        while true {
            if let child = child(of: state, byteClass) { return child }
            if state == 0 { return 0 }
            state = failure[state]
        }
    }
}
