/// A pattern as a tree, before it becomes a program.
indirect enum PatternTree {
    case empty
    case one(ScalarSet)
    case atStart
    case atEnd
    case sequence([PatternTree])
    case choice([PatternTree])
    /// `most` is nil where there is no bound.
    case repeated(PatternTree, least: Int, most: Int?)
}

/// Writes the steps of a tree; counted repetitions are written out, so their number is bounded.
struct PatternProgram {
    private static let maxSteps = 4096
    let document: String
    private(set) var steps: [Pattern.Step] = []

    init(document: String) { self.document = document }

    mutating func append(_ tree: PatternTree) throws(DocumentError) {
        switch tree {
        case .empty: break
        case .one(let set): try put(.one(set))
        case .atStart: try put(.atStart)
        case .atEnd: try put(.atEnd)
        case .sequence(let parts): for part in parts { try append(part) }
        case .choice(let branches): try appendChoice(branches)
        case .repeated(let part, let least, let most): try appendRepeated(part, least, most)
        }
    }

    private mutating func appendChoice(_ branches: [PatternTree]) throws(DocumentError) {
        var ends: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try append(branch)
                break
            }
            let split = steps.count
            try put(.split(split + 1, split + 1))
            try append(branch)
            ends.append(steps.count)
            try put(.jump(0))
            steps[split] = .split(split + 1, steps.count)
        }
        for end in ends { steps[end] = .jump(steps.count) }
    }

    private mutating func appendRepeated(_ part: PatternTree, _ least: Int, _ most: Int?) throws(DocumentError) {
        for _ in 0..<least { try append(part) }
        guard let most else {
            let split = steps.count
            try put(.split(split + 1, split + 1))
            try append(part)
            try put(.jump(split))
            steps[split] = .split(split + 1, steps.count)
            return
        }
        var splits: [Int] = []
        for _ in least..<max(least, most) {
            splits.append(steps.count)
            try put(.jump(0))
            try append(part)
        }
        for split in splits { steps[split] = .split(split + 1, steps.count) }
    }

    private mutating func put(_ step: Pattern.Step) throws(DocumentError) {
        guard steps.count < Self.maxSteps else {
            throw DocumentError(.unsupported, in: document, reason: "the pattern is too big")
        }
        steps.append(step)
    }
}
