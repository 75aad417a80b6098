internal import Glibc

/// A counting semaphore between threads (sem_init(3)).
@safe
final class Semaphore: @unchecked Sendable {
    private let handle: UnsafeMutablePointer<sem_t>

    init() {
        unsafe handle = .allocate(capacity: 1)
        unsafe handle.initialize(to: sem_t())
        unsafe sem_init(handle, 0, 0)
    }

    deinit {
        unsafe sem_destroy(handle)
        unsafe handle.deallocate()
    }

    func signal() { unsafe sem_post(handle) }

    func wait() {
        while unsafe sem_wait(handle) != 0, errno == EINTR {}
    }
}
