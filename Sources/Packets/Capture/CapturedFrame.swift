/// How a capture is framed: classic pcap or pcapng.
public enum CaptureFormat: Sendable, Equatable {
    /// `nanosecond`: the fraction of a second counts nanoseconds (magic a1b23c4d), else microseconds.
    case pcap(ByteOrder, nanosecond: Bool)
    case pcapng(ByteOrder)
}

/// Where frames were captured: one per classic file, one per Interface Description Block in pcapng.
public struct CaptureInterface: Sendable, Equatable {
    public let linkType: LinkType
    /// Bytes kept of each frame; 0 means no limit.
    public let snapLength: UInt32
    /// The `if_tsresol` octet: 10^-n seconds a tick, or 2^-n where the top bit is set.
    public let resolution: UInt8
    /// Seconds to add to every time stamp (`if_tsoffset`).
    public let timeOffset: Int64
    /// Length of a frame check sequence at the end of frames, where the file says so (`if_fcslen`).
    public let checkSequenceLength: UInt8?

    public init(
        linkType: LinkType, snapLength: UInt32, resolution: UInt8 = 6, timeOffset: Int64 = 0,
        checkSequenceLength: UInt8? = nil
    ) {
        self.linkType = linkType
        self.snapLength = snapLength
        self.resolution = resolution
        self.timeOffset = timeOffset
        self.checkSequenceLength = checkSequenceLength
    }
}

/// A point in time as captures hold it.
public struct CaptureTime: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public var seconds: Int64
    /// 0 ..< 1,000,000,000.
    public var nanoseconds: Int32

    public init(seconds: Int64, nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    public static func < (a: CaptureTime, b: CaptureTime) -> Bool {
        (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
    }
}

/// One frame of a capture, with the numbers that its record header holds.
public struct CapturedFrame: Sendable {
    /// 1 for the first frame, as Wireshark counts.
    public let number: Int
    /// Index of the interface within the section.
    public let interface: Int
    /// The two time-stamp words of the record, unconverted. Nil in a Simple Packet Block.
    public let stamp: (UInt32, UInt32)?
    public let time: CaptureTime
    /// Length on the wire, in bytes.
    public let originalLength: UInt32
    /// The `epb_flags` word, where present.
    public let flags: UInt32?
    /// The captured bytes, at most `originalLength` of them in a sane file.
    public var data: [UInt8]

    /// Whether bytes of the frame were left out by the snap length.
    public var isCut: Bool { data.count < Int(originalLength) }
}

extension CapturedFrame {
    init(_ record: FrameRecord, data: [UInt8]) {
        self.init(
            number: record.number, interface: record.interface, stamp: record.stamp, time: record.time,
            originalLength: record.originalLength, flags: record.flags, data: data)
    }
}

/// A frame whose bytes are still in the parser's buffer: see ``CapturedFrame`` for the fields.
package struct FrameRecord: Sendable {
    package let number: Int
    package let interface: Int
    package let stamp: (UInt32, UInt32)?
    package let time: CaptureTime
    package let originalLength: UInt32
    package let flags: UInt32?
    /// Where in `CaptureParser.buffer` the captured bytes lie.
    package let data: Range<Int>
    /// Where the record with its header lies, if it can be written as it is: that of a classic file.
    package let record: Range<Int>?
}

/// What a capture parser found next.
public enum CaptureElement: Sendable {
    /// A file or section header: what follows is framed so.
    case section(CaptureFormat)
    case interface(CaptureInterface)
    case frame(CapturedFrame)
    /// Something that is no frame, or a frame too long to be believed, was left out.
    case skipped(SkippedBlock)
    /// The rest of the input cannot be read. Nothing follows.
    case broken(reason: String)
}

/// A part of a pcapng file that was not handed on.
public enum SkippedBlock: String, Sendable {
    case comment = "pcapng-comment"
    /// An option that no reader needs, such as the name of the interface or of the operating system.
    case option = "pcapng-option"
    case secrets = "pcapng-secrets"
    case nameResolution = "pcapng-name-resolution"
    case statistics = "pcapng-statistics"
    case custom = "pcapng-custom"
    case other = "pcapng-other"
    /// A frame beyond the size limit, or of an interface that the file does not describe. It has a frame number.
    case frame = "pcapng-frame"
}
