/// What a slice of the logs holds, and what it does not.
public struct SliceSummary: Sendable {
    public struct File: Sendable, Equatable {
        public let path: String
        public internal(set) var records: Int
        /// Bytes taken from it (unpacked).
        public internal(set) var bytes: Int
        public internal(set) var firstTime: LogInstant?
        public internal(set) var lastTime: LogInstant?
    }

    /// Why a slice holds less than was asked for.
    public struct Cut: Sendable, Equatable {
        /// In words, for the manifest.
        public internal(set) var how: String
        /// Bytes left out.
        public internal(set) var bytes: Int
    }

    /// The files that records were taken from, in the order of time.
    public internal(set) var files: [File] = []
    /// All files that were opened.
    public internal(set) var filesRead = 0
    public internal(set) var records = 0
    /// Bytes given to `emit`.
    public internal(set) var bytes = 0
    public internal(set) var firstTime: LogInstant?
    public internal(set) var lastTime: LogInstant?
    public internal(set) var cut: Cut?
    /// Records longer than a mebibyte, of which only the beginning was taken.
    public internal(set) var shortenedRecords = 0
    /// Files in which no record tells a time: nothing was taken from them.
    public internal(set) var undatedFiles: [String] = []
    public internal(set) var problems: [LogProblem] = []
    /// Whether the work was cancelled before its end.
    public internal(set) var wasInterrupted = false
}
