internal import Glibc
internal import Synchronization

/// Threads for calls that block (C libraries, reads from pipes): the pool of Swift tasks has one thread a core and
/// must not be held up.
public enum Blocking {
    /// Runs `body` on a new thread and waits for its result without blocking a task thread.
    public static func run<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in
            detach { continuation.resume(returning: body()) }
        }
    }

    /// Runs `body` on a new thread and waits for its result or error without blocking a task thread.
    public static func runThrowing<R: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> R
    ) async throws(E) -> R {
        let result: Result<R, E> = await run { Result(catching: body) }
        return try result.get()
    }

    /// The same for at most some seconds: nil when it takes longer. Its thread is left alone then: one that reads from a
    /// dead file system can't be ended.
    public static func run<R: Sendable>(within seconds: Double, _ body: @escaping @Sendable () -> R) async -> R? {
        let answer = OneAnswer<R>()
        return await withCheckedContinuation { continuation in
            answer.expect(continuation)
            detach { answer.give(body()) }
            let timer = Task.detached {
                try? await Task.sleep(for: .seconds(seconds))
                answer.give(nil)
            }
            answer.whenGiven { timer.cancel() }
        }
    }

    /// Whoever answers first, answers.
    private final class OneAnswer<R: Sendable>: Sendable {
        private struct State {
            var continuation: CheckedContinuation<R?, Never>?
            var isGiven = false
            var then: (@Sendable () -> Void)?
        }

        private let state = Mutex(State())

        func expect(_ continuation: CheckedContinuation<R?, Never>) {
            state.withLock { $0.continuation = continuation }
        }

        func give(_ answer: R?) {
            let (continuation, then) = state.withLock { state in
                defer { (state.continuation, state.isGiven, state.then) = (nil, true, nil) }
                return (state.continuation, state.then)
            }
            continuation?.resume(returning: answer)
            then?()
        }

        func whenGiven(_ action: @escaping @Sendable () -> Void) {
            let now = state.withLock { state -> Bool in
                if !state.isGiven { state.then = action }
                return state.isGiven
            }
            if now { action() }
        }
    }

    /// Runs `body` on a new detached thread; on this one when no thread can be made.
    public static func detach(_ body: @escaping @Sendable () -> Void) {
        if !start(body) { body() }
    }

    /// Runs `body` on a new detached thread.
    /// - Returns: false when no thread can be made; then nothing was run.
    public static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let box = unsafe Unmanaged.passRetained(Box(body))
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, 1 << 20)
        defer { unsafe pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        if result != 0 { unsafe box.release() }
        return result == 0
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
