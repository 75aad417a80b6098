/// A ``LeakScanner`` that works on a thread of its own, while another reads and hashes what comes next. It finds what
/// the scanner finds by itself, in the same order.
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
    /// Without one, the steps are taken by whoever brings them.
    private let thread: SerialThread<Step>?

    /// - Parameters:
    ///   - scanner: not to be used by anybody else before ``finish()``.
    ///   - isThreaded: false where there is no core to spare.
    public init(_ scanner: LeakScanner, isThreaded: Bool = true) {
        self.scanner = scanner
        let handed = Handed(scanner: scanner)
        thread =
            isThreaded
            ? SerialThread(mostWaiting: LeakScanThread.mostWaiting) { LeakScanThread.take($0, handed.scanner) } : nil
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
        thread?.finish()
        return scanner
    }

    private func bring(_ step: Step) {
        if let thread { thread.bring(step) } else { LeakScanThread.take(step, scanner) }
    }

    private static func take(_ step: Step, _ scanner: LeakScanner) {
        switch step {
        case .begin(let path): scanner.begin(path)
        case .feed(let bytes): scanner.feed(bytes)
        case .end: scanner.end()
        }
    }
}
