import CCurl
import Glibc

/// Takes what libcurl hands over during one transfer; lives on the transfer's thread alone.
final class TransferSink {
    /// Cap of status line and headers together.
    static let maxHeaderBytes = 256 << 10

    let maxBytes: Int
    let thisMachineOnly: Bool
    private(set) var headerBlock: [UInt8] = []
    private(set) var body: [UInt8] = []
    private(set) var bodyTooLarge = false
    private(set) var headersTooLarge = false
    /// Set by the blank line that ends the headers.
    private(set) var headersEnded = false
    /// Set when a connection to another machine was refused, before any byte was sent.
    private(set) var refusedAddress = false

    init(maxBytes: Int, thisMachineOnly: Bool) {
        self.maxBytes = maxBytes
        self.thisMachineOnly = thisMachineOnly
    }

    /// Returns false to end the transfer.
    private func take(header line: UnsafeRawBufferPointer) -> Bool {
        if unsafe line.starts(with: "HTTP/".utf8) {
            headerBlock.removeAll(keepingCapacity: true)
            headersEnded = false
        }
        guard headerBlock.count + line.count <= Self.maxHeaderBytes else {
            headersTooLarge = true
            return false
        }
        if unsafe line.elementsEqual("\r\n".utf8) || line.elementsEqual("\n".utf8) {
            headersEnded = true
            return true
        }
        unsafe headerBlock.append(contentsOf: line)
        return true
    }

    private func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        let room = maxBytes - body.count
        unsafe body.append(contentsOf: bytes.prefix(room))
        bodyTooLarge = bytes.count > room
        return !bodyTooLarge
    }

    private func socket(for address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        if thisMachineOnly, unsafe !OwnAddresses.contain(ccurl_address(address)) {
            refusedAddress = true
            return ccurl_bad_socket()
        }
        let target = unsafe address.pointee
        return Glibc.socket(
            target.family, target.socktype | Int32(SOCK_CLOEXEC.rawValue), target.protocol)
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> TransferSink? {
        unsafe context.map { unsafe Unmanaged<TransferSink>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: What libcurl calls

    static let onHeader: ccurl_data_function = { data, size, count, context in
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
        guard let sink = unsafe at(context), unsafe sink.take(header: bytes) else { return 0 }
        return bytes.count
    }

    static let onBody: ccurl_data_function = { data, size, count, context in
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
        guard let sink = unsafe at(context), unsafe sink.take(body: bytes) else { return 0 }
        return bytes.count
    }

    static let onSocket: ccurl_socket_function = { context, _, address in
        guard let sink = unsafe at(context), let address = unsafe address else { return ccurl_bad_socket() }
        return unsafe sink.socket(for: address)
    }
}
