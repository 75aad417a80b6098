/// Where a log may be cut without tearing a record from its stack trace.
public enum RecordBorder {
    /// Whether a line, given whole, begins a record.
    public static func begins(_ line: ArraySlice<UInt8>) -> Bool {
        RecordStart(Array(line).span, at: 0, isWhole: true).isStart
    }
}
