internal import Logs

/// Cuts a log to the records nearest to one of them, in two passes over it and bounded memory.
struct LogCut {
    /// Opens the log: what it returns reads the next bytes, none at the end.
    let open: () throws -> () throws -> [UInt8]
    /// Of the log, in bytes.
    let size: Int

    /// - Parameters:
    ///   - needle: what the record in the middle holds; without it, or where it isn't found, the end is kept.
    ///   - keeping: bytes at most.
    ///   - sink: takes the whole records that are kept, in order.
    /// - Returns: how many bytes those have; 0 if not one record fits.
    func cut(around needle: String, keeping: Int, to sink: (ArraySlice<UInt8>) throws -> Void) throws -> Int {
        let center = needle.isEmpty ? nil : try find(Array(needle.utf8))
        var from = max(0, (center ?? size) - keeping / 2)
        from = max(0, min(from, size - keeping))
        let range = from..<min(size, from + keeping)

        var kept = 0
        // The record at hand, which counts only when it is known to end within the range.
        var record: [UInt8] = []
        var isInside = false
        var position = 0
        try forEachLine { line in
            defer { position += line.count }
            guard position < range.upperBound else { return false }
            if RecordBorder.begins(line) {
                try sink(record[...])
                kept += record.count
                record = []
                isInside = position >= range.lowerBound
            }
            if isInside {
                guard position + line.count <= range.upperBound else {
                    // Too long to end within the range.
                    record = []
                    return false
                }
                record += line
            }
            return true
        }
        if position >= size {
            try sink(record[...])
            kept += record.count
        }
        return kept
    }

    private func find(_ needle: [UInt8]) throws -> Int? {
        var position = 0
        var found: Int?
        try forEachLine { line in
            if line.count >= needle.count, line.firstRange(of: needle) != nil {
                found = position
                return false
            }
            position += line.count
            return true
        }
        return found
    }

    /// Lines with their ends; a line of more than 1 MiB comes in pieces.
    private func forEachLine(_ body: (ArraySlice<UInt8>) throws -> Bool) throws {
        let next = try open()
        var rest: [UInt8] = []
        while true {
            let block = try next()
            if block.isEmpty { break }
            rest += block
            var start = 0
            while let end = rest[start...].firstIndex(of: 0x0A) {
                guard try body(rest[start...end]) else { return }
                start = end + 1
            }
            rest.removeFirst(start)
            if rest.count > 1 << 20 {
                guard try body(rest[...]) else { return }
                rest = []
            }
        }
        if !rest.isEmpty { _ = try body(rest[...]) }
    }
}
