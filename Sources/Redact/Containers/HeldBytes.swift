internal import Archive

/// Bytes that are needed again, of any number: in memory as long as the budget lasts, beyond that in a ``SealedFile``.
final class HeldBytes {
    private let budget: ContainerBudget
    private var memory: [[UInt8]] = []
    private var file: SealedFile?
    /// The block that is not full yet.
    private var tail: [UInt8] = []
    /// The block of the file that was read last.
    private var cached: (index: Int, bytes: [UInt8])?

    private(set) var count = 0

    init(budget: ContainerBudget) {
        self.budget = budget
    }

    deinit { budget.release(memory.count * SealedFile.blockBytes) }

    /// False if there is room neither in memory nor on disk; what is held is then of no use.
    func append(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let taken = rest.prefix(SealedFile.blockBytes - tail.count)
            tail += taken
            count += taken.count
            rest = rest.dropFirst(taken.count)
            if tail.count == SealedFile.blockBytes, !store() { return false }
        }
        return true
    }

    /// The bytes from `position` on, at least one but at the end, at most `limit`.
    func read(at position: Int, upTo limit: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
        guard position < count else { return [] }
        let index = position / SealedFile.blockBytes
        return try block(index).dropFirst(position % SealedFile.blockBytes).prefix(limit)
    }

    func forEach(_ body: (ArraySlice<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) {
        var position = 0
        while position < count {
            let piece = try read(at: position, upTo: .max)
            try body(piece)
            position += piece.count
        }
    }

    private func block(_ index: Int) throws(ArchiveError) -> [UInt8] {
        if index < memory.count { return memory[index] }
        guard let file, index - memory.count < file.blocks else { return tail }
        if let cached, cached.index == index { return cached.bytes }
        let bytes = try file.read(index - memory.count)
        cached = (index, bytes)
        return bytes
    }

    private func store() -> Bool {
        if file == nil, budget.hold(SealedFile.blockBytes) {
            memory.append(tail)
            tail = []
            return true
        }
        if file == nil { file = SealedFile(folders: budget.folders) }
        guard let file, file.append(tail) else { return false }
        tail.removeAll(keepingCapacity: true)
        return true
    }
}
