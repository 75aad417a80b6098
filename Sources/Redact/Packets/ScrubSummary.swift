/// What the packet scrubber did to a capture.
public struct ScrubSummary: Sendable, Equatable {
    /// As tcpdump names it, of the first interface; empty when the capture has no header.
    public var linkType = ""
    /// Frames written.
    public var frames = 0
    /// Frames that could not be read and so were left out.
    public var framesDropped = 0
    /// Rule id to the number of times: `packet-payload` counts frames, the others messages or blocks.
    public var findings: [String: Int] = [:]
    /// For people: what was left out or could not be told, and why.
    public var notes: [String] = []

    public init() {}
}
