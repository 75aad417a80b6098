/// How much a foreign archive may cost before reading it is given up.
public struct ArchiveLimits: Sendable, Equatable {
    /// Entries of every kind, directories included.
    public var entries: Int
    /// Bytes of all entries together, unpacked, and of the unpacked stream of a tar.gz.
    public var totalBytes: Int
    /// Bytes out for one byte in. Deflate reaches 1032; ordinary text stays below 100.
    public var ratio: Int
    /// The ratio is not looked at before this many bytes have come out.
    public var ratioFloor: Int

    public init(
        entries: Int = 100_000, totalBytes: Int = 8 << 30, ratio: Int = 250, ratioFloor: Int = 16 << 20
    ) {
        self.entries = entries
        self.totalBytes = totalBytes
        self.ratio = ratio
        self.ratioFloor = ratioFloor
    }

    func check(out: Int, in consumed: Int, subject: String) throws(ArchiveError) {
        if out > totalBytes {
            throw ArchiveError(
                .tooLarge, subject: subject, reason: "it unpacks to more than \(totalBytes) bytes",
                hint: "unpack it by hand and give the files that matter")
        }
        let (allowed, overflow) = consumed.multipliedReportingOverflow(by: ratio)
        if out > ratioFloor, !overflow, out > allowed {
            throw ArchiveError(
                .suspiciousRatio, subject: subject, reason: "it expands more than \(ratio) times",
                hint: "it looks like a decompression bomb; unpack it by hand if you trust it")
        }
    }
}
