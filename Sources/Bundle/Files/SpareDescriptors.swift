internal import Glibc
internal import Synchronization

/// Descriptors that are kept for later, when there may be no other left.
final class SpareDescriptors: Sendable {
    private let held: Mutex<[Descriptor]>

    /// Takes as many as there are, up to `count`.
    init(_ count: Int, of descriptor: Descriptor) {
        held = Mutex(
            (0..<count).compactMap { _ in
                let number = fcntl(descriptor.number, F_DUPFD_CLOEXEC, 0)
                return number >= 0 ? Descriptor(owning: number) : nil
            })
    }

    func release() { held.withLock { $0 = [] } }
}
