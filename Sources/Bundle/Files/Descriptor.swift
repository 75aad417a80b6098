internal import Glibc

/// Owner of an open file descriptor.
final class Descriptor: Sendable {
    let number: CInt

    init(owning number: CInt) { self.number = number }
    deinit { Glibc.close(number) }

    /// Writes everything, over short writes and interrupts.
    func write(_ bytes: ArraySlice<UInt8>, subject: String) throws(BundleError) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(number, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                throw BundleError(errno: errno, subject)
            }
        }
    }

    /// The next bytes, as many as there are up to `count`; fewer only at the end.
    func read(upTo count: Int, subject: String) throws(BundleError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(number, buffer.baseAddress?.advanced(by: filled), count - filled)
            }
            if got == 0 { break }
            if got > 0 {
                filled += got
            } else if errno != EINTR {
                throw BundleError(errno: errno, subject)
            }
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// As ``read(upTo:subject:)``, from a place of the file; its position stays.
    func read(at offset: Int, upTo count: Int, subject: String) throws(BundleError) -> [UInt8] {
        var failure: CInt = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = unsafe pread(
                    number, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
                if got == 0 { break }
                if got > 0 {
                    filled += got
                } else if errno != EINTR {
                    failure = errno
                    break
                }
            }
        }
        guard failure == 0 else { throw BundleError(errno: failure, subject) }
        return bytes
    }

    /// Puts `bytes` in the place of all that stands from `offset` on, which is not less.
    func replaceTail(from offset: Int, by bytes: [UInt8], subject: String) throws(BundleError) {
        guard lseek(number, off_t(offset), SEEK_SET) >= 0 else { throw BundleError(errno: errno, subject) }
        try write(bytes[...], subject: subject)
        guard ftruncate(number, off_t(offset + bytes.count)) == 0 else { throw BundleError(errno: errno, subject) }
    }

    func status(subject: String) throws(BundleError) -> stat {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw BundleError(errno: errno, subject) }
        return status
    }
}
