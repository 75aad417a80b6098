import Collect
import Glibc
import Platform

/// Files that the operator names. They are read with the operator's rights before anything else is done, so that a
/// wrong name ends the run at once and not after ten minutes.
enum InputFiles {
    /// The bytes of a file, or of standard input for `-`.
    static func read(_ path: String, limit: Int = 256 << 20) throws(CollectError) -> [UInt8] {
        if path == "-" { return try readDescriptor(0, "standard input", limit: limit) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw unreadable(path, PlatformError(errno: errno, path).reason) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(path, "can't be looked at") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, "is not a regular file") }
        return try readDescriptor(descriptor, path, limit: limit)
    }

    /// A private key, which others must not be able to read: ssh refuses such a key, too.
    static func privateKey(_ path: String) throws(CollectError) -> [UInt8] {
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
            throw CollectError(.refused, "'\(path)'", "others may read this private key", hint: "chmod 600 '\(path)'")
        }
        return try read(path, limit: 1 << 20)
    }

    /// One line of a file that holds a secret, such as a password or a token.
    static func secret(_ path: String) throws(CollectError) -> Secret {
        let bytes = try read(path, limit: 65_536)
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty else { throw CollectError(.usage, "'\(path)'", "is empty") }
        return Secret(Array(line))
    }

    private static func readDescriptor(
        _ descriptor: Int32, _ name: String, limit: Int
    ) throws(CollectError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw unreadable(name, PlatformError(errno: errno, name).reason) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > limit {
                throw CollectError(.usage, "'\(name)'", "is larger than \(limit >> 20) MiB")
            }
        }
    }

    private static func unreadable(_ path: String, _ reason: String) -> CollectError {
        CollectError(.usage, "'\(path)'", "can't be read: \(reason)", hint: "check the name and the rights")
    }
}
