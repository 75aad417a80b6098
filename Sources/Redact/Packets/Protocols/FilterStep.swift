/// How far a filter came with the bytes that it was given.
enum FilterStep {
    /// All bytes before this place are decided; it wants the next ones.
    case done(Int)
    /// From here on more bytes are needed before anything can be said.
    case wait(Int)
    /// From here on this is something else.
    case end(Int)
}
