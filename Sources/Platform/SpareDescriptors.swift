internal import Glibc
internal import Synchronization

/// Descriptors that are kept for what must be possible at the end, when there may be no other left.
///
/// To be taken before anything else is opened: the limit can be lowered below numbers that are in use, and only those
/// below it can be had again.
public final class SpareDescriptors: Sendable {
    private let held: Mutex<[CInt]>

    /// Takes as many as there are, up to `count`.
    public init(_ count: Int) { held = Mutex(DescriptorRoom.take(count)) }

    /// Gives them back; once is enough.
    public func release() {
        held.withLock { numbers in
            for number in numbers { close(number) }
            numbers = []
        }
    }

    deinit { release() }
}
