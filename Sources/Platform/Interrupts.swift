internal import CPlatform
internal import Glibc
internal import Synchronization

/// Turns SIGINT and SIGTERM into an orderly end: the first asks the run to finish with what it has, the second stops
/// the process at once. SIGHUP alone never stops a run: it goes on without its terminal.
public final class Interrupts: Sendable {
    public enum Kind: Int32, Sendable {
        case interrupt = 2
        case terminate = 15

        /// 128 + signal number, as shells report it.
        public var exitCode: Int32 { 128 + rawValue }
    }

    private struct State {
        var received: Kind?
        var isListening = false
        var handlers: [@Sendable (Kind) -> Void] = []
        var lastResort: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    public init() {}

    /// The signal that asked for an end, if one came: also one that the listening thread has not read yet.
    public var received: Kind? {
        state.withLock { state in
            guard state.received == nil, state.isListening else { return state.received }
            return Self.kind(cp_first_end_signal())
        }
    }

    private static func kind(_ signal: Int32) -> Kind? {
        switch signal {
        case SIGINT, SIGQUIT: .interrupt
        case SIGTERM: .terminate
        default: nil
        }
    }

    /// Calls `handler` when the first signal comes; at once if it has come already.
    public func onFirst(_ handler: @escaping @Sendable (Kind) -> Void) {
        let already = state.withLock { state -> Kind? in
            if state.received == nil { state.handlers.append(handler) }
            return state.received
        }
        if let already { handler(already) }
    }

    /// What still has to be done when a second signal stops the process at once, such as removing the work folder.
    public func onSecond(_ handler: @escaping @Sendable () -> Void) { state.withLock { $0.lastResort = handler } }

    /// Starts to listen, on a thread of its own.
    public func listen() {
        var ends: [Int32] = [-1, -1]
        guard unsafe cp_pipe(&ends) == 0 else { return }
        state.withLock { $0.isListening = true }
        cp_report_signals(ends[1])
        let reader = ends[0]
        Blocking.detach { [self] in
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(reader, &byte, 1)
                if count < 0, errno == EINTR { continue }
                guard count == 1 else { return }
                handle(Int32(byte))
            }
        }
    }

    private func handle(_ signal: Int32) {
        guard let kind = Self.kind(signal) else { return }
        let (handlers, lastResort) = state.withLock { state -> ([@Sendable (Kind) -> Void]?, (@Sendable () -> Void)?) in
            if state.received != nil { return (nil, state.lastResort) }
            state.received = kind
            defer { state.handlers = [] }
            return (state.handlers, nil)
        }
        guard let handlers else {
            lastResort?()
            _exit(kind.exitCode)
        }
        for handler in handlers { handler(kind) }
    }
}
