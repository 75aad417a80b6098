import Glibc

/// Keeps SIGPIPE from ending the process when a peer closes a connection during a write: libcurl with NOSIGNAL leaves
/// the signal to its caller.
enum BrokenPipes {
    /// Runs `body` with SIGPIPE blocked on this thread and takes back one that arrived meanwhile.
    static func blocked<R>(_ body: () -> R) -> R {
        var pipe = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&pipe)
        unsafe sigaddset(&pipe, SIGPIPE)
        guard unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before) == 0 else { return body() }
        defer {
            if unsafe sigismember(&before, SIGPIPE) == 0 {
                var now = timespec()
                while unsafe sigtimedwait(&pipe, nil, &now) == SIGPIPE {}
                unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
            }
        }
        return body()
    }
}
