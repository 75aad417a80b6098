/// What extended headers say of the next entry (POSIX.1-2001 pax): `length key=value\n`, one after another.
struct PaxAttributes {
    var path: [UInt8]?
    var linkPath: [UInt8]?
    var size: Int?
    var modified: Int64?
    var isSparse = false

    /// Takes a header's records. False if they break the form.
    mutating func read(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while let first = rest.first, first != 0 {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...7).contains(digits.count), let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 2, length <= rest.count,
                rest[rest.startIndex + digits.count] == 0x20
            else { return false }
            let record = rest[(rest.startIndex + digits.count + 1)..<(rest.startIndex + length - 1)]
            guard rest[rest.startIndex + length - 1] == 0x0a, let equals = record.firstIndex(of: 0x3d) else {
                return false
            }
            rest = rest.dropFirst(length)
            guard take(String(decoding: record[..<equals], as: UTF8.self), Array(record[(equals + 1)...])) else {
                return false
            }
        }
        return true
    }

    private mutating func take(_ key: String, _ value: [UInt8]) -> Bool {
        let text = String(decoding: value, as: UTF8.self)
        switch key {
        case "path":
            guard !value.isEmpty, !value.contains(0) else { return false }
            path = value
        case "linkpath":
            guard !value.contains(0) else { return false }
            linkPath = value
        case "size":
            guard let number = Int(text), (0...(1 << 50)).contains(number) else { return false }
            size = number
        case "mtime": modified = Int64(text.prefix { $0 != "." })
        default: if key.hasPrefix("GNU.sparse.") { isSparse = true }
        }
        return true
    }
}
