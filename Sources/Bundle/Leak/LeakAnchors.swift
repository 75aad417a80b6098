/// Where a detector has to look: four bytes, letters of any case, that begin something a secret stands in or behind.
///
/// A table over a hash of the four bytes holds which detectors ask for them; a collision costs a look, nothing else.
enum LeakAnchors {
    static let assignment: UInt8 = 1
    static let prefix: UInt8 = 2
    static let url: UInt8 = 4
    static let webToken: UInt8 = 8
    static let pem: UInt8 = 16
    static let scheme: UInt8 = 32
    static let encoded: UInt8 = 64
    static let literal: UInt8 = 128

    static let slots = 1 << 15
    /// Makes ASCII letters lower case; what it does to other bytes is the same in the table and in the text.
    static let fold: UInt32 = 0x2020_2020
    static let fold64: UInt64 = 0x2020_2020_2020_2020

    static func slot(_ folded: UInt32) -> Int { Int((folded &* 0x9E37_79B1) >> 17) }

    /// The table of all detectors, without literals.
    static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: slots)
        func mark(_ bytes: some Collection<UInt8>, _ flag: UInt8) { table[slot(head(bytes))] |= flag }
        func markAnyNext(_ bytes: [UInt8], _ flag: UInt8, where condition: (UInt8) -> Bool) {
            for next in UInt8.min...UInt8.max where condition(next) { mark(bytes + [next], flag) }
        }
        for name in SecretAssignment.namesInLowerCase {
            if name.count > 3 { mark(name, assignment) } else { markAnyNext(name, assignment) { !ASCII.isWord($0) } }
        }
        for (bytes, _, _) in SecretShapes.prefixes { mark(bytes, prefix) }
        for byte in UInt8.min...UInt8.max where ASCII.isWord(byte) {
            for mark in ["://", ":\\/", ":\\\\"] { table[slot(head([byte] + Array(mark.utf8)))] |= url }
        }
        markAnyNext(Array("eyJ".utf8), webToken, where: ASCII.isBase64URL)
        // Not the dashes, of which logs are full.
        mark("-BEGIN".utf8, pem)
        for word in ["basic", "bearer"] { mark(word.utf8, scheme) }
        for stem in EncodedText.stems { table[slot(stem | fold)] |= encoded }
        return table
    }()

    /// The first four bytes, as they are loaded from a text.
    static func word(_ bytes: some Collection<UInt8>) -> UInt32 {
        bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    /// The same with letters of lower case.
    static func head(_ bytes: some Collection<UInt8>) -> UInt32 { word(bytes) | fold }

    /// Whether the table holds anything for one of the first four places of eight bytes.
    @inline(__always)
    static func fires(_ bytes: UInt64, _ table: UnsafePointer<UInt8>) -> Bool {
        let folded = bytes | fold64
        let first = unsafe table[slot(UInt32(truncatingIfNeeded: folded))]
        let second = unsafe table[slot(UInt32(truncatingIfNeeded: folded >> 8))]
        let third = unsafe table[slot(UInt32(truncatingIfNeeded: folded >> 16))]
        let fourth = unsafe table[slot(UInt32(truncatingIfNeeded: folded >> 24))]
        return first | second | third | fourth != 0
    }

    /// The first place from `start` up to `end` at which the table holds anything, or `end`. The text must go on for
    /// eight bytes behind `end`.
    static func find(
        in text: UnsafePointer<UInt8>, from start: Int, to end: Int, table: UnsafePointer<UInt8>
    ) -> Int {
        var index = start
        let raw = unsafe UnsafeRawPointer(text)
        // Four places at a time, of one load.
        while index + 4 <= end {
            if unsafe fires(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self), table) { break }
            index += 4
        }
        while index < end {
            let bytes = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt32.self) | Self.fold
            if unsafe table[slot(bytes)] != 0 { return index }
            index += 1
        }
        return end
    }
}
