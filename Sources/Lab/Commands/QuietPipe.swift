import Foundation
import Glibc

/// Writes to pipes whose reader may be gone.
enum QuietPipe {
    /// Writes without the signal SIGPIPE, whose default action would end this process; the error is thrown instead.
    static func write(_ data: Data, to handle: FileHandle) throws {
        var pipeSignal = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&pipeSignal)
        unsafe sigaddset(&pipeSignal, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
        defer {
            // A signal that came of this write waits for this thread alone: take it before the mask is restored.
            var now = timespec(tv_sec: 0, tv_nsec: 0)
            unsafe sigtimedwait(&pipeSignal, nil, &now)
            unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        try handle.write(contentsOf: data)
    }
}
