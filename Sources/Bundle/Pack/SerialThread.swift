internal import Platform
internal import Synchronization

/// Does steps one after another on a thread of its own, in the order in which they are brought, while another thread
/// goes on with what comes next. A few steps may wait; who brings more waits, too.
final class SerialThread<Step: Sendable>: Sendable {
    /// What both threads share; the working one must not keep the owner alive.
    private final class Queue: Sendable {
        private let steps = Mutex<[Step]>([])
        private let filled = Semaphore()
        private let room = Semaphore()
        private let over = Semaphore()

        init(mostWaiting: Int) { for _ in 0..<mostWaiting { room.signal() } }

        func add(_ step: Step) {
            room.wait()
            steps.withLock { $0.append(step) }
            filled.signal()
        }

        /// Waits until all steps are done; no more may come.
        func end() {
            // A signal without a step.
            filled.signal()
            over.wait()
        }

        func work(_ take: (Step) -> Void) {
            while true {
                filled.wait()
                guard let step = steps.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { break }
                room.signal()
                take(step)
            }
            over.signal()
        }
    }

    private let queue: Queue
    private let isEnded = Mutex(false)

    /// - Parameters:
    ///   - mostWaiting: steps that may wait.
    ///   - take: does one; never called by two threads at once.
    /// - Returns: nil when no thread can be made.
    init?(mostWaiting: Int, _ take: @escaping @Sendable (Step) -> Void) {
        let queue = Queue(mostWaiting: mostWaiting)
        self.queue = queue
        guard Blocking.start({ queue.work(take) }) else { return nil }
    }

    deinit { finish() }

    /// Brings the next step. Nothing may be brought after ``finish()``.
    func bring(_ step: Step) { queue.add(step) }

    /// Waits until all that was brought is done.
    func finish() {
        let isFirst = isEnded.withLock { isEnded in
            defer { isEnded = true }
            return !isEnded
        }
        if isFirst { queue.end() }
    }
}
