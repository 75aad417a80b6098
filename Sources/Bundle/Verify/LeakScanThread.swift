/// A ``LeakScanner`` that works on a thread of its own, while another reads and hashes what comes next. It finds what
/// the scanner finds by itself, in the same order. Where many secrets are known, a second thread looks for them.
public final class LeakScanThread {
    private enum Step {
        case begin(String)
        case feed([UInt8])
        case end
    }

    /// Pieces are of 256 KiB at most where a bundle is read.
    private static let mostWaiting = 16

    /// The scanner belongs to the thread until that is over.
    private struct Handed: @unchecked Sendable { let scanner: LeakScanner }

    private let scanner: LeakScanner
    /// Those who do the work; without any, it is done by whoever brings it.
    private let workers: [(scanner: LeakScanner, thread: SerialThread<Step>)]

    /// - Parameters:
    ///   - scanner: not to be used by anybody else before ``finish()``.
    ///   - isThreaded: false where there is no core to spare.
    public init(_ scanner: LeakScanner, isThreaded: Bool = true) {
        self.scanner = scanner
        let parts = isThreaded ? scanner.split() : []
        let several = Self.workers(parts)
        workers = several.isEmpty && isThreaded ? Self.workers([scanner]) : several
    }

    /// One for each scanner, or none where a thread can't be had.
    private static func workers(_ scanners: [LeakScanner]) -> [(scanner: LeakScanner, thread: SerialThread<Step>)] {
        let workers = scanners.compactMap { scanner in
            let handed = Handed(scanner: scanner)
            return SerialThread(mostWaiting: mostWaiting) { take($0, handed.scanner) }.map { (scanner, $0) }
        }
        return workers.count == scanners.count ? workers : []
    }

    /// Starts a file. Its name is looked at, too.
    public func begin(_ path: String) { bring(.begin(path)) }

    /// The next bytes of the file, of any number.
    public func feed(_ bytes: [UInt8]) { bring(.feed(bytes)) }

    /// Ends the file.
    public func end() { bring(.end) }

    /// Waits for what was brought. Nothing may be brought after that.
    /// - Returns: the scanner, with what it found.
    public func finish() -> LeakScanner {
        for (part, thread) in workers {
            thread.finish()
            if part !== scanner { scanner.join(part) }
        }
        return scanner
    }

    private func bring(_ step: Step) {
        for (_, thread) in workers { thread.bring(step) }
        if workers.isEmpty { LeakScanThread.take(step, scanner) }
    }

    private static func take(_ step: Step, _ scanner: LeakScanner) {
        switch step {
        case .begin(let path): scanner.begin(path)
        case .feed(let bytes): scanner.feed(bytes)
        case .end: scanner.end()
        }
    }
}
