extension ShellScanner {
    /// Reads `$'…'` (POSIX.1-2024, 2.2.4), the index at its dollar sign.
    mutating func scanEscapedQuotes() throws(CurlCommandError) -> [UInt8] {
        let open = index
        index += 2
        var result: [UInt8] = []
        while let byte = at() {
            if byte == UInt8(ascii: "'") {
                index += 1
                return result
            }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                index += 1
                continue
            }
            index += 1
            guard let escape = at() else { break }
            index += 1
            switch escape {
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "a"): result.append(7)
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "e"), UInt8(ascii: "E"): result.append(27)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "v"): result.append(11)
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"): result.append(escape)
            case UInt8(ascii: "c"):
                guard let control = at() else { break }
                index += 1
                result.append(control & 0x1F)
            case UInt8(ascii: "x"): result.append(try number(radix: 16, atMost: 2, byte: true, open))
            case UInt8(ascii: "u"): result += try scalar(atMost: 4, open)
            case UInt8(ascii: "U"): result += try scalar(atMost: 8, open)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                index -= 1
                result.append(try number(radix: 8, atMost: 3, byte: true, open))
            default: result += [UInt8(ascii: "\\"), escape]
            }
        }
        throw unterminated(open)
    }

    private mutating func digits(radix: Int, atMost limit: Int) -> Int? {
        var value: Int?
        var count = 0
        while count < limit, let byte = at(), let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix {
            value = (value ?? 0) * radix + digit
            index += 1
            count += 1
        }
        return value
    }

    private mutating func number(radix: Int, atMost limit: Int, byte: Bool, _ open: Int) throws(CurlCommandError)
        -> UInt8
    {
        guard let value = digits(radix: radix, atMost: limit) else { throw invalidEscape(open) }
        return UInt8(truncatingIfNeeded: value)
    }

    private mutating func scalar(atMost limit: Int, _ open: Int) throws(CurlCommandError) -> [UInt8] {
        guard let value = digits(radix: 16, atMost: limit), let number = UInt32(exactly: value),
            let scalar = UnicodeScalar(number)
        else { throw invalidEscape(open) }
        return Array(String(scalar).utf8)
    }

    private func invalidEscape(_ open: Int) -> CurlCommandError {
        error(
            .invalidValue("$'…'"), at: open, "an escape without a valid number in the quotes that begin here",
            hint: "write it as \\xHH or \\uHHHH")
    }
}
