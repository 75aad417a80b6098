internal import CPlatform

/// A file without a name: nobody else can open it, and it is gone when the process ends, however it ends.
public enum NamelessFile {
    /// Makes one in the first folder that can be used; one whose files live in memory can't.
    /// - Returns: its descriptor, which is the caller's to close; nil where none can be made.
    public static func open(in folders: [String]) -> CInt? {
        folders.lazy.map { unsafe cp_open_nameless($0) }.first { $0 >= 0 }
    }
}
