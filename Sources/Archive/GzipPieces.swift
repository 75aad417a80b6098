/// Unpacks gzip (RFC 1952) that comes in pieces, one or many members one after another.
public final class GzipInput {
    private let inflater: Inflater
    private var output = [UInt8](repeating: 0, count: 65_536)
    private var isInMember = false
    private var isPadding = false

    public init() throws(ArchiveError) { inflater = try Inflater(subject: "gzip data") }

    /// Unpacks the next bytes and hands out what they hold, at most 64 KiB at a time.
    /// - Throws: ``ArchiveError`` `.damaged`; what came before the damage was handed out.
    public func append(_ bytes: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) throws(ArchiveError) {
        var rest = bytes
        // A full output may have left bytes behind in the inflater.
        var isFull = false
        while !rest.isEmpty || isFull {
            isFull = false
            if !isInMember {
                // Zeros behind a member are the padding of tapes.
                if isPadding { rest = rest.drop { $0 == 0 } }
                if rest.isEmpty { return }
                isInMember = true
            }
            let (step, taken, made) = unsafe rest.withUnsafeBytes { input in
                unsafe output.withUnsafeMutableBytes { unsafe inflater.step(from: input, into: $0) }
            }
            rest = rest.dropFirst(taken)
            if made > 0 { body(output[..<made]) }
            isFull = made == output.count
            switch step {
            case .progress: break
            case .needsInput: if rest.isEmpty { return }
            case .memberEnd:
                inflater.reset()
                isInMember = false
                isPadding = true
            case .damaged(let why):
                throw ArchiveError(.damaged, subject: "gzip data", reason: "bad gzip data: \(why)")
            }
        }
    }

    /// Whether the bytes so far end with a whole member.
    public var isComplete: Bool { !isInMember && isPadding }
}

/// Packs pieces as one gzip member.
public final class GzipOutput {
    private let deflater: Deflater
    private var hasBegun = false

    /// - Parameter level: 1 (fast) to 9 (small).
    public init(level: Int) throws(ArchiveError) { deflater = try Deflater(level: level, subject: "gzip data") }

    /// Packs more bytes and appends what is ready. `isLast` ends the member.
    public func append(_ bytes: ArraySlice<UInt8>, isLast: Bool, to out: inout [UInt8]) throws(ArchiveError) {
        if !hasBegun { out += gzipHeader }
        hasBegun = true
        var failure: ArchiveError?
        unsafe bytes.withUnsafeBytes { input in
            do throws(ArchiveError) {
                unsafe try deflater.deflate(input, isLast: isLast) { out += $0 }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if isLast { out += deflater.trailer }
    }
}
