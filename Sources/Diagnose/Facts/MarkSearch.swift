/// Tells whether a line holds one of several marks, in one pass over it: most lines of a log hold none.
struct MarkSearch: Sendable {
    private let marks: [[UInt8]]
    /// One bit for each pair of bytes: whether a mark begins with it.
    private let pairs: [UInt64]

    /// - Parameter marks: each of two bytes or more.
    init(_ marks: [[UInt8]]) {
        self.marks = marks.filter { $0.count >= 2 }
        var pairs = [UInt64](repeating: 0, count: 1024)
        for mark in self.marks {
            let pair = Int(mark[0]) << 8 | Int(mark[1])
            pairs[pair >> 6] |= 1 << UInt64(pair & 63)
        }
        self.pairs = pairs
    }

    func isIn(_ line: ArraySlice<UInt8>) -> Bool {
        unsafe line.withUnsafeBufferPointer { bytes in
            guard bytes.count >= 2 else { return false }
            return unsafe pairs.withUnsafeBufferPointer { pairs in
                var pair = unsafe Int(bytes[0])
                for index in 1..<bytes.count {
                    pair = unsafe (pair << 8 | Int(bytes[index])) & 0xFFFF
                    guard unsafe pairs[pair >> 6] & (1 << UInt64(pair & 63)) != 0 else { continue }
                    let rest = unsafe bytes[(index - 1)...]
                    if marks.contains(where: { unsafe rest.starts(with: $0) }) { return true }
                }
                return false
            }
        }
    }
}
