import CCurl
import Glibc

/// Whether a socket address belongs to this machine.
enum OwnAddresses {
    /// The bytes of an IPv4 or IPv6 address; an IPv4 address inside IPv6 counts as IPv4.
    static func bytes(of address: UnsafePointer<sockaddr>) -> [UInt8]? {
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                unsafe withUnsafeBytes(of: pointer.pointee.sin_addr) { unsafe Array($0) }
            }
        case AF_INET6:
            unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                let all = unsafe withUnsafeBytes(of: pointer.pointee.sin6_addr) { unsafe Array($0) }
                let mapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
                return mapped ? Array(all[12...]) : all
            }
        default: nil
        }
    }

    static func isLoopback(_ address: [UInt8]) -> Bool {
        address.count == 4 ? address[0] == 127 : address == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// True for loopback and for an address of one of the interfaces.
    static func contain(_ address: UnsafePointer<sockaddr>) -> Bool {
        guard let wanted = unsafe bytes(of: address) else { return false }
        if isLoopback(wanted) { return true }
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return false }
        defer { unsafe freeifaddrs(list) }
        var next = unsafe list
        while let entry = unsafe next {
            if let own = unsafe entry.pointee.ifa_addr, unsafe bytes(of: own) == wanted { return true }
            unsafe next = entry.pointee.ifa_next
        }
        return false
    }
}
