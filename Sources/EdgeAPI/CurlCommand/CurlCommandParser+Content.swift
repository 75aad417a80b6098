extension CurlCommandParser {
    mutating func addData(_ value: CurlValue) throws(CurlCommandError) {
        switch value.option {
        case "--json":
            content.isJSON = true
            let isFile = value.bytes.first == UInt8(ascii: "@")
            content.append(isFile ? try file(value, path: value.bytes.dropFirst()) : value.bytes, separator: false)
        case "--data-raw": content.append(value.bytes, separator: true)
        case "--data-urlencode": content.append(try urlEncoded(value), separator: true)
        default:
            guard value.bytes.first == UInt8(ascii: "@") else { return content.append(value.bytes, separator: true) }
            var bytes = try file(value, path: value.bytes.dropFirst())
            // curl drops line breaks and NULs from files, but not with --data-binary.
            if value.option != "--data-binary" { bytes.removeAll { $0 == 10 || $0 == 13 || $0 == 0 } }
            content.append(bytes, separator: true)
        }
    }

    /// `content`, `=content`, `name=content`, `@file`, `name@file`: the content is encoded, the name is not.
    ///
    /// - Parameter plainWithPlus: `+content` is taken as it stands, as `--url-query` has it.
    func urlEncoded(_ value: CurlValue, plainWithPlus: Bool = false) throws(CurlCommandError) -> [UInt8] {
        if plainWithPlus, value.bytes.first == UInt8(ascii: "+") { return Array(value.bytes.dropFirst()) }
        let mark = value.bytes.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") }
        guard let mark else { return Self.encoded(value.bytes) }
        let rest = Array(value.bytes[(mark + 1)...])
        let bytes = value.bytes[mark] == UInt8(ascii: "@") ? try file(value, path: rest) : rest
        return mark == 0
            ? Self.encoded(bytes) : Array(value.bytes[..<mark]) + [UInt8(ascii: "=")] + Self.encoded(bytes)
    }

    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: [byte]
            case 32: [UInt8(ascii: "+")]
            default: [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }

    /// `name=content`, `name=content;type=…`, `name=@file`, `name=<file`.
    mutating func addForm(_ value: CurlValue) throws(CurlCommandError) {
        guard let equals = value.bytes.firstIndex(of: UInt8(ascii: "=")) else {
            throw invalid(value, "no field of the form name=content")
        }
        var part = CurlContent.Part(
            name: Array(value.bytes[..<equals]), content: Array(value.bytes[(equals + 1)...]))
        if value.option == "--form" {
            let mark = part.content.first
            var fields = Self.fields(part.content)
            part.content = fields.removeFirst()
            for field in fields {
                var one = value
                one.bytes = field
                let text = try string(one).drop { $0 == " " }
                if text.hasPrefix("type=") {
                    part.type = String(text.dropFirst(5))
                } else if text.hasPrefix("filename=") {
                    part.fileName = String(text.dropFirst(9))
                } else {
                    throw invalid(value, "a form field with an attribute that is not supported")
                }
            }
            if mark == UInt8(ascii: "@") || mark == UInt8(ascii: "<") {
                let path = part.content.dropFirst()
                part.content = try file(value, path: path)
                if mark == UInt8(ascii: "@") {
                    let name = path.split(separator: UInt8(ascii: "/")).last ?? []
                    part.fileName = part.fileName ?? String(decoding: name, as: UTF8.self)
                    part.type = part.type ?? "application/octet-stream"
                }
            }
        }
        content.parts.append(part)
    }

    /// Splits `content;key=value` at semicolons that begin a known attribute; quotes round a piece are taken off.
    private static func fields(_ bytes: [UInt8]) -> [[UInt8]] {
        var fields: [[UInt8]] = [[]]
        var index = 0
        var quoted = false
        while index < bytes.count {
            let byte = bytes[index]
            let isStart = fields[fields.count - 1].isEmpty || fields[fields.count - 1].last == UInt8(ascii: "=")
            if quoted, byte == UInt8(ascii: "\\"), index + 1 < bytes.count, [34, 92].contains(bytes[index + 1]) {
                index += 1
                fields[fields.count - 1].append(bytes[index])
            } else if byte == 34, quoted || isStart {
                quoted.toggle()
            } else if byte == UInt8(ascii: ";"), !quoted, startsAttribute(bytes[(index + 1)...]) {
                fields.append([])
            } else {
                fields[fields.count - 1].append(byte)
            }
            index += 1
        }
        return fields
    }

    private static func startsAttribute(_ bytes: ArraySlice<UInt8>) -> Bool {
        let bytes = bytes.drop { $0 == 32 }
        return ["type=", "filename=", "headers=", "encoder="].contains { bytes.starts(with: $0.utf8) }
    }
}
