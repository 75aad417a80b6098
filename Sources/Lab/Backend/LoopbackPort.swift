import Glibc

/// TCP ports of 127.0.0.1.
enum LoopbackPort {
    /// A port that nobody uses at the moment.
    static func free() throws -> Int {
        let (descriptor, port) = try open(listening: nil)
        close(descriptor)
        return port
    }

    /// A socket that takes connections at a port of its own.
    static func listen(backlog: Int32) throws -> (descriptor: Int32, port: Int) { try open(listening: backlog) }

    private static func open(listening backlog: Int32?) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw LabError(.engineFailed, "socket", "error \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, size) == 0
                    && (backlog.map { Glibc.listen(descriptor, $0) == 0 } ?? true)
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard isBound else {
            let error = errno
            close(descriptor)
            throw LabError(.engineFailed, "bind", "error \(error)")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
