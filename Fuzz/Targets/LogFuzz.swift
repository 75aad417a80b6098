import Diagnose
import Glibc
import Logs
import SupportBundle

/// A log of any bytes: a record in it is found, and a slice is made of its bytes alone.
enum LogFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        [
            "2026-11-23 10:00:00,000 org:a env:b api:c rev:1 messageid:x-1-2 NIOThread@1 ERROR HTTP.CLIENT - "
                + "HTTPClient$Context.onException() : Received fatal alert: bad_certificate\n\tat a.b(C.java:1)\n",
            "2026-11-23 10:00:00.000 UTC org:a INFO x - SSLInfo [keyStore=K, keyAlias=L] [C:h1/10.0.0.1:443 Remote host:h2:9]\n",
            "{\"timestamp\":\"2026-11-23T10:00:00Z\",\"level\":\"ERROR\",\"message\":\"Received fatal alert\"}\n",
            "2026-11-23T10:00:00+00:00\th\t10.0.0.1:1\t10.0.0.2:8998\t0.1\t-\t-\t503\t503\t1\t2\tGET /\t-\tx-1-2\t-\t-\n",
        ].map { [9, 0, 0] + Array($0.utf8) }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let chunk = Int(input.byte()) + 1
        let id = input.secret
        let record =
            "\n2026-11-23 10:00:00,123 org:o env:e api:a rev:1 messageid:\(id) NIOThread@1 ERROR HTTP.CLIENT - "
            + "HTTPClient$Context.onException() : Received fatal alert: bad_certificate\n"
            // What follows is another record's: it could tell of a channel on which the failure is the client's.
            + "2026-11-23 10:00:00,124 NIOThread@2 INFO HTTP.CLIENT - next\n"
        let bytes = input.rest(with: record)
        let descriptor = MemoryFile(bytes)
        let search = LogSearch(
            files: [
                LogFile(path: "system.log", size: bytes.count, modified: 1_795_428_000, isCompressed: false) {
                    descriptor.duplicate()
                }
            ], zone: .utc, isCancelled: { false })
        let report = search.records(messageId: id)
        promise(report.records.contains { holds($0.text, id) }, "the record is found")
        let failures = search.failures()
        promise(failures.problems.isEmpty, "a file of bytes is read")
        promise(!failures.groups.isEmpty, "the failure is found")
        var out: [UInt8] = []
        let summary = search.slice(from: .distantPast, to: .distantFuture, maxBytes: 1 << 20) { _, piece in out += piece
        }
        promise(out.count <= bytes.count && summary.problems.isEmpty, "a slice is no longer than the log")
        promise(holds(out, id), "a slice of all time has the record")
        read(bytes, chunk: chunk)
        _ = AccessLogRow(bytes)
    }

    /// The diagnosis reads it piece by piece.
    private static func read(_ bytes: [UInt8], chunk: Int) {
        func verdicts(_ chunk: Int) -> [String] {
            var reading = LogReading()
            for start in stride(from: 0, to: bytes.count, by: chunk) {
                reading.append(Array(bytes[start..<min(start + chunk, bytes.count)]))
            }
            reading.finish()
            var diagnosis = DiagnosisInput(
                playbook: "tls-bad-certificate", keyAlias: nil, serverPort: nil, backendIPs: [])
            diagnosis.add(log: reading, kind: .messageProcessorLog, path: "items/message-processor-log/system.log")
            return Diagnosis.verdicts(diagnosis).map { "\($0)" }
        }
        promise(
            verdicts(chunk) == verdicts(max(1, bytes.count)), "chunks of \(chunk) make no difference to the verdict")
    }
}

/// A file in memory, which goes with its owner.
final class MemoryFile: Sendable {
    let descriptor: CInt

    init(_ bytes: [UInt8]) {
        // /dev/shm is a tmpfs.
        var template = Array("/dev/shm/fuzz-XXXXXX\0".utf8CString)
        descriptor = unsafe mkstemp(&template)
        unsafe unlink(template)
        let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        if written != bytes.count { fatalError("no file in memory") }
    }

    deinit { close(descriptor) }

    /// Each reader has a place of its own only where it reads with pread(2), as ours do.
    func duplicate() -> CInt { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
}
