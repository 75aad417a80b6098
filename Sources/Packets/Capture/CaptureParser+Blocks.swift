/// The blocks of pcapng (draft-ietf-opsawg-pcapng section 4).
extension CaptureParser {
    enum BlockType {
        static let section: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let packet: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let nameResolution: UInt32 = 4
        static let statistics: UInt32 = 5
        static let enhancedPacket: UInt32 = 6
        static let secrets: UInt32 = 10
        static let custom: UInt32 = 0x0000_0BAD
        static let customNotCopied: UInt32 = 0x4000_0BAD

        static func isFrame(_ type: UInt32) -> Bool { type == enhancedPacket || type == simplePacket || type == packet }
    }

    mutating func nextBlock(_ order: ByteOrder) -> CaptureElement? {
        guard let type = buffer.uint32(at: head, order) else { return nil }
        if type == BlockType.section { return beginSection() }
        guard let length = buffer.uint32(at: head + 4, order) else { return nil }
        guard length >= 12, length.isMultiple(of: 4), length < 0x7000_0000 else {
            return fail("a block of \(length) bytes after frame \(frameNumber), the capture is damaged")
        }
        let size = Int(length)
        let isFrame = BlockType.isFrame(type)
        guard isFrame || type == BlockType.interface, size <= CaptureParser.maximumBlockLength else {
            skip(size)
            return .skipped(skippedBlock(type))
        }
        guard available >= size, !isFrame else { return nil }
        guard buffer.uint32(at: head + size - 4, order) == length else {
            return fail("a block after frame \(frameNumber) has two different lengths, the capture is damaged")
        }
        let block = Array(buffer[head + 8..<head + size - 4])
        head += size
        return readInterface(block, order)
    }

    /// The frame of a packet block, if one is next and whole.
    mutating func nextBlockRecord(_ order: ByteOrder) -> FrameRecord? {
        guard let type = buffer.uint32(at: head, order), BlockType.isFrame(type),
            let length = buffer.uint32(at: head + 4, order)
        else { return nil }
        let size = Int(length)
        guard size >= 12, size.isMultiple(of: 4), size <= CaptureParser.maximumBlockLength, size <= available
        else { return nil }
        guard buffer.uint32(at: head + size - 4, order) == length else {
            queue.append(
                fail("a block after frame \(frameNumber) has two different lengths, the capture is damaged"))
            return nil
        }
        let block = head + 8..<head + size - 4
        head += size
        frameNumber += 1
        let record =
            type == BlockType.simplePacket
            ? simplePacket(block, order) : packet(block, order, isObsolete: type == BlockType.packet)
        if record == nil { queue.append(.skipped(.frame)) }
        return record
    }

    mutating func beginSection() -> CaptureElement? {
        guard let mark = buffer.uint32(at: head + 8, .big) else { return nil }
        let order: ByteOrder
        switch mark {
        case 0x1A2B_3C4D: order = .big
        case 0x4D3C_2B1A: order = .little
        default: return fail("a section header without byte-order mark, the capture is damaged")
        }
        guard let length = buffer.uint32(at: head + 4, order), let major = buffer.uint16(at: head + 12, order) else {
            return nil
        }
        guard length >= 28, length.isMultiple(of: 4), Int(length) <= CaptureParser.maximumBlockLength, major == 1 else {
            return fail("a section header that cannot be read")
        }
        guard available >= Int(length) else { return nil }
        let hasOptions = length > 28
        head += Int(length)
        format = .pcapng(order)
        interfaces = []
        if hasOptions { queue.append(.skipped(.option)) }
        return .section(.pcapng(order))
    }

    private mutating func skippedBlock(_ type: UInt32) -> SkippedBlock {
        switch type {
        case BlockType.nameResolution: return .nameResolution
        case BlockType.statistics: return .statistics
        case BlockType.secrets: return .secrets
        case BlockType.custom, BlockType.customNotCopied: return .custom
        case BlockType.packet, BlockType.simplePacket, BlockType.enhancedPacket:
            frameNumber += 1
            return .frame
        default: return .other
        }
    }

    private mutating func readInterface(_ block: [UInt8], _ order: ByteOrder) -> CaptureElement {
        guard let link = block.uint16(at: 0, order), let snapLength = block.uint32(at: 4, order) else {
            return fail("an interface description that cannot be read")
        }
        guard interfaces.count < CaptureParser.maximumInterfaces else { return fail("too many interfaces") }
        var resolution: UInt8 = 6
        var offset: Int64 = 0
        var checkSequence: UInt8?
        var dropped: [SkippedBlock] = []
        forEachOption(in: block, min(8, block.count)..<block.count, order) { code, value in
            switch code {
            case 9: resolution = block.byte(at: value.lowerBound) ?? 6
            case 13: checkSequence = block.byte(at: value.lowerBound)
            case 14: offset = Int64(bitPattern: block.uint64(at: value.lowerBound, order) ?? 0)
            default: dropped.append(code == 1 ? .comment : .option)
            }
        }
        let interface = CaptureInterface(
            linkType: LinkType(number: Int(link)), snapLength: snapLength, resolution: resolution, timeOffset: offset,
            checkSequenceLength: checkSequence)
        interfaces.append(interface)
        queue += dropped.map(CaptureElement.skipped)
        return .interface(interface)
    }

