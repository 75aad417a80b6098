internal import Glibc
internal import Synchronization

/// Keeps the promised space free on the disk of a file, and turns "no space left" into one error.
struct DiskGuard: Sendable {
    /// Bytes that must stay free.
    let reserve: Int

    func check(_ file: Descriptor, adding count: Int, subject: String) throws(BundleError) {
        var space = statvfs()
        guard unsafe fstatvfs(file.number, &space) == 0 else { throw BundleError(errno: errno, subject) }
        let (free, overflow) = UInt64(space.f_bavail).multipliedReportingOverflow(by: UInt64(space.f_frsize))
        guard !overflow else { return }
        let (needed, tooMuch) = UInt64(clamping: reserve).addingReportingOverflow(UInt64(clamping: count))
        guard !tooMuch, free >= needed else {
            throw BundleError(
                .diskFull, subject,
                "only \(Self.text(free)) are free on its disk, \(Self.text(UInt64(clamping: reserve))) stay so",
                hint: BundleError.spaceHint)
        }
    }

    /// Whole units, so that little space never reads as none.
    private static func text(_ bytes: UInt64) -> String {
        bytes < 10 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
    }
}

/// Counts what is sealed: it has to be packed on the same disk before it can be removed, and room for that is kept.
final class SealedBytes: Sendable {
    private let total = Mutex(0)

    /// Bytes that must stay free while `count` more are sealed: text packs to a fifth, captures to less.
    func room(adding count: Int) -> Int { total.withLock { count + ($0 + count) / 3 } }

    func add(_ count: Int) { total.withLock { $0 += count } }
}
