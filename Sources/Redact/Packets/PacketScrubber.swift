import Packets

/// Scrubs a packet capture as it streams by: pcap in, pcap out; pcapng in, pcapng out.
///
/// Headers of link, IP, TCP and UDP stay, so do names in DNS, TLS record headers, TLS handshake messages that are sent
/// in clear, alerts, and of HTTP the lines that say where a message went and what Apigee says of it. Everything else
/// becomes zero. Lengths, times and sequence numbers stay as they are. A frame leaves as soon as it is decided; it waits
/// only while earlier bytes of its stream or the rest of a line are missing, and not for long. What cannot be read is
/// dropped and reported, never copied. Memory is bounded, whatever the capture.
public final class PacketScrubber {
    private var engine: ScrubEngine

    public init() { engine = ScrubEngine(names: nil) }

    /// Also gives other addresses and names, as level `strict` wants it.
    init(pseudonyms: any PacketPseudonyms) { engine = ScrubEngine(names: PacketNames(pseudonyms)) }

    /// Takes the next bytes of the capture and appends the scrubbed bytes that are ready.
    public func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) { engine.append(bytes, to: &out) }

    /// Writes the frames that still waited, and tells what was done. Nothing may be appended afterwards.
    public func finish(to out: inout [UInt8]) -> ScrubSummary { engine.finish(to: &out) }

    /// Scrubs a capture in memory.
    public static func scrub(_ capture: [UInt8]) -> [UInt8] {
        let scrubber = PacketScrubber()
        var out: [UInt8] = []
        scrubber.append(capture[...], to: &out)
        _ = scrubber.finish(to: &out)
        return out
    }
}
