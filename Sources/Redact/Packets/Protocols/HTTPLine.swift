import Packets

/// The lines of an HTTP head, and what of them may stay.
///
/// Of a request line: the method, the path, the names in the query, the version. Of a status line: all but a reason that is more
/// than words. Of a header: its name, and the values of those that say where a message went, how it is framed and what
/// Apigee says of it.
enum HTTPLine {
    enum Field {
        case contentLength
        case transferEncoding
        case host
        /// Its value stays.
        case kept
        case other
    }

    enum Start {
        case yes
        case no
        case undecided
    }

    private static let methods: [StaticString] = [
        "GET ", "POST ", "PUT ", "DELETE ", "HEAD ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PRI * HTTP/2.0\r",
        "HTTP/1.",
    ]

    /// Whether an HTTP message begins here: the start line must be there whole.
    static func start(_ bytes: Span<UInt8>, at index: Int) -> Start {
        // Only letters that begin one of the methods.
        switch bytes[index] {
        case 0x43, 0x44, 0x47, 0x48, 0x4F, 0x50, 0x54: break
        default: return .no
        }
        var isPrefix = false
        for method in methods {
            if starts(bytes, index, method) {
                guard let end = end(bytes, from: index) else {
                    return bytes.count - index < HTTPFilter.longestLine ? .undecided : .no
                }
                let line = content(bytes, index..<end)
                if method.utf8CodeUnitCount == 7 { return status(bytes, line) > 0 ? .yes : .no }
                return isRequestLine(bytes, line) ? .yes : .no
            }
            isPrefix = isPrefix || starts(bytes, index, method, upTo: bytes.count - index)
        }
        return isPrefix ? .undecided : .no
    }

    /// Method, target and version with one space between, all printable, or zero where this scrubber was before.
    private static func isRequestLine(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        guard line.count >= 14, starts(bytes, line.upperBound - 9, " HTTP/") else { return false }
        var spaces = 0
        for index in line {
            if bytes[index] == 0x20 { spaces += 1 }
            guard bytes[index] >= 0x20 || bytes[index] == 0, bytes[index] != 0x7F else { return false }
        }
        return spaces == 2
    }

    /// The number of a status line; 0 when it is none.
    static func status(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
        guard line.count >= 12, bytes[line.lowerBound + 8] == 0x20,
            line.count == 12 || bytes[line.lowerBound + 12] == 0x20,
            let number = decimal(bytes, line.lowerBound + 9..<line.lowerBound + 12), (100...599).contains(number)
        else { return 0 }
        return number
    }

    static func scrubStatusLine(_ bytes: inout MutableSpan<UInt8>, _ line: Range<Int>) {
        let reason = min(line.lowerBound + 13, line.upperBound)..<line.upperBound
        let isWords =
            reason.count <= 64 && reason.allSatisfy { isLetter(bytes[$0]) || [0x20, 0x2D, 0x27].contains(bytes[$0]) }
        if !isWords { bytes.zero(reason) }
    }

    static func scrubRequestLine(_ bytes: inout MutableSpan<UInt8>, _ line: Range<Int>, _ names: PacketNames?) {
        guard let space = line.first(where: { bytes[$0] == 0x20 }) else { return bytes.zero(line) }
        let target = space + 1..<max(space + 1, line.upperBound - 9)
        var index = authority(&bytes, target, names)
        while index < target.upperBound {
            let next = (index + 1..<target.upperBound).first { isDelimiter(bytes[$0]) } ?? target.upperBound
            scrubPart(&bytes, index..<next)
            index = next
        }
    }

    /// Steps over `scheme://user:password@host`, without the user's part.
    private static func authority(
        _ bytes: inout MutableSpan<UInt8>, _ target: Range<Int>, _ names: PacketNames?
    ) -> Int {
        guard let first = target.first, bytes[first] != UInt8(ascii: "/") else { return target.lowerBound }
        var start = first
        if let slash = target.first(where: { bytes[$0] == UInt8(ascii: "/") }), slash + 1 < target.upperBound,
            bytes[slash + 1] == UInt8(ascii: "/")
        {
            start = slash + 2
        }
        let end = (start..<target.upperBound).first { [0x2F, 0x3F, 0x23].contains(bytes[$0]) } ?? target.upperBound
        if let at = (start..<end).last(where: { bytes[$0] == UInt8(ascii: "@") }) {
            bytes.zero(start..<at)
            start = at + 1
        }
        if let names, start < end { rewriteHost(&bytes, start..<end, names) }
        return end
    }

