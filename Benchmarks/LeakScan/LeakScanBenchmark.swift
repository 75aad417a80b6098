import Glibc
import SupportBundle

/// Measures the leak scan on a file: `leak-scan-benchmark FILE [LITERALS]`, on one core, best of three runs, with
/// `BENCHMARKS=1 swift build -c release --product leak-scan-benchmark`.
@main
struct LeakScanBenchmark {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let bytes = read(arguments[1]) else { return print("usage: FILE [LITERALS]") }
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 0
        let literals = (0..<count).map { Array("literal-\(String($0 &* 2_654_435_761, radix: 36))-secret".utf8) }
        let start = seconds()
        let scanner = LeakScanner(literals: literals)
        let building = seconds() - start
        var best = Double.infinity
        for _ in 0..<3 {
            let begin = seconds()
            scanner.begin("file")
            var start = 0
            while start < bytes.count {
                let end = min(start + 65_536, bytes.count)
                scanner.feed(Array(bytes[start..<end]))
                start = end
            }
            scanner.end()
            best = min(best, seconds() - begin)
        }
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print(
            "\(count) literals, index in \(Int(building * 1000)) ms: \(Int(Double(bytes.count) / best / 1e6)) MB/s,",
            "\(scanner.knownSecrets.count) known, \(scanner.suspicions.count) suspicions,",
            "peak \((usage.ru_maxrss - bytes.count / 1024) / 1024) MiB beside the file")
    }

    /// Processor time of this program: what others do on the machine doesn't count.
    private static func seconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

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
