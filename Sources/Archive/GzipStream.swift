/// Unpacks gzip (RFC 1952), one or many members one after another, with every CRC-32 and length checked.
///
/// Everything before the damage is delivered, then the error is thrown. Memory stays at one 64 KiB block.
public final class GzipStream {
    private let source: any ByteProducer
    private let subject: String
    private let inflater: Inflater
    private var input = [UInt8](repeating: 0, count: 65536)
    private var inputRange = 0..<0
    private var sourceEnded = false
    private var atMemberStart = true
    private var ended = false

    /// Members begun so far.
    public private(set) var members = 0
    /// Zero bytes after the last member: padding of tapes, which gzip ignores too.
    public private(set) var trailingZeros = 0
    /// Unpacked bytes handed out so far.
    public private(set) var produced = 0
    /// Packed bytes read so far.
    public var consumed: Int { source.consumed }

    /// - Parameters:
    ///   - descriptor: open for reading, at the start of a member; not closed here.
    ///   - name: for error messages.
    public convenience init(descriptor: CInt, name: String = "gzip stream") throws(ArchiveError) {
        try self.init(source: ByteSource(descriptor: descriptor, subject: name), subject: name)
    }

    /// Unpacks gzip that is in memory.
    public convenience init(bytes: [UInt8], name: String = "gzip stream") throws(ArchiveError) {
        try self.init(source: ByteSource(bytes: bytes, subject: name), subject: name)
    }

    init(source: any ByteProducer, subject: String) throws(ArchiveError) {
        self.source = source
        self.subject = subject
        inflater = try Inflater(subject: subject)
    }

    /// True if the bytes begin like gzip: magic and the one method there is.
    public static func recognizes(_ bytes: some Sequence<UInt8>) -> Bool {
        Array(bytes.prefix(3)) == [0x1f, 0x8b, 8]
    }

    /// Replaces the content of `buffer` by the next unpacked bytes.
    /// - Returns: how many there are: 1 to `count`, or 0 at the end.
    /// - Throws: ``ArchiveError`` `.unrecognized`, `.damaged`, `.truncated`, `.trailingBytes` or `.io`.
    public func read(into buffer: inout [UInt8], upTo count: Int) throws(ArchiveError) -> Int {
        let wanted = max(0, min(count, 1 << 24))
        if buffer.count != wanted {
            buffer.removeAll(keepingCapacity: true)
            buffer.append(contentsOf: repeatElement(0, count: wanted))
        }
        var made = 0
        var failure: ArchiveError?
        unsafe buffer.withUnsafeMutableBytes { (bytes: UnsafeMutableRawBufferPointer) in
            do throws(ArchiveError) {
                made = unsafe try fill(bytes)
            } catch {
                failure = error
            }
        }
        buffer.removeLast(buffer.count - made)
        if let failure { throw failure }
        return made
    }

    func fill(_ output: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        guard unsafe !output.isEmpty else { return 0 }
        var made = 0
        while made == 0, !ended {
            if atMemberStart {
                guard try startMember() else { break }
            }
            if inputRange.isEmpty { try refill() }
            let (step, taken, count) = unsafe input.withUnsafeBytes { bytes in
                unsafe inflater.step(from: UnsafeRawBufferPointer(rebasing: bytes[inputRange]), into: output)
            }
            inputRange = (inputRange.lowerBound + taken)..<inputRange.upperBound
            made = count
            switch step {
            case .progress: break
            case .memberEnd:
                inflater.reset()
                atMemberStart = true
            case .needsInput where sourceEnded && inputRange.isEmpty && made == 0:
                ended = true
                throw ArchiveError(
                    .truncated, subject: subject, reason: "the gzip data end in the middle",
                    hint: "copy the file again; it is cut off")
            case .needsInput: break
            case .damaged(let why):
                ended = true
                throw ArchiveError(.damaged, subject: subject, reason: "bad gzip data: \(why)")
            }
        }
        produced += made
        return made
    }

    /// Looks at the next member's header. False at the end.
    private func startMember() throws(ArchiveError) -> Bool {
        while inputRange.count < 10, !sourceEnded { try refill() }
        let head = input[inputRange].prefix(10)
        if head.isEmpty {
            ended = true
            if members == 0 { throw ArchiveError(.truncated, subject: subject, reason: "it is empty") }
            return false
        }
        if GzipStream.recognizes(head) {
            atMemberStart = false
            members += 1
            return true
        }
        ended = true
        guard members > 0 else {
            throw ArchiveError(.unrecognized, subject: subject, reason: "it does not begin like gzip")
        }
        while true {
            guard input[inputRange].allSatisfy({ $0 == 0 }) else {
                throw ArchiveError(.trailingBytes, subject: subject, reason: "other bytes follow the gzip data")
            }
            trailingZeros += inputRange.count
            inputRange = 0..<0
            if sourceEnded { return false }
            try refill()
        }
    }

    /// Reads more input behind what is left of it.
    private func refill() throws(ArchiveError) {
        if inputRange.lowerBound > 0 {
            let rest = Array(input[inputRange])
            input.replaceSubrange(0..<rest.count, with: rest)
            inputRange = 0..<rest.count
        }
        guard inputRange.upperBound < input.count else { return }
        var failure: ArchiveError?
        let count = unsafe input.withUnsafeMutableBytes { bytes in
            do throws(ArchiveError) {
                return unsafe try source.produce(
                    into: UnsafeMutableRawBufferPointer(rebasing: bytes[inputRange.upperBound...]))
            } catch {
                failure = error
                return 0
            }
        }
        if let failure {
            ended = true
            throw failure
        }
        if count == 0 { sourceEnded = true }
        inputRange = inputRange.lowerBound..<inputRange.upperBound + count
    }
}

/// The header that the writer gives every member: no flags, no time, no hint of the level, unknown system.
let gzipHeader: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
