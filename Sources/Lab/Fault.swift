import Synchronization

/// A way in which the management API misbehaves.
public enum Fault: String, Sendable, CaseIterable, Codable {
    /// 401 with an HTML page, whatever the credentials.
    case unauthorizedHTML
    /// 401 with no body.
    case unauthorizedEmpty
    /// 403 with an HTML page.
    case forbidden
    /// 404 with Edge's JSON error for keystores, references, target servers, revisions and debug sessions.
    case notFound
    /// 500 with Edge's JSON error.
    case serverError
    /// Answers only after ``LabOptions/slowness`` seconds.
    case slow
    /// Answers a few bytes at a time.
    case drip
    /// Closes the connection in the middle of the body.
    case cutOff
    /// An HTML page labelled `application/json`.
    case wrongContentType
    /// JSON labelled `text/plain`.
    case jsonAsText
    /// The exported revision is a damaged zip.
    case brokenZip
    /// A body without end.
    case endlessBody
    /// 302 to another host and port, which records what it was sent.
    case redirect
    /// 429 with `Retry-After`.
    case tooMany
    /// JSON that is cut in the middle, with a matching length.
    case truncatedJSON
}

/// The faults that are on; may be changed while the lab runs.
public final class FaultSwitch: Sendable {
    private let state: Mutex<Set<Fault>>

    init(_ faults: Set<Fault>) { state = Mutex(faults) }

    /// The faults that are on now.
    public var active: Set<Fault> { state.withLock { $0 } }

    /// Turns a fault on or off.
    public func set(_ fault: Fault, on: Bool) {
        state.withLock { faults in
            if on { faults.insert(fault) } else { faults.remove(fault) }
        }
    }

    /// Turns every fault off and the given ones on.
    public func replace(with faults: Set<Fault>) {
        state.withLock { $0 = faults }
    }
}
