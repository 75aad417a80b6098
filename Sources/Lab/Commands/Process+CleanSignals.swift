import Foundation
import Glibc

extension Process {
    /// Starts the program with no signal blocked.
    ///
    /// Swift's worker threads block nearly every signal, and a child inherits the mask of the thread that starts it:
    /// it would never see SIGTERM.
    func runWithCleanSignals() throws {
        var none = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