    /// Rewrites the host of `host:port`.
    static func rewriteHost(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, _ names: PacketNames) {
        let end = range.last { bytes[$0] == UInt8(ascii: ":") } ?? range.upperBound
        names.host(&bytes, range.lowerBound..<end)
    }

    /// `/` `?` `&` `;` `#` begin a part of a target.
    private static func isDelimiter(_ byte: UInt8) -> Bool { [0x2F, 0x3F, 0x26, 0x3B, 0x23].contains(byte) }

    /// A part of a target with the delimiter before it. Behind `=` there is a value; so is a part of a query without
    /// one, a fragment, and what looks like a token.
    private static func scrubPart(_ bytes: inout MutableSpan<UInt8>, _ part: Range<Int>) {
        let equals = part.first { bytes[$0] == UInt8(ascii: "=") }
        let isPath = bytes[part.lowerBound] == UInt8(ascii: "/")
        if let equals {
            bytes.zero(equals + 1..<part.upperBound)
            if equals - part.lowerBound > 64 { bytes.zero(part.lowerBound + 1..<equals) }
        } else if !isPath || starts(bytes.span, part.lowerBound, "/eyJ") {
            bytes.zero(min(part.lowerBound + 1, part.upperBound)..<part.upperBound)
        }
    }

    /// The colon behind a header's name; nil when there is no plain name.
    static func colon(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int? {
        for index in line.prefix(65) {
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") { return index > line.lowerBound ? index : nil }
            guard isLetter(byte) || isDigit(byte) || [0x2D, 0x2E, 0x5F].contains(byte) else { return nil }
        }
        return nil
    }

    static func field(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Field {
        switch name.count {
        case 4: return equals(bytes, name, "host") ? .host : .other
        case 12: if equals(bytes, name, "content-type") { return .kept }
        case 14: if equals(bytes, name, "content-length") { return .contentLength }
        case 17: if equals(bytes, name, "transfer-encoding") { return .transferEncoding }
        default: break
        }
        guard name.count > 9, equals(bytes, name.prefix(8), "x-apigee") else { return .other }
        let rest = name.dropFirst(9)
        let isKept = equals(bytes, rest, "message-id") || rest.count >= 5 && equals(bytes, rest.prefix(5), "fault")
        return isKept ? .kept : .other
    }

    /// Whether a kept value holds only what host names, media types, numbers and codes are made of.
    static func isHarmless(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
        value.count <= 256
            && value.allSatisfy { index in
                let byte = bytes[index]
                return isLetter(byte) || isDigit(byte)
                    || [0x20, 0x22, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x3B, 0x3D, 0x5B, 0x5D, 0x5F].contains(byte)
            }
    }

    /// The place behind the next line feed.
    static func end(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == 0x0A { return index + 1 }
            index += 1
        }
        return nil
    }

    /// A line without its end.
    static func content(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int> {
        let hasReturn = line.count >= 2 && bytes[line.upperBound - 2] == 0x0D
        return line.dropLast(hasReturn ? 2 : 1)
    }

    static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, [0x20, 0x09].contains(bytes[first]) { range = range.dropFirst() }
        while let last = range.last, [0x20, 0x09].contains(bytes[last]) { range = range.dropLast() }
        return range
    }

    static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard (1...15).contains(range.count), range.allSatisfy({ isDigit(bytes[$0]) }) else { return nil }
        return range.reduce(0) { $0 * 10 + Int(bytes[$1] - 0x30) }
    }

    /// The number at the start of the range, up to a semicolon or a space.
    static func hexadecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var value = 0
        for (count, index) in range.enumerated() {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39: value = value << 4 | Int(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | Int(byte & 0xDF) - 0x37
            case 0x20, 0x3B: return count > 0 ? value : nil
            default: return nil
            }
            guard count < 8 else { return nil }
        }
        return value
    }

    static func starts(_ bytes: Span<UInt8>, _ index: Int, _ text: StaticString, upTo limit: Int = .max) -> Bool {
        let count = min(text.utf8CodeUnitCount, limit)
        guard index >= 0, index + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { unsafe bytes[index + $0] == text.utf8Start[$0] }
    }

    /// Equality with a text in lower case.
    static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        let start = range.lowerBound
        return range.allSatisfy { index in
            let byte = bytes[index]
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            return unsafe lower == text.utf8Start[index - start]
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
