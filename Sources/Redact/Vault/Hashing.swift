/// A quick hash for tables in memory. With a secret random seed nobody can prepare inputs that collide; it is no
/// fingerprint that could be shown to anybody.
enum Hashing {
    static func hash(_ value: [UInt8], seed: UInt64) -> UInt64 {
        unsafe value.withUnsafeBufferPointer { unsafe hash($0, seed: seed) }
    }

    static func hash(_ value: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        var state = seed ^ UInt64(value.count)
        var index = 0
        while index < value.count {
            var word: UInt64 = 0
            if index + 8 <= value.count, let start = value.baseAddress {
                word = unsafe UnsafeRawPointer(start).loadUnaligned(fromByteOffset: index, as: UInt64.self)
            } else {
                for offset in index..<value.count {
                    unsafe word |= UInt64(value[offset]) << UInt64((offset - index) * 8)
                }
            }
            let product = (state ^ word).multipliedFullWidth(by: seed ^ 0x9E37_79B9_7F4A_7C15)
            state = product.low ^ product.high &+ 0xD6E8_FEB8_6659_FD93
            index += 8
        }
        return state ^ (state >> 32)
    }
}
