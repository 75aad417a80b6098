import Foundation
import Glibc

/// Files that only their owner may read.
enum PrivateFile {
    /// Creates a file of mode 0600 and writes to it; refuses an existing file.
    static func write(_ data: Data, to file: URL) throws {
        let descriptor = unsafe open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw LabError(
                .fileSystem, file.path, "can't create the file, error \(errno)", hint: "name a file that doesn't exist")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: data)
        try handle.close()
    }

    static func write(_ text: String, to file: URL) throws {
        try write(Data(text.utf8), to: file)
    }
}
