import Glibc
import SupportBundle

/// Measures the leak scan on a file: `leak-scan-benchmark FILE [LITERALS]`, on one core, best of three runs.
@main
struct LeakScanBenchmark {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let bytes = read(arguments[1]) else { return print("usage: FILE [LITERALS]") }
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 0
        let literals = (0..<count).map { Array("literal-\(String($0 &* 2_654_435_761, radix: 36))-secret".utf8) }
        let clock = ContinuousClock()
        var made: LeakScanner?
        let building = clock.measure { made = LeakScanner(literals: literals) }
        guard let scanner = made else { return }
        var best = Duration.seconds(1_000)
        for _ in 0..<3 {
            let time = clock.measure {
                scanner.begin("file")
                var start = 0
                while start < bytes.count {
                    let end = min(start + 65_536, bytes.count)
                    scanner.feed(Array(bytes[start..<end]))
                    start = end
                }
                scanner.end()
            }
            best = min(best, time)
        }
        let seconds = Double(best.components.attoseconds) / 1e18 + Double(best.components.seconds)
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print(
            "\(count) literals, index in \(building): \(Int(Double(bytes.count) / seconds / 1e6)) MB/s,",
            "\(scanner.knownSecrets.count) known, \(scanner.suspicions.count) suspicions,",
            "peak \((usage.ru_maxrss - bytes.count / 1024) / 1024) MiB beside the file")
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        unsafe fseek(file, 0, SEEK_END)
        let size = unsafe ftell(file)
        unsafe rewind(file)
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = unsafe fread(buffer.baseAddress, 1, size, file)
        }
    }
}
