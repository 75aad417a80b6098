internal import CPlatform

/// The command line of this process.
///
/// `CommandLine.arguments` looks below /proc, and where that is not mounted it is empty: the program would then take itself
/// to be called without arguments, and collect.
public enum ProgramWords {
    /// The program's name and its arguments.
    public static let all: [String] = {
        var words: [String] = []
        while let word = unsafe cp_command_word(Int32(words.count)) { words.append(unsafe String(cString: word)) }
        return words
    }()
}
