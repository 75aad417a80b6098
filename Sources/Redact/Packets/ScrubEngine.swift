import Packets

/// The scrubber's state: frames from the parser, through the streams, to the writer.
struct ScrubEngine {
    private var parser = CaptureParser()
    private var writer = CaptureWriter()
    /// The link type of each interface; nil where its frames cannot be read.
    private var linkTypes: [LinkType?] = []
    private var streams = StreamDesk()
    private var summary = ScrubSummary()
    /// Records in the parser's buffer that are decided and not yet written.
    private var run = 0..<0

    init(names: PacketNames?) { streams.context.names = names }

    mutating func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        parser.append(bytes)
        drain(to: &out)
    }

    mutating func finish(to out: inout [UInt8]) -> ScrubSummary {
        if let element = parser.finish() { take(element, to: &out) }
        streams.release(all: true, now: nil, to: &out)
        for (rule, count) in streams.context.findings { summary.findings[rule, default: 0] += count }
        summary.notes += streams.notes
        return summary
    }

    /// Writes a decided frame; records that lie one behind the other are written as one.
    private mutating func write(_ frame: FrameRecord, to out: inout [UInt8]) {
        guard let record = frame.record else {
            writeRun(to: &out)
            writer.write(frame, of: parser.buffer, to: &out)
            return
        }
        if run.upperBound != record.lowerBound {
            writeRun(to: &out)
            run = record
        } else {
            run = run.lowerBound..<record.upperBound
        }
    }

    private mutating func writeRun(to out: inout [UInt8]) {
        if !run.isEmpty { out += parser.buffer[run] }
        run = 0..<0
    }

    private mutating func drain(to out: inout [UInt8]) {
        while true {
            if let record = parser.nextRecord() {
                take(record, to: &out)
            } else if let element = parser.nextElement() {
                take(element, to: &out)
            } else {
                return writeRun(to: &out)
            }
        }
    }

    private mutating func take(_ element: CaptureElement, to out: inout [UInt8]) {
        writeRun(to: &out)
        switch element {
        case .section(let format):
            streams.release(all: true, now: nil, to: &out)
            linkTypes = []
            writer.begin(format, to: &out)
        case .interface(let interface):
            streams.release(all: true, now: nil, to: &out)
            linkTypes.append(interface.linkType.isKnown ? interface.linkType : nil)
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
        case .frame: break
        }
    }

    private mutating func take(_ record: FrameRecord, to out: inout [UInt8]) {
        guard record.interface < linkTypes.count, let linkType = linkTypes[record.interface] else {
            summary.framesDropped += 1
            return
        }
        let wait = scrub(record, linkType)
        summary.frames += 1
        guard wait != nil || streams.isWaiting else { return write(record, to: &out) }
        writeRun(to: &out)
        let (writer, buffer) = (writer, parser.buffer)
        let place = streams.held.append { writer.write(record, of: buffer, to: &$0) }
        streams.hold(wait, at: place)
        streams.release(all: false, now: record.time.seconds, to: &out)
    }

    /// Scrubs the frame in the parser's buffer, which is taken out meanwhile: spans claim all that their owner has.
    private mutating func scrub(_ record: FrameRecord, _ linkType: LinkType) -> HeldFrame? {
        var buffer: [UInt8] = []
        swap(&buffer, &parser.buffer)
        defer { swap(&buffer, &parser.buffer) }
        var bytes = buffer.mutableSpan
        var frame = bytes._mutatingExtracting(record.data)
        return streams.take(&frame, linkType: linkType, seconds: record.time.seconds)
    }
}
