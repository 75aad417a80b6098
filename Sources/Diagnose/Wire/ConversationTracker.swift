internal import Archive
internal import Packets
internal import Synchronization

/// Follows the TLS handshakes in a capture as it streams by. A scrubbed capture is enough.
///
/// Feed it the bytes of a pcap or pcapng file, gzip-ed or not, as they come; ask it at any time, from any thread. Memory
/// is bounded: when too much is held, connections are let go, those that failed last.
public final class ConversationTracker: Sendable {
    private let table: Mutex<ConversationTable>

    public init() { table = Mutex(ConversationTable()) }

    /// Takes the next bytes of the capture.
    public func append(_ bytes: ArraySlice<UInt8>) { table.withLock { $0.append(bytes) } }

    /// Says that the capture has ended: notes when it ended inside of a frame.
    public func finish() { table.withLock { $0.finish() } }

    /// Frames seen so far.
    public var packets: Int { table.withLock { $0.packets } }

    /// Frames that are no TCP over IP, or whose link type is not known.
    public var otherFrames: Int { table.withLock { $0.otherFrames } }

    /// Connections that were let go, as there were too many.
    public var forgotten: Int { table.withLock { $0.forgotten } }

    /// Why the capture could not be read to its end; nil while all is well.
    public var damage: String? { table.withLock { $0.damage } }

    /// All connections in the order of their first frames. Of a large capture they are many: see `forEachConnection`.
    public var connections: [TLSConnection] { table.withLock { $0.all.map(\.connection) } }

    /// Visits the connections in the order of their first frames, one at a time.
    public func forEachConnection(_ body: (TLSConnection) -> Void) {
        table.withLock { table in
            for conversation in table.all { body(conversation.connection) }
        }
    }

    /// Visits the connections that are wanted, so that the others, of which a large capture has many, are not told.
    func forEachConnection(where isWanted: (ConnectionPreview) -> Bool, _ body: (TLSConnection) -> Void) {
        table.withLock { table in
            for conversation in table.all where isWanted(ConnectionPreview(conversation)) {
                body(conversation.connection)
            }
        }
    }

    /// Connections that are kept.
    public var connectionCount: Int { table.withLock { $0.all.count } }

    /// Connections that speak TLS.
    public var tlsConnectionCount: Int { table.withLock { $0.all.count { $0.isTLS } } }

    /// Handshakes begun, whole or not.
    public var handshakeCount: Int {
        table.withLock { table in
            table.all.count { $0.tls.map { $0.clientHello != nil || $0.serverHello != nil } ?? false }
        }
    }

    /// How many handshakes failed so far. Cheap: to be asked after every piece while a capture is running.
    /// - Parameter serverPort: only those to this port; nil for all.
    public func failureCount(serverPort: Int?) -> Int {
        table.withLock { table in
            table.failed.count { serverPort == nil || serverPort == $0.serverPort }
        }
    }

    /// Alerts seen so far, but for the one that closes a connection in order.
    public var alertCount: Int {
        table.withLock { table in
            table.all.reduce(0) { count, conversation in
                count + (conversation.tls?.alerts.count { !$0.isEncrypted && $0.code != 0 } ?? 0)
                    + (conversation.hiddenFlight?.alert == nil ? 0 : 1)
            }
        }
    }

    /// The handshakes that failed so far.
    /// - Parameter serverPort: only those to this port; nil for all.
    public func failedHandshakes(serverPort: Int?) -> [TLSConnection] {
        table.withLock { table in
            table.failed.filter { serverPort == nil || serverPort == $0.serverPort }.map(\.connection)
        }
    }
}

/// The little of a connection by which it is chosen.
struct ConnectionPreview {
    private let conversation: Conversation

    init(_ conversation: Conversation) { self.conversation = conversation }

    var tls: Bool { conversation.isTLS }
    /// HTTP in clear was seen.
    var hasPlainWords: Bool { !conversation.plainWords.isEmpty }
    var serverPort: Int { conversation.serverPort }
    var serverIP: String { (conversation.clientSide ? conversation.key.second : conversation.key.first).description }
    var outcome: TLSConnection.Outcome { conversation.outcome }
}
