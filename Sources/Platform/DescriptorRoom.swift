internal import Glibc

/// How much room a process has for more open files.
public enum DescriptorRoom {
    /// What starting a program takes: three pipes, what watches them, and one to tell of its end.
    public static let ofProgram = 16

    /// Whether so many more descriptors can be opened now. swift-subprocess ends the process where it can't open all of
    /// its own.
    public static func isThere(_ count: Int) -> Bool {
        let taken = take(count)
        for number in taken { close(number) }
        return taken.count == count
    }

    /// Opens as many as there are, up to `count`.
    static func take(_ count: Int) -> [CInt] {
        var taken: [CInt] = []
        while taken.count < count {
            let number = fcntl(0, F_DUPFD_CLOEXEC, 0)
            let own = number >= 0 || errno != EBADF ? number : unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard own >= 0 else { break }
            taken.append(own)
        }
        return taken
    }
}
