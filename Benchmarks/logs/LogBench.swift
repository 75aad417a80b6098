import Glibc
import Logs

/// Makes logs, and times searches in them, for `Benchmarks/logs.sh`: `log-bench STEP …`.
@main
struct LogBench {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            print("log-bench: \(error)", to: &standardError)
            exit(1)
        }
    }

    private struct Usage: Error {}

    private static func run(_ arguments: [String]) throws {
        guard let step = arguments.first else { throw Usage() }
        let start = ContinuousClock.now
        switch (step, arguments.count) {
        // make MEGABYTES FIRSTSECOND: writes a log to standard output; its last line says when it ends
        case ("make", 3):
            guard let megabytes = Int(arguments[1]), let first = Int(arguments[2]) else { throw Usage() }
            var maker = LogMaker(second: first)
            try maker.write(bytes: megabytes * 1_000_000)
            print(maker.second, to: &standardError)
            return
        // slice FROM TO FILE ...: writes the records between two times (ISO 8601) to standard output
        case ("slice", 4...):
            let window = (
                try LogInstant(argument: arguments[1], zone: .utc), try LogInstant(argument: arguments[2], zone: .utc)
            )
            let search = LogSearch(files: try arguments[3...].map(probe), zone: .utc, isCancelled: { false })
            let summary = try search.slice(from: window.0, to: window.1, maxBytes: 1 << 40) { _, bytes in
                try put(bytes)
            }
            print("\(summary.records) records, \(summary.bytes) bytes", to: &standardError)
        // id MESSAGEID FILE ...: writes the records of one request in all files to standard output
        case ("id", 3...):
            let search = LogSearch(files: try arguments[2...].map(probe), zone: .utc, isCancelled: { false })
            let report = search.records(
                messageId: arguments[1], stopWhenFound: false,
                threads: getenv("THREADS").flatMap { Int(String(cString: $0)) } ?? 1)
            for record in report.records { try put(Array(record.text)[...]) }
            print("\(report.records.count) records in \(report.files.count) files", to: &standardError)
        default: throw Usage()
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let microseconds = (ContinuousClock.now - start) / .microseconds(1)
        print("\(step): \(Int(microseconds)) us, peak \(usage.ru_maxrss >> 10) MiB", to: &standardError)
    }

    private static func probe(_ path: String) throws -> LogFile {
        try LogFile.probe(path: path) { open(path, O_RDONLY | O_CLOEXEC) }
    }

    static func put(_ bytes: ArraySlice<UInt8>) throws {
        try bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = write(1, bytes.baseAddress! + done, bytes.count - done)
                guard count > 0 else { throw Usage() }
                done += count
            }
        }
    }
}

private struct StandardError: TextOutputStream {
    mutating func write(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
nonisolated(unsafe) private var standardError = StandardError()
