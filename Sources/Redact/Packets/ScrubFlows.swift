import Packets

/// The TCP connections that the scrubber follows.
struct ScrubFlows {
    /// One connection; a class, as it is changed in place for each segment.
    private final class Flow {
        var first = StreamScrubber()
        var second = StreamScrubber()
        let generation: Int
        var lastFrame = 0

        init(generation: Int) { self.generation = generation }

        subscript(isFirst: Bool) -> StreamScrubber {
            _read { if isFirst { yield first } else { yield second } }
            _modify { if isFirst { yield &first } else { yield &second } }
        }
    }

    struct Update {
        var wait: HeldFrame.Wait?
        var pieces: [StreamScrubber.Piece] = []
    }

    private static let limit = 2_048

    private var flows: [FlowKey: Flow] = [:]
    private var generation = 0
    private var pastFindings: [String: Int] = [:]
    private var pastGaps = 0

    /// Takes a segment: what may stay of it and of those that waited for it, and what it waits for itself.
    mutating func take(_ packet: IPPacket, _ segment: TCPSegment, of frame: CapturedFrame, tag: Int) -> Update {
        let source = Endpoint(address: packet.source, port: segment.sourcePort)
        let destination = Endpoint(address: packet.destination, port: segment.destinationPort)
        let (key, isFirst) = FlowKey.make(source: source, destination: destination)
        var flow = flow(for: key)
        if segment.flags.contains(.syn), !flow[isFirst].begin(initialSequence: segment.sequence) {
            retire(key)
            flow = self.flow(for: key)
            _ = flow[isFirst].begin(initialSequence: segment.sequence)
        }
        flow.lastFrame = frame.number
        var update = Update()
        if segment.flags.contains(.ack), flow[!isFirst].assembler.isWaiting,
            let acknowledged = flow[!isFirst].assembler.position(of: segment.acknowledgement),
            acknowledged > flow[!isFirst].assembler.next
        {
            // The other side has the bytes that we wait for: the capture missed them.
            update.pieces += flow[!isFirst].skipGap()
        }
        guard segment.payloadLength > 0 else { return update }
        let sequence = segment.flags.contains(.syn) ? segment.sequence &+ 1 : segment.sequence
        let payload = frame.data[segment.payload]
        update.pieces += flow[isFirst].receive(segment, sequence: sequence, payload: payload, tag: tag)
        let position = flow[isFirst].assembler.position(of: sequence) ?? 0
        update.wait = HeldFrame.Wait(
            key: key, isFirst: isFirst, generation: flow.generation, position: position,
            end: position + segment.payloadLength)
        return update
    }

    /// Whether bytes of the frame that waits are still behind a gap.
    func isOpen(_ wait: HeldFrame.Wait) -> Bool {
        guard let flow = flows[wait.key], flow.generation == wait.generation else { return false }
        let assembler = flow[wait.isFirst].assembler
        return assembler.isWaiting && assembler.next < wait.end
    }

    mutating func skipGap(_ wait: HeldFrame.Wait) -> [StreamScrubber.Piece] {
        guard let flow = flows[wait.key], flow.generation == wait.generation else { return [] }
        return flow[wait.isFirst].skipGap()
    }

    var allFindings: [String: Int] {
        flows.values.reduce(into: pastFindings) { sum, flow in
            for side in [flow.first, flow.second] {
                sum.merge(side.filter.findings, uniquingKeysWith: +)
            }
        }
    }

    var gapCount: Int { flows.values.reduce(pastGaps) { $0 + $1.first.gaps + $1.second.gaps } }

    private mutating func flow(for key: FlowKey) -> Flow {
        if let flow = flows[key] { return flow }
        if flows.count >= ScrubFlows.limit {
            let old = flows.sorted { $0.value.lastFrame < $1.value.lastFrame }.prefix(ScrubFlows.limit / 2)
            for (key, _) in old { retire(key) }
        }
        generation += 1
        let flow = Flow(generation: generation)
        flows[key] = flow
        return flow
    }

    private mutating func retire(_ key: FlowKey) {
        guard let flow = flows.removeValue(forKey: key) else { return }
        for side in [flow.first, flow.second] {
            pastFindings.merge(side.filter.findings, uniquingKeysWith: +)
            pastGaps += side.gaps
        }
    }
}