    private func simplePacket(_ block: Range<Int>, _ order: ByteOrder) -> FrameRecord? {
        guard let original = buffer.span.uint32(at: block.lowerBound, order), let interface = interfaces.first else {
            return nil
        }
        var captured = Int(min(original, UInt32(CaptureParser.maximumFrameLength)))
        if interface.snapLength > 0 { captured = min(captured, Int(interface.snapLength)) }
        guard block.count - 4 >= captured else { return nil }
        let start = block.lowerBound + 4
        return FrameRecord(
            number: frameNumber, interface: 0, stamp: nil, time: CaptureTime(seconds: 0, nanoseconds: 0),
            originalLength: original, flags: nil, data: start..<start + captured, record: nil)
    }

    /// An Enhanced Packet Block, or the obsolete Packet Block, which differs in its first word alone.
    private mutating func packet(_ block: Range<Int>, _ order: ByteOrder, isObsolete: Bool) -> FrameRecord? {
        let start = block.lowerBound
        guard block.count >= 20,
            let first = isObsolete ? buffer.uint16(at: start, order).map(UInt32.init) : buffer.uint32(at: start, order),
            let high = buffer.uint32(at: start + 4, order), let low = buffer.uint32(at: start + 8, order),
            let captured = buffer.uint32(at: start + 12, order), let original = buffer.uint32(at: start + 16, order),
            captured <= UInt32(CaptureParser.maximumFrameLength), block.count - 20 >= Int(captured),
            Int(first) < interfaces.count
        else { return nil }
        let interface = interfaces[Int(first)]
        let data = start + 20..<start + 20 + Int(captured)
        var flags: UInt32?
        var dropped: [SkippedBlock] = []
        let options = start + (20 + Int(captured) + 3) & ~3
        if options < block.upperBound {
            forEachOption(in: buffer, options..<block.upperBound, order) { code, value in
                switch code {
                case 2: flags = buffer.uint32(at: value.lowerBound, order)
                default: dropped.append(code == 1 ? .comment : .option)
                }
            }
            if !dropped.isEmpty { queue += dropped.map(CaptureElement.skipped) }
        }
        return FrameRecord(
            number: frameNumber, interface: Int(first), stamp: (high, low),
            time: interface.time(ticks: UInt64(high) << 32 | UInt64(low)), originalLength: original, flags: flags,
            data: data, record: nil)
    }

    private func forEachOption(
        in block: [UInt8], _ range: Range<Int>, _ order: ByteOrder, _ body: (UInt16, Range<Int>) -> Void
    ) {
        // Values are padded to four bytes, counted from the start of the options, which is so aligned itself.
        var offset = range.lowerBound
        while offset + 4 <= range.upperBound, let code = block.uint16(at: offset, order), code != 0,
            let length = block.uint16(at: offset + 2, order)
        {
            let end = offset + 4 + Int(length)
            guard end <= range.upperBound else { return }
            body(code, offset + 4..<end)
            offset = offset + 4 + (Int(length) + 3) & ~3
        }
    }
}

extension CaptureInterface {
    /// Converts a 64-bit time stamp of this interface.
    func time(ticks: UInt64) -> CaptureTime {
        let seconds: UInt64
        let nanoseconds: UInt64
        if resolution & 0x80 != 0 {
            let shift = UInt64(resolution & 0x7F)
            guard shift > 0, shift < 64 else { return CaptureTime(seconds: 0, nanoseconds: 0) }
            seconds = ticks >> shift
            let fraction = ticks & (1 << shift - 1)
            nanoseconds =
                shift <= 30
                ? (fraction * 1_000_000_000) >> shift : ((fraction >> (shift - 30)) * 1_000_000_000) >> 30
        } else {
            guard resolution <= 19 else { return CaptureTime(seconds: 0, nanoseconds: 0) }
            let unit = (0..<resolution).reduce(into: UInt64(1)) { value, _ in value *= 10 }
            seconds = ticks / unit
            let fraction = ticks % unit
            if resolution <= 9 {
                nanoseconds = (resolution..<9).reduce(into: fraction) { value, _ in value *= 10 }
            } else {
                nanoseconds = (9..<resolution).reduce(into: fraction) { value, _ in value /= 10 }
            }
        }
        return CaptureTime(
            seconds: Int64(truncatingIfNeeded: seconds) &+ timeOffset,
            nanoseconds: Int32(truncatingIfNeeded: min(nanoseconds, 999_999_999)))
    }
}
