internal import CPlatform
internal import Glibc

/// Facts about a terminal.
public enum Terminal {
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns, or `nil` when the descriptor is no terminal.
    public static func columns(_ descriptor: Int32) -> Int? {
        let columns = Int(cp_terminal_columns(descriptor))
        return columns > 0 ? columns : nil
    }

    /// Reads one line from standard input without showing what is typed. `nil` at the end of input.
    public static func readHiddenLine(prompt: String) -> Secret? {
        writeError(prompt)
        let hidden = cp_set_echo(0, 0) == 0
        defer {
            if hidden {
                _ = cp_set_echo(0, 1)
                writeError("\n")
            }
        }
        return readLineBytes().map { Secret($0) }
    }

    /// Reads one line from standard input after a prompt. `nil` at the end of input.
    public static func readLine(prompt: String) -> String? {
        writeError(prompt)
        return readLineBytes().map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads one line from standard input, byte by byte, so that what follows stays for the next reader.
    public static func readLineBytes(limit: Int = 65_536) -> [UInt8]? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < limit {
            let count = unsafe read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return line.isEmpty ? nil : line }
            if byte == 0x0A { break }
            line.append(byte)
        }
        if line.last == 0x0D { line.removeLast() }
        return line
    }

    /// Writes to standard error; a closed terminal is no reason to stop.
    public static func writeError(_ text: String) { write(text, to: 2) }

    /// Writes to standard output; false when the reader has gone.
    @discardableResult
    public static func writeOutput(_ text: String) -> Bool { write(text, to: 1) }

    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(bytes: Array(text.utf8)[...], to: descriptor)
    }

    /// Writes all bytes, whatever the kernel takes at a time.
    @discardableResult
    public static func write(bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                usleep(1000)
                continue
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
