internal import Glibc
internal import SystemPackage

/// Which file it is, so that another program can tell it from any other that has its name.
public struct FileMark: Sendable, Equatable, Codable {
    /// Where it stands.
    public var path: String
    // Not the device: its number may be another one after the machine was started again.
    var inode: UInt64
    var bytes: Int

    /// Whether the file stands in its place, whole.
    public var isThere: Bool {
        var status = stat()
        return unsafe FilePath(path).withPlatformString { unsafe lstat($0, &status) } == 0
            && status.st_mode & S_IFMT == S_IFREG && UInt64(status.st_ino) == inode && Int(status.st_size) == bytes
    }

    /// Removes the file, and none that has taken its place.
    public func remove() {
        if isThere { _ = unsafe FilePath(path).withPlatformString { unsafe unlink($0) } }
    }
}
