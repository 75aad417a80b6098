import Packets

/// Scrubs a packet capture as it streams by: pcap in, pcap out; pcapng in, pcapng out.
///
/// Headers of link, IP, TCP and UDP stay, so do names in DNS, TLS record headers, TLS handshake messages that are sent
/// in clear, and alerts. Everything else becomes zero. Lengths, times and sequence numbers stay as they are. A frame
/// leaves as soon as it is decided; it waits only while earlier bytes of its stream are missing, and not for long.
/// What cannot be read is dropped and reported, never copied.
public final class PacketScrubber {
    private static let heldFrames = 64
    private static let heldBytes = 1 << 20
    private static let heldSeconds: Int64 = 2

    private var parser = CaptureParser()
    private var writer = CaptureWriter()
    private var interfaces: [CaptureInterface] = []
    private var flows = ScrubFlows()
    private var held: [HeldFrame] = []
    private var firstTag = 0
    private var byteCount = 0
    private var summary = ScrubSummary()
    private var fragments = 0

    public init() {}

    /// Takes the next bytes of the capture and appends the scrubbed bytes that are ready.
    public func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        parser.append(bytes)
        while let element = parser.next() { take(element, to: &out) }
    }

    /// Writes the frames that still waited, and tells what was done. Nothing may be appended afterwards.
    public func finish(to out: inout [UInt8]) -> ScrubSummary {
        if let element = parser.finish() { take(element, to: &out) }
        release(all: true, now: nil, to: &out)
        for (rule, count) in flows.allFindings { summary.findings[rule, default: 0] += count }
        if flows.gapCount > 0 {
            summary.notes.append(
                "segments were missing, late or cut at \(flows.gapCount) places; what could not be told there is zero")
        }
        if fragments > 0 { summary.notes.append("\(fragments) IP fragments have no payload left") }
        return summary
    }

    private func take(_ element: CaptureElement, to out: inout [UInt8]) {
        switch element {
        case .section(let format):
            release(all: true, now: nil, to: &out)
            interfaces = []
            writer.begin(format, to: &out)
        case .interface(let interface):
            release(all: true, now: nil, to: &out)
            interfaces.append(interface)
            if summary.linkType.isEmpty { summary.linkType = interface.linkType.name }
            if !interface.linkType.isKnown {
                summary.notes.append("link type \(interface.linkType.name) cannot be read: its frames were dropped")
            }
            writer.write(interface, to: &out)
        case .skipped(let block):
            summary.findings[block.rawValue, default: 0] += 1
            if block == .frame { summary.framesDropped += 1 }
        case .broken(let reason):
            summary.notes.append("the rest was dropped: \(reason)")
        case .frame(let frame):
            take(frame, to: &out)
        }
    }

    private func take(_ frame: CapturedFrame, to out: inout [UInt8]) {
        guard frame.interface < interfaces.count, interfaces[frame.interface].linkType.isKnown else {
            summary.framesDropped += 1
            return
        }
        var scrubbed = HeldFrame(frame: frame)
        if let layout = PacketLayout(frame: frame.data, linkType: interfaces[frame.interface].linkType) {
            FrameScrubber.scrub(&scrubbed.frame.data, layout: layout)
            scrubbed.packet = layout.ip
        } else {
            scrubbed.frame.data = [UInt8](repeating: 0, count: frame.data.count)
        }
        let tag = firstTag + held.count
        if let packet = scrubbed.packet, packet.fragment != .none { fragments += 1 }
        byteCount += frame.data.count
        if let packet = scrubbed.packet, packet.fragment == .none, case .tcp(let segment) = packet.transport {
            let update = flows.take(packet, segment, of: frame, tag: tag)
            scrubbed.wait = update.wait
            held.append(scrubbed)
            apply(update.pieces)
        } else {
            held.append(scrubbed)
        }
        release(all: false, now: frame.time, to: &out)
    }

    private func apply(_ pieces: [StreamScrubber.Piece]) {
        for piece in pieces {
            let index = piece.tag - firstTag
            guard held.indices.contains(index), let wait = held[index].wait else { continue }
            held[index].put(piece.bytes, at: piece.position - wait.position)
        }
    }

    /// Writes the frames at the head of the queue that are decided. Frames that waited too long are decided as zero.
    private func release(all: Bool, now: CaptureTime?, to out: inout [UInt8]) {
        var released = 0
        while released < held.count {
            if let wait = held[released].wait, flows.isOpen(wait) {
                let tooLong = now.map { $0.seconds &- held[released].frame.time.seconds > PacketScrubber.heldSeconds }
                guard
                    all || tooLong == true || held.count - released > PacketScrubber.heldFrames
                        || byteCount > PacketScrubber.heldBytes
                else { break }
                apply(flows.skipGap(wait))
                continue
            }
            write(held[released], to: &out)
            released += 1
        }
        held.removeFirst(released)
        firstTag += released
    }

    private func write(_ frame: HeldFrame, to out: inout [UInt8]) {
        var frame = frame
        byteCount -= frame.original.count
        if let packet = frame.packet {
            Checksum.repair(&frame.frame.data, original: frame.original, packet: packet)
        }
        var zeroed = 0
        for (before, after) in zip(frame.original, frame.frame.data) where after == 0 && before != 0 { zeroed += 1 }
        if zeroed > 0 { summary.findings["packet-payload", default: 0] += 1 }
        summary.bytesZeroed += zeroed
        summary.frames += 1
        writer.write(frame.frame, to: &out)
    }
}

/// A frame on its way out.
struct HeldFrame {
    /// What of the stream must be known before the frame may leave.
    struct Wait {
        let key: FlowKey
        let isFirst: Bool
        let generation: Int
        /// Stream position of the first byte of the payload, and of the one after the last.
        let position: Int
        let end: Int
    }

    var frame: CapturedFrame
    let original: [UInt8]
    var packet: IPPacket?
    var wait: Wait?

    init(frame: CapturedFrame) {
        self.frame = frame
        original = frame.data
    }

    /// Puts bytes back into the payload, `offset` bytes after its start.
    mutating func put(_ bytes: [UInt8], at offset: Int) {
        guard case .tcp(let segment) = packet?.transport, offset >= 0, offset + bytes.count <= segment.payload.count
        else { return }
        let start = segment.payload.lowerBound + offset
        // A piece may repeat zeros over bytes that stayed before; what stays, stays.
        for (index, byte) in bytes.enumerated() where byte != 0 { frame.data[start + index] = byte }
    }
}
