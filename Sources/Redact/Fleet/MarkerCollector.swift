internal import Glibc

/// Gathers the markers that stand in texts: what others have learned is secret, without their values.
public struct MarkerCollector: Sendable {
    /// The rule of each fingerprint; equal secrets have equal fingerprints under one key, whatever rule found them.
    public private(set) var rules: [UInt64: String] = [:]
    private var tail: [UInt8] = []

    /// More are not kept: a hostile text must not fill the memory.
    private static let most = 1 << 17
    /// The longest marker: prefix, rule id of 48 bytes, point, 12 digits.
    private static let longest = 9 + 48 + 13

    public init() {}

    /// Takes the next bytes of the text at hand.
    public mutating func append(_ piece: [UInt8]) {
        let text = tail + piece
        scan(text)
        tail = Array(text.suffix(Self.longest - 1))
    }

    /// Ends the text at hand.
    public mutating func finish() { tail = [] }

    /// Takes over what another has gathered.
    public mutating func merge(_ other: MarkerCollector) {
        for (code, rule) in other.rules where rules.count < Self.most { rules[code] = rules[code] ?? rule }
    }

    private mutating func scan(_ text: [UInt8]) {
        var places: [Int] = []
        unsafe text.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            var position = 0
            while position < buffer.count,
                let found = unsafe memchr(start + position, Int32(UInt8(ascii: "R")), buffer.count - position)
            {
                position = unsafe start.distance(to: UnsafeRawPointer(found))
                if buffer.count - position > 22, unsafe buffer[position + 1] == UInt8(ascii: "E"),
                    unsafe buffer[position + 8] == UInt8(ascii: ".")
                {
                    places.append(position)
                }
                position += 1
            }
        }
        guard !places.isEmpty else { return }
        Window.over(text) { window in
            for place in places where rules.count < Self.most {
                guard let length = Marker.length(in: window, at: place) else { continue }
                let marker = text[place..<(place + length)]
                guard let code = UInt64(String(decoding: marker.suffix(12), as: UTF8.self), radix: 16) else { continue }
                if rules[code] == nil {
                    rules[code] = String(decoding: marker.dropFirst(9).dropLast(13), as: UTF8.self)
                }
            }
        }
    }
}
