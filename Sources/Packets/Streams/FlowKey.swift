/// One end of a conversation.
public struct Endpoint: Hashable, Sendable {
    public let address: IPAddress
    public let port: UInt16

    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    fileprivate var order: (Int, UInt64, UInt64, UInt16) {
        (address.isIPv6 ? 1 : 0, address.high, address.low, port)
    }
}

/// The two ends of a conversation, whichever of them sends.
public struct FlowKey: Hashable, Sendable {
    public let first: Endpoint
    public let second: Endpoint

    /// - Returns: the key, and whether `source` is its first end.
    public static func make(source: Endpoint, destination: Endpoint) -> (key: FlowKey, isFirst: Bool) {
        source.order <= destination.order
            ? (FlowKey(first: source, second: destination), true)
            : (FlowKey(first: destination, second: source), false)
    }
}
