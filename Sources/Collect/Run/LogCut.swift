internal import Logs
internal import SupportBundle

/// Cuts a finished log to the records nearest to one of them, in two passes over it and bounded memory.
struct LogCut {
    let work: WorkFolder
    let path: String
    let size: Int

    /// Puts what is kept in the place of the whole.
    /// - Parameters:
    ///   - needle: what the record in the middle holds; without it, or where it isn't found, the end is kept.
    ///   - keeping: bytes at most.
    /// - Returns: what the file is now, and its packed size; nil if not one record fits, and then it stays as it is.
    func cut(around needle: String, keeping: Int) throws -> (FileDigest, packed: Int)? {
        let center = needle.isEmpty ? nil : try find(Array(needle.utf8))
        var from = max(0, (center ?? size) - keeping / 2)
        from = max(0, min(from, size - keeping))
        let range = from..<min(size, from + keeping)

        let temporary = path + ".cut"
        let writer = try work.makeFinished(temporary)
        var kept = 0
        // The record at hand, which counts only when it is known to end within the range.
        var record: [UInt8] = []
        var isInside = false
        var position = 0
        try forEachLine { line in
            defer { position += line.count }
            guard position < range.upperBound else { return false }
            if RecordBorder.begins(line) {
                try writer.write(record)
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
            try writer.write(record)
            kept += record.count
        }
        let digest = try writer.close()
        guard kept > 0 else {
            try work.removeFinished(temporary)
            return nil
        }
        let packed = work.packedBytes(ofFinished: temporary) ?? kept
        try work.replaceFinished(path, by: temporary)
        return (digest, packed)
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
        let reader = try work.openFinished(path)
        var rest: [UInt8] = []
        while true {
            let block = try reader.read()
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
