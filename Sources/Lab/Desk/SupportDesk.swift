public import Foundation
import Glibc
import Synchronization

/// A place on 127.0.0.1 that takes bundles: it speaks the published forms of Google's Support API (v2 media upload,
/// attachments, comments) and of Cloud Storage's resumable sessions, and fails as lines and servers do.
public final class SupportDesk: Sendable {
    /// How it behaves; may be changed at any time.
    public struct Manners: Sendable {
        /// Cuts the line each time that so many more bytes of bodies have come.
        public var cutEvery: Int?
        public var cuts = 0
        /// Answered to the next requests for an upload, one each.
        public var statuses: [Int] = []
        /// Takes the whole body, then cuts the line in place of the answer, so many times.
        public var swallowedAnswers = 0
        /// Waits that long with each 64 KiB.
        public var slowness: TimeInterval = 0
        /// Answers everything with a page to log in, as networks of hotels do.
        public var isPortal = false
        /// Tokens that are taken; nil: any.
        public var tokens: Set<String>?
        /// Bodies above are refused with 413.
        public var mostBytes: Int?
        /// Tells a check sum of other bytes.
        public var liesAboutSums = false
        /// Cases that exist; nil: any.
        public var cases: Set<String>?

        public init() {}
    }

    /// Something that was taken.
    public struct Taken: Sendable {
        public var parent: String
        public var filename: String
        public var bytes: [UInt8]
    }

    struct Session {
        var total = 0
        var bytes: [UInt8] = []
        var isDone = false

        /// Keeps what is new of a piece; what a cut has left of it counts in whole units.
        mutating func take(_ piece: [UInt8], at first: Int, of total: Int, unit: Int) -> Bool {
            self.total = total
            // What is there is not written twice; a hole can't be.
            if first <= bytes.count, first + piece.count > bytes.count { bytes += piece[(bytes.count - first)...] }
            isDone = bytes.count == total
            if !isDone { bytes.removeLast(bytes.count % unit) }
            return isDone
        }
    }

    struct State {
        var manners: Manners
        var taken: [Taken] = []
        var comments: [String] = []
        /// Signed assertions that were exchanged for a token.
        var assertions: [String] = []
        var sessions: [String: Session] = [:]
        var received = 0
        var nextCut = 0
        var requests: [String] = []
        var isOver = false
    }

    public let port: Int
    let state: Mutex<State>
    private let socket: Int32

    /// Everything that cases have.
    public var attachments: [Taken] { state.withLock { $0.taken } }
    public var comments: [String] { state.withLock { $0.comments } }
    public var assertions: [String] { state.withLock { $0.assertions } }
    /// Bytes of bodies that came, those that came again too.
    public var received: Int { state.withLock { $0.received } }
    /// Method and path of each request, in order.
    public var requests: [String] { state.withLock { $0.requests } }
    /// The content of each session that is whole.
    public var objects: [[UInt8]] { state.withLock { $0.sessions.values.filter(\.isDone).map(\.bytes) } }

    public var endpoint: String { "http://127.0.0.1:\(port)" }
    /// A URL that starts a resumable session, in the form of a signed one.
    public var signedURL: String {
        endpoint + "/bucket/object?X-Goog-SignedHeaders=host%3Bx-goog-resumable&X-Goog-Signature=00"
    }
    /// A URL that takes one PUT.
    public var putURL: String { endpoint + "/put/object?X-Goog-Signature=00" }

    public func set(_ change: (inout Manners) -> Void) { state.withLock { change(&$0.manners) } }

    /// Starts to listen.
    public init(_ manners: Manners = Manners()) throws {
        let listener: Int32
        (listener, port) = try LoopbackPort.listen(backlog: 64)
        state = Mutex(State(manners: manners, nextCut: manners.cutEvery ?? 0))
        socket = listener
        Thread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                Thread { self.serve(DeskConnection(connection)) }.start()
            }
        }.start()
    }

    public func stop() {
        let wasOver = state.withLock { state in
            defer { state.isOver = true }
            return state.isOver
        }
        guard !wasOver else { return }
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    deinit { stop() }

    private func serve(_ line: DeskConnection) {
        while let head = line.readHead() {
            state.withLock { $0.requests.append("\(head.method) \(head.path)") }
            guard answer(head, line) else { return }
        }
    }

    /// Reads a body as the manners want it.
    /// - Returns: what came, and whether it is whole.
    func body(_ head: DeskConnection.Head, _ line: DeskConnection) -> (bytes: [UInt8], isWhole: Bool) {
        if head.headers["expect"] != nil { line.goOn() }
        var bytes: [UInt8] = []
        let slowness = state.withLock { $0.manners.slowness }
        let isWhole = line.readBody(head.length) { piece in
            bytes += piece
            if slowness > 0 { Thread.sleep(forTimeInterval: slowness) }
            return state.withLock { state in
                state.received += piece.count
                guard let every = state.manners.cutEvery, state.manners.cuts > 0, state.received >= state.nextCut else {
                    return true
                }
                state.manners.cuts -= 1
                state.nextCut = state.received + every
                return false
            }
        }
        if !isWhole { line.cut() }
        return (bytes, isWhole)
    }
}
