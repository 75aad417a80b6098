internal import Glibc
internal import Synchronization

/// A few things at the same time, for whoever may block.
public enum Threads {
    /// Runs each body, the first on this thread and each other on one of its own, and gives their results in order.
    public static func atOnce<R: Sendable>(_ bodies: [@Sendable () -> R]) -> [R] {
        guard bodies.count > 1, let first = bodies.first else { return bodies.map { $0() } }
        let desk = Desk<R>()
        for (index, body) in bodies.enumerated().dropFirst() { Blocking.detach { desk.put(body(), at: index) } }
        desk.put(first(), at: 0)
        return desk.take(bodies.count)
    }

    /// Results as they come, and a semaphore that counts them.
    @safe private final class Desk<R: Sendable>: @unchecked Sendable {
        // Unchecked: the semaphore is made for many threads, the results are behind a lock.
        private let count = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        private let results = Mutex<[Int: R]>([:])

        init() { unsafe sem_init(count, 0, 0) }

        deinit {
            unsafe sem_destroy(count)
            unsafe count.deallocate()
        }

        func put(_ result: R, at index: Int) {
            results.withLock { $0[index] = result }
            unsafe sem_post(count)
        }

        func take(_ number: Int) -> [R] {
            for _ in 0..<number { while unsafe sem_wait(count) != 0 {} }
            return results.withLock { found in (0..<number).compactMap { found[$0] } }
        }
    }
}
