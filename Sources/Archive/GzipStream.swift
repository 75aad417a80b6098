/// Unpacks gzip (RFC 1952), one or many members one after another, with every CRC-32 and length checked.
///
/// Everything before the damage is delivered, then the error is thrown. Memory stays at 2 MiB.
public final class GzipStream {
    private let source: any ByteProducer
    private let subject: String
    private let inflater: Inflater
    /// As long as one member of a bundle can be: such members are unpacked in one go.
    private static let windowBytes = (1 << 20) + 4096
    private var input = [UInt8](repeating: 0, count: 65536)
    private var inputRange = 0..<0
    /// Nil once a member was too large for it.
    private var whole: GzipMemberUnpacker? = GzipMemberUnpacker()
    /// A member unpacked in one go, and what of it is not handed out yet.
    private var block: [UInt8] = []
    private var blockRange = 0..<0
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
    /// Offsets of members, packed, whose place in the unpacked bytes is to be noted in ``watched``.
    var watch: Set<Int> = []
    private(set) var watched: [Int: Int] = [:]

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
            buffer = [UInt8](repeating: 0, count: wanted)
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

    /// Puts the next unpacked bytes into `buffer` from `start` on.
    /// - Returns: how many there are: 1 to `count`, or 0 at the end.
    /// - Throws: as ``read(into:upTo:)``.
    public func read(into buffer: inout [UInt8], from start: Int, count: Int) throws(ArchiveError) -> Int {
        let first = min(max(0, start), buffer.count)
        let range = first..<(first + min(max(0, count), buffer.count - first))
        var made = 0
        var failure: ArchiveError?
        unsafe buffer.withUnsafeMutableBytes { bytes in
            do throws(ArchiveError) {
                made = unsafe try fill(UnsafeMutableRawBufferPointer(rebasing: bytes[range]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return made
    }

    func fill(_ output: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        guard unsafe !output.isEmpty else { return 0 }
        var made = 0
        while made == 0, !ended {
            if !blockRange.isEmpty {
                made = min(blockRange.count, output.count)
                unsafe output.copyBytes(from: block[blockRange].prefix(made))
                blockRange = (blockRange.lowerBound + made)..<blockRange.upperBound
                break
            }
            if atMemberStart {
                guard try startMember() else { break }
                if try unpackWhole() { continue }
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
            // What comes before the damage first.
            case .damaged where made > 0: break
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
            let offset = source.consumed - inputRange.count
            // The first one begins before anybody can ask for it.
            if members == 1 || watch.contains(offset) { watched[offset] = produced }
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

    /// Unpacks the member at hand in one go; false if only a stream can.
    ///
    /// One member that is too large ends the trying: a foreign gzip is one large member, and its head would be
    /// unpacked twice.
    private func unpackWhole() throws(ArchiveError) -> Bool {
        guard let whole else { return false }
        if block.isEmpty { block = [UInt8](repeating: 0, count: input.count) }
        var result = unpack(by: whole)
        if result == nil {
            // Small buffers for small members, large ones from the first large member on.
            if input.count < GzipStream.windowBytes {
                input += [UInt8](repeating: 0, count: GzipStream.windowBytes - input.count)
                block = [UInt8](repeating: 0, count: 1 << 20)
            }
            while !sourceEnded, inputRange.count < GzipStream.windowBytes { try refill() }
            result = unpack(by: whole)
        }
        guard let result else {
            self.whole = nil
            return false
        }
        inputRange = (inputRange.lowerBound + result.taken)..<inputRange.upperBound
        blockRange = 0..<result.made
        atMemberStart = true
        return true
    }

    private func unpack(by whole: GzipMemberUnpacker) -> (taken: Int, made: Int)? {
        unsafe input.withUnsafeBytes { bytes in
            unsafe block.withUnsafeMutableBytes { output in
                unsafe whole.unpack(UnsafeRawBufferPointer(rebasing: bytes[inputRange]), into: output)
            }
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
