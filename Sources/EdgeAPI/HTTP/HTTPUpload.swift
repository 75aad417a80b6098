/// A body that is read from a file while it is sent, so that its size does not matter.
public struct HTTPUpload: Sendable {
    /// Of a file that stays open as long as the request runs; its position does not matter.
    public var descriptor: Int32
    /// The first byte, and how many from there on.
    public var offset: Int
    public var count: Int
    /// Bytes a second; nil: as fast as the line is.
    public var rate: Int?
    /// Gets told how many bytes of this body were handed to the line, from the thread of the transfer.
    public var progress: (@Sendable (Int) -> Void)?

    public init(
        descriptor: Int32, offset: Int, count: Int, rate: Int? = nil, progress: (@Sendable (Int) -> Void)? = nil
    ) {
        self.descriptor = descriptor
        self.offset = offset
        self.count = count
        self.rate = rate
        self.progress = progress
    }
}
