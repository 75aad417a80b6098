import Foundation
import Glibc

/// Appends whole records to a log file; each call is one write, so that records of several threads don't mix.
struct LogAppender: Sendable {
    let file: URL

    func append(_ text: String) throws {
        let descriptor = unsafe open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw LabError(.fileSystem, file.path, "can't open the log, error \(errno)") }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)
        while !bytes.isEmpty {
            let written = unsafe write(descriptor, bytes, bytes.count)
            guard written > 0 else { throw LabError(.fileSystem, file.path, "can't write the log, error \(errno)") }
            bytes.removeFirst(written)
        }
    }
}
