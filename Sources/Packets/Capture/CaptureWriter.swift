/// Writes frames in the format and byte order in which they came.
///
/// Headers are written anew from the values that were understood, so nothing unknown can ride along: no comments, no
/// unknown options, no padding bytes.
public struct CaptureWriter: Sendable {
    private var format: CaptureFormat?

    public init() {}

    /// Writes the header of a classic file (with its one interface) or of a pcapng section.
    public mutating func begin(_ format: CaptureFormat, to out: inout [UInt8]) {
        self.format = format
        guard case .pcapng(let order) = format else { return }
        out.append(UInt32(0x0A0D_0D0A), order)
        out.append(UInt32(28), order)
        out.append(UInt32(0x1A2B_3C4D), order)
        out.append(UInt16(1), order)
        out.append(UInt16(0), order)
        out.append(UInt32.max, order)
        out.append(UInt32.max, order)
        out.append(UInt32(28), order)
    }

    public func write(_ interface: CaptureInterface, to out: inout [UInt8]) {
        switch format {
        case nil: return
        case .pcap(let order, let nanosecond):
            out.append(nanosecond ? UInt32(0xA1B2_3C4D) : UInt32(0xA1B2_C3D4), order)
            out.append(UInt16(2), order)
            out.append(UInt16(4), order)
            out.append(UInt32(0), order)
            out.append(UInt32(0), order)
            out.append(interface.snapLength, order)
            out.append(UInt32(truncatingIfNeeded: interface.linkType.number), order)
        case .pcapng(let order):
            var options: [UInt8] = []
            options.append(UInt16(9), order)
            options.append(UInt16(1), order)
            options += [interface.resolution, 0, 0, 0]
            if let length = interface.checkSequenceLength {
                options.append(UInt16(13), order)
                options.append(UInt16(1), order)
                options += [length, 0, 0, 0]
            }
            if interface.timeOffset != 0 {
                options.append(UInt16(14), order)
                options.append(UInt16(8), order)
                let words = [
                    UInt32(truncatingIfNeeded: interface.timeOffset >> 32),
                    UInt32(truncatingIfNeeded: interface.timeOffset),
                ]
                for word in order == .big ? words : words.reversed() { options.append(word, order) }
            }
            options.append(UInt32(0), order)
            let length = UInt32(20 + options.count)
            out.append(UInt32(1), order)
            out.append(length, order)
            out.append(UInt16(truncatingIfNeeded: interface.linkType.number), order)
            out.append(UInt16(0), order)
            out.append(interface.snapLength, order)
            out += options
            out.append(length, order)
        }
    }

    /// Writes one frame. `frame.data` may differ from what was read in its content, not in its length.
    public func write(_ frame: CapturedFrame, to out: inout [UInt8]) {
        let record = FrameRecord(
            number: frame.number, interface: frame.interface, stamp: frame.stamp, time: frame.time,
            originalLength: frame.originalLength, flags: frame.flags, data: 0..<frame.data.count, record: nil)
        write(record, of: frame.data, to: &out)
    }

    /// Writes the frame that lies in `bytes`.
    /// - Returns: where in `out` the frame itself begins.
    @discardableResult
    package func write(_ frame: FrameRecord, of bytes: [UInt8], to out: inout [UInt8]) -> Int {
        let captured = UInt32(truncatingIfNeeded: frame.data.count)
        switch format {
        case nil: return out.count
        case .pcap(let order, _):
            out.append(frame.stamp?.0 ?? 0, order)
            out.append(frame.stamp?.1 ?? 0, order)
            out.append(captured, order)
            out.append(frame.originalLength, order)
            return append(frame, bytes, padding: 0, to: &out)
        case .pcapng(let order):
            let padding = (4 - frame.data.count % 4) % 4
            var length = 16 + captured + UInt32(padding)
            guard let stamp = frame.stamp else {
                out.append(UInt32(3), order)
                out.append(length, order)
                out.append(frame.originalLength, order)
                let start = append(frame, bytes, padding: padding, to: &out)
                out.append(length, order)
                return start
            }
            length += 16 + (frame.flags == nil ? 0 : 12)
            out.append(UInt32(6), order)
            out.append(length, order)
            out.append(UInt32(truncatingIfNeeded: frame.interface), order)
            out.append(stamp.0, order)
            out.append(stamp.1, order)
            out.append(captured, order)
            out.append(frame.originalLength, order)
            let start = append(frame, bytes, padding: padding, to: &out)
            if let flags = frame.flags {
                out.append(UInt16(2), order)
                out.append(UInt16(4), order)
                out.append(flags, order)
                out.append(UInt32(0), order)
            }
            out.append(length, order)
            return start
        }
    }

    private func append(_ frame: FrameRecord, _ bytes: [UInt8], padding: Int, to out: inout [UInt8]) -> Int {
        let start = out.count
        out += bytes[frame.data]
        for _ in 0..<padding { out.append(0) }
        return start
    }
}
